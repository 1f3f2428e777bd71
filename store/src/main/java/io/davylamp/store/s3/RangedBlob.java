package io.davylamp.store.s3;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * An object of which ranges are read. Small reads are answered from a few windows: opening brings the first {@value
 * #FIRST_BYTES} bytes, which is all of most profiles; the next miss brings {@value #NEXT_BYTES}, for the footer of a larger one;
 * later ones bring {@value #LARGEST_BYTES}, since a call takes as long as that many bytes. All bytes are of one version of the
 * object: a replaced one cannot be read on. Memory: at most {@value #WINDOWS} windows. Thread-safe.
 */
final class RangedBlob implements Blobs.Blob {
    static final int FIRST_BYTES = 256 << 10;
    static final int NEXT_BYTES = 64 << 10;
    static final int LARGEST_BYTES = 1 << 20;
    private static final int WINDOWS = 5;

    private final Bucket bucket;
    private final String key;
    private final String etag;
    private final long sizeBytes;
    /** The one used last is first. */
    private final Deque<Window> windows = new ArrayDeque<>();
    /** Whether more than the first window was read. */
    private volatile boolean isRead;

    private record Window(long position, byte[] bytes, int length) {
        boolean has(long at) {
            return at >= position && at < end();
        }

        long end() {
            return position + length;
        }
    }

    private RangedBlob(Bucket bucket, String key, String etag, long sizeBytes) {
        this.bucket = bucket;
        this.key = key;
        this.etag = etag;
        this.sizeBytes = sizeBytes;
    }

    /** Opens an object with one call, which brings its first bytes. */
    static Optional<Blobs.Blob> open(Bucket bucket, String key) throws IOException {
        byte[] first = new byte[FIRST_BYTES];
        Optional<Bucket.Range> found = bucket.read(key, 0, first, 0, first.length, "");
        if (found.isEmpty()) {
            return Optional.empty();
        }
        Bucket.Range range = found.get();
        RangedBlob blob = new RangedBlob(bucket, key, range.etag(), range.sizeBytes());
        blob.keep(new Window(0, first, range.bytes()));
        return Optional.of(blob);
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        int wanted = (int) Math.max(0, Math.min(length, sizeBytes - position));
        int done = 0;
        while (done < wanted) {
            long at = position + done;
            int left = wanted - done;
            Window window = find(at);
            if (window == null && left >= LARGEST_BYTES) {
                fetch(at, into, offset + done, left);
                return wanted;
            }
            if (window == null) {
                window = load(at, left);
            }
            int n = (int) Math.min(left, window.end() - at);
            System.arraycopy(window.bytes(), (int) (at - window.position()), into, offset + done, n);
            done += n;
        }
        return wanted;
    }

    private synchronized Window find(long at) {
        for (Window window : windows) {
            if (window.has(at)) {
                return window;
            }
        }
        return null;
    }

    private Window load(long at, int wanted) throws IOException {
        int length = Math.max(wanted, isRead ? LARGEST_BYTES : NEXT_BYTES);
        isRead = true;
        long from = at;
        if (sizeBytes - at < length) { // near the end: what stands before it is read next, as of a footer
            from = Math.max(0, sizeBytes - length);
            length = (int) (sizeBytes - from);
        }
        byte[] bytes = new byte[length];
        fetch(from, bytes, 0, length);
        Window window = new Window(from, bytes, length);
        keep(window);
        return window;
    }

    private synchronized void keep(Window window) {
        windows.addFirst(window);
        if (windows.size() > WINDOWS) {
            windows.removeLast();
        }
    }

    private void fetch(long at, byte[] into, int offset, int length) throws IOException {
        Optional<Bucket.Range> read = bucket.read(key, at, into, offset, length, etag);
        if (read.isEmpty() || read.get().bytes() < length) {
            throw new BlobsException(
                    BlobsException.Kind.CHANGED,
                    "the object " + key + " was deleted or replaced while it was read; try again",
                    null);
        }
    }

    @Override
    public synchronized void close() {
        windows.clear();
    }
}
