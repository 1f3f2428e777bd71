package io.davylamp.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Stands here for help, completion and man pages; the launcher does it. */
@Command(
        name = "prepare",
        description = {
            "Let the server start faster, once after unpacking or while an image is built.",
            "",
            "The server runs for a moment; what this JVM learned of its classes stays in lib/server.jsa (60 MB)."
        },
        mixinStandardHelpOptions = true)
final class PrepareCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        throw new CommandException(ExitCode.FAILED, "the launcher prepares the server: bin/davy prepare");
    }
}
