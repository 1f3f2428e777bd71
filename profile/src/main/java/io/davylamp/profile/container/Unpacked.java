package io.davylamp.profile.container;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/**
 * The content of a file, freed of up to two layers of gzip, zip, lz4 or zstd. Which they are shows in the bytes; names are not
 * looked at. Nothing is taken on trust: sizes that a container declares are not read, what comes out of it is counted. Memory is
 * bounded, whatever the file holds. Not thread-safe.
 */
public final class Unpacked implements Closeable {
    private static final int MAX_LAYERS = 2;
    private static final int BUFFER_BYTES = 64 << 10;

    private final SeekableBytes file;
    private final UnpackLimits limits;
    private final Scratch.Source scratchSource;
    private final List<Container> layers = new ArrayList<>();
    private final byte[] start;
    private Opener content;
    private Scratch scratch;
    private String damage = "";

    private interface Opener {
        InputStream open() throws IOException;
    }

    /**
     * Looks into a file as far as is needed to tell what it holds. The caller keeps and closes {@code file}.
     *
     * @param scratch asked for room only if a packed file's content must be read at any position
     * @throws UnreadableRecordingException if a container is damaged at its start, holds no file or several, is packed more than
     *     twice, or passes a limit on the way
     */
    public Unpacked(SeekableBytes file, UnpackLimits limits, Scratch.Source scratch) throws IOException {
        this.file = file;
        this.limits = limits;
        this.scratchSource = scratch;
        this.content = () -> new BufferedInputStream(new FileStream(file), BUFFER_BYTES);
        byte[] bytes = startOf(content);
        for (Container layer; (layer = Container.of(bytes)) != null; ) {
            if (layers.size() == MAX_LAYERS) {
                throw new UnreadableRecordingException(
                        "it is " + layer.word() + " in " + layers() + "; no more than " + MAX_LAYERS
                                + " layers are unpacked",
                        null);
            }
            content = inside(layer, content);
            layers.add(layer);
            bytes = startOf(content);
        }
        String unsupported = Container.unsupported(bytes);
        if (unsupported != null) {
            throw new UnreadableRecordingException(
                    "it is packed as " + unsupported + "; only gzip, zip, lz4 and zstd are unpacked here", null);
        }
        this.start = bytes;
    }

    private Opener inside(Container layer, Opener packed) throws IOException {
        if (layer != Container.ZIP) {
            return () -> new Layer(layer, 0, packed.open());
        }
        int entry;
        try (InputStream zip = packed.open()) {
            entry = ZipEntries.choose(zip, limits.allowed(file.sizeBytes()), Container.LOOK_BYTES);
        }
        return () -> new Layer(layer, entry, packed.open());
    }

    private static byte[] startOf(Opener content) throws IOException {
        try (InputStream in = content.open()) {
            byte[] start = new byte[Container.LOOK_BYTES];
            int length = 0;
            try {
                for (int n; length < start.length && (n = in.read(start, length, start.length - length)) >= 0; ) {
                    length += n;
                }
            } catch (DamagedException e) {
                if (length == 0) {
                    throw e;
                }
            }
            return Arrays.copyOf(start, length);
        }
    }

    public boolean isPacked() {
        return !layers.isEmpty();
    }

    /** The layers in words, outermost last: {@code gzip in zip}; empty for a file that is not packed. */
    public String layers() {
        List<Container> innermostFirst = new ArrayList<>(layers);
        Collections.reverse(innermostFirst);
        return innermostFirst.stream().map(Container::word).collect(Collectors.joining(" in "));
    }

    /** The first bytes of the content, some hundreds or as many as there are. The caller must not change them. */
    public byte[] start() {
        return start;
    }

    /**
     * The content from its first byte to its last, unpacked while it is read. Reading throws an {@link
     * UnreadableRecordingException} where a container is damaged or a limit is passed. The caller closes it.
     */
    public InputStream stream() throws IOException {
        return content.open();
    }

