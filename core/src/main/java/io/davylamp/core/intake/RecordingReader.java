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
import io.davylamp.profile.container.Unpacked;
import io.davylamp.profile.export.ProfileFile;
import io.davylamp.profile.jfr.JfrImport;
import io.davylamp.profile.jfr.ScrubbedRecording;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
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
    private static final Pattern PACKED = Pattern.compile("\\.(gz|zip|zst|lz4)$", Pattern.CASE_INSENSITIVE);

    private final Blobs blobs;
    private final Room room;
    private final UnpackLimits limits;
    private final boolean scrubs;

    /** Makes one that scrubs. */
    public RecordingReader(Blobs blobs, long unpackedBytes, long minFreeBytes) {
        this(blobs, unpackedBytes, minFreeBytes, true);
    }

    /**
     * @param unpackedBytes what a packed recording may become
     * @param minFreeBytes free disk that no unpacked recording may use up
     * @param scrubs whether the stored bytes of recordings lose their secrets, and nobody gets any with them
     */
    public RecordingReader(Blobs blobs, long unpackedBytes, long minFreeBytes, boolean scrubs) {
        this.scrubs = scrubs;
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

    /**
     * Stored bytes without secrets.
     *
     * @param original hash of the bytes as they came
     * @param name of the recording, without the suffix of a packed file, which it is no more
     */
    record Clean(long bytes, String sha256, String original, String name) {}

    /**
     * Replaces the stored bytes by the same without their secrets: values of system properties and environment variables,
     * arguments and command lines. Another reader that does the same at the same time writes the same. A packed recording is
     * unpacked by it. Empty when there is nothing to do, and for damaged recordings, of which nobody knows where their secrets
     * are: their bytes are not given out.
     */
    Optional<Clean> scrub(Recording recording) throws IOException {
        if (!scrubs || !recording.originalSha256().isEmpty()) {
            return Optional.empty();
        }
        Optional<Blobs.Blob> found = blobs.open(recording.bytesKey());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        try (Blobs.Blob stored = found.get();
                Unpacked file = new Unpacked(stored, limits, () -> new UnpackedBlob(recording.unpackedKey()))) {
            if (!ScrubbedRecording.isRecording(file.start())) {
                return Optional.empty();
            }
            boolean packed = file.isPacked();
            if (packed && !recording.origin().isForeign()) {
                return Optional.empty();
            }
            ScrubbedRecording clean = ScrubbedRecording.of(file.seekable());
            String original = recording.sha256().isEmpty() ? hash(stored) : recording.sha256();
            // Of another size it is a packed file that a server unpacked before it died: the row does not know its
            // hash.
            if (clean.hiddenBytes() == 0 && !packed && stored.sizeBytes() == recording.bytes()) {
                return Optional.of(new Clean(recording.bytes(), original, original, recording.instance()));
            }
            return file.damage().isEmpty()
                    ? Optional.of(new Clean(
                            clean.sizeBytes(),
                            store(recording.bytesKey(), clean),
                            original,
                            PACKED.matcher(recording.instance()).replaceFirst("")))
                    : Optional.empty();
        } catch (UnreadableRecordingException e) {
            log.debug("the secrets of recording {} cannot be found: {}", recording.id(), e.getMessage());
            return Optional.empty();
        }
    }

    private String store(String key, SeekableBytes clean) throws IOException {
        MessageDigest sha256 = Sha256.start();
        try (Blobs.Writer writer = blobs.writer(key)) {
            each(clean, (piece, length) -> {
                room.require(length);
                sha256.update(piece, 0, length);
                writer.write(ByteBuffer.wrap(piece, 0, length));
            });
            writer.commit();
        }
        return HexFormat.of().formatHex(sha256.digest());
    }

    private static String hash(SeekableBytes bytes) throws IOException {
        MessageDigest sha256 = Sha256.start();
        each(bytes, (piece, length) -> sha256.update(piece, 0, length));
        return HexFormat.of().formatHex(sha256.digest());
    }

    private interface Piece {
        void take(byte[] piece, int length) throws IOException;
    }

    private static void each(SeekableBytes bytes, Piece taker) throws IOException {
        byte[] piece = new byte[BUFFER_BYTES];
        for (long at = 0; at < bytes.sizeBytes(); ) {
            int n = bytes.read(at, piece, 0, (int) Math.min(piece.length, bytes.sizeBytes() - at));
            if (n <= 0) {
                throw new IOException("the bytes end at " + at + " of " + bytes.sizeBytes());
            }
            taker.take(piece, n);
            at += n;
        }
    }

    /**
     * The bytes of a recording as they may be given out; the caller closes them. Empty when there are none.
     *
     * @throws UnreadableRecordingException if they may have secrets that nobody can find
     */
    Optional<Blobs.Blob> bytes(Recording recording) throws IOException {
        Optional<Blobs.Blob> found = blobs.open(recording.bytesKey());
        if (found.isEmpty() || !scrubs || !recording.originalSha256().isEmpty()) {
            return found;
        }
        Blobs.Blob stored = found.get();
        boolean given = false;
        try (Unpacked file = new Unpacked(stored, limits, () -> new UnpackedBlob(recording.unpackedKey()))) {
            boolean is = ScrubbedRecording.isRecording(file.start());
            if (is && file.isPacked()) {
                throw new UnreadableRecordingException("it is packed as " + file.layers(), null);
            }
            if (!is && !recording.origin().isForeign()) {
                throw new UnreadableRecordingException("it does not begin as a recording does", null);
            }
            Blobs.Blob shown = is ? scrubbed(stored) : stored;
            given = true;
            return Optional.of(shown);
        } finally {
            if (!given) {
                stored.close();
            }
        }
    }

    private static Blobs.Blob scrubbed(Blobs.Blob stored) throws IOException {
        ScrubbedRecording clean = ScrubbedRecording.of(stored);
        return new Blobs.Blob() {
            @Override
            public long sizeBytes() {
                return clean.sizeBytes();
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                return clean.read(position, into, offset, length);
            }

            @Override
            public void close() throws IOException {
                stored.close();
            }
        };
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
