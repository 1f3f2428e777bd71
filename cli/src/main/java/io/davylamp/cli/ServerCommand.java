package io.davylamp.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Describes the command for help, completion and man pages; the launcher starts the server, in a JVM of its own. */
@Command(
        name = "server",
        description = {
            "Run the server until it is stopped.",
            "",
            "`davy server --help` lists its settings with their defaults. You can also set each in a YAML file, or in the environment:"
                    + " http.port is DAVY_HTTP_PORT."
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
        throw new CommandException(ExitCode.FAILED, "only the launcher can start the server: run bin/davy server");
    }
}
