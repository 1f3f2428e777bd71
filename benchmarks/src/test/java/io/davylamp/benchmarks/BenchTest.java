package io.davylamp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.davylamp.profile.Recordings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Benchmarks run to their end; what they measure is nobody's business here. */
class BenchTest {
    @TempDir
    private Path folder;

    @Test
    void everyBenchmarkInOneProcessRuns() throws Exception {
        Path file = Files.write(folder.resolve("small.jfr"), Recordings.bytes("small_h2_cpu45.jfr"));

        assertThatCode(() -> {
                    ImportBench.run(file, 1);
                    ImportBench.chunks(file, 1);
                    StoredBench.run(file);
                    ViewBench.run(file, 1);
                    MergeBench.run(file, 2);
                    MemoryBench.child(file);
                    MigrateBench.run(100);
                })
                .doesNotThrowAnyException();
    }

    @Test
    void theTableOfTheDocumentationIsThatOfTheRecord() throws Exception {
        Path root = Path.of("..");
        String page = Files.readString(root.resolve(RatioTable.PAGE));

        assertThat(RatioTable.filled(page, Files.readAllLines(root.resolve(RatioTable.RECORD))))
                .isEqualTo(page);
    }

    @Test
    void theScanReadsEveryVarint() {
        assertThat(VarintScan.sum(new byte[] {1, (byte) 0x80, 1, 0x7f})).isEqualTo(1 + 128 + 127);
    }
}
