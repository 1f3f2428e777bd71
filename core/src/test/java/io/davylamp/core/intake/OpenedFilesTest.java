package io.davylamp.core.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.recording.OpenedFile;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.StoreException;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class OpenedFilesTest {
    private static final FileLimits LIMITS =
            new FileLimits(100, 1_000, 1, 2, Duration.ofHours(2), 2, Duration.ofSeconds(15), 100);

    private final TestClock clock = new TestClock();
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final InMemoryStore store = new InMemoryStore();
    private final OpenedFiles files = new OpenedFiles(store, blobs, new Ids(), clock, LIMITS);

    private static InputStream stacks(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private OpenedFile open(String name) throws IOException {
        clock.advance(Duration.ofMillis(1));
        return files.open(name, stacks("a;b 1\n"), -1);
    }

    @Test
    void aFileIsKeptByteForByteWithItsProfile() throws IOException {
        OpenedFile file = open("some.collapsed");

        assertThat(file.ready()).isTrue();
        assertThat(file.kept()).isFalse();
        assertThat(file.sizeBytes()).isEqualTo(6);
        assertThat(blobs.all().get(file.recordingKey())).asString().isEqualTo("a;b 1\n");
        assertThat(blobs.all()).containsKey(file.profileKey());
        assertThat(files.find(file.id())).contains(file);
        assertThat(files.all()).containsExactly(file);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(content);
        }
        return packed.toByteArray();
    }

    @Test
    void aPackedFileIsKeptAsItCameAndLeavesNoUnpackedBytes() throws IOException {
        OpenedFiles roomy = new OpenedFiles(
                store,
                blobs,
                new Ids(),
                clock,
                new FileLimits(1 << 24, 1_000, 1, 2, Duration.ofHours(2), 2, Duration.ofSeconds(15), 100));
        byte[] packed = gzip(Recordings.bytes("tiny_demo.jfr"));

        OpenedFile file = roomy.open("tiny.jfr.gz", new ByteArrayInputStream(packed), packed.length);

        assertThat(file.sizeBytes()).isEqualTo(packed.length);
        assertThat(blobs.all()).containsOnlyKeys(file.recordingKey(), file.profileKey());
        assertThat(blobs.all().get(file.recordingKey())).isEqualTo(packed);
        assertThat(blobs.partials()).isEmpty();
    }

    @Test
    void theSizeOfAPackedFileIsBoundedUnpackedToo() throws IOException {
        byte[] packed = gzip("a;b 1\n".repeat(200).getBytes(StandardCharsets.UTF_8));
        assertThat(packed.length).isLessThan(100);

        assertThatThrownBy(() -> files.open("x", new ByteArrayInputStream(packed), -1))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining("unpacked, it has more than 100 bytes");

        assertNothingIsLeft();
    }

    @Test
    void aRecordingWithoutSamplesIsNotOpened() {
        assertThatThrownBy(() -> files.open("x", stacks(""), 0)).hasMessage("the file is empty");

        assertNothingIsLeft();
    }

    @Test
    void whatCannotBeReadLeavesNothing() {
        assertThatThrownBy(() -> files.open("x.jfr", stacks("FLR\0 and nothing"), -1))
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

        assertThatThrownBy(() -> files.open("x", broken, -1)).hasMessage("cut");

        assertNothingIsLeft();
    }

    @Test
    void aFileThatIsTooLargeIsRefusedWhateverItSaid() {
        assertThatThrownBy(() -> files.open("x", stacks("a 1\n"), 101))
                .isInstanceOf(OpenedFiles.RefusedException.class)
                .hasMessage("the file is too large; the server takes 100 bytes");
        assertThatThrownBy(() -> files.open("x", stacks("a 1\n".repeat(30)), 4))
                .isInstanceOf(OpenedFiles.RefusedException.class);

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
                            .isInstanceOf(OpenedFiles.BusyException.class)
                            .hasMessageStartingWith("1 other files are being opened");
                    return 'a';
                }
                return -1;
            }
        };

        assertThatThrownBy(() -> files.open("slow", slow, -1)).isInstanceOf(UnreadableRecordingException.class);

        assertThat(open("after").ready()).isTrue();
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

        assertThat(files.open("fits", filling, bytes.length).sizeBytes()).isEqualTo(bytes.length);
    }

    @Test
    void aFileGoesSomeTimeAfterItWasLastLookedAtUnlessItIsKept() throws IOException {
        OpenedFile forgotten = open("forgotten");
        OpenedFile kept = open("kept");
        files.keep(kept.id());
        clock.advance(Duration.ofMinutes(90));
        OpenedFile lookedAt = open("looked at");
        clock.advance(Duration.ofMinutes(90));
        files.find(lookedAt.id());
        clock.advance(Duration.ofMinutes(90));

        files.deleteOld();

        assertThat(files.all()).extracting(OpenedFile::name).containsExactly("looked at", "kept");
        assertThat(blobs.all()).doesNotContainKey(forgotten.recordingKey()).containsKey(kept.recordingKey());
    }

    @Test
    void theOnesLookedAtLastStayWhenThereAreTooMany() throws IOException {
        OpenedFile first = open("first");
        OpenedFile second = open("second");
        clock.advance(Duration.ofMinutes(5));
        files.find(first.id());

        open("third");

        assertThat(files.all()).extracting(OpenedFile::name).containsExactly("third", "first");
        assertThat(files.find(second.id())).isEmpty();
    }

    @Test
    void noMoreAreKeptThanMayBe() throws IOException {
        OpenedFile one = open("one");
        files.keep(one.id());
        files.keep(open("two").id());
        String third = open("three").id();

        assertThatThrownBy(() -> files.keep(third))
                .isInstanceOf(OpenedFiles.RefusedException.class)
                .hasMessage("2 files are kept, which is all that may be; delete some");
        assertThat(files.keep(one.id())).get().extracting(OpenedFile::kept).isEqualTo(true);
        assertThat(files.keep("nobody")).isEmpty();
    }

    @Test
    void aDeletedFileIsGoneWithItsBytes() throws IOException {
        OpenedFile file = open("one");

        assertThat(files.delete(file.id())).isTrue();

        assertThat(files.delete(file.id())).isFalse();
        assertNothingIsLeft();
    }

    @Test
    void whatACrashLeftUnreadIsNotShownAndGoes() {
        long now = clock.millis();
        OpenedFile cut = new OpenedFile("cut", "cut", 0, false, false, now, now);
        store.write(tx -> {
            tx.files().put(cut);
            return null;
        });

        assertThat(files.all()).isEmpty();
        assertThat(files.find("cut")).isEmpty();
        clock.advance(Duration.ofHours(3));
        files.deleteOld();
        assertNothingIsLeft();
    }

    private void assertNothingIsLeft() {
        assertThat(blobs.all()).isEmpty();
        assertThat(store.read(tx -> tx.files().newest()).isEmpty()).isTrue();
    }
}
