package io.davylamp.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Describes the command for help, completion and man pages; the launcher runs it. */
@Command(
        name = "prepare",
        description = {
            "Make the server and the commands start faster; run once after unpacking or an update, or while an image is",
            "built.",
            "",
            "They run for a moment; lib/server.jsa (60 MB) and lib/davy.jsa (18 MB) keep the classes that they loaded."
        },
        mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException(ExitCode.FAILED, "only the launcher can prepare the server: run bin/davy prepare");
    }
}
