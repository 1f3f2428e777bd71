package io.davylamp.profile.jfr;

import io.davylamp.jfr.ByteSource;
import io.davylamp.profile.SeekableBytes;
import java.io.IOException;

/** The bytes of a recording for the JFR reader; whoever opened them closes them. */
record BorrowedBytes(SeekableBytes recording) implements ByteSource {
    @Override
    public long sizeBytes() {
        return recording.sizeBytes();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        return recording.read(position, into, offset, length);
    }

    @Override
    public void close() {}
}
