package io.davylamp.benchmarks;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recordings that are measured. */
final class Corpus {
    private Corpus() {}

    static byte[] bytes(Path file) throws IOException {
        if (!file.toString().endsWith(".zst")) {
            return Files.readAllBytes(file);
        }
        try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    /** A file of the recording's bytes, for readers that want one; deleted when the process ends. */
    static Path unpacked(byte[] bytes) throws IOException {
        Path file = Files.createTempFile("davylamp-bench", ".jfr");
        file.toFile().deleteOnExit();
        return Files.write(file, bytes);
    }
}
