package io.davylamp.core.store;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.CoreRig;
import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.RecordingReader;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The domain on a database that cannot write. */
class FullDiskTest {
    private final TestClock clock = new TestClock();
    private final FailingStore store = new FailingStore(new InMemoryStore());
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final Changes changes = new Changes();
    private final Instances instances = new Instances(store, new Ids(), changes, clock, InstanceLimits.DEFAULT);
    private final Assignments assignments = new Assignments(store, changes, clock);
    private final Tasks tasks = new Tasks(store, new Ids(), changes, clock, TaskLimits.DEFAULT, assignments);
    private final Reports reports = new Reports(assignments, changes, TaskLimits.DEFAULT);
    private final Offers offers = new Offers(assignments, reports, clock);
    private final Deadlines deadlines = new Deadlines(store, assignments, changes, clock);
    private final Indexer indexer = new Indexer(store, new RecordingReader(blobs, 4 << 20, 1_000), changes, clock, 1);
    private final Retention retention = new Retention(store, blobs, changes, clock, TaskLimits.DEFAULT.kept());
    private final Ingest ingest = new Ingest(
            store, blobs, assignments, deadlines, indexer, changes, CoreRig.UPLOADS, clock, new ServerId("one"));

    @AfterEach
    void close() {
        indexer.close();
    }

    private Assignment running() {
        String instance = instances
                .hello(ANYONE, "shop", "shop-1", Map.of(), Unable.NO, "life")
                .id();
        tasks.create(ANYONE, CoreRig.spec("shop-1"));
        String id = offers.offer(instance, "life").orElseThrow().assignment().id();
        reports.running(instance, id, "", "");
        return assignments.find(id).orElseThrow();
    }

    private Assignment now(Assignment assignment) {
        return assignments.find(assignment.id()).orElseThrow();
    }

    @Test
    void aTaskIsDeletedWithItsRecordingsWhenNothingCanBeWritten() throws Exception {
        Assignment assignment = running();
        Ingest.Upload upload = ((Ingest.Admitted) ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3)).upload();
        upload.write(ByteBuffer.wrap(new byte[3]));
        upload.commit(new byte[0]);
        while (tasks.find(ANYONE, assignment.taskId()).orElseThrow().isLive()) {
            Thread.onSpinWait();
        }
        store.failing = StoreException.Kind.FULL;

        assertThatThrownBy(() -> retention.deleteTask(ANYONE, assignment.taskId()))
                .isInstanceOf(StoreException.class);
        assertThat(blobs.all())
                .as("room is made before the database is tried again")
                .isEmpty();

