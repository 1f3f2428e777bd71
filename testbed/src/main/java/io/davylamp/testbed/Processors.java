package io.davylamp.testbed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What Linux knows of processes and the processors that they share. */
public final class Processors {
    private Processors() {}

    /**
     * Time that the threads which a process has now could have run and waited for a processor; the second number of each {@code
     * schedstat}, in nanoseconds there.
     */
    public static long waitedMillis(long pid) throws IOException {
        List<Path> threads;
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            threads = tasks.toList();
        }
        long nanos = 0;
        for (Path thread : threads) {
            try {
                nanos += Long.parseLong(
                        Files.readString(thread.resolve("schedstat")).split(" ")[1]);
            } catch (NoSuchFileException e) {
                continue; // it ended meanwhile
            }
        }
        return nanos / 1_000_000;
    }
}
