package io.davylamp.jfr;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Bytes that can be read at any position. Thread-safe: several readers may share one source.
 *
 * <p>Read, not mapped: a file that is cut while we read it ends in an exception, not in a signal.
 */
public interface ByteSource extends Closeable {

    long sizeBytes();

    /**
     * Reads up to {@code length} bytes at {@code position} into {@code into}.
     *
     * @return the number of bytes read; less than {@code length} only at the end of the source
     */
    int read(long position, byte[] into, int offset, int length) throws IOException;

    static ByteSource of(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        long sizeBytes = channel.size();
        return new ByteSource() {
            @Override
            public long sizeBytes() {
                return sizeBytes;
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                ByteBuffer target = ByteBuffer.wrap(into, offset, length);
                while (target.hasRemaining()) {
                    int n = channel.read(target, position + target.position() - offset);
                    if (n < 0) {
                        break;
                    }
                }
                return target.position() - offset;
            }

            @Override
            public void close() throws IOException {
                channel.close();
            }
        };
    }

    /** Reads {@code bytes} in place; the caller must not change them meanwhile. */
    static ByteSource of(byte[] bytes) {
        return new ByteSource() {
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

            @Override
            public void close() {}
        };
    }
}
