package io.davylamp.core.intake;

import io.davylamp.core.Places;
import io.davylamp.core.Seldom;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes recordings. A recording is acknowledged only after its bytes are durable and its row is committed: a crash before is a
 * retry, a crash after loses nothing. Thread-safe; one {@link Upload} belongs to one thread at a time.
 */
public final class Ingest {
    private static final Logger log = LoggerFactory.getLogger(Ingest.class);

    private static final int READ_BACK_BYTES = 64 << 10;
    private static final int MAX_SHOWN = 200;

    private final Store store;
    private final Blobs blobs;
    private final Assignments assignments;
    private final Deadlines deadlines;
    private final Indexer indexer;
    private final Changes changes;
    private final UploadLimits limits;
    private final Map<String, Upload> open = new ConcurrentHashMap<>();
    /** Uploads that broke while that could not be written: reasons by assignment. */
    private final Map<String, String> broken = new ConcurrentHashMap<>();

    private final Places places;
    private final Seldom seldom = new Seldom();

    public Ingest(
            Store store,
            Blobs blobs,
            Assignments assignments,
            Deadlines deadlines,
            Indexer indexer,
            Changes changes,
            UploadLimits limits) {
        this.store = store;
        this.blobs = blobs;
        this.assignments = assignments;
        this.deadlines = deadlines;
        this.indexer = indexer;
        this.changes = changes;
        this.limits = limits;
        this.places = new Places(limits.parallel(), limits.patience(), limits.leastBytesPerSecond(), System::nanoTime);
    }

    /** The answer to the sender of a recording. */
    public sealed interface Answer {}

    /** The upload may begin. */
    public record Admitted(Upload upload) implements Answer {}

    /** The bytes are durable; the sender may forget them. */
    public record Stored() implements Answer {}

    /**
     * The recording is not taken.
     *
     * @param keep true: the sender should keep it and come back; false: it will never be taken
     */
    public record Refused(String reason, boolean keep) implements Answer {}

    /** After a restart: uploads that were cut by it may come again. */
    public void recover() {
        for (Assignment cut : store.read(tx -> tx.assignments().inStates(EnumSet.of(AssignmentState.RECEIVING)))) {
            assignments.on(
                    cut.id(),
                    Event.UPLOAD_BREAK,
                    change -> change.reason("the server was restarted during the upload"));
        }
    }

    public long recordingBytesLimit() {
        return limits.recordingBytes();
    }

    /** Bytes that have arrived of an upload that is going on; 0 when there is none. */
    public long receivedBytes(String assignmentId) {
        Upload upload = open.get(assignmentId);
        return upload == null ? 0 : upload.received.get();
    }

    /** Begins an upload of a sender that always starts at the first byte. */
    public Answer open(String service, String instance, String assignmentId, long declaredBytes) {
        return open(service, instance, assignmentId, declaredBytes, false);
    }

    /**
     * Decides about an upload before its first byte.
     *
     * @param resume whether the sender can go on behind {@link Upload#receivedBytes}; what it sent is then kept when the upload
     *     breaks
     * @param declaredBytes what the sender says it will send; a hint, counted again while it comes
     */
    public Answer open(String service, String instance, String assignmentId, long declaredBytes, boolean resume) {
        Optional<Assignment> known = assignments.find(assignmentId);
        if (known.isEmpty() || !belongs(known.get(), service, instance)) {
            seldom.log(
                    "stranger",
                    more -> log.warn(
                            "{} of {} offers a recording for assignment {}, which it does not have{}",
                            cut(instance),
                            cut(service),
                            cut(assignmentId),
                            more));
            return new Refused("the server knows no such assignment of this instance", false);
        }
        Assignment assignment = known.get();
        if (assignment.state() == AssignmentState.DELIVERED) {
            return new Stored();
        }
        if (declaredBytes <= 0) {
            fail(assignment, Event.AGENT_ERROR, "the profiler wrote an empty recording");
            return new Refused("the recording is empty", false);
        }
        if (declaredBytes > limits.recordingBytes()) {
            return tooLarge(assignment, declaredBytes);
        }
        try {
            if (blobs.freeBytes() - declaredBytes < limits.minFreeBytes()) {
                return turnedAway(
                        assignment,
                        "the server refused the recording: its disk is full (the recording has " + declaredBytes
                                + " bytes, and " + limits.minFreeBytes() + " must stay free by data.min-free)");
            }
            Upload upload = new Upload(assignment, declaredBytes);
            Optional<Places.Place> place = places.take(upload::displace);
            if (place.isEmpty()) {
                return turnedAway(
                        assignment,
                        "the server refused the recording: it takes " + limits.parallel()
                                + " at a time (upload.parallel)");
            }
            upload.place = place.get();
            if (open.putIfAbsent(assignmentId, upload) != null) {
                upload.place.close();
                return new Refused("the recording is being uploaded already", true);
            }
            if (upload.hasEnded()) { // displaced before it was in the map: nobody would take it out again
                open.remove(assignmentId, upload);
                return new Refused("the upload was too slow to begin", true);
            }
            boolean admitted = false;
            try {
                upload.start(resume);
                releaseAbandoned(assignmentId);
                admitted = assignments
                        .on(
                                assignmentId,
                                Event.UPLOAD_BEGIN,
                                change -> change.resumeHere().declaredBytes(declaredBytes))
                        .isPresent();
            } finally {
                if (!admitted) {
                    upload.close();
                }
            }
            if (!admitted) {
                return new Refused("the assignment is " + assignment.state() + " and takes no recording", false);
            }
            if (upload.hasEnded()) { // displaced before the assignment was RECEIVING
                releaseAbandoned(assignmentId);
                return new Refused("the upload was too slow to begin", true);
            }
            return new Admitted(upload);
        } catch (IOException e) {
            return turnedAway(assignment, "the server refused the recording: " + cannotWrite(assignment, e));
        } catch (StoreException e) {
            return turnedAway(assignment, "the server refused the recording: " + e.getMessage());
        }
    }

