package io.davylamp.benchmarks;

import com.github.luben.zstd.ZstdInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The recordings that are measured: those of the tests, or with {@code -Dcorpus=FOLDER} files {@code NAME.jfr} or {@code
 * NAME.jfr.zst} of a folder.
 */
final class Corpus {
    private Corpus() {}

    /** A file of the recording's bytes, which the caller deletes. */
    static Path file(String name) throws IOException {
        Path file = Files.createTempFile(name, ".jfr");
        try (InputStream in = open(name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    private static InputStream open(String name) throws IOException {
        String folder = System.getProperty("corpus");
        if (folder != null && Files.exists(Path.of(folder, name + ".jfr"))) {
            return Files.newInputStream(Path.of(folder, name + ".jfr"));
        }
        InputStream packed = folder == null
                ? Corpus.class.getResourceAsStream("/recordings/" + name + ".jfr.zst")
                : Files.newInputStream(Path.of(folder, name + ".jfr.zst"));
        if (packed == null) {
            throw new FileNotFoundException("recording " + name + "; -Dcorpus=FOLDER names a folder that has it");
        }
        return new ZstdInputStream(packed);
    }
}
