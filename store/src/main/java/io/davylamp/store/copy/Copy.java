package io.davylamp.store.copy;

import io.davylamp.core.store.Blobs;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.RowCopy;
import io.davylamp.store.jdbc.RowCopy.Noted;
import io.davylamp.store.jdbc.RowCopy.Recorded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Copies a store, rows and blobs, into another one, which then equals it. First the blobs go, while the source may be in use;
 * each is read back and compared. Then one transaction writes the rows of one state of the source. A copy that was stopped goes
 * on with the blob where it stopped. The rows of the target are the old ones until the end.
 *
 * <p>Memory: {@code THREADS} pieces of 4 MiB. To be used once.
 */
public final class Copy implements AutoCloseable {
    private static final int THREADS = 4;
    private static final int PIECE_BYTES = 4 << 20;
    private static final int BATCH = 200;
    /** Passes over a source that loses recordings meanwhile, before its state is taken as it is. */
    private static final int PASSES = 3;

    private static final int TROUBLES = 1_000;

    private final Blobs from;
    private final Blobs to;
    private final RowCopy rows;
    private final Clock clock;
    private final Told told;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "copy");
        thread.setDaemon(true);
        return thread;
    });
    private final ThreadLocal<byte[]> piece = ThreadLocal.withInitial(() -> new byte[PIECE_BYTES]);
    private final AtomicLong blobs = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong present = new AtomicLong();
    private final List<String> troubles = new ArrayList<>();

    /** Hears how far the copy is; called from several threads. */
    public interface Told {
        /**
         * @param blobs compared so far, also those that were there already
         * @param bytes copied so far
         */
        void far(long blobs, long bytes);
    }

    /**
     * The result of a copy.
     *
     * @param rows copied, by table
     * @param blobs copied now
     * @param bytes of these
     * @param present blobs that had been copied before
     * @param troubles what is missing or damaged in the source, in words; the first thousand
     */
    public record Result(
            SortedMap<String, Long> rows,
            long alteredTexts,
            long blobs,
            long bytes,
            long present,
            List<String> troubles) {}

    public Copy(JdbcStore from, Blobs fromBlobs, JdbcStore to, Blobs toBlobs, Clock clock, Told told) {
        this.from = fromBlobs;
        this.to = toBlobs;
        this.rows = new RowCopy(from, to);
        this.clock = clock;
        this.told = told;
    }

    /** Returns the numbers of rows in the target that {@link #run} would replace, by table. */
    public SortedMap<String, Long> held() {
        return rows.held();
    }

    /**
     * Copies everything.
     *
     * @throws IOException if a blob cannot be read or written now; the rows of the target are the old ones then, and the next copy
     *     goes on
     */
    public Result run() throws IOException {
        try {
            // Most bytes go before the snapshot, which keeps a database from cleaning up.
            String last = "";
            while (true) {
                String after = last;
                List<Recorded> next = rows.inSnapshot(snapshot -> snapshot.after(after, BATCH));
                if (next.isEmpty()) {
                    break;
                }
                copy(next, false, true);
                last = next.get(next.size() - 1).id();
            }
            RowCopy.Rows copied = null;
            for (int pass = 1; copied == null; pass++) {
                boolean asItIs = pass == PASSES;
                copied = rows.inSnapshot(snapshot -> finish(snapshot, asItIs));
            }
            return new Result(
                    copied.byTable(), copied.altered(), blobs.get(), bytes.get(), present.get(), List.copyOf(troubles));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Copies what the passes before did not, then the rows; null when recordings vanished meanwhile. */
    private RowCopy.Rows finish(RowCopy.Snapshot snapshot, boolean asItIs) {
        troubles.clear();
        String last = "";
        while (true) {
            List<Recorded> next = snapshot.after(last, BATCH);
            if (next.isEmpty()) {
                return snapshot.replace(clock.millis());
            }
            boolean vanished = !copy(next, true, false);
            if (vanished && !asItIs) {
                return null;
            }
            last = next.get(next.size() - 1).id();
        }
    }

    /**
     * Copies the blobs of some recordings.
     *
     * @param telling whether troubles are told
     * @param looking whether blobs that are noted are looked for in the target
     * @return false when the source lost one of the recordings meanwhile
     */
    private boolean copy(List<Recorded> recordings, boolean telling, boolean looking) {
        List<String> keys = new ArrayList<>();
        for (Recorded each : recordings) {
            keys.add(each.bytesKey());
            if (each.isReady()) {
                keys.add(each.profileKey());
            }
        }
        Map<String, Noted> noted = rows.noted(keys);
        List<Future<Optional<String>>> running = new ArrayList<>();
        List<Recorded> owners = new ArrayList<>();
        for (Recorded each : recordings) {
            owners.add(each);
            running.add(threads.submit(
                    () -> one(each.bytesKey(), 0, each.bytes(), each.sha256(), noted.get(each.bytesKey()), looking)));
            if (each.isReady()) {
                owners.add(each);
                running.add(threads.submit(
                        () -> one(each.profileKey(), each.version(), -1, "", noted.get(each.profileKey()), looking)));
            }
        }
        boolean there = true;
        IOException failed = null;
        for (int i = 0; i < running.size(); i++) {
            try {
                Optional<String> trouble = running.get(i).get();
                if (trouble.isPresent() && telling) {
                    if (!rows.isStillThere(owners.get(i))) {
                        there = false;
                    } else if (troubles.size() < TROUBLES) {
                        troubles.add("recording " + owners.get(i).id() + ": " + trouble.get());
                    }
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof IOException io) {
                    failed = failed == null ? io : failed;
                } else if (e.getCause() instanceof RuntimeException fault) {
                    throw fault;
                } else {
                    throw new IllegalStateException(e.getCause());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        if (failed != null) {
            throw new UncheckedIOException(failed);
        }
        return there;
    }

    /**
     * Copies one blob, unless it is there.
     *
     * @param sizeBytes what the row says; -1 when it says nothing
     * @param sha256 what the row says; empty when it says nothing
     * @param noted from an earlier copy; null for none
     * @return what is wrong with it in the source; empty when nothing is
     */
    private Optional<String> one(String key, int version, long sizeBytes, String sha256, Noted noted, boolean looking)
            throws IOException {
        boolean came = noted != null && noted.version() == version && (sizeBytes < 0 || noted.bytes() == sizeBytes);
        if (came && (!looking || sizeOf(to, key) == noted.bytes())) {
            if (looking) {
                present.incrementAndGet();
                told.far(blobs.get() + present.get(), bytes.get());
            }
            return Optional.empty();
        }
        try (Blobs.Blob source = from.open(key).orElse(null)) {
            if (source == null) {
                return Optional.of("the blob " + key + " is missing");
            }
            if (isAlreadyThere(key, source, sha256)) {
                rows.note(key, new Noted(version, source.sizeBytes()));
                present.incrementAndGet();
                told.far(blobs.get() + present.get(), bytes.get());
                return Optional.empty();
            }
            String hash = transfer(key, source);
            blobs.incrementAndGet();
            bytes.addAndGet(source.sizeBytes());
            told.far(blobs.get() + present.get(), bytes.get());
            boolean damaged = sizeBytes >= 0 && source.sizeBytes() != sizeBytes
                    || sha256.length() == hash.length() && !sha256.equals(hash);
            if (damaged) {
                return Optional.of("the blob " + key + " is damaged: it has " + source.sizeBytes()
                        + " bytes with the hash " + hash + "; its row says " + sizeBytes + " with " + sha256
                        + "; it was copied as it is");
            }
            rows.note(key, new Noted(version, source.sizeBytes()));
            return Optional.empty();
        }
    }

    private static long sizeOf(Blobs blobs, String key) throws IOException {
        try (Blobs.Blob blob = blobs.open(key).orElse(null)) {
            return blob == null ? -1 : blob.sizeBytes();
        }
    }

    /** Whether the target has it from a copy that stopped before it was noted, or the whole of what is damaged in the source. */
    private boolean isAlreadyThere(String key, Blobs.Blob source, String sha256) throws IOException {
        try (Blobs.Blob target = to.open(key).orElse(null)) {
            if (target == null) {
                return false;
            }
            String there = hash(target);
            return sha256.length() == there.length()
                    ? sha256.equals(there)
                    : target.sizeBytes() == source.sizeBytes() && there.equals(hash(source));
        }
    }

    /** Copies, and reads back what was written. @return the hash of it */
    private String transfer(String key, Blobs.Blob source) throws IOException {
        MessageDigest digest = sha256();
        try (Blobs.Writer writer = to.writer(key)) {
            for (long at = 0; at < source.sizeBytes(); ) {
                byte[] buffer = piece.get();
                int n = source.read(at, buffer, 0, (int) Math.min(buffer.length, source.sizeBytes() - at));
                if (n <= 0) {
                    throw new IOException("the blob " + key + " ends at byte " + at + " of " + source.sizeBytes());
                }
                digest.update(buffer, 0, n);
                writer.write(ByteBuffer.wrap(buffer, 0, n));
                at += n;
            }
            writer.commit();
        }
        String read = HexFormat.of().formatHex(digest.digest());
        try (Blobs.Blob written =
                to.open(key).orElseThrow(() -> new IOException("the blob " + key + " was written but is not there"))) {
            String there = hash(written);
            if (!there.equals(read)) {
                throw new IOException(
                        "the blob " + key + " was written with the hash " + read + " and reads back with " + there);
            }
        }
        return read;
    }

    private String hash(Blobs.Blob blob) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = piece.get();
        for (long at = 0; at < blob.sizeBytes(); ) {
            int n = blob.read(at, buffer, 0, (int) Math.min(buffer.length, blob.sizeBytes() - at));
            if (n <= 0) {
                throw new IOException("a blob ends at byte " + at + " of " + blob.sizeBytes());
            }
            digest.update(buffer, 0, n);
            at += n;
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
