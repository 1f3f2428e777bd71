package io.davylamp.core.intake;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Recordings lose their secrets when they are read, and nobody gets them before. */
class ScrubbingTest {
    private static final byte[] ORIGINAL = Recordings.bytes("small_h2_cpu45.jfr");
    /** Of a system property in it. */
    private static final String SECRET = secret();

    private final TestClock clock = new TestClock();
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryStore store = new InMemoryStore();
    private final Changes changes = new Changes();
    private final Indexer scrubbing = indexer(true);
    private final Indexer careless = indexer(false);

    private Indexer indexer(boolean scrubs) {
        return new Indexer(store, new RecordingReader(blobs, 64 << 20, 0, scrubs), changes, clock, 1);
    }

    @AfterEach
    void close() {
        scrubbing.close();
        careless.close();
    }

    /** The library path, which tells the folders of whoever made the recording. */
    private static String secret() {
        String text = new String(ORIGINAL, StandardCharsets.ISO_8859_1);
        int key = text.indexOf("java.library.path");
        assertThat(key).isPositive();
        // Behind the key: the encoding and the length of the value.
        return text.substring(key + "java.library.path".length() + 2, key + "java.library.path".length() + 12);
    }

    private static boolean hasSecret(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains(SECRET);
    }

    private Recording open(Indexer indexer, String name, byte[] bytes) throws IOException {
        Retention retention = new Retention(store, blobs, changes, clock, Duration.ofDays(1));
        FileLimits limits = new FileLimits(64 << 20, 0, 1, 5, Duration.ofHours(2), 2, Duration.ofSeconds(15), 100);
        clock.advance(Duration.ofMillis(1));
        return new Opening(store, blobs, indexer, retention, new Ids(), clock, limits)
                .open(ANYONE, name, new ByteArrayInputStream(bytes), -1);
    }

    private static String sha256(byte[] bytes) {
        return HexFormat.of().formatHex(Sha256.start().digest(bytes));
    }

    private static byte[] given(Indexer indexer, Recording recording) throws IOException {
        try (Blobs.Blob bytes = indexer.bytes(recording).orElseThrow()) {
            return bytes.read(0, (int) bytes.sizeBytes());
        }
    }

    @Test
    void theStoredCopyHasNoSecretsAndTheRowBothHashes() throws IOException {
        assertThat(hasSecret(ORIGINAL)).isTrue();

        Recording recording = open(scrubbing, "a.jfr", ORIGINAL);

        byte[] stored = blobs.all().get(recording.bytesKey());
        assertThat(stored).hasSameSizeAs(ORIGINAL);
        assertThat(hasSecret(stored)).isFalse();
        assertThat(recording.originalSha256()).isEqualTo(sha256(ORIGINAL));
        assertThat(recording.sha256()).isEqualTo(sha256(stored)).isNotEqualTo(sha256(ORIGINAL));
        assertThat(recording.state()).isEqualTo(RecordingState.READY);
        assertThat(given(scrubbing, recording)).isEqualTo(stored);
        Recording raw = open(careless, "b.jfr", ORIGINAL);
        assertThat(blobs.all().get(recording.profileKey()))
                .isEqualTo(blobs.all().get(raw.profileKey()));
    }

    @Test
    void withoutTheSettingTheBytesStayAsTheyCame() throws IOException {
        Recording recording = open(careless, "a.jfr", ORIGINAL);

        assertThat(blobs.all().get(recording.bytesKey())).isEqualTo(ORIGINAL);
        assertThat(recording.originalSha256()).isEmpty();
        assertThat(given(careless, recording)).isEqualTo(ORIGINAL);
    }

    @Test
    void aRecordingFromBeforeIsGivenOutWithoutSecrets() throws IOException {
        Recording recording = open(careless, "a.jfr", ORIGINAL);

        byte[] given = given(scrubbing, recording);

        assertThat(given).hasSameSizeAs(ORIGINAL);
        assertThat(hasSecret(given)).isFalse();
    }

    @Test
    void aPackedRecordingIsUnpackedForItAndSaysSoInItsName() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(ORIGINAL);
        }

        Recording recording = open(scrubbing, "a.jfr.GZ", packed.toByteArray());

        assertThat(recording.instance()).isEqualTo("a.jfr");
        assertThat(recording.bytes()).isEqualTo(ORIGINAL.length);
        assertThat(recording.originalSha256()).isEqualTo(sha256(packed.toByteArray()));
        assertThat(hasSecret(blobs.all().get(recording.bytesKey()))).isFalse();
        assertThat(blobs.all()).doesNotContainKey(recording.unpackedKey());
    }

    @Test
    void aServerThatDiesAfterItReplacedTheBytesLeavesNothingToRepair() throws IOException {
        Recording first = open(scrubbing, "a.jfr", ORIGINAL);
        Recording again = new Recording(
                "again",
                Origin.OPENED_FILE,
                "",
                "",
                "a.jfr",
                first.labels(),
                0,
                0,
                first.bytesKey(),
                "again/profile",
                ORIGINAL.length,
                sha256(ORIGINAL),
                RecordingState.STORED,
                0,
                0,
                "",
                0,
                0,
                0,
                Recording.FOR_GOOD);
        Recording own = again.taken(clock.millis()).orElseThrow();
        store.write(tx -> {
            tx.recordings().insert(own);
            return null;
        });

        Recording read = scrubbing.read(own);

        assertThat(read.originalSha256()).isEqualTo(sha256(ORIGINAL));
        assertThat(read.sha256()).isEqualTo(first.sha256());
    }

    @Test
    void aDamagedRecordingIsReadAsFarAsItGoesAndNotGivenOut() throws IOException {
        byte[] two = Arrays.copyOf(ORIGINAL, ORIGINAL.length * 2);
        System.arraycopy(ORIGINAL, 0, two, ORIGINAL.length, ORIGINAL.length);
        Arrays.fill(two, ORIGINAL.length + 100, ORIGINAL.length + 4_000, (byte) 0xff);

        Recording recording = open(scrubbing, "a.jfr", two);

        assertThat(recording.state()).isEqualTo(RecordingState.READY);
        assertThat(recording.originalSha256()).isEmpty();
        assertThatThrownBy(() -> scrubbing.bytes(recording)).isInstanceOf(UnreadableRecordingException.class);
        assertThat(given(careless, recording)).isEqualTo(two);
    }
}
