package io.davylamp.core.intake;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Task;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RetentionTest {
    private final CoreRig rig = new CoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> leftovers() {
        return rig.store.read(tx -> tx.leftovers().due(Long.MAX_VALUE, 100));
    }

    /** A task whose recording is here, and cannot be read. */
    private Task delivered() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        Ingest.Upload upload = ((Ingest.Admitted) rig.ingest.open(ANYONE, "shop", "shop-1", running.id(), 3)).upload();
        assertThat(upload.write(ByteBuffer.wrap(new byte[3]))).isEmpty();
        assertThat(upload.commit(new byte[0])).isInstanceOf(Ingest.Stored.class);
        while (rig.tasks.find(ANYONE, task.id()).orElseThrow().isLive()) {
            Thread.onSpinWait();
        }
        return task;
    }

    @Test
    void deletesOnlyWhatIsOver() {
        Task task = rig.create("shop-1");

        assertThat(rig.retention.deleteTask(ANYONE, task.id())).isEqualTo(Retention.Deletion.LIVE);
        rig.tasks.cancel(ANYONE, task.id());
        assertThat(rig.retention.deleteTask(ANYONE, task.id())).isEqualTo(Retention.Deletion.DELETED);
        assertThat(rig.retention.deleteTask(ANYONE, task.id())).isEqualTo(Retention.Deletion.UNKNOWN);
        assertThat(rig.tasks.find(ANYONE, task.id())).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void whatACrashLeavesOfADeletedTaskIsRemovedLater() {
        Task task = delivered();
        rig.blobs.failDeletes(true);

        assertThat(rig.retention.deleteTask(ANYONE, task.id())).isEqualTo(Retention.Deletion.DELETED);

        assertThat(rig.tasks.find(ANYONE, task.id())).isEmpty();
        assertThat(rig.blobs.all()).isNotEmpty();
        rig.blobs.failDeletes(false);
        rig.retention.removeLeftovers();
        assertThat(rig.blobs.all()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void theProfileThatAnotherServerWritesAfterTheDeletionIsRemovedLater() throws Exception {
        Recording read = IndexerTest.stored("r1").taken(rig.clock.millis()).orElseThrow();
        rig.store.write(tx -> {
            tx.recordings().insert(read);
            return null;
        });
        assertThat(rig.retention.deleteRecording("r1")).isTrue();
        try (Blobs.Writer writer = rig.blobs.writer(read.profileKey())) {
            writer.commit();
        }

        rig.retention.removeLeftovers();
        assertThat(rig.blobs.all()).isNotEmpty();
        rig.clock.advance(Duration.ofMinutes(30));
        rig.retention.removeLeftovers();

        assertThat(rig.blobs.all()).isEmpty();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void whatCameOfAnUploadThatNeverEndedGoesWithItsTask() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        Ingest.Upload upload =
                ((Ingest.Admitted) rig.ingest.open(ANYONE, "shop", "shop-1", running.id(), 9, true)).upload();
        assertThat(upload.write(ByteBuffer.wrap(new byte[3]))).isEmpty();
        upload.interrupt("cut");
        assertThat(rig.blobs.partials()).isNotEmpty();
        rig.tasks.cancel(ANYONE, task.id());

        rig.retention.deleteTask(ANYONE, task.id());

        assertThat(rig.blobs.partials()).isEmpty();
    }
}
