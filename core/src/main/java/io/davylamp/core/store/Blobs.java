package io.davylamp.core.store;

import io.davylamp.profile.SeekableBytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Write-once bytes by key. A key is a path of {@code a-z 0-9 . _ - /}. Thread-safe. {@code BlobsContract} in the tests of this
 * module says what every implementation must do.
 */
public interface Blobs {

    /** Starts to write; nothing is visible before {@link Writer#commit}. */
    Writer writer(String key) throws IOException;

    /**
     * Goes on where an earlier writer of this kind stopped without commit, also in an earlier process; from nothing when there
     * was none. At most one per key at a time.
     */
    Partial resume(String key) throws IOException;

    /** The bytes of {@code key}; the caller closes them. Empty when there is no such blob. */
    Optional<Blob> open(String key) throws IOException;

    /** Removes the blob and what is unfinished of it; nothing happens when there is none. */
    void delete(String key) throws IOException;

    /** Bytes that can still be written. */
    long freeBytes() throws IOException;

    /** Bytes of a new blob. Not thread-safe. */
    interface Writer extends Closeable {
        void write(ByteBuffer bytes) throws IOException;

        /** Writes to this; closing it does nothing more than flushing. */
        default OutputStream stream() {
            return new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    write(new byte[] {(byte) b}, 0, 1);
                }

                @Override
                public void write(byte[] bytes, int offset, int length) throws IOException {
                    Writer.this.write(ByteBuffer.wrap(bytes, offset, length));
                }
            };
        }

        /** Makes the blob visible and durable: it survives a crash of the machine. Replaces one of the same key. */
        void commit() throws IOException;

        /** Without a commit before, nothing stays. */
        @Override
        void close() throws IOException;
    }

    /** Bytes of a blob that may take several attempts: closing keeps what was written, and it can be read back. */
    interface Partial extends Writer, SeekableBytes {
        /** Throws away what was written. */
        void restart() throws IOException;
    }

    /** An open blob. */
    interface Blob extends SeekableBytes, Closeable {}
}
