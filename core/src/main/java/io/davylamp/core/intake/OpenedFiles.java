package io.davylamp.core.intake;

import io.davylamp.core.Ids;
import io.davylamp.core.Places;
import io.davylamp.core.recording.OpenedFile;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.export.ProfileFile;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files that somebody looks at: read once, then answered like the recordings of tasks. They go some time after they were last
 * looked at, unless somebody keeps them. Thread-safe.
 */
public final class OpenedFiles {
    private static final Logger log = LoggerFactory.getLogger(OpenedFiles.class);
    private static final int MAX_NAME = 200;
    private static final int PIECE_BYTES = 64 << 10;
    private static final Duration NOTED_EVERY = Duration.ofMinutes(1);

    private final Store store;
    private final Blobs blobs;
    private final Ids ids;
    private final Clock clock;
    private final FileLimits limits;
    /** One at a time: each uses all processors, and memory. */
    private final Semaphore reading = new Semaphore(1, true);

    private final Places coming;

    public OpenedFiles(Store store, Blobs blobs, Ids ids, Clock clock, FileLimits limits) {
        this.store = store;
        this.blobs = blobs;
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

    /** As many files come as may at the same time. */
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
     */
    public OpenedFile open(String name, InputStream bytes, long declaredBytes) throws IOException {
        return open(name, bytes, declaredBytes, () -> {});
    }

    /**
     * The same of a sender that can be interrupted.
     *
     * @param interrupt called when the file comes too slowly; makes {@code bytes} throw
     * @throws SlowException after that
     */
    public OpenedFile open(String name, InputStream bytes, long declaredBytes, Runnable interrupt) throws IOException {
        Places.Place place = coming.take(interrupt)
                .orElseThrow(() -> new BusyException(
                        limits.parallel() + " other files are being opened; try again when one has come"));
        try (place) {
            return take(name, bytes, declaredBytes, place);
        } catch (IOException e) {
            if (place.isDisplaced()) {
                throw new SlowException("the file came too slowly: at least " + limits.leastBytesPerSecond()
                        + " bytes a second must come, and when " + limits.parallel()
                        + " files come, none may stop for two seconds");
            }
            throw e;
        }
    }

    /** Refuses files that come too slowly. Called now and then. */
    public void interruptSlow() {
        coming.sweep();
    }

    private OpenedFile take(String name, InputStream bytes, long declaredBytes, Places.Place place) throws IOException {
        requireAllowed(declaredBytes);
        requireRoom(Math.max(0, declaredBytes));
        String shown = name.isBlank() ? "file" : name.substring(0, Math.min(MAX_NAME, name.length()));
        long now = clock.millis();
        OpenedFile announced = new OpenedFile(ids.next(now), shown, 0, false, false, now, now);
        // The row first: what a crash leaves behind is found by it.
        store.write(tx -> {
            tx.files().put(announced);
            return null;
        });
        boolean ready = false;
        try {
            long size = receive(announced, bytes, place);
            place.settle();
            read(announced);
            OpenedFile opened = new OpenedFile(announced.id(), shown, size, true, false, now, clock.millis());
            store.write(tx -> {
                tx.files().put(opened);
                return null;
            });
            ready = true;
            makeRoom();
            return opened;
        } finally {
            if (!ready) {
                removeLater(announced);
            }
        }
    }

    private long receive(OpenedFile file, InputStream bytes, Places.Place place) throws IOException {
        try (Blobs.Writer writer = blobs.writer(file.recordingKey())) {
            byte[] piece = new byte[PIECE_BYTES];
            long size = 0;
            for (int n; (n = bytes.read(piece)) >= 0; ) {
                size += n;
                place.came(n);
                requireAllowed(size);
                // What was written before is no longer among what is free.
                requireRoom(n);
                writer.write(ByteBuffer.wrap(piece, 0, n));
            }
            writer.commit();
            return size;
        }
    }

    private void requireAllowed(long bytes) {
        if (bytes > limits.fileBytes()) {
            throw new RefusedException("the file is too large; the server takes " + limits.fileBytes() + " bytes");
        }
    }

    private void requireRoom(long bytes) throws IOException {
        long free = blobs.freeBytes();
        if (free - bytes < limits.minFreeBytes()) {
            throw new StoreException(
                    StoreException.Kind.FULL,
                    free + " bytes are free, of which " + limits.minFreeBytes()
                            + " must stay free by the setting data.min-free");
        }
    }

    private void read(OpenedFile file) throws IOException {
        reading.acquireUninterruptibly();
        try {
            index(file);
        } finally {
            reading.release();
        }
    }

    private void index(OpenedFile file) throws IOException {
        try (Blobs.Blob recording = blobs.open(file.recordingKey()).orElseThrow();
                Blobs.Writer writer = blobs.writer(file.profileKey())) {
            Profile profile = ProfileFile.read(
                    recording,
                    UnpackLimits.LOCAL.withBytes(limits.fileBytes()),
                    () -> new UnpackedBlob(file.unpackedKey()));
            try (OutputStream out = new BufferedOutputStream(writer.stream(), PIECE_BYTES)) {
                ProfileCodec.write(profile, out);
            }
            writer.commit();
        }
    }

    /** A packed file's bytes while they are read, in the server's own folder; what a crash leaves goes with the file. */
    private final class UnpackedBlob implements Scratch {
        private final String key;
        private final Blobs.Partial bytes;

        UnpackedBlob(String key) throws IOException {
            this.key = key;
            this.bytes = blobs.resume(key);
            bytes.restart();
        }

        @Override
        public void write(byte[] piece, int offset, int length) throws IOException {
            requireRoom(length);
            bytes.write(ByteBuffer.wrap(piece, offset, length));
        }

        @Override
        public SeekableBytes written() {
            return bytes;
        }

        @Override
        public void close() throws IOException {
            bytes.close();
            blobs.delete(key);
        }
    }

    /** Of those that are not kept, the ones looked at last stay. */
    private void makeRoom() {
        all().stream()
                .filter(file -> !file.kept())
                .sorted(Comparator.comparingLong(OpenedFile::lookedAtMillis).reversed())
                .skip(limits.open())
                .forEach(this::remove);
    }

    /** One that has been read; it counts as looked at. */
    public Optional<OpenedFile> find(String id) {
        Optional<OpenedFile> found = store.read(tx -> tx.files().byId(id)).filter(OpenedFile::ready);
        long now = clock.millis();
        if (found.isPresent() && now - found.get().lookedAtMillis() >= NOTED_EVERY.toMillis()) {
            store.writeSoon(tx -> {
                tx.files().lookedAt(id, now);
                return null;
            });
        }
        return found;
    }

    /** Those that have been read, newest first. */
    public List<OpenedFile> all() {
        return store.read(tx -> tx.files().newest()).stream()
                .filter(OpenedFile::ready)
                .toList();
    }

    /**
     * Lets it stay until it is deleted.
     *
     * @return what it is now; empty when there is no such file
     * @throws RefusedException when as many are kept as may be
     */
    public Optional<OpenedFile> keep(String id) {
        return store.write(tx -> {
            long kept = tx.files().newest().stream().filter(OpenedFile::kept).count();
            Optional<OpenedFile> found = tx.files().byId(id).filter(OpenedFile::ready);
            if (found.isEmpty() || found.get().kept()) {
                return found;
            }
            if (kept >= limits.kept()) {
                throw new RefusedException(limits.kept() + " files are kept, which is all that may be; delete some");
            }
            OpenedFile file = found.get();
            OpenedFile next =
                    new OpenedFile(id, file.name(), file.sizeBytes(), true, true, file.openedMillis(), clock.millis());
            tx.files().put(next);
            return Optional.of(next);
        });
    }

    /** @return false when there was none */
    public boolean delete(String id) {
        Optional<OpenedFile> found = store.read(tx -> tx.files().byId(id));
        found.ifPresent(this::remove);
        return found.isPresent();
    }

    /** Removes what nobody kept or looked at for long, and what a crash left unread. */
    public void deleteOld() {
        long before = clock.millis() - limits.openFor().toMillis();
        store.read(tx -> tx.files().newest()).stream()
                .filter(file -> !file.kept() && file.lookedAtMillis() < before)
                .forEach(this::remove);
    }

    /** What is wrong is said by somebody else already; what stays goes with the old ones. */
    private void removeLater(OpenedFile file) {
        try {
            remove(file);
        } catch (StoreException e) {
            log.warn("the file {} cannot be removed now; it is tried again: {}", file.id(), e.getMessage());
        }
    }

    private void remove(OpenedFile file) {
        try {
            blobs.delete(file.recordingKey());
            blobs.delete(file.profileKey());
            blobs.delete(file.unpackedKey());
            store.writeToFree(tx -> {
                tx.files().delete(file.id());
                return null;
            });
        } catch (IOException e) {
            log.warn("the file {} cannot be removed now; it is tried again", file.id(), e);
        }
    }
}
