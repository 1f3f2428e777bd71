package io.davylamp.core.intake;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.RecordingSamples;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class RecordingReaderTest {
    @Test
    void saysThatTheStorageLostTheEndOfARecording() throws IOException {
        Blobs blobs = new InMemoryBlobs();
        Recording recording = RecordingSamples.of("a", Origin.ASSIGNMENT, "t", RecordingState.STORED, 1, 2);
        try (Blobs.Writer writer = blobs.writer(recording.bytesKey())) {
            writer.write(ByteBuffer.wrap(new byte[3]));
            writer.commit();
        }

        assertThatThrownBy(() -> new RecordingReader(blobs, 1000, 0).make(recording))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessage("the server's storage has only 3 of the 70 bytes that were delivered");
    }
}
