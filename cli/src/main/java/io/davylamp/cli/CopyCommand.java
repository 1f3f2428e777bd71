package io.davylamp.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Describes the command for help, completion and man pages; the launcher runs it, in a JVM with the server's libraries. */
@Command(
        name = "copy",
        description = {
            "Copy everything that a server keeps, to back it up, restore it or move it.",
            "",
            "PLACE is a server's data folder, or its settings file (*.yaml). A server may be using the source, but not the target."
                    + " Every blob is read back and compared. A copy that was stopped goes on where it stopped.",
        },
        mixinStandardHelpOptions = true)
final class CopyCommand implements Callable<Integer> {
    @Option(names = "--from", required = true, paramLabel = "PLACE", description = "what to copy")
    String from;

    @Option(names = "--to", required = true, paramLabel = "PLACE", description = "where to; created if needed")
    String to;

    @Option(
            names = "--replace",
            description = "make a target that holds data equal to the source; everything else in it is removed")
    boolean replace;

    @Override
    public Integer call() {
        throw new CommandException(ExitCode.FAILED, "only the launcher can copy: run bin/davy copy");
    }
}
