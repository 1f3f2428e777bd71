package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.testbed.Chaos;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three servers on PostgreSQL and S3, with faults of every kind; ./davy chaos runs it for longer. */
class ChaosTest {
    private static final Duration LENGTH = Duration.ofSeconds(60);
    private static final long SEED = 14;

    @TempDir
    Path folder;

    @Test
    void nothingAcknowledgedIsLostWhateverFails() throws Exception {
        Rig.prepared();

        Chaos.Report report = Chaos.run(Rig.HOME, folder, Chaos.SERVERS, LENGTH, SEED);

        System.out.println(report.words());
        assertThat(report.violations()).as(report.words()).isEmpty();
        // It counts only if something happened.
        assertThat(report.faults()).as(report.words()).isNotEmpty();
        assertThat(report.recordings()).as(report.words()).containsKey("shop");
    }
}
