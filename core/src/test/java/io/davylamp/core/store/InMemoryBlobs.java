package io.davylamp.core.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/** Blobs on the heap, for tests; can be told that its disk is full. */
public final class InMemoryBlobs implements Blobs {
    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");

    private final Map<String, byte[]> bytes = new ConcurrentHashMap<>();
    private final Map<String, ByteArrayOutputStream> partials = new ConcurrentHashMap<>();
    private volatile long freeBytes = 1L << 40;
    private volatile boolean failDeletes;

    /** From now on so many bytes can be written. */
    public void freeBytes(long free) {
        freeBytes = free;
    }

    /** Whether blobs can be removed: a process that dies before it removes them. */
    public void failDeletes(boolean fail) {
        failDeletes = fail;
    }

    public Map<String, byte[]> all() {
        return bytes;
    }

    /** Keys of what was begun and neither committed nor deleted. */
    public Set<String> partials() {
        return partials.keySet();
    }

    private static String key(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(key);
        }
        return key;
    }

    @Override
    public Writer writer(String key) {
        String checked = key(key);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        return new Writer() {
            @Override
            public void write(ByteBuffer more) throws IOException {
                if (out.size() + more.remaining() > freeBytes) {
                    throw new IOException("No space left on device");
                }
                byte[] copy = new byte[more.remaining()];
                more.get(copy);
                out.write(copy);
            }

            @Override
            public void commit() {
                bytes.put(checked, out.toByteArray());
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Partial resume(String key, String token) {
        HeapPartial partial = new HeapPartial(key(key));
        int kept = token.isEmpty() ? 0 : Integer.parseInt(token);
        byte[] all = partial.out.toByteArray();
        partial.restart();
        if (kept <= all.length) {
            partial.out.write(all, 0, kept);
            partial.keep();
        }
        return partial;
    }

    private final class HeapPartial implements Partial {
        private final String key;
        private final ByteArrayOutputStream out;
        private Kept kept;

        HeapPartial(String key) {
            this.key = key;
            this.out = partials.computeIfAbsent(key, k -> new ByteArrayOutputStream());
            keep();
        }

        private void keep() {
            kept = out.size() == 0 ? Kept.NOTHING : new Kept(out.size(), String.valueOf(out.size()));
        }

        @Override
        public Kept kept() {
            return kept;
        }

        @Override
        public void write(ByteBuffer more) throws IOException {
            if (out.size() + more.remaining() > freeBytes) {
                throw new IOException("No space left on device");
            }
            byte[] copy = new byte[more.remaining()];
            more.get(copy);
            out.write(copy);
            if (out.size() % PART_BYTES == 0) {
                keep();
            }
        }

        @Override
        public void commit() {
            bytes.put(key, out.toByteArray());
            partials.remove(key, out);
        }

        @Override
        public void restart() {
            out.reset();
            keep();
        }

        @Override
        public void abandon() {}

        @Override
        public void close() {
            keep();
        }
    }

    @Override
    public Optional<Blob> open(String key) {
        byte[] found = bytes.get(key(key));
        return Optional.ofNullable(found).map(blob -> new Blob() {
            @Override
            public long sizeBytes() {
                return blob.length;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) {
                int n = (int) Math.max(0, Math.min(length, blob.length - position));
                System.arraycopy(blob, (int) position, into, offset, n);
                return n;
            }

            @Override
            public void close() {}
        });
    }

    @Override
    public void delete(String key) throws IOException {
        if (failDeletes) {
            throw new IOException("on purpose");
        }
        bytes.remove(key(key));
        partials.remove(key);
    }

    @Override
    public long freeBytes() {
        return freeBytes;
    }
}
