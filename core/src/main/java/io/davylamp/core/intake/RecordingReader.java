package io.davylamp.core.intake;

import io.davylamp.core.recording.Recording;
import io.davylamp.core.store.Blobs;
import io.davylamp.profile.NoSamplesException;
import io.davylamp.profile.Profile;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.container.Scratch;
import io.davylamp.profile.container.UnpackLimits;
import io.davylamp.profile.export.ProfileFile;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes the profile of a recording, of whatever origin, and writes it beside the recording. Thread-safe. */
public final class RecordingReader {
    private static final Logger log = LoggerFactory.getLogger(RecordingReader.class);
    /**
     * Chunks of one recording that are read at the same time. One processor is left to those who wait for an answer, and more
     * readers would multiply what an import holds in memory.
     */
    private static final int CHUNK_READERS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() - 1));

    private static final int BUFFER_BYTES = 64 << 10;

    private final Blobs blobs;
    private final Room room;
    private final UnpackLimits limits;

    /**
     * @param unpackedBytes what a packed recording may become
     * @param minFreeBytes free disk that no unpacked recording may use up
     */
    public RecordingReader(Blobs blobs, long unpackedBytes, long minFreeBytes) {
        this.blobs = blobs;
        this.room = new Room(blobs, minFreeBytes);
        this.limits = UnpackLimits.LOCAL.withBytes(unpackedBytes);
    }

    /**
     * Reads the recording and makes its profile durable.
     *
     * @throws UnreadableRecordingException if it is nothing that can be read, is damaged, or is gone
     * @throws NoSamplesException if it holds no samples
     */
    Made make(Recording recording) throws IOException {
        Profile profile;
        try (Blobs.Blob bytes = blobs.open(recording.bytesKey())
                .orElseThrow(() ->
                        new UnreadableRecordingException("its bytes are missing from the server's storage", null))) {
            if (bytes.sizeBytes() < recording.bytes()) {
                throw new UnreadableRecordingException(
                        "the server's storage has only " + bytes.sizeBytes() + " of the " + recording.bytes()
                                + " bytes that were delivered",
                        null);
            }
            profile = recording.origin().isForeign()
                    ? ProfileFile.read(bytes, limits, () -> new UnpackedBlob(recording.unpackedKey()))
                    : NoSamplesException.requireSamples(JfrImport.read(bytes, CHUNK_READERS));
        }
        try (Blobs.Writer writer = blobs.writer(recording.profileKey())) {
            OutputStream buffered = new BufferedOutputStream(writer.stream(), BUFFER_BYTES);
            ProfileCodec.write(profile, buffered);
            buffered.flush();
            writer.commit();
        }
        try (Blobs.Blob written = blobs.open(recording.profileKey()).orElseThrow()) {
            return new Made(
                    written.sizeBytes(), String.join("; ", profile.info().warnings()));
        }
    }

    /** Removes what {@link #make} wrote of a recording that was deleted meanwhile. */
    void discard(Recording gone) {
        try {
            blobs.delete(gone.profileKey());
        } catch (IOException e) {
            log.warn("the profile {} of a deleted recording is left behind", gone.profileKey(), e);
        }
    }

    /**
     * A profile that is durable.
     *
     * @param warnings of the reader; empty when it has none
     */
    record Made(long profileBytes, String warnings) {}

    /** A packed recording's bytes while they are read: a blob that goes with the reading. */
    private final class UnpackedBlob implements Scratch {
        private final String key;
        private final Blobs.Writer bytes;
        private Blobs.Blob written;

        UnpackedBlob(String key) throws IOException {
            this.key = key;
            this.bytes = blobs.writer(key);
        }

        @Override
        public void write(byte[] piece, int offset, int length) throws IOException {
            room.require(length);
            bytes.write(ByteBuffer.wrap(piece, offset, length));
        }

        @Override
        public SeekableBytes written() throws IOException {
            if (written == null) {
                bytes.commit();
                written = blobs.open(key).orElseThrow(() -> new IOException("the blob " + key + " has gone"));
            }
            return written;
        }

        @Override
        public void close() throws IOException {
            try (bytes) {
                if (written != null) {
                    written.close();
                    blobs.delete(key);
                }
            }
        }
    }
}
