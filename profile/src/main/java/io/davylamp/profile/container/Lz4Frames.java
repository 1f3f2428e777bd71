package io.davylamp.profile.container;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import net.jpountz.lz4.LZ4Factory;
import net.jpountz.lz4.LZ4SafeDecompressor;
import net.jpountz.xxhash.StreamingXXHash32;
import net.jpountz.xxhash.XXHash32;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The content of lz4 frames, one after the other, also of those whose blocks refer to the blocks before them ({@code lz4 -BD},
 * and what many libraries write by default), which lz4-java's own stream refuses. Checksums are checked. Memory: a block of 4 MiB at the
 * most, packed and unpacked, and 64 KiB. Not thread-safe.
 *
 * <p>Source: the lz4 project's descriptions of its frame format (1.6) and block format.
 */
final class Lz4Frames extends InputStream {
    private static final int MAGIC = 0x184d2204;
    private static final int SKIPPABLE_MAGIC = 0x184d2a50;
    private static final int SKIPPABLE_MASK = ~0xf;

    private static final int VERSION = 1;
    private static final int FLAG_INDEPENDENT = 1 << 5;
    private static final int FLAG_BLOCK_CHECKSUM = 1 << 4;
    private static final int FLAG_CONTENT_SIZE = 1 << 3;
    private static final int FLAG_CONTENT_CHECKSUM = 1 << 2;
    private static final int FLAG_RESERVED = 1 << 1;
    private static final int FLAG_DICTIONARY = 1;
    private static final int STORED = 1 << 31;

    /** Largest distance of a reference, in bytes. */
    private static final int HISTORY_BYTES = 64 << 10;
    /** The highest length that fits into half a token; more bytes follow then. */
    private static final int LONG = 15;

    private final InputStream in;
    // The Java ones: they write no library to the temporary folder, and use nothing that newer JVMs warn of.
    private final LZ4SafeDecompressor decompressor = LZ4Factory.safeInstance().safeDecompressor();
    private final XXHash32 hash = XXHashFactory.safeInstance().hash32();
    private final StreamingXXHash32 contentHash = XXHashFactory.safeInstance().newStreamingHash32(0);

    private boolean inFrame;
    private int flags;
    private int maxBlockBytes;
    private long declaredBytes;
    private long frameBytes;

    private byte[] packed = {};
    private byte[] joined = {};
    /** The bytes that the next block may refer to, followed by the block. */
    private byte[] unpacked = {};

    private int historyBytes;
    private int at;
    private int end;

    /** Closes {@code in} when it is closed. */
    Lz4Frames(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (at == end) {
            if (!inFrame && !beginFrame()) {
                return -1;
            }
            nextBlock();
        }
        int n = Math.min(length, end - at);
        System.arraycopy(unpacked, at, into, offset, n);
        at += n;
        return n;
    }

    private boolean beginFrame() throws IOException {
        while (true) {
            int first = in.read();
            if (first < 0) {
                return false;
            }
            int magic = first | byteOf() << 8 | byteOf() << 16 | byteOf() << 24;
            if ((magic & SKIPPABLE_MASK) == SKIPPABLE_MAGIC) {
                in.skipNBytes(Integer.toUnsignedLong(intOf()));
            } else if (magic == MAGIC) {
                readDescriptor();
                return true;
            } else {
                throw new IOException(String.format("what follows is no frame: it begins with 0x%08x", magic));
            }
        }
    }

    private void readDescriptor() throws IOException {
        byte[] descriptor = new byte[14];
        int length = 2;
        readFully(descriptor, 0, length);
        flags = descriptor[0];
        int sizeCode = descriptor[1] >>> 4 & 7;
        if ((flags >>> 6 & 3) != VERSION
                || (flags & FLAG_RESERVED) != 0
                || sizeCode < 4
                || (descriptor[1] & 0x8f) != 0) {
            throw new IOException("its frame is of an unknown form");
        }
        if ((flags & FLAG_DICTIONARY) != 0) {
            throw new IOException("it was packed with a dictionary, which is needed to unpack it");
        }
        maxBlockBytes = 1 << 8 + 2 * sizeCode;
        declaredBytes = -1;
        if ((flags & FLAG_CONTENT_SIZE) != 0) {
            readFully(descriptor, length, Long.BYTES);
            declaredBytes =
                    littleEndian(descriptor, length) & 0xffffffffL | (long) littleEndian(descriptor, length + 4) << 32;
            length += Long.BYTES;
        }
        require((hash.hash(descriptor, 0, length, 0) >>> 8 & 0xff) == byteOf(), "its header");
        contentHash.reset();
        inFrame = true;
        frameBytes = 0;
        historyBytes = 0;
    }

