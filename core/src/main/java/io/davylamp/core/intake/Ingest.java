package io.davylamp.core.intake;

import io.davylamp.core.Places;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.Principal;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.recording.UploadRow;
import io.davylamp.core.server.ServerId;
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
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes recordings. A recording is acknowledged only after its bytes are durable and its row is committed: a crash before is a
 * retry, a crash after loses nothing.
 *
 * <p>Several servers may do this on one store. An attempt to upload has a lease on the {@link UploadRow}, which {@link
 * #renewLeases} extends while the server lives; every change is made in a transaction that finds its own name there. When the
 * server dies, the lease ends, and the next attempt continues behind the bytes that are kept, on whatever server it comes.
 *
 * <p>Thread-safe; one {@link Upload} belongs to one thread at a time.
 */
public final class Ingest {
    private static final Logger log = LoggerFactory.getLogger(Ingest.class);

    private static final int MAX_SHOWN = 200;
    private static final int AT_A_TIME = 100;
    /** As much as one call to a bucket brings in the time that the call takes. */
    private static final int READ_BACK_BYTES = 1 << 20;

    /** People on other servers see the progress of an upload so late. */
    private static final Duration TOLD_EVERY = Duration.ofSeconds(2);

    /** What is kept is written down at the end of each part, and so often where the storage of bytes keeps more than parts. */
    private static final Duration NOTED_EVERY = Duration.ofSeconds(1);

    /** After so long nobody continues an upload any more: what is kept of it goes. */
    static final Duration IDLE_KEPT = Duration.ofDays(7);

    private final Store store;
    private final Blobs blobs;
    private final Assignments assignments;
    private final Deadlines deadlines;
    private final Indexer indexer;
    private final Changes changes;
    private final UploadLimits limits;
    private final Clock clock;
    /** Begins the names of all attempts of this server. */
    private final String ownPrefix;

    private final AtomicLong attempts = new AtomicLong();
    /** Those of this server, by assignment. */
    private final Map<String, Upload> open = new ConcurrentHashMap<>();
    /** Uploads that broke while that could not be written, by assignment. */
    private final Map<String, Broken> broken = new ConcurrentHashMap<>();

    private final Places places;
    private final Seldom seldom = new Seldom();

    /** What is still to be written of an upload that ended. */
    private record Broken(UploadRow row, String reason) {}

    public Ingest(
            Store store,
            Blobs blobs,
            Assignments assignments,
            Deadlines deadlines,
            Indexer indexer,
            Changes changes,
            UploadLimits limits,
            Clock clock,
            ServerId server) {
        this.store = store;
        this.blobs = blobs;
        this.assignments = assignments;
        this.deadlines = deadlines;
        this.indexer = indexer;
        this.changes = changes;
        this.limits = limits;
        this.clock = clock;
        this.ownPrefix = server.text() + ".";
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

    private static final Refused TAKEN_OVER = new Refused("another attempt took the upload over", true);

    private static final Refused UPLOADED_ALREADY = new Refused("the recording is being uploaded already", true);

    /** Another attempt has the upload, or it is gone. Thrown inside of a transaction to undo it. */
    private static final class LostException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        LostException() {
            super("another attempt has the upload", null, false, false);
        }
    }

    /**
     * Lets uploads come again that an earlier process cut. Called before the first upload is taken.
     *
     * @param alone no other server uses this store, so all that is open was cut, whatever its lease says
     */
    public void recover(boolean alone) {
        String reason = "the server was restarted during the upload";
        for (Assignment cut : store.read(tx -> tx.assignments().inStates(EnumSet.of(AssignmentState.RECEIVING)))) {
            Optional<UploadRow> row = store.read(tx -> tx.uploads().byId(cut.id()));
            if (row.isEmpty()) { // of a version that had no such rows
                breakUnlessOpen(cut.id(), reason);
            } else if (alone) {
                release(row.get(), reason);
            }
        }
    }

    private void breakUnlessOpen(String assignmentId, String reason) {
        try {
            assignments.on(assignmentId, Event.UPLOAD_BREAK, change -> change.reason(reason), (tx, next) -> {
                if (tx.uploads().byId(assignmentId).isPresent()) { // on another server, since a moment ago
                    throw new LostException();
                }
            });
        } catch (LostException e) {
            log.debug("assignment {} is being uploaded", assignmentId);
        }
    }

    public long recordingBytesLimit() {
        return limits.recordingBytes();
    }

    /** Bytes that have arrived of an upload that is going on; 0 when there is none. */
    public long receivedBytes(String assignmentId) {
        return receivedBytes(List.of(assignmentId)).getOrDefault(assignmentId, 0L);
    }

    /** Bytes that have arrived of the uploads that are going on, by assignment; of other servers some seconds late. */
    public Map<String, Long> receivedBytes(Collection<String> assignmentIds) {
        Map<String, Long> received = new HashMap<>();
        for (String id : assignmentIds) {
            Upload here = open.get(id);
            if (here != null) {
                received.put(id, here.received.get());
            }
        }
        List<String> elsewhere =
                assignmentIds.stream().filter(id -> !received.containsKey(id)).toList();
        if (!elsewhere.isEmpty()) {
            store.read(tx -> tx.uploads().byIds(elsewhere))
                    .forEach(row -> received.put(row.assignmentId(), row.receivedBytes()));
        }
        return received;
    }

    /** Begins an upload of a sender that always starts at the first byte. */
    public Answer open(Principal who, String service, String instance, String assignmentId, long declaredBytes) {
        return open(who, service, instance, assignmentId, declaredBytes, false);
    }

    /**
     * Decides about an upload before its first byte.
     *
     * @param who whose token the agent brings
     * @param resume whether the sender can go on behind {@link Upload#receivedBytes}; what it sent is then kept when the upload
     *     breaks
     * @param declaredBytes what the sender says it will send; a hint, counted again while it comes
     */
    public Answer open(
            Principal who, String service, String instance, String assignmentId, long declaredBytes, boolean resume) {
        if (!who.speaksFor(service)) {
            seldom.log(
                    "token",
                    more -> log.warn(
                            "{} of {} offers a recording with the token of {}, which is not for that service{}",
                            cut(instance),
                            cut(service),
                            who.name(),
                            more));
            // The agent keeps it: whoever administers this server can still give it the right token.
            return new Refused("the token or certificate of this agent is not for service " + cut(service), true);
        }
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
        if (assignment.state() != AssignmentState.RECEIVING
                && assignment.state().next(Event.UPLOAD_BEGIN).isEmpty()) {
            return takesNone(assignment);
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
                return UPLOADED_ALREADY;
            }
            if (upload.hasEnded()) { // displaced before it was in the map: nobody would take it out again
                open.remove(assignmentId, upload);
                return new Refused("the upload was too slow to begin", true);
            }
            boolean admitted = false;
            upload.lock.lock();
            try {
                if (!upload.claim()) {
                    return UPLOADED_ALREADY;
                }
                upload.start(resume);
                releaseAbandoned(upload);
                admitted = upload.begin();
            } catch (LostException e) {
                return UPLOADED_ALREADY;
            } finally {
                if (!admitted) {
                    upload.giveUp();
                }
                upload.lock.unlock();
                upload.endIfDue();
            }
            if (!admitted) {
                return takesNone(assignment);
            }
            if (upload.hasEnded()) { // displaced before the assignment was RECEIVING
                return new Refused("the upload was too slow to begin", true);
            }
            return new Admitted(upload);
        } catch (IOException e) {
            return turnedAway(assignment, "the server refused the recording: " + cannotWrite(assignment, e));
        } catch (StoreException e) {
            return turnedAway(assignment, "the server refused the recording: " + e.getMessage());
        }
    }

    private static Refused takesNone(Assignment assignment) {
        return new Refused("the assignment is " + assignment.state() + " and takes no recording", false);
    }

    /**
     * Ends what the store shows as an upload though nobody receives it: its server died, its beginning was written and then
     * reported as failed, or its end could not be written. The caller has claimed it.
     */
    private void releaseAbandoned(Upload by) {
        Broken known = broken.remove(by.assignment.id());
        assignments.on(
                by.assignment.id(),
                Event.UPLOAD_BREAK,
                change -> change.reason(known == null ? "an earlier upload was abandoned" : known.reason()),
                (tx, next) -> by.requireOwn(tx));
    }

    /**
     * Ends an attempt: the upload has no owner from here on, and the assignment goes back to where it was. Nothing happens when
     * another attempt has the upload.
     */
    private void release(UploadRow row, String reason) {
        UploadRow free = row.released(clock.millis());
        try {
            boolean broke = assignments
                    .on(
                            row.assignmentId(),
                            Event.UPLOAD_BREAK,
                            change -> change.reason(reason),
                            (tx, next) -> free(tx, free, row.owner()))
                    .isPresent();
            if (!broke) {
                store.writeSoon(tx -> {
                    free(tx, free, row.owner());
                    return null;
                });
            }
        } catch (LostException e) {
            log.debug("the upload of assignment {} has another owner", row.assignmentId());
        }
    }

    private static void free(Store.Tx tx, UploadRow free, String owner) {
        boolean own = free.keptBytes() == 0
                ? tx.uploads().delete(free.assignmentId(), owner)
                : tx.uploads().replace(free, owner);
        if (!own) {
            throw new LostException();
        }
    }

    /** Extends the leases of what is received here, and tells others of its progress. Called every second; never waits long. */
    public void renewLeases() {
        long now = clock.millis();
        List<UploadRow> due = open.values().stream()
                .filter(upload -> upload.isDue(now))
                .map(upload -> upload.renewed(now))
                .toList();
        if (due.isEmpty()) {
            return;
        }
        Set<String> lost = store.writeSoon(tx -> tx.uploads().renew(due));
        for (UploadRow row : due) {
            Upload upload = open.get(row.assignmentId());
            if (upload != null && upload.owner.equals(row.owner())) {
                if (lost.contains(row.assignmentId())) {
                    upload.lost = true;
                } else {
                    upload.told(row);
                }
            }
        }
    }

    /** Ends what servers received that are gone, on whatever server. Called now and then; all servers may do it at once. */
    public void releaseAbandoned() {
        for (UploadRow row : store.read(tx -> tx.uploads().abandoned(clock.millis(), AT_A_TIME))) {
            if (!open.containsKey(row.assignmentId())) {
                release(row, "the server that received the upload is gone");
            }
        }
    }

    /** Removes what is kept of uploads that nobody has continued for days. Called now and then; all servers may do it at once. */
    public void forgetIdle() {
        long now = clock.millis();
        for (UploadRow idle : store.read(tx -> tx.uploads().idleSince(now - IDLE_KEPT.toMillis(), AT_A_TIME))) {
            if (open.containsKey(idle.assignmentId())) {
                continue;
            }
            // With the lease nobody begins anew under the same key while the bytes are removed.
            String owner = "janitor " + ownPrefix + attempts.incrementAndGet();
            UploadRow own = idle.taken(owner, idle.declaredBytes(), now);
            if (store.write(tx -> tx.uploads().replace(own, idle.owner()))) {
                try {
                    blobs.delete(idle.key());
                    store.write(tx -> tx.uploads().delete(idle.assignmentId(), owner));
                } catch (IOException e) {
                    log.warn("the unfinished blob {} cannot be removed now; it is tried again", idle.key(), e);
                }
            }
        }
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
        for (Map.Entry<String, Broken> each : broken.entrySet()) {
            if (!open.containsKey(each.getKey())) { // or it came again, and is not to be broken
                release(each.getValue().row(), each.getValue().reason());
            }
            broken.remove(each.getKey(), each.getValue());
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

    /** One recording on its way. One thread writes to it; others may end it. */
    public final class Upload implements AutoCloseable {
        private final Assignment assignment;
        private final long declaredBytes;
        private final String owner = ownPrefix + attempts.incrementAndGet();
        private final AtomicLong received = new AtomicLong();
        /** Of what follows; held while bytes are written, which may take as long as the storage of bytes takes. */
        private final ReentrantLock lock = new ReentrantLock();

        private UploadRow row;
        private Blobs.Writer writer;
        /** The writer, if the sender can go on with it; null for other senders. */
        private Blobs.Partial partial;

        /** Of all bytes; null when an earlier attempt received the first of them. */
        private MessageDigest hash = Sha256.start();
        /** What the blob says is kept does not count: it may have bytes of a write that failed, or be whole already. */
        private boolean keepsNoMore;

        private long notedMillis;

        private volatile boolean ended;
        /** Another attempt has it. */
        private volatile boolean lost;
        /** Why it is to end as soon as nobody writes; null when it is not. */
        private volatile String endsFor;

        private volatile Consumer<Refused> displaced = refused -> {};
        private volatile long leaseMillis;
        private volatile long toldMillis;
        private volatile long toldBytes;
        private Places.Place place;

        private Upload(Assignment assignment, long declaredBytes) {
            this.assignment = assignment;
            this.declaredBytes = declaredBytes;
        }

        /** Calls {@code told}, on another thread, if the upload is interrupted because it is too slow. */
        public void onDisplaced(Consumer<Refused> told) {
            displaced = told;
        }

        private void displace() {
            if (ended) {
                return;
            }
            String reason = "the upload is too slow: at least " + limits.leastBytesPerSecond()
                    + " bytes a second must come, and when " + limits.parallel()
                    + " come, none may stop for ten seconds";
            endsFor = reason;
            endIfDue();
            try {
                displaced.accept(new Refused(reason, true));
            } catch (RuntimeException e) { // of one sender, who is gone; others are displaced as well
                log.debug("the sender of assignment {} cannot be told", assignment.id(), e);
            }
        }

        /** Whoever displaces does not wait for a write that hangs: the writer itself then ends the upload. */
        private void endIfDue() {
            String reason = endsFor;
            if (reason != null && !ended && lock.tryLock()) {
                try {
                    interrupt(reason);
                } finally {
                    lock.unlock();
                }
            }
        }

        /** Makes this attempt the owner; false when another one is. No other one of this server is, which the caller knows. */
        private boolean claim() {
            Optional<UploadRow> own = store.writeSoon(tx -> {
                long now = clock.millis();
                UploadRow first = UploadRow.of(assignment.id(), assignment.recordingKey());
                Optional<UploadRow> there = tx.uploads().byId(assignment.id());
                UploadRow next = there.orElse(first).taken(owner, declaredBytes, now);
                boolean free = there.map(
                                known -> known.isFree(now) || known.owner().startsWith(ownPrefix))
                        .orElse(true);
                boolean taken = free
                        && (there.isPresent()
                                ? tx.uploads().replace(next, there.get().owner())
                                : tx.uploads().insert(next));
                return Optional.of(next).filter(each -> taken);
            });
            own.ifPresent(claimed -> {
                row = claimed;
                told(claimed);
            });
            return own.isPresent();
        }

        /** Opens the blob, behind what is kept of it if the sender can resume. */
        private void start(boolean resume) throws IOException {
            if (!resume) {
                row = row.kept(0, "");
                writer = blobs.writer(row.key());
                return;
            }
            boolean continues = row.keptBytes() > 0 && row.keptBytes() <= declaredBytes;
            partial = blobs.resume(row.key(), continues ? row.token() : "");
            writer = partial;
            if (continues && partial.kept().bytes() == row.keptBytes()) {
                hash = null;
                received.set(row.keptBytes());
                return;
            }
            if (partial.kept().bytes() > 0) {
                partial.restart();
            }
            row = row.kept(0, "");
        }

        /** The assignment is RECEIVING; false when it takes no recording. */
        private boolean begin() {
            return assignments
                    .on(
                            assignment.id(),
                            Event.UPLOAD_BEGIN,
                            change -> change.resumeHere().declaredBytes(declaredBytes),
                            (tx, next) -> requireOwn(tx))
                    .isPresent();
        }

        private void requireOwn(Store.Tx tx) {
            if (!isOwn(tx)) {
                throw new LostException();
            }
        }

        private boolean isOwn(Store.Tx tx) {
            return tx.uploads()
                    .byId(assignment.id())
                    .filter(now -> now.owner().equals(owner))
                    .isPresent();
        }

        private boolean isDue(long nowMillis) {
            return leaseMillis != 0
                    && !lost
                    && (leaseMillis - nowMillis < UploadRow.LEASE.toMillis() * 2 / 3
                            || nowMillis - toldMillis >= TOLD_EVERY.toMillis() && received.get() != toldBytes);
        }

        private UploadRow renewed(long nowMillis) {
            return new UploadRow(assignment.id(), assignment.recordingKey(), declaredBytes, 0, 0, "", owner, 0)
                    .renewed(received.get(), nowMillis);
        }

        private void told(UploadRow written) {
            leaseMillis = written.leaseMillis();
            toldBytes = written.receivedBytes();
            toldMillis = written.leaseMillis() - UploadRow.LEASE.toMillis();
        }

        /** Bytes that are here, also of earlier attempts. */
        public long receivedBytes() {
            return received.get();
        }

        /** Whether it was committed, interrupted or refused. */
        public boolean hasEnded() {
            return ended;
        }

        /** Takes bytes; a refusal ends the upload, an empty answer asks for more. */
        public Optional<Refused> write(ByteBuffer bytes) {
            lock.lock();
            try {
                return take(bytes);
            } finally {
                lock.unlock();
                endIfDue();
            }
        }

        private Optional<Refused> take(ByteBuffer bytes) {
            if (ended) {
                return Optional.of(new Refused("the upload has ended", true));
            }
            if (received.get() + bytes.remaining() > declaredBytes) {
                String reason = "more bytes arrive than the " + declaredBytes + " that were declared";
                interrupt(reason);
                return Optional.of(new Refused(reason, true));
            }
            place.came(bytes.remaining());
            try {
                while (bytes.hasRemaining() && !lost) {
                    writePiece(bytes);
                }
            } catch (IOException e) {
                keepsNoMore = true;
                String reason = cannotWrite(assignment, e);
                interrupt(reason);
                return Optional.of(new Refused(reason, true));
            }
            if (lost) {
                lose();
                return Optional.of(TAKEN_OVER);
            }
            changes.task(assignment.taskId());
            return Optional.empty();
        }

        /** Writes up to the end of a part, where a {@link Blobs.Partial} keeps what it has. */
        private void writePiece(ByteBuffer bytes) throws IOException {
            int length = (int) Math.min(bytes.remaining(), Blobs.PART_BYTES - received.get() % Blobs.PART_BYTES);
            ByteBuffer piece = bytes.slice(bytes.position(), length);
            writer.write(piece.duplicate());
            if (hash != null) {
                hash.update(piece);
            }
            bytes.position(bytes.position() + length);
            received.addAndGet(length);
            boolean whole = received.get() % Blobs.PART_BYTES == 0;
            boolean due = clock.millis() - notedMillis >= NOTED_EVERY.toMillis() && received.get() < declaredBytes;
            if ((whole || due) && noteKept()) {
                writeKept();
            }
        }

        private void writeKept() {
            long now = clock.millis();
            notedMillis = now;
            UploadRow next = row.renewed(received.get(), now);
            try {
                if (store.writeSoon(tx -> tx.uploads().replace(next, owner))) {
                    row = next;
                    told(next);
                } else {
                    lost = true;
                }
            } catch (StoreException e) {
                seldom.log(
                        "kept",
                        more -> log.warn(
                                "a part of an upload is there, and that cannot be written: {}{}",
                                e.getMessage(),
                                more));
            }
        }

        /** Takes over what the blob says is kept, if that is all that has come; false when that is nothing new. */
        private boolean noteKept() {
            if (partial == null
                    || keepsNoMore
                    || partial.kept().bytes() != received.get()
                    || partial.kept().bytes() == row.keptBytes()) {
                return false;
            }
            row = row.kept(partial.kept().bytes(), partial.kept().token());
            return true;
        }

        /** Ends the upload: {@link Stored} only after the recording is durable. {@code expectedSha256} may be empty. */
        public Answer commit(byte[] expectedSha256) {
            lock.lock();
            try {
                return finish(expectedSha256);
            } finally {
                lock.unlock();
            }
        }

        private Answer finish(byte[] expectedSha256) {
            if (ended) {
                return new Refused("the upload has ended", true);
            }
            if (received.get() != declaredBytes) {
                String reason = "only " + received.get() + " of " + declaredBytes + " bytes arrived";
                interrupt(reason);
                return new Refused(reason, true);
            }
            byte[] sha256 = hash == null ? null : hash.digest();
            if (sha256 != null && differs(sha256, expectedSha256)) {
                restart();
                return othersArrived();
            }
            place.settle();
            Optional<Assignment> stored;
            try {
                if (!lost && leaseMillis - clock.millis() < UploadRow.LEASE.toMillis() / 2) {
                    UploadRow now = renewed(clock.millis());
                    lost = !store.writeSoon(tx -> tx.uploads().renew(List.of(now)))
                            .isEmpty();
                }
                if (lost) {
                    throw new LostException();
                }
                writer.commit();
                if (sha256 == null) {
                    sha256 = readBack();
                    if (differs(sha256, expectedSha256)) {
                        return othersArrived();
                    }
                }
                String hex = HexFormat.of().formatHex(sha256);
                stored = assignments.on(assignment.id(), Event.STORE, change -> change.reason(""), (tx, delivered) -> {
                    if (!tx.uploads().delete(assignment.id(), owner)) {
                        throw new LostException();
                    }
                    tx.recordings().insert(recording(tx, delivered, declaredBytes, hex));
                });
                if (stored.isEmpty() && !store.read(this::isOwn)) {
                    throw new LostException();
                }
            } catch (LostException e) {
                lose();
                return assignments
                                .find(assignment.id())
                                .filter(now -> now.state() == AssignmentState.DELIVERED)
                                .isPresent()
                        ? new Stored()
                        : TAKEN_OVER;
            } catch (IOException e) {
                String reason = cannotWrite(assignment, e);
                interrupt(reason);
                return new Refused(reason, true);
            } catch (StoreException e) {
                interrupt(e.getMessage());
                return new Refused(e.getMessage(), true);
            }
            if (stored.isEmpty()) {
                interrupt("the assignment takes no recording any more");
                return new Refused("the assignment takes no recording any more", false);
            }
            closeWriter();
            end();
            changes.work(assignment.instanceId());
            indexer.wake();
            return new Stored();
        }

        private static boolean differs(byte[] sha256, byte[] expected) {
            return expected.length > 0 && !MessageDigest.isEqual(sha256, expected);
        }

        private Refused othersArrived() {
            String reason = "the bytes that arrived are not those that were sent: their hashes differ";
            interrupt(reason);
            return new Refused(reason, true);
        }

        /**
         * Hashes the blob, which is whole but belongs to no recording yet: a hash cannot be handed from one attempt to the next, and
         * few uploads take several.
         */
        private byte[] readBack() throws IOException {
            keepsNoMore = true;
            row = row.kept(0, "");
            MessageDigest whole = Sha256.start();
            try (Blobs.Blob blob = blobs.open(row.key())
                    .orElseThrow(() -> new IOException("the recording was removed while it was read back"))) {
                if (blob.sizeBytes() != declaredBytes) {
                    throw new IOException(
                            "the recording has " + blob.sizeBytes() + " bytes instead of " + declaredBytes);
                }
                byte[] piece = new byte[READ_BACK_BYTES];
                for (long at = 0; at < declaredBytes && !lost; ) {
                    int length = blob.read(at, piece, 0, piece.length);
                    if (length <= 0) {
                        throw new IOException("the recording ends after " + at + " of " + declaredBytes + " bytes");
                    }
                    whole.update(piece, 0, length);
                    at += length;
                }
            }
            return whole.digest();
        }

        private void restart() {
            keepsNoMore = true;
            row = row.kept(0, "");
            if (partial != null) {
                try {
                    partial.restart();
                } catch (IOException e) {
                    log.warn("cannot throw away what was uploaded for assignment {}", assignment.id(), e);
                }
            }
        }

        /** The sender is gone or was refused: the assignment goes back to where it was. */
        public void interrupt(String reason) {
            lock.lock();
            try {
                if (ended) {
                    return;
                }
                if (lost) {
                    lose();
                    return;
                }
                breakOff("upload interrupted after " + received.get() + " of " + declaredBytes + " bytes: " + reason);
            } finally {
                lock.unlock();
            }
        }

        /** It never began. The caller holds the lock. */
        private void giveUp() {
            if (!ended) {
                breakOff("the upload could not begin");
            }
        }

        private void breakOff(String reason) {
            ended = true;
            try {
                if (closeWriter()) {
                    noteKept();
                }
                if (row != null) {
                    release(row, reason);
                }
            } catch (RuntimeException e) {
                broken.put(assignment.id(), new Broken(row, reason));
                log.warn("assignment {} stays RECEIVING for now: {}", assignment.id(), e.getMessage());
            } finally {
                end();
            }
        }

        /** Another attempt has it: nothing of it is changed any more. */
        private void lose() {
            ended = true;
            try {
                if (partial != null) {
                    partial.abandon();
                } else if (writer != null) {
                    writer.close();
                }
            } catch (IOException e) {
                log.debug("an upload of assignment {} that was taken over", assignment.id(), e);
            } finally {
                end();
            }
        }

        private boolean closeWriter() {
            try {
                if (writer != null) {
                    writer.close();
                }
                return true;
            } catch (IOException e) {
                log.warn("cannot keep or remove what was uploaded for assignment {}", assignment.id(), e);
                return false;
            }
        }

        private void end() {
            ended = true;
            open.remove(assignment.id(), this);
            place.close();
        }

        /** Interrupts it, unless it has ended. */
        @Override
        public void close() {
            interrupt("it was not finished");
        }
    }
}