        store.reserve = true;
        assertThat(retention.deleteTask(ANYONE, assignment.taskId())).isEqualTo(Retention.Deletion.DELETED);
        assertThat(tasks.find(ANYONE, assignment.taskId())).isEmpty();
    }

    @Test
    void whatRunsCanBeCancelledOutOfTheReserve() {
        Assignment assignment = running();
        store.failing = StoreException.Kind.FULL;
        store.reserve = true;

        Task cancelled = tasks.cancel(ANYONE, assignment.taskId()).orElseThrow();

        assertThat(cancelled.assignments()).extracting(Assignment::state).containsExactly(AssignmentState.CANCELLED);
    }

    @Test
    void theReasonSaysThatTheServerRefusedTheRecordingAlsoWhenThatCouldNotBeWritten() {
        Assignment assignment = running();
        store.failing = StoreException.Kind.FULL;

        Ingest.Refused refused = (Ingest.Refused) ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3);
        assertThat(refused.keep()).isTrue();
        assertThat(refused.reason()).startsWith("the server refused the recording: the server's disk is full");
        assertThat(now(assignment).reason()).isEmpty();

        store.failing = null;
        clock.advance(Duration.ofHours(1));
        deadlines.expireOverdue();
        assertThat(now(assignment).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(now(assignment).reason()).contains("Before: the server refused the recording: ", "disk is full");
    }

    @Test
    void theReasonOfARunningAssignmentSaysThatItsRecordingWasRefused() {
        Assignment assignment = running();
        blobs.freeBytes(1_001);

        ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3);

        assertThat(now(assignment).state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(now(assignment).reason()).startsWith("the server refused the recording: its disk is full");
    }

    @Test
    void anUploadWhoseBeginningOrEndCannotBeWrittenCanComeAgain() {
        Assignment assignment = running();
        for (StoreException.Kind kind : StoreException.Kind.values()) {
            store.failing = kind;
            assertThat(ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3))
                    .isInstanceOf(Ingest.Refused.class);
        }
        store.failing = null;
        Ingest.Upload upload = ((Ingest.Admitted) ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3)).upload();
        upload.write(ByteBuffer.wrap(new byte[3]));
        store.failing = StoreException.Kind.FULL;
        assertThat(upload.commit(new byte[0])).isInstanceOf(Ingest.Refused.class);
        assertThat(now(assignment).state()).isEqualTo(AssignmentState.RECEIVING);

        store.failing = null;
        ingest.interruptSlow();
        assertThat(now(assignment).state()).isEqualTo(AssignmentState.RUNNING);
        Ingest.Upload again = ((Ingest.Admitted) ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3)).upload();
        again.write(ByteBuffer.wrap(new byte[3]));
        assertThat(again.commit(new byte[0])).isInstanceOf(Ingest.Stored.class);
    }

    private Ingest.Answer open(Assignment assignment) {
        return ingest.open(ANYONE, "shop", "shop-1", assignment.id(), 3);
    }

    @Test
    void anUploadWhoseBeginningWasWrittenAndReportedAsFailedCanComeAgain() {
        Assignment assignment = running();
        store.failingAfterwards = new StoreException(StoreException.Kind.BROKEN, "the answer was lost");

        assertThat(open(assignment))
                .isInstanceOfSatisfying(
                        Ingest.Refused.class,
                        refused -> assertThat(refused.keep()).isTrue());

        Ingest.Answer again = open(assignment);
        assertThat(again).isInstanceOf(Ingest.Admitted.class);
        ((Ingest.Admitted) again).upload().interrupt("cut");
        assertThat(now(assignment).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void anUnknownFailureWhileAnUploadBeginsOrBreaksKeepsNoPlaceAndLosesNoRecording() {
        Assignment assignment = running();
        for (int i = 0; i < 3 * CoreRig.UPLOADS.parallel(); i++) {
            store.failingAfterwards = new IllegalStateException("a driver's fault");
            assertThatThrownBy(() -> open(assignment)).isInstanceOf(IllegalStateException.class);
        }
        Ingest.Upload upload = ((Ingest.Admitted) open(assignment)).upload();
        store.before = () -> {
            throw new IllegalStateException("a driver's fault");
        };
        upload.interrupt("cut");

        assertThat(open(assignment)).isInstanceOf(Ingest.Admitted.class);
    }

    @Test
    void aBrokenUploadGoesBackToTheStateThatItsBeginningReplaced() {
        String instance = instances
                .hello(ANYONE, "shop", "shop-1", Map.of(), Unable.NO, "life")
                .id();
        tasks.create(ANYONE, CoreRig.spec("shop-1"));
        Assignment accepted = offers.offer(instance, "life").orElseThrow().assignment();
        reports.accepted(instance, accepted.id());
        // The first write makes the attempt the owner, the second one begins.
        store.before = () -> store.before = () -> reports.running(instance, accepted.id(), "", "");

        Ingest.Upload upload = ((Ingest.Admitted) open(accepted)).upload();
        assertThat(now(accepted).resumeState()).isEqualTo(AssignmentState.RUNNING);
        upload.interrupt("cut");

        assertThat(now(accepted).state()).isEqualTo(AssignmentState.RUNNING);
    }
}
