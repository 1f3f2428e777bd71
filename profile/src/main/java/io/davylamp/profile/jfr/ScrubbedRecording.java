package io.davylamp.profile.jfr;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.jfr.MalformedJfrException;
import io.davylamp.jfr.Scrubbed;
import io.davylamp.jfr.Scrubber;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;

/**
 * A recording as it is without its secrets: values of system properties and environment variables, arguments and command lines.
 * Of the same length, with the same events, samples and totals. Thread-safe like the bytes below it.
 */
public final class ScrubbedRecording implements SeekableBytes {
    private final SeekableBytes recording;
    private final Scrubbed secrets;

    private ScrubbedRecording(SeekableBytes recording, Scrubbed secrets) {
        this.recording = recording;
        this.secrets = secrets;
    }

    /**
     * Looks for the secrets; the caller keeps and closes the bytes.
     *
     * @throws UnreadableRecordingException if the recording is damaged, so that nobody can say where all of its secrets are
     */
    public static ScrubbedRecording of(SeekableBytes recording) throws IOException {
        ByteSource source = new BorrowedBytes(recording);
        try {
            return new ScrubbedRecording(recording, Scrubber.find(source, JfrLimits.DEFAULT));
        } catch (MalformedJfrException e) {
            throw new UnreadableRecordingException(e.getMessage(), e);
        }
    }

    /** Whether a file that starts so is a recording; other formats have no such events. */
    public static boolean isRecording(byte[] start) {
        return start.length >= 4 && start[0] == 'F' && start[1] == 'L' && start[2] == 'R' && start[3] == 0;
    }

    /** Bytes that are overwritten. */
    public long hiddenBytes() {
        return secrets.bytes();
    }

    @Override
    public long sizeBytes() {
        return recording.sizeBytes();
    }

    @Override
    public int read(long position, byte[] into, int offset, int length) throws IOException {
        int read = recording.read(position, into, offset, length);
        if (read > 0) {
            secrets.apply(position, into, offset, read);
        }
        return read;
    }
}
