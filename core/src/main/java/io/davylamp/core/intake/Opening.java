package io.davylamp.core.intake;

import io.davylamp.core.Ids;
import io.davylamp.core.Places;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.quota.Quotas;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes files that people open, as recordings like those of tasks. They go some time after they were last looked at, unless
 * somebody keeps them. Thread-safe.
 */
public final class Opening {
    private static final Logger log = LoggerFactory.getLogger(Opening.class);
    private static final int MAX_NAME = 200;
    private static final int PIECE_BYTES = 64 << 10;
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private final Store store;
    private final Blobs blobs;
    private final Indexer indexer;
    private final Retention retention;
    private final Ids ids;
    private final Clock clock;
    private final FileLimits limits;
    private final Room room;
    /** One at a time: each uses all processors, and memory. */
    private final Semaphore reading = new Semaphore(1, true);

    private final Places coming;
    private final Audited audit;
    private final Quotas quotas;

    public Opening(
            Store store, Blobs blobs, Indexer indexer, Retention retention, Ids ids, Clock clock, FileLimits limits) {
        this(store, blobs, indexer, retention, ids, clock, limits, Audited.NONE, Quotas.NONE);
    }

    /**
     * @param audit takes note of who did what
     * @param quotas how much one person may open
     */
    public Opening(
            Store store,
            Blobs blobs,
            Indexer indexer,
            Retention retention,
            Ids ids,
            Clock clock,
            FileLimits limits,
            Audited audit,
            Quotas quotas) {
        this.quotas = quotas;
        this.audit = audit;
        this.store = store;
        this.blobs = blobs;
        this.indexer = indexer;
        this.retention = retention;
        this.room = new Room(blobs, limits.minFreeBytes());
        this.ids = ids;
        this.clock = clock;
        this.limits = limits;
        this.coming = new Places(limits.parallel(), limits.patience(), limits.leastBytesPerSecond(), System::nanoTime);
    }

