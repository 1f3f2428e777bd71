package io.davylamp.benchmarks;

import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Imports a recording from disk, and stores its profile, in a process with a small heap, and tells how much memory that took. */
final class MemoryBench {
    private MemoryBench() {}

    static void run(Path recording, int heapMegabytes) throws Exception {
        Path file = Corpus.unpacked(Corpus.bytes(recording));
        Process child = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + heapMegabytes + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Bench.class.getName(),
                        "memory-child",
                        file.toString()))
                .inheritIO()
                .start();
        System.exit(child.waitFor());
    }

    static void child(Path file) throws IOException {
        Path stored = Files.createTempFile("davylamp-bench", ".dvlp");
        stored.toFile().deleteOnExit();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                OutputStream out = new BufferedOutputStream(Files.newOutputStream(stored))) {
            Profile profile = JfrImport.read(SeekableBytes.of(channel));
            ProfileCodec.write(profile, out);
            System.out.printf(
                    "  %.1f MB imported and stored, %d stack nodes%n", channel.size() / 1e6, profile.stackCount());
        }
        Path status = Path.of("/proc/self/status");
        if (Files.exists(status)) {
            Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("VmHWM"))
                    .forEach(System.out::println);
        }
    }
}
