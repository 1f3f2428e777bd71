package io.davylamp.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Stands here for help, completion and man pages; the launcher starts the server itself, in a JVM of its own. */
@Command(
        name = "server",
        description = {
            "Run the server until it is told to stop.",
            "",
            "`davy server --help` lists its settings with their defaults. Each can also stand in a YAML file, or in the environment:"
                    + " http.port is DAVY_HTTP_PORT there."
        },
        mixinStandardHelpOptions = true)
final class ServerCommand implements Callable<Integer> {
    @Option(names = "--config", paramLabel = "FILE", description = "settings as YAML; default: conf/davylamp.yaml")
    Path config;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "a setting, such as http.port=8080; may be repeated")
    List<String> settings;

    @Option(names = "--stop-with-stdin", description = "also stop when standard input ends")
    boolean stopWithStdin;

    @Override
    public Integer call() {
        throw new CommandException(ExitCode.FAILED, "the launcher starts the server: bin/davy server");
    }
}
