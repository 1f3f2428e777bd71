package io.davylamp.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Describes the command for help, completion and man pages; the launcher runs it. */
@Command(
        name = "prepare",
        description = {
            "Make the server start faster; run once after unpacking, or while an image is built.",
            "",
            "The server runs for a moment; lib/server.jsa (60 MB) keeps the classes that it loaded."
        },
        mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException(ExitCode.FAILED, "only the launcher can prepare the server: run bin/davy prepare");
    }
}
