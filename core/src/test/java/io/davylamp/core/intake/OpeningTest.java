package io.davylamp.core.intake;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.StoreException;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class OpeningTest {
    private static final FileLimits LIMITS =
            new FileLimits(100, 1_000, 1, 2, Duration.ofHours(2), 2, Duration.ofSeconds(15), 100);

    private final TestClock clock = new TestClock();
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryStore store = new InMemoryStore();
    private final Changes changes = new Changes();
    private final Retention retention = new Retention(store, blobs, changes, clock, Duration.ofDays(1));
    private final Opening files = opening(LIMITS);

    private Opening opening(FileLimits limits) {
        RecordingReader reader = new RecordingReader(blobs, limits.fileBytes(), limits.minFreeBytes());
        Indexer indexer = new Indexer(store, reader, changes, clock, 1);
        return new Opening(store, blobs, indexer, retention, new Ids(), clock, limits);
    }

    private static InputStream stacks(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private Recording open(String name) throws IOException {
        clock.advance(Duration.ofMillis(1));
        return files.open(ANYONE, name, stacks("a;b 1\n"), -1);
    }

    @Test
    void aFileIsKeptByteForByteWithItsProfile() throws IOException {
        Recording file = open("some.collapsed");

        assertThat(file.state()).isEqualTo(RecordingState.READY);
        assertThat(file.isKept()).isFalse();
        assertThat(file.bytes()).isEqualTo(6);
        assertThat(blobs.all().get(file.bytesKey())).asString().isEqualTo("a;b 1\n");
        assertThat(blobs.all()).containsKey(file.profileKey());
        assertThat(files.find(ANYONE, file.id())).contains(file);
        assertThat(files.all(ANYONE)).containsExactly(file);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    @Test
    void aPackedFileThatIsNoRecordingIsKeptAsItCame() throws IOException {
        Opening roomy =
                opening(new FileLimits(1 << 24, 1_000, 1, 2, Duration.ofHours(2), 2, Duration.ofSeconds(15), 100));
        byte[] packed = gzip("a;b 1\n".getBytes(StandardCharsets.UTF_8));

        Recording file = roomy.open(ANYONE, "tiny.gz", new ByteArrayInputStream(packed), packed.length);

        assertThat(file.bytes()).isEqualTo(packed.length);
        assertThat(blobs.all()).containsOnlyKeys(file.bytesKey(), file.profileKey());
        assertThat(blobs.all().get(file.bytesKey())).isEqualTo(packed);
        assertThat(blobs.partials()).isEmpty();
    }

    @Test
    void theSizeOfAPackedFileIsBoundedUnpackedToo() throws IOException {
        byte[] packed = gzip("a;b 1\n".repeat(200).getBytes(StandardCharsets.UTF_8));
        assertThat(packed.length).isLessThan(100);

        assertThatThrownBy(() -> files.open(ANYONE, "x", new ByteArrayInputStream(packed), -1))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining("unpacked, it has more than 100 bytes");

        assertNothingIsLeft();
    }

    @Test
    void aRecordingWithoutSamplesIsNotOpened() {
        assertThatThrownBy(() -> files.open(ANYONE, "x", stacks(""), 0)).hasMessage("the file is empty");

        assertNothingIsLeft();
    }

    @Test
    void whatCannotBeReadLeavesNothing() {
        assertThatThrownBy(() -> files.open(ANYONE, "x.jfr", stacks("FLR\0 and nothing"), -1))
                .isInstanceOf(UnreadableRecordingException.class);

        assertNothingIsLeft();
    }

    @Test
    void anUploadThatBreaksLeavesNothing() {
        InputStream broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("cut");
            }
        };

        assertThatThrownBy(() -> files.open(ANYONE, "x", broken, -1)).hasMessage("cut");

        assertNothingIsLeft();
    }

    @Test
    void aFileThatIsTooLargeIsRefusedWhateverItSaid() {
        assertThatThrownBy(() -> files.open(ANYONE, "x", stacks("a 1\n"), 101))
                .isInstanceOf(Opening.RefusedException.class)
                .hasMessage("the file is too large; the server takes 100 bytes");
        assertThatThrownBy(() -> files.open(ANYONE, "x", stacks("a 1\n".repeat(30)), 4))
                .isInstanceOf(Opening.RefusedException.class);

        assertNothingIsLeft();
    }

    @Test
    void noMoreComeAtOnceThanMay() throws IOException {
        InputStream slow = new InputStream() {
            private boolean asked;

            @Override
            public int read() throws IOException {
                if (!asked) {
                    asked = true;
                    assertThatThrownBy(() -> open("meanwhile"))
                            .isInstanceOf(Opening.BusyException.class)
                            .hasMessageStartingWith("1 other files are being opened");
                    return 'a';
                }
                return -1;
            }
        };

        assertThatThrownBy(() -> files.open(ANYONE, "slow", slow, -1)).isInstanceOf(UnreadableRecordingException.class);

        assertThat(open("after").state()).isEqualTo(RecordingState.READY);
    }

    @Test
    void aFullDiskRefusesAFile() {
        blobs.freeBytes(1_001);

        assertThatThrownBy(() -> open("x"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("1001 bytes are free");

        assertNothingIsLeft();
    }

    @Test
    void whatWasWrittenIsNotCountedTwice() throws IOException {
        blobs.freeBytes(1_010);
        byte[] bytes = "a;b;c 1\n".getBytes(StandardCharsets.UTF_8);
        InputStream filling = new InputStream() {
            private int at;

            @Override
            public int read() {
                throw new UnsupportedOperationException("pieces are read");
            }

            @Override
            public int read(byte[] into, int offset, int length) {
                if (at == bytes.length) {
                    return -1;
                }
                // The disk has what came before.
                blobs.freeBytes(1_010 - at);
                int n = Math.min(4, bytes.length - at);
                System.arraycopy(bytes, at, into, offset, n);
                at += n;
                return n;
            }
        };

        assertThat(files.open(ANYONE, "fits", filling, bytes.length).bytes()).isEqualTo(bytes.length);
    }

    @Test
    void aFileGoesSomeTimeAfterItWasLastLookedAtUnlessItIsKept() throws IOException {
        Recording forgotten = open("forgotten");
        Recording kept = open("kept");
        files.keep(ANYONE, kept.id());
        clock.advance(Duration.ofMinutes(90));
        Recording lookedAt = open("looked at");
        clock.advance(Duration.ofMinutes(90));
        files.find(ANYONE, lookedAt.id());
        clock.advance(Duration.ofMinutes(90));

        retention.deleteOld();

        assertThat(files.all(ANYONE)).extracting(Recording::instance).containsExactly("looked at", "kept");
        assertThat(blobs.all()).doesNotContainKey(forgotten.bytesKey()).containsKey(kept.bytesKey());
    }

    @Test
    void theOnesLookedAtLastStayWhenThereAreTooMany() throws IOException {
        Recording first = open("first");
        Recording second = open("second");
        clock.advance(Duration.ofMinutes(5));
        files.find(ANYONE, first.id());

        open("third");

        assertThat(files.all(ANYONE)).extracting(Recording::instance).containsExactly("third", "first");
        assertThat(files.find(ANYONE, second.id())).isEmpty();
    }

    @Test
    void noMoreAreKeptThanMayBe() throws IOException {
        Recording one = open("one");
        files.keep(ANYONE, one.id());
        files.keep(ANYONE, open("two").id());
        String third = open("three").id();

        assertThatThrownBy(() -> files.keep(ANYONE, third))
                .isInstanceOf(Opening.RefusedException.class)
                .hasMessage("2 files are kept, which is all that may be; delete some");
        assertThat(files.keep(ANYONE, one.id()))
                .get()
                .extracting(Recording::isKept)
                .isEqualTo(true);
        assertThat(files.keep(ANYONE, "nobody")).isEmpty();
    }

    @Test
    void aDeletedFileIsGoneWithItsBytes() throws IOException {
        Recording file = open("one");

        assertThat(files.delete(ANYONE, file.id())).isTrue();

        assertThat(files.delete(ANYONE, file.id())).isFalse();
        assertNothingIsLeft();
    }

    @Test
    void whatACrashLeftOfAFileThatCameIsRemovedLater() throws IOException {
        InputStream crash = new InputStream() {
            @Override
            public int read() {
                throw new Error("the process dies");
            }
        };
        // Nothing of the cleaning up happens either.
        blobs.failDeletes(true);
        assertThatThrownBy(() -> files.open(ANYONE, "cut", crash, -1)).isInstanceOf(Error.class);
        blobs.failDeletes(false);

        assertThat(files.all(ANYONE)).isEmpty();
        assertThat(store.<Integer>read(
                        tx -> tx.leftovers().due(Long.MAX_VALUE, 10).size()))
                .isPositive();
        clock.advance(Duration.ofHours(3));
        retention.removeLeftovers();
        assertNothingIsLeft();
    }

    @Test
    void aFileThatWasBeingReadWhenTheProcessDiedIsReadByTheNextOne() throws IOException {
        Recording file = open("one");
        Recording dead = new Recording(
                "dead",
                file.origin(),
                "",
                "",
                "dead",
                file.labels(),
                0,
                0,
                file.bytesKey(),
                "files/dead/profile",
                file.bytes(),
                file.sha256(),
                RecordingState.READING,
                1,
                clock.millis() + 20_000,
                "",
                clock.millis(),
                0,
                clock.millis(),
                file.keptUntilMillis());
        store.write(tx -> {
            tx.recordings().insert(dead);
            return null;
        });
        RecordingReader reader = new RecordingReader(blobs, 1 << 20, 0);
        try (Indexer next = new Indexer(store, reader, changes, clock, 1)) {
            next.wake();
            assertThat(files.all(ANYONE)).extracting(Recording::id).containsExactly(file.id());

            clock.advance(Duration.ofSeconds(21));
            next.wake();
            await().atMost(Duration.ofMinutes(1)).until(() -> files.all(ANYONE).size() == 2);
        }
    }

    @Test
    void aRecordingThatIsDeletedWhileItIsReadLeavesNoProfile() throws IOException {
        Recording file = open("one");
        store.write(tx -> {
            tx.recordings().delete(file.id());
            return null;
        });
        try (Indexer indexer = new Indexer(store, new RecordingReader(blobs, 1 << 20, 0), changes, clock, 1)) {
            indexer.read(file);
        }

        assertThat(blobs.all()).doesNotContainKey(file.profileKey());
    }

    private void assertNothingIsLeft() {
        assertThat(blobs.all()).isEmpty();
        assertThat(store.<Integer>read(
                        tx -> tx.recordings().ofOrigin(Origin.OPENED_FILE).size()))
                .isZero();
        assertThat(store.<Integer>read(
                        tx -> tx.leftovers().due(Long.MAX_VALUE, 10).size()))
                .isZero();
    }
}
