package io.davylamp.core.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.davylamp.core.CoreRig;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.profile.Recordings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Several servers that read the recordings of one store. */
class IndexerTest {
    private final CoreRig rig = new CoreRig();
    private final Indexer other = new Indexer(rig.store, rig.reader, rig.changes, rig.clock, 2);

    @AfterEach
    void close() {
        other.close();
        rig.close();
    }

    static Recording stored(String id) {
        return new Recording(
                id,
                Origin.OPENED_FILE,
                "",
                "shop",
                "file",
                new TreeMap<>(),
                0,
                0,
                "files/" + id + "/recording",
                "files/" + id + "/profile",
                1,
                "",
                RecordingState.STORED,
                0,
                0,
                "",
                0,
                0,
                0,
                Recording.FOR_GOOD);
    }

    private void put(Recording recording) throws IOException {
        try (Blobs.Writer writer = rig.blobs.writer(recording.bytesKey())) {
            writer.write(ByteBuffer.wrap(Recordings.bytes("small_h2_cpu45.jfr")));
            writer.commit();
        }
        rig.store.write(tx -> {
            tx.recordings().insert(recording);
            return null;
        });
    }

    private Recording now(String id) {
        return rig.store
                .<Optional<Recording>>read(tx -> tx.recordings().byId(id))
                .orElseThrow();
    }

    private Recording awaitReady(String id) {
        await().atMost(Duration.ofMinutes(2)).until(() -> now(id).state() == RecordingState.READY);
        return now(id);
    }

    @Test
    void eachRecordingIsReadOnceThoughAllServersLookForIt() throws IOException {
        for (int i = 0; i < 6; i++) {
            put(stored("r" + i));
        }

        for (int i = 0; i < 6; i++) {
            rig.indexer.wake();
            other.wake();
        }

        for (int i = 0; i < 6; i++) {
            assertThat(awaitReady("r" + i).version())
                    .as("taken once and finished once")
                    .isEqualTo(2);
        }
    }

    @Test
    void whatAServerWasReadingWhenItDiedIsReadByAnotherOneAfterItsLease() throws IOException {
        put(stored("r").taken(rig.clock.millis()).orElseThrow());

        other.wake();
        assertThat(now("r").state()).isEqualTo(RecordingState.READING);
        assertThat(now("r").version()).isEqualTo(1);
        rig.clock.advance(Recording.LEASE);
        other.wake();

        assertThat(awaitReady("r").version()).isEqualTo(3);
        assertThat(Recording.LEASE.plusSeconds(2))
                .as("with the time between two looks")
                .isLessThan(Duration.ofSeconds(30));
    }
}
