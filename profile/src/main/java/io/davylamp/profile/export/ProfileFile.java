package io.davylamp.profile.export;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file that somebody wants to look at: a recording, or collapsed stacks. What it is shows in its bytes, unless its name says it. */
public final class ProfileFile {
    private static final byte[] JFR = "FLR\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LOOK_BYTES = 512;
    private static final int STREAM_BYTES = 64 << 10;

    private ProfileFile() {}

    /**
     * Reads it into memory, with all processors.
     *
     * @param name what people call it; what ends in {@code .jfr} is taken for a recording, whatever it holds
     * @throws io.davylamp.profile.UnreadableRecordingException if it is neither, or damaged, in words
     */
    public static Profile read(Path file, String name) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return read(SeekableBytes.of(channel), name);
        }
    }

    /** The same of bytes that are anywhere. */
    public static Profile read(SeekableBytes bytes, String name) throws IOException {
        if (!name.endsWith(".jfr") && isText(bytes)) {
            return CollapsedImport.read(
                    new BufferedInputStream(new Stream(bytes), STREAM_BYTES), ProfileLimits.DEFAULT);
        }
        return JfrImport.read(
                bytes,
                NameRules.CURRENT,
                JfrLimits.DEFAULT,
                ProfileLimits.DEFAULT,
                Runtime.getRuntime().availableProcessors());
    }

    /** From the first byte to the last. */
    private static final class Stream extends InputStream {
        private final SeekableBytes bytes;
        private long position;

        Stream(SeekableBytes bytes) {
            this.bytes = bytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            int read = bytes.read(position, into, offset, length);
            position += read;
            return read == 0 && length > 0 ? -1 : read;
        }
    }

    /** A file that is not even meant to be a recording: it has no byte of zero near its start. */
    private static boolean isText(SeekableBytes bytes) throws IOException {
        byte[] start = new byte[(int) Math.min(LOOK_BYTES, bytes.sizeBytes())];
        int read = bytes.read(0, start, 0, start.length);
        if (read == 0 || Arrays.equals(start, 0, Math.min(JFR.length, read), JFR, 0, JFR.length)) {
            return false;
        }
        for (int i = 0; i < read; i++) {
            if (start[i] == 0) {
                return false;
            }
        }
        return true;
    }
}