    /**
     * Ends what the store shows as an upload though nobody receives it: its beginning was written and then reported as failed, or
     * its end could not be written. The caller holds the assignment's place in {@link #open}.
     */
    private void releaseAbandoned(String assignmentId) {
        String reason = broken.remove(assignmentId);
        assignments.on(
                assignmentId,
                Event.UPLOAD_BREAK,
                change -> change.reason(reason == null ? "an earlier upload was abandoned" : reason));
    }

    /** Makes the recording of a delivered assignment. */
    private static Recording recording(Store.Tx tx, Assignment delivered, long bytes, String sha256) {
        long now = delivered.stateMillis();
        Optional<Instance> of = tx.instances().byId(delivered.instanceId());
        return new Recording(
                delivered.id(),
                Origin.ASSIGNMENT,
                delivered.taskId(),
                of.map(Instance::service).orElse(""),
                delivered.instanceName(),
                of.map(Instance::labels).orElse(Labels.NONE).values(),
                delivered.runningMillis(),
                Math.min(delivered.windowEndMillis(), now),
                delivered.recordingKey(),
                delivered.profileKey(),
                bytes,
                sha256,
                RecordingState.STORED,
                0,
                0,
                "",
                now,
                0,
                now,
                Recording.FOR_GOOD);
    }

    private static String cut(String text) {
        return text.length() <= MAX_SHOWN ? text : text.substring(0, MAX_SHOWN) + "...";
    }

    private Refused turnedAway(Assignment assignment, String reason) {
        seldom.log("turned away", more -> log.warn("instance {}: {}{}", assignment.instanceName(), reason, more));
        deadlines.turnedAway(assignment, reason);
        return new Refused(reason, true);
    }

    private String cannotWrite(Assignment assignment, IOException e) {
        seldom.log(
                "cannot write",
                more -> log.error("cannot write the recording of assignment {}{}", assignment.id(), more, e));
        return StoreException.of(e).getMessage();
    }

    /** Interrupts uploads that are too slow, and notes what could not be written before. Called now and then. */
    public void interruptSlow() {
        places.sweep();
        for (Map.Entry<String, String> each : broken.entrySet()) {
            if (!open.containsKey(each.getKey())) { // or it came again, and is not to be broken
                assignments.on(each.getKey(), Event.UPLOAD_BREAK, change -> change.reason(each.getValue()));
            }
            broken.remove(each.getKey());
        }
    }

    private boolean belongs(Assignment assignment, String service, String instance) {
        return store.read(tx -> tx.instances().byId(assignment.instanceId()))
                .filter(known -> known.service().equals(service) && known.name().equals(instance))
                .isPresent();
    }

    private Refused tooLarge(Assignment assignment, long bytes) {
        String reason = "the recording has " + bytes + " bytes; the server takes at most " + limits.recordingBytes();
        fail(assignment, Event.TOO_LARGE, reason);
        return new Refused(reason, false);
    }

    private void fail(Assignment assignment, Event event, String reason) {
        assignments.on(assignment.id(), event, change -> change.reason(reason));
        changes.work(assignment.instanceId());
    }

    /** One recording on its way. Not thread-safe. */
    public final class Upload implements AutoCloseable {
        private final Assignment assignment;
        private final long declaredBytes;
        private Blobs.Writer writer;
        private final MessageDigest sha256;
        private final AtomicLong received = new AtomicLong();
        private boolean closed;
        private Places.Place place;
        private Consumer<Refused> displaced = refused -> {};

        private Upload(Assignment assignment, long declaredBytes) {
            this.assignment = assignment;
            this.declaredBytes = declaredBytes;
            this.sha256 = Sha256.start();
        }

        /** Calls {@code told}, on another thread, if the upload is interrupted because it is too slow. */
        public synchronized void onDisplaced(Consumer<Refused> told) {
            displaced = told;
        }