    /**
     * The content, to be read at any position, until this is closed: the file itself, or its unpacked bytes in the scratch room.
     * Where a container is damaged or cut, what comes before that is the content, and {@link #damage} tells of it.
     *
     * @throws UnreadableRecordingException if a limit is passed
     */
    public SeekableBytes seekable() throws IOException {
        if (!isPacked()) {
            return file;
        }
        if (scratch == null) {
            scratch = scratchSource.open();
            try (InputStream in = content.open()) {
                byte[] piece = new byte[BUFFER_BYTES];
                for (int n; (n = in.read(piece)) >= 0; ) {
                    scratch.write(piece, 0, n);
                }
            } catch (DamagedException e) {
                damage = e.getMessage();
            }
        }
        return scratch.written();
    }

    /** Returns why {@link #seekable} ends early; empty when it does not. */
    public String damage() {
        return damage;
    }

    @Override
    public void close() throws IOException {
        if (scratch != null) {
            scratch.close();
        }
    }

    /** The file from the first byte to the last; its own failures pass through all layers as they are. */
    private static final class FileStream extends InputStream {
        private final SeekableBytes bytes;
        private long position;

        FileStream(SeekableBytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            try {
                int read = bytes.read(position, into, offset, length);
                position += read;
                return read == 0 && length > 0 ? -1 : read;
            } catch (IOException e) {
                throw new FileFailure(e);
            }
        }

        /** Tells the reader of gzip that another member may follow. */
        @Override
        public int available() {
            return (int) Math.min(Integer.MAX_VALUE, bytes.sizeBytes() - position);
        }
    }

    /** The file cannot be read: not the content's fault. */
    static final class FileFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FileFailure(IOException cause) {
            super(cause);
        }

        @Override
        public synchronized IOException getCause() {
            return (IOException) super.getCause();
        }
    }

    /** One layer unpacked: counts what comes out, and says in words what goes wrong. */
    private final class Layer extends InputStream {
        private final Container container;
        /** The entry of a zip; unused for other containers. */
        private final int entry;

        private final long allowed = limits.allowed(file.sizeBytes());
        private final InputStream packed;
        private InputStream unpacked;
        private long count;
        private boolean ended;

        Layer(Container container, int entry, InputStream packed) {
            this.container = container;
            this.entry = entry;
            this.packed = packed;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int n;
            try {
                if (unpacked == null) {
                    unpacked = unpack();
                }
                n = unpacked.read(into, offset, length);
            } catch (UnreadableRecordingException e) {
                throw e;
            } catch (FileFailure e) {
                throw e.getCause();
            } catch (IOException | RuntimeException e) {
                throw damaged(e instanceof EOFException ? "it ends too early" : e.getMessage());
            } catch (StackOverflowError e) {
                // The JDK's reader of gzip calls itself for each member without content.
                throw damaged("thousands of empty members");
            }
            ended |= n < 0;
            if (n > 0) {
                count += n;
                if (count > allowed) {
                    throw tooLarge(allowed);
                }
            }
            return n;
        }

        private InputStream unpack() throws IOException {
            return switch (container) {
                case GZIP -> new GZIPInputStream(packed, BUFFER_BYTES);
                case ZSTD -> new ZstdInputStreamNoFinalizer(packed);
                case LZ4 -> new Lz4Frames(packed);
                case ZIP -> ZipEntries.open(packed, entry);
            };
        }

        private DamagedException damaged(String why) {
            return new DamagedException(
                    "the " + container.word() + " is damaged or cut after " + count + " unpacked bytes (" + why + ")");
        }

        /** Tells an outer layer of gzip that another member may follow. */
        @Override
        public int available() {
            return ended ? 0 : 1;
        }

        @Override
        public void close() throws IOException {
            if (unpacked != null) {
                unpacked.close();
            }
            packed.close();
        }
    }

    static UnreadableRecordingException tooLarge(long allowed) {
        return new UnreadableRecordingException(
                "unpacked, it has more than " + allowed + " bytes, which is all that a file of this size may become",
                null);
    }
}