    /** Leaves the next block between {@link #at} and {@link #end}: nothing when the frame ends. */
    private void nextBlock() throws IOException {
        int word = intOf();
        if (word == 0) {
            if ((flags & FLAG_CONTENT_CHECKSUM) != 0) {
                require(contentHash.getValue() == intOf(), "its content");
            }
            if (declaredBytes >= 0 && declaredBytes != frameBytes) {
                throw new IOException("its header says " + declaredBytes + " bytes, but there are " + frameBytes);
            }
            inFrame = false;
            return;
        }
        int length = word & ~STORED;
        if (length > maxBlockBytes) {
            throw new IOException("a block has " + length + " bytes; allowed are " + maxBlockBytes);
        }
        keepHistory();
        packed = sized(packed, length);
        readFully(packed, 0, length);
        if ((flags & FLAG_BLOCK_CHECKSUM) != 0) {
            require(hash.hash(packed, 0, length, 0) == intOf(), "a block");
        }
        unpacked = grown(unpacked, historyBytes + maxBlockBytes);
        at = historyBytes;
        end = historyBytes + unpack(length, (word & STORED) != 0);
        frameBytes += end - at;
        if ((flags & FLAG_CONTENT_CHECKSUM) != 0) {
            contentHash.update(unpacked, at, end - at);
        }
    }

    private void keepHistory() {
        if ((flags & FLAG_INDEPENDENT) != 0) {
            return;
        }
        // Between frames end stands where the last frame's content ended: that is no history of this one.
        int known = frameBytes == 0 ? 0 : end;
        int kept = Math.min(known, HISTORY_BYTES);
        System.arraycopy(unpacked, known - kept, unpacked, 0, kept);
        historyBytes = kept;
    }

    private int unpack(int length, boolean stored) throws IOException {
        if (stored) {
            System.arraycopy(packed, 0, unpacked, historyBytes, length);
            return length;
        }
        if (historyBytes == 0) {
            return decompressor.decompress(packed, 0, length, unpacked, 0, maxBlockBytes);
        }
        int joinedBytes = join(length);
        return decompressor.decompress(joined, 0, joinedBytes, unpacked, 0, historyBytes + maxBlockBytes)
                - historyBytes;
    }

    /**
     * The decompressor knows no history, so the block gets it as its content: a block begins with literals, and the history
     * becomes the first of them.
     */
    private int join(int length) throws IOException {
        int from = 1;
        int literals = length == 0 ? 0 : packed[0] >>> 4 & 0xf;
        if (literals == LONG) {
            int more;
            do {
                if (from >= length) {
                    throw new EOFException();
                }
                more = packed[from++] & 0xff;
                literals += more;
            } while (more == 0xff);
        }
        if (length == 0 || literals > length - from) {
            throw new IOException("a block's first bytes reach further than the block");
        }
        int rest = historyBytes + literals - LONG;
        joined = sized(joined, 2 + Math.max(0, rest) / 0xff + historyBytes + length);
        int to = 0;
        joined[to++] = (byte) (Math.min(historyBytes + literals, LONG) << 4 | packed[0] & 0xf);
        if (rest >= 0) {
            for (; rest >= 0xff; rest -= 0xff) {
                joined[to++] = (byte) 0xff;
            }
            joined[to++] = (byte) rest;
        }
        System.arraycopy(unpacked, 0, joined, to, historyBytes);
        System.arraycopy(packed, from, joined, to + historyBytes, length - from);
        return to + historyBytes + length - from;
    }

    private static byte[] sized(byte[] bytes, int atLeast) {
        return bytes.length >= atLeast ? bytes : new byte[atLeast];
    }

    private static byte[] grown(byte[] bytes, int atLeast) {
        return bytes.length >= atLeast ? bytes : Arrays.copyOf(bytes, atLeast);
    }

    private static void require(boolean right, String what) throws IOException {
        if (!right) {
            throw new IOException("the checksum of " + what + " is wrong");
        }
    }

    private int byteOf() throws IOException {
        int b = in.read();
        if (b < 0) {
            throw new EOFException();
        }
        return b;
    }

    private int intOf() throws IOException {
        byte[] bytes = new byte[Integer.BYTES];
        readFully(bytes, 0, bytes.length);
        return littleEndian(bytes, 0);
    }

    private void readFully(byte[] into, int offset, int length) throws IOException {
        if (in.readNBytes(into, offset, length) < length) {
            throw new EOFException();
        }
    }

    private static int littleEndian(byte[] bytes, int at) {
        return bytes[at] & 0xff
                | (bytes[at + 1] & 0xff) << 8
                | (bytes[at + 2] & 0xff) << 16
                | (bytes[at + 3] & 0xff) << 24;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
