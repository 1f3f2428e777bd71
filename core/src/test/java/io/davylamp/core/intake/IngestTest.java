package io.davylamp.core.intake;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.davylamp.core.CoreRig;
import io.davylamp.core.recording.UploadRow;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Progress;
import io.davylamp.core.task.Task;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.ScrubbedRecording;
import io.davylamp.profile.view.HotMethods;
import io.davylamp.profile.view.Query;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IngestTest {
    private static final byte[] RECORDING = Recordings.bytes("small_h2_cpu45.jfr");
    private static final byte[] NO_HASH = new byte[0];

    private final CoreRig rig = new CoreRig();
    private final Task task = rig.create("shop-1");
    private final Assignment running = rig.run(task);

    @AfterEach
    void close() {
        rig.close();
    }

    private Ingest.Answer open(long declared) {
        return rig.ingest.open(ANYONE, "shop", "shop-1", running.id(), declared);
    }

    private Ingest.Upload admitted(long declared) {
        return ((Ingest.Admitted) open(declared)).upload();
    }

    private Ingest.Answer deliver(byte[] bytes) {
        Ingest.Upload upload = admitted(bytes.length);
        for (int at = 0; at < bytes.length; at += 100_000) {
            assertThat(upload.write(ByteBuffer.wrap(bytes, at, Math.min(100_000, bytes.length - at))))
                    .isEmpty();
        }
        return upload.commit(NO_HASH);
    }

    private void awaitState(Progress progress) {
        await().atMost(Duration.ofMinutes(2)).until(() -> rig.part(task).progress() == progress);
    }

    /** The recording is read, and its bytes are there but for its secrets: before that they may be either. */
    private void awaitStored() throws IOException {
        awaitState(Progress.READY);
        assertThat(rig.blobs.all().get(running.recordingKey()))
                .isEqualTo(ScrubbedRecording.of(SeekableBytes.of(RECORDING)).read(0, RECORDING.length));
    }

    @Test
    void aDeliveredRecordingBecomesAProfileThatCanBeAsked() throws IOException {
        assertThat(deliver(RECORDING)).isInstanceOf(Ingest.Stored.class);

        awaitStored();
        Query query = Query.of(name -> name.equals("measure") ? "cpu" : null);
        List<HotMethods.Row> hot = HotMethods.of(rig.query
                .views(List.of(rig.tasks.find(ANYONE, task.id()).orElseThrow()), List.of())
                .tree(query));
        assertThat(hot.get(0).name()).isEqualTo("org.h2.value.Value.compareToNotNullable");
        // 44 samples at the 5 ms that this recording was made with.
        assertThat(hot.get(0).self()).isEqualTo(44 * 5_000_000L);
    }

    @Test
    void aSecondDeliveryOfWhatIsStoredIsAcknowledgedAtOnce() {
        deliver(RECORDING);

        assertThat(open(RECORDING.length)).isInstanceOf(Ingest.Stored.class);
    }

    private Ingest.Upload resumed() {
        return ((Ingest.Admitted) rig.ingest.open(ANYONE, "shop", "shop-1", running.id(), RECORDING.length, true))
                .upload();
    }

    @Test
    void aResumedUploadGoesOnBehindWhatHasArrived() throws Exception {
        Ingest.Upload first = resumed();
        first.write(ByteBuffer.wrap(RECORDING, 0, 1000));
        first.interrupt("cut");

        Ingest.Upload second = resumed();
        assertThat(second.receivedBytes()).isEqualTo(1000);
        second.write(ByteBuffer.wrap(RECORDING, 1000, RECORDING.length - 1000));

        assertThat(second.commit(MessageDigest.getInstance("SHA-256").digest(RECORDING)))
                .isInstanceOf(Ingest.Stored.class);
        awaitStored();
    }

    @Test
    void aResumedUploadOfOtherBytesStartsAgain() throws Exception {
        Ingest.Upload first = resumed();
        first.write(ByteBuffer.wrap(new byte[1000]));
        first.interrupt("cut");
        Ingest.Upload second = resumed();
        second.write(ByteBuffer.wrap(RECORDING, 1000, RECORDING.length - 1000));
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(RECORDING);

        assertThat(second.commit(hash))
                .isInstanceOfSatisfying(
                        Ingest.Refused.class,
                        refused -> assertThat(refused.keep()).isTrue());

        assertThat(resumed().receivedBytes()).isZero();
    }

    @Test
    void aRecordingOfAJvmThatWasTakenForLostIsStillTaken() {
        rig.reports.failed(rig.one.id(), running.id(), "the JVM was restarted");
        Ingest.Upload broken = admitted(RECORDING.length);
        broken.interrupt("cut");
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);

        assertThat(deliver(RECORDING)).isInstanceOf(Ingest.Stored.class);
        assertThat(rig.now(task).reason()).isEmpty();
    }

    @Test
    void aBrokenUploadLeavesNothingAndMayComeAgain() {
        Ingest.Upload upload = admitted(RECORDING.length);
        upload.write(ByteBuffer.wrap(RECORDING, 0, 1000));
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RECEIVING);
        assertThat(rig.ingest.receivedBytes(running.id())).isEqualTo(1000);

        upload.interrupt("connection lost");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(rig.blobs.all()).isEmpty();
        assertThat(deliver(RECORDING)).isInstanceOf(Ingest.Stored.class);
    }

    private Ingest other(String server) {
        return new Ingest(
                rig.store,
                rig.blobs,
                rig.assignments,
                rig.deadlines,
                rig.indexer,
                rig.changes,
                CoreRig.UPLOADS,
                rig.clock,
                new ServerId(server));
    }

    private Ingest.Answer openOn(Ingest ingest) {
        return ingest.open(ANYONE, "shop", "shop-1", running.id(), RECORDING.length, true);
    }

    @Test
    void anUploadThatTheServersDeathCutMayComeAgainAtOnceAfterTheRestartOfTheOnlyServer() {
        admitted(RECORDING.length).write(ByteBuffer.wrap(RECORDING, 0, 1000));
        Ingest restarted = other("two");

        restarted.recover(true);

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(openOn(restarted)).isInstanceOf(Ingest.Admitted.class);
    }

    @Test
    void theStartOfAServerLeavesTheUploadsOfOthersAlone() {
        Ingest.Upload upload = resumed();

        other("two").recover(false);
        other("two").releaseAbandoned();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RECEIVING);
        upload.write(ByteBuffer.wrap(RECORDING));
        assertThat(upload.commit(NO_HASH)).isInstanceOf(Ingest.Stored.class);
    }

    @Test
    void oneUploadAtATimeIsTakenWhateverTheServer() {
        Ingest two = other("two");
        resumed();

        assertThat(openOn(two)).isEqualTo(new Ingest.Refused("the recording is being uploaded already", true));
        rig.clock.advance(Duration.ofSeconds(8));
        rig.ingest.renewLeases();
        rig.clock.advance(Duration.ofSeconds(8));

        assertThat(openOn(two)).isInstanceOf(Ingest.Refused.class);
    }

    @Test
    void anotherServerContinuesTheUploadOfOneThatIsGone() throws Exception {
        resumed().write(ByteBuffer.wrap(RECORDING, 0, 1000));
        rig.clock.advance(UploadRow.LEASE);
        Ingest two = other("two");

        Ingest.Upload upload = ((Ingest.Admitted) openOn(two)).upload();

        assertThat(upload.receivedBytes()).isEqualTo(0);
        upload.write(ByteBuffer.wrap(RECORDING));
        assertThat(upload.commit(MessageDigest.getInstance("SHA-256").digest(RECORDING)))
                .isInstanceOf(Ingest.Stored.class);
        awaitStored();
    }

    @Test
    void anAttemptThatLostItsLeaseChangesNothingAndItsSenderKeepsTheRecording() {
        Ingest.Upload slow = resumed();
        slow.write(ByteBuffer.wrap(RECORDING, 0, RECORDING.length - 1));
        rig.clock.advance(UploadRow.LEASE);
        Ingest two = other("two");
        two.releaseAbandoned();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(rig.now(task).reason()).isEqualTo("the server that received the upload is gone");

        slow.write(ByteBuffer.wrap(RECORDING, RECORDING.length - 1, 1));
        assertThat(slow.commit(NO_HASH)).isEqualTo(new Ingest.Refused("another attempt took the upload over", true));

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(openOn(rig.ingest)).isInstanceOf(Ingest.Admitted.class);
    }

    @Test
    void anAttemptIsToldWhenItsLeaseWasLost() {
        Ingest.Upload slow = resumed();
        slow.write(ByteBuffer.wrap(RECORDING, 0, 1000));
        rig.clock.advance(UploadRow.LEASE);
        Ingest.Upload next = ((Ingest.Admitted) openOn(other("two"))).upload();

        rig.ingest.renewLeases();

        assertThat(slow.write(ByteBuffer.wrap(RECORDING, 1000, 1)))
                .contains(new Ingest.Refused("another attempt took the upload over", true));
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RECEIVING);
        assertThat(next.hasEnded()).isFalse();
    }

    @Test
    void theProgressOfAnUploadIsSeenFromOtherServers() {
        Ingest.Upload upload = resumed();
        upload.write(ByteBuffer.wrap(RECORDING, 0, 1000));
        rig.clock.advance(Duration.ofSeconds(2));

        rig.ingest.renewLeases();

        assertThat(other("two").receivedBytes(running.id())).isEqualTo(1000);
    }

    @Test
    void whatNobodyContinuesIsRemovedAfterDays() {
        Ingest.Upload upload = resumed();
        upload.write(ByteBuffer.wrap(RECORDING, 0, 1000));
        upload.interrupt("cut");

        rig.clock.advance(Ingest.IDLE_KEPT.minusSeconds(1));
        rig.ingest.forgetIdle();
        assertThat(rig.blobs.partials()).isNotEmpty();
        rig.clock.advance(Duration.ofSeconds(1));
        other("two").forgetIdle();

        assertThat(rig.blobs.partials()).isEmpty();
        assertThat(rig.store.<Optional<UploadRow>>read(tx -> tx.uploads().byId(running.id())))
                .isEmpty();
        assertThat(resumed().receivedBytes()).isZero();
    }

    @Test
    void aRecordingAboveTheLimitFailsWithBothSizes() {
        Ingest.Answer answer = open(CoreRig.UPLOADS.recordingBytes() + 1);

        assertThat(answer)
                .isEqualTo(
                        new Ingest.Refused("the recording has 4194305 bytes; the server takes at most 4194304", false));
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.TOO_LARGE);
        assertThat(rig.now(task).reason()).contains("4194305").contains("4194304");
    }

    @Test
    void theLimitIsInclusive() {
        assertThat(open(CoreRig.UPLOADS.recordingBytes())).isInstanceOf(Ingest.Admitted.class);
    }

    @Test
    void anEmptyRecordingFails() {
        assertThat(open(0)).isEqualTo(new Ingest.Refused("the recording is empty", false));
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
    }

    @Test
    void aRecordingForAnUnknownTaskIsRefusedForGood() {
        assertThat(rig.ingest.open(ANYONE, "shop", "shop-1", "unknown", 10))
                .isEqualTo(new Ingest.Refused("the server knows no such assignment of this instance", false));
        assertThat(rig.ingest.open(ANYONE, "shop", "shop-2", running.id(), 10)).isInstanceOf(Ingest.Refused.class);
    }

    @Test
    void aFullDiskRefusesAndTheAgentKeepsItsFile() {
        rig.blobs.freeBytes(RECORDING.length);

        Ingest.Refused refused = (Ingest.Refused) open(RECORDING.length);

        assertThat(refused.keep()).isTrue();
        assertThat(refused.reason()).startsWith("the server refused the recording: its disk is full");
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void aDiskThatFillsUpMeanwhileLeavesNothingHalfWritten() {
        Ingest.Upload upload = admitted(RECORDING.length);
        rig.blobs.freeBytes(10);

        Ingest.Refused refused = upload.write(ByteBuffer.wrap(RECORDING)).orElseThrow();

        assertThat(refused.keep()).isTrue();
        assertThat(refused.reason()).contains("disk is full");
        assertThat(rig.blobs.all()).isEmpty();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void moreOrFewerBytesThanDeclaredAreRefused() {
        assertThat(admitted(10).write(ByteBuffer.wrap(new byte[11]))).isPresent();
        Ingest.Upload tooShort = admitted(10);
        tooShort.write(ByteBuffer.wrap(new byte[9]));
        assertThat(tooShort.commit(NO_HASH)).isEqualTo(new Ingest.Refused("only 9 of 10 bytes arrived", true));
    }

    @Test
    void otherBytesThanWereSentAreRefused() {
        Ingest.Upload upload = admitted(3);
        upload.write(ByteBuffer.wrap(new byte[] {1, 2, 3}));

        assertThat(upload.commit(new byte[32])).isInstanceOf(Ingest.Refused.class);
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void whatIsNotJfrIsKeptAndSaysWhy() {
        byte[] text = "this is not a recording, but long enough to have a header of sixty-eight bytes"
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(deliver(text)).isInstanceOf(Ingest.Stored.class);

        awaitState(Progress.UNREADABLE);
        assertThat(rig.part(task).reason()).contains("magic at offset 0");
        assertThat(rig.blobs.all().get(running.recordingKey())).isEqualTo(text);
    }

    @Test
    void aTruncatedRecordingIsKeptAndSaysWhatIsLost() {
        deliver(Arrays.copyOf(RECORDING, RECORDING.length / 2));

        awaitState(Progress.UNREADABLE);
        assertThat(rig.part(task).reason()).contains("chunk size at offset 8");
    }

    @Test
    void theSameUploadTwiceAtATimeIsRefusedButKept() {
        admitted(10);

        assertThat(open(10)).isEqualTo(new Ingest.Refused("the recording is being uploaded already", true));
    }

    @Test
    void aRecordingThatComesAfterItsDeadlineIsTaken() {
        rig.clock.advance(Duration.ofHours(1));
        rig.deadlines.expireOverdue();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.EXPIRED);

        assertThat(deliver(RECORDING)).isInstanceOf(Ingest.Stored.class);
    }

    @Test
    void aCancelledAssignmentTakesNoRecording() {
        rig.tasks.cancel(ANYONE, task.id());

        assertThat(open(10))
                .isInstanceOfSatisfying(
                        Ingest.Refused.class,
                        refused -> assertThat(refused.keep()).isFalse());
        assertThat(rig.ingest.receivedBytes(running.id())).isZero();
    }
}
