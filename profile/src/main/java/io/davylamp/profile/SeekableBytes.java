package io.davylamp.profile;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Stored bytes of which any range can be read: a recording or an encoded profile, wherever it lies. Thread-safe. */
public interface SeekableBytes {
    long sizeBytes();

    /**
     * Reads up to {@code length} bytes at {@code position} into {@code into}.
     *
     * @return the number of bytes read; less than {@code length} only at the end
     */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    /** Exactly {@code length} bytes from {@code position}. */
    default byte[] read(long position, int length) throws IOException {
        if (position < 0 || length < 0 || length > sizeBytes() - position) {
            throw new EOFException(position + " + " + length + " is outside of " + sizeBytes() + " bytes");
        }
        byte[] bytes = new byte[length];
        if (read(position, bytes, 0, length) != length) {
            throw new EOFException("the data ends inside " + position + " + " + length);
        }
        return bytes;
    }

    /** Reads {@code bytes} in place; the caller must not change them meanwhile. */
    static SeekableBytes of(byte[] bytes) {
        return new SeekableBytes() {
            @Override
            public long sizeBytes() {
                return bytes.length;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) {
                int n = (int) Math.max(0, Math.min(length, bytes.length - position));
                if (n > 0) {
                    System.arraycopy(bytes, (int) position, into, offset, n);
                }
                return n;
            }
        };
    }

    /** Reads a file, which had its size when this was called; the caller closes {@code channel}. */
    static SeekableBytes of(FileChannel channel) throws IOException {
        long sizeBytes = channel.size();
        return new SeekableBytes() {
            @Override
            public long sizeBytes() {
                return sizeBytes;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                ByteBuffer target = ByteBuffer.wrap(into, offset, length);
                while (target.hasRemaining() && channel.read(target, position + target.position() - offset) >= 0) {}
                return target.position() - offset;
            }
        };
    }
}