    /** A file that is not taken; the message says why and what is allowed. */
    public static final class RefusedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /** As many files are being uploaded as the limit allows. */
    public static final class BusyException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BusyException(String message) {
            super(message);
        }
    }

    /** A file that came too slowly; the message says what is allowed. */
    public static final class SlowException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        SlowException(String message) {
            super(message);
        }
    }

    public FileLimits limits() {
        return limits;
    }

    /**
     * Takes a file and reads it. It stays byte for byte as it came, also when it is packed; its unpacked bytes are bounded by the
     * same size. The caller closes {@code bytes}.
     *
     * @param name what people call it
     * @param declaredBytes how long it is said to be; negative when nobody said it
     * @throws UnreadableRecordingException if it is nothing that can be read, or holds no samples, in words
     * @throws RefusedException if it is too large, or there is no room
     * @throws BusyException if too many come at the same time
     * @throws LimitReachedException if the caller has opened as much as one person may
     */
    public Recording open(Principal who, String name, InputStream bytes, long declaredBytes) throws IOException {
        return open(who, name, bytes, declaredBytes, () -> {});
    }

    /**
     * Opens a file of a sender that can be interrupted.
     *
     * @param interrupt called when the file comes too slowly; makes {@code bytes} throw
     * @throws SlowException after that
     */
    public Recording open(Principal who, String name, InputStream bytes, long declaredBytes, Runnable interrupt)
            throws IOException {
        who.requireSomewhere(Role.VIEWER, "opening a file");
        Places.Place place = coming.take(interrupt)
                .orElseThrow(() -> new BusyException(
                        limits.parallel() + " other files are being opened; try again when one has come"));
        try (place) {
            Recording opened = take(who, name, bytes, declaredBytes, place);
            audit.done(who, "file.open", "", List.of(), opened.id());
            return opened;
        } catch (IOException e) {
            if (place.isDisplaced()) {
                throw new SlowException("the file came too slowly: at least " + limits.leastBytesPerSecond()
                        + " bytes a second must come, and when " + limits.parallel()
                        + " files come, none may stop for ten seconds");
            }
            throw e;
        }
    }

    /** Refuses files that come too slowly. Called now and then. */
    public void interruptSlow() {
        coming.sweep();
    }

    private Recording take(Principal who, String name, InputStream bytes, long declaredBytes, Places.Place place)
            throws IOException {
        requireAllowed(declaredBytes);
        room.require(Math.max(0, declaredBytes));
        String shown = name.isBlank() ? "file" : name.substring(0, Math.min(MAX_NAME, name.length()));
        long now = clock.millis();
        Recording coming = coming(who, ids.next(now), shown, now);
        Quotas.Bytes quota = quotas.opening(who, coming.id());
        quota.announced(declaredBytes);
        List<String> keys = List.of(coming.bytesKey(), coming.profileKey(), coming.unpackedKey());
        retention.expect(keys, limits.openFor());
        boolean stored = false;
        boolean ready = false;
        try {
            Recording received = receive(coming, bytes, place, quota);
            place.settle();
            // Its turn first: a lease does not wait.
            reading.acquireUninterruptibly();
            Recording opened;
            try {
                Recording own = received.taken(clock.millis()).orElseThrow();
                store.write(tx -> {
                    tx.recordings().insert(own);
                    tx.leftovers().remove(keys);
                    return null;
                });
                stored = true;
                opened = indexer.read(own);
            } finally {
                reading.release();
            }
            ready = true;
            makeRoom();
            return opened;
        } finally {
            if (!ready) {
                remove(coming.id(), stored, keys);
            }
        }
    }

    /** Removes a file after a failure that was reported already; a leftover is removed with the old files. */
    private void remove(String id, boolean stored, List<String> keys) {
        try {
            if (stored) {
                retention.deleteRecording(id);
            } else {
                retention.giveUp(keys);
            }
        } catch (StoreException e) {
            log.warn("the file {} cannot be removed now; it is tried again: {}", id, e.getMessage());
        }
    }

    /** The recording of a file of which nothing has come. */
    private Recording coming(Principal who, String id, String name, long now) {
        return new Recording(
                id,
                Origin.OPENED_FILE,
                "",
                "",
                name,
                new TreeMap<>(),
                0,
                0,
                "files/" + id + "/recording",
                "files/" + id + "/profile",
                0,
                "",
                RecordingState.STORED,
                0,
                0,
                "",
                now,
                0,
                now,
                now + limits.openFor().toMillis(),
                who.id(),
                "");
    }

    private Recording receive(Recording coming, InputStream bytes, Places.Place place, Quotas.Bytes quota)
            throws IOException {
        long size = 0;
        try (Blobs.Writer writer = blobs.writer(coming.bytesKey())) {
            MessageDigest sha256 = Sha256.start();
            byte[] piece = new byte[PIECE_BYTES];
            for (int n; (n = bytes.read(piece)) >= 0; ) {
                size += n;
                place.came(n);
                requireAllowed(size);
                quota.came(size);
                // What was written before is no longer among what is free.
                room.require(n);
                sha256.update(piece, 0, n);
                writer.write(ByteBuffer.wrap(piece, 0, n));
            }
            writer.commit();
            return coming.arrived(size, HexFormat.of().formatHex(sha256.digest()));
        } finally {
            count(quota, size);
        }
    }

    /** What came is not lost because it cannot be counted: then what was announced counts. */
    private static void count(Quotas.Bytes quota, long size) {
        try {
            quota.ended(size);
        } catch (StoreException e) {
            log.warn("the bytes of a file that somebody opened cannot be counted: {}", e.getMessage());
        }
    }

    private void requireAllowed(long bytes) {
        if (bytes > limits.fileBytes()) {
            throw new RefusedException("the file is too large; the server takes " + limits.fileBytes() + " bytes");
        }
    }

    /** Removes the files that are not kept, except those used last. */
    private void makeRoom() {
        all(Principal.SYSTEM).stream()
                .filter(file -> !file.isKept())
                .sorted(Comparator.comparingLong(Recording::keptUntilMillis).reversed())
                .skip(limits.open())
                .forEach(file -> retention.deleteRecording(file.id()));
    }

    /** One that has been read; it counts as looked at. */
    public Optional<Recording> find(Principal who, String id) {
        Optional<Recording> found = store.read(tx -> tx.recordings().byId(id)).filter(file -> isShown(who, file));
        long until = clock.millis() + limits.openFor().toMillis();
        if (found.isPresent() && until - found.get().keptUntilMillis() >= NOTED_EVERY.toMillis()) {
            store.writeSoon(tx -> {
                tx.recordings().keepUntil(id, until);
                return null;
            });
        }
        return found;
    }

    /** A file has no service: it is of who opened it. */
    private static boolean isShown(Principal who, Recording recording) {
        return recording.origin() == Origin.OPENED_FILE
                && recording.state() == RecordingState.READY
                && (recording.owner().equals(who.id()) || who.mayEverywhere(Role.ADMIN));
    }

    /** Lists the files that were read and that the caller may see, newest first. */
    public List<Recording> all(Principal who) {
        return store.read(tx -> tx.recordings().ofOrigin(Origin.OPENED_FILE)).stream()
                .filter(file -> isShown(who, file))
                .toList();
    }

    /**
     * Keeps the file until it is deleted.
     *
     * @return the kept file; empty when there is no such file
     * @throws RefusedException when the limit of kept files is reached
     */
    public Optional<Recording> keep(Principal who, String id) {
        return store.write(tx -> {
            Optional<Recording> found = tx.recordings().byId(id).filter(file -> isShown(who, file));
            if (found.isEmpty() || found.get().isKept()) {
                return found;
            }
            long kept = tx.recordings().ofOrigin(Origin.OPENED_FILE).stream()
                    .filter(Recording::isKept)
                    .count();
            if (kept >= limits.kept()) {
                throw new RefusedException(limits.kept() + " files are kept, which is all that may be; delete some");
            }
            tx.recordings().keepUntil(id, Recording.FOR_GOOD);
            return tx.recordings().byId(id);
        });
    }

    /** @return false when there was none */
    public boolean delete(Principal who, String id) {
        boolean deleted = find(who, id).isPresent() && retention.deleteRecording(id);
        if (deleted) {
            audit.done(who, "file.delete", "", List.of(), id);
        }
        return deleted;
    }
}
