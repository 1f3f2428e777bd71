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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** A file that somebody wants to look at: a recording, or collapsed stacks. What it is shows in its bytes, unless its name says it. */
public final class ProfileFile {
    private static final byte[] JFR = "FLR\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LOOK_BYTES = 512;

    private ProfileFile() {}

    /**
     * Reads it into memory, with all processors.
     *
     * @param name what people call it; what ends in {@code .jfr} is taken for a recording, whatever it holds
     * @throws io.davylamp.profile.UnreadableRecordingException if it is neither, or damaged, in words
     */
    public static Profile read(Path file, String name) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            SeekableBytes bytes = SeekableBytes.of(channel);
            if (!name.endsWith(".jfr") && isText(bytes)) {
                try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
                    return CollapsedImport.read(in, ProfileLimits.DEFAULT);
                }
            }
            return JfrImport.read(
                    bytes,
                    NameRules.CURRENT,
                    JfrLimits.DEFAULT,
                    ProfileLimits.DEFAULT,
                    Runtime.getRuntime().availableProcessors());
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