        private void displace() {
            Consumer<Refused> told;
            synchronized (this) {
                if (closed) {
                    return;
                }
                told = displaced;
            }
            String reason = "the upload is too slow: at least " + limits.leastBytesPerSecond()
                    + " bytes a second must come, and when " + limits.parallel()
                    + " come, none may stop for two seconds";
            interrupt(reason);
            try {
                told.accept(new Refused(reason, true));
            } catch (RuntimeException e) { // of one sender, who is gone; others are displaced as well
                log.debug("the sender of assignment {} cannot be told", assignment.id(), e);
            }
        }

        private void start(boolean resume) throws IOException {
            if (!resume) {
                writer = blobs.writer(assignment.recordingKey());
                return;
            }
            Blobs.ReadablePartial partial = blobs.resume(assignment.recordingKey());
            writer = partial;
            if (partial.sizeBytes() > declaredBytes) {
                partial.restart();
            }
            byte[] buffer = new byte[READ_BACK_BYTES];
            for (int n; (n = partial.read(received.get(), buffer, 0, buffer.length)) > 0; ) {
                sha256.update(buffer, 0, n);
                received.addAndGet(n);
            }
        }

        /** Bytes that are here, also of earlier attempts. */
        public long receivedBytes() {
            return received.get();
        }

        /** Whether it was committed, interrupted or refused. */
        public synchronized boolean hasEnded() {
            return closed;
        }

        /** Takes bytes; a refusal ends the upload, an empty answer asks for more. */
        public synchronized Optional<Refused> write(ByteBuffer bytes) {
            if (closed) {
                return Optional.of(new Refused("the upload has ended", true));
            }
            long now = received.addAndGet(bytes.remaining());
            if (now > declaredBytes) {
                String reason = "more bytes arrive than the " + declaredBytes + " that were declared";
                interrupt(reason);
                return Optional.of(new Refused(reason, true));
            }
            place.came(bytes.remaining());
            sha256.update(bytes.duplicate());
            try {
                writer.write(bytes);
            } catch (IOException e) {
                String reason = cannotWrite(assignment, e);
                interrupt(reason);
                return Optional.of(new Refused(reason, true));
            }
            changes.task(assignment.taskId());
            return Optional.empty();
        }

        /** Ends the upload: {@link Stored} only after the recording is durable. {@code expectedSha256} may be empty. */
        public synchronized Answer commit(byte[] expectedSha256) {
            if (closed) {
                return new Refused("the upload has ended", true);
            }
            if (received.get() != declaredBytes) {
                String reason = "only " + received.get() + " of " + declaredBytes + " bytes arrived";
                interrupt(reason);
                return new Refused(reason, true);
            }
            byte[] hash = sha256.digest();
            if (expectedSha256.length > 0 && !MessageDigest.isEqual(hash, expectedSha256)) {
                String reason = "the bytes that arrived are not those that were sent: their hashes differ";
                restart();
                interrupt(reason);
                return new Refused(reason, true);
            }
            place.settle();
            try {
                writer.commit();
            } catch (IOException e) {
                String reason = cannotWrite(assignment, e);
                interrupt(reason);
                return new Refused(reason, true);
            }
            Optional<Assignment> stored;
            try {
                stored = assignments.on(
                        assignment.id(),
                        Event.STORE,
                        change -> change.reason(""),
                        (tx, delivered) -> tx.recordings()
                                .insert(recording(
                                        tx,
                                        delivered,
                                        declaredBytes,
                                        HexFormat.of().formatHex(hash))));
            } catch (StoreException e) {
                interrupt(e.getMessage());
                return new Refused(e.getMessage(), true);
            }
            close();
            if (stored.isEmpty()) {
                return new Refused("the assignment takes no recording any more", false);
            }
            changes.work(assignment.instanceId());
            indexer.wake();
            return new Stored();
        }

        private void restart() {
            if (writer instanceof Blobs.Partial partial) {
                try {
                    partial.restart();
                } catch (IOException e) {
                    log.warn("cannot throw away what was uploaded for assignment {}", assignment.id(), e);
                }
            }
        }

        /** The sender is gone or was refused: the assignment goes back to where it was. */
        public synchronized void interrupt(String reason) {
            if (closed) {
                return;
            }
            close();
            try {
                assignments.on(
                        assignment.id(),
                        Event.UPLOAD_BREAK,
                        change -> change.reason("upload interrupted after " + received.get() + " of " + declaredBytes
                                + " bytes: " + reason));
            } catch (RuntimeException e) {
                broken.put(assignment.id(), reason);
                log.warn("assignment {} stays RECEIVING for now: {}", assignment.id(), e.getMessage());
            }
        }

        @Override
        public synchronized void close() {
            if (closed) {
                return;
            }
            closed = true;
            open.remove(assignment.id(), this);
            place.close();
            try {
                if (writer != null) {
                    writer.close();
                }
            } catch (IOException e) {
                log.warn("cannot remove what was uploaded for assignment {}", assignment.id(), e);
            }
        }
    }
}
