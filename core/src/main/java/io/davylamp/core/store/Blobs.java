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

    /** Bytes that a {@link Partial} keeps together: the least that a part of an upload to S3 may have. */
    int PART_BYTES = 5 << 20;

    /** {@link #freeBytes} of a storage that has no end that could be asked for; what it refuses is said when it refuses. */
    long UNBOUNDED = 1L << 60;

    /** Starts to write; nothing is visible before {@link Writer#commit}. */
    Writer writer(String key) throws IOException;

    /**
     * Continues the unfinished blob of {@code key}, which another process may have begun. The first byte to write is the one
     * behind {@link Partial#kept}: what was written later than the token is thrown away, and when something of what the token
     * names is lost, nothing is kept.
     *
     * @param token of the last {@link Kept} of this key; empty to begin anew and throw away what is unfinished
     */
    Partial resume(String key, String token) throws IOException;

    /** The bytes of {@code key}; the caller closes them. Empty when there is no such blob. */
    Optional<Blob> open(String key) throws IOException;

    /** Removes the blob and what is unfinished of it; nothing happens when there is none. */
    void delete(String key) throws IOException;

    /** Bytes that can still be written; {@link #UNBOUNDED} where that cannot be asked. */
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

    /**
     * Bytes of an unfinished blob that outlive this process.
     *
     * @param bytes from the first on
     * @param token what {@link #resume} needs to continue behind them; only its implementation can read it. At most some tens of
     *     thousands of characters. Empty when nothing is kept
     */
    record Kept(long bytes, String token) {
        public static final Kept NOTHING = new Kept(0, "");
    }

    /** Bytes of a blob that may take several attempts, in several processes. Not thread-safe. */
    interface Partial extends Writer {
        /**
         * What is there to continue if this process dies now. It grows at the latest when a write ends at a multiple of {@link
         * #PART_BYTES}, which callers therefore do not write across, and at {@link #close}, unless that fails. Should the machine
         * crash and lose some of it, {@link #resume} finds that out.
         */
        Kept kept();

        /** Throws away what was written; the next byte is the first. */
        void restart() throws IOException;

        /**
         * Closes this and keeps no more than {@link #kept} says: another process has taken the blob over, and nothing of it may be
         * changed here any more.
         */
        default void abandon() throws IOException {
            close();
        }

        /** Without a commit before, keeps all that was written; {@link #kept} then says how to continue it. */
        @Override
        void close() throws IOException;
    }

    /** An open blob. */
    interface Blob extends SeekableBytes, Closeable {}
}
