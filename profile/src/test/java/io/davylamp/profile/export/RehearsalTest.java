package io.davylamp.profile.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.profile.Measure;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.JfrImport;
import org.junit.jupiter.api.Test;

class RehearsalTest {
    @Test
    void itsRecordingHasAllKindsOfSamples() throws Exception {
        assertThat(JfrImport.read(SeekableBytes.of(Rehearsal.recording()))
                        .measures()
                        .keySet())
                .extracting(Measure::name)
                .contains("cpu", "wall", "alloc", "live", "lock", "native-memory", "native-lock", "method");
    }

    @Test
    void itCanBeRepeated() throws Exception {
        Rehearsal rehearsal = new Rehearsal();

        rehearsal.run();
        rehearsal.run();
    }
}
