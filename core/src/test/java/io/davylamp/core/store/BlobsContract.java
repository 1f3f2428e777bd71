package io.davylamp.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every place for blobs does. An implementation's test extends this and opens an empty one. */
public abstract class BlobsContract {
    private Blobs blobs;

    protected abstract Blobs openEmpty() throws Exception;

    /** Opens what {@link #openEmpty} opened once more, as another process does: it shares no memory with the first. */
    protected abstract Blobs openAgain() throws Exception;

    @BeforeEach
    void open() throws Exception {
        blobs = openEmpty();
    }

    private void put(String key, String text) throws IOException {
        try (Blobs.Writer writer = blobs.writer(key)) {
            writer.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            writer.commit();
        }
    }

    private String get(String key) throws IOException {
        try (Blobs.Blob blob = blobs.open(key).orElseThrow()) {
            return new String(blob.read(0, (int) blob.sizeBytes()), StandardCharsets.UTF_8);
        }
    }

    @Test
    void givesBackWhatWasCommitted() throws IOException {
        put("recordings/t1/a1.jfr", "one two");

        assertThat(get("recordings/t1/a1.jfr")).isEqualTo("one two");
        try (Blobs.Blob blob = blobs.open("recordings/t1/a1.jfr").orElseThrow()) {
            assertThat(blob.read(4, 3)).isEqualTo("two".getBytes(StandardCharsets.UTF_8));
            assertThat(blob.read(5, new byte[10], 0, 10)).isEqualTo(2);
            assertThatThrownBy(() -> blob.read(5, 3)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void showsNothingBeforeTheCommit() throws IOException {
        try (Blobs.Writer writer = blobs.writer("a/b")) {
            writer.write(ByteBuffer.wrap(new byte[10]));
            assertThat(blobs.open("a/b")).isEmpty();
        }
        assertThat(blobs.open("a/b")).isEmpty();
    }

    @Test
    void replacesABlobOfTheSameKey() throws IOException {
        put("a/b", "old");
        put("a/b", "new");

        assertThat(get("a/b")).isEqualTo("new");
    }

    @Test
    void deletesABlobAndOnlyThat() throws IOException {
        put("a/b", "1");
        put("a/c", "2");

        blobs.delete("a/b");
        blobs.delete("a/none");

        assertThat(blobs.open("a/b")).isEmpty();
        assertThat(get("a/c")).isEqualTo("2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/a", "a/../b", "a//b", "A", "a b", "..", "a/.hidden"})
    void refusesWhatIsNoKey(String key) {
        assertThatThrownBy(() -> blobs.open(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> blobs.writer(key)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> blobs.resume(key, "")).isInstanceOf(IllegalArgumentException.class);
    }

    private void append(Blobs.Partial partial, String text) throws IOException {
        partial.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Writes bytes that tell where they are. */
    private static void appendBytes(Blobs.Partial partial, int from, int to) throws IOException {
        byte[] bytes = new byte[to - from];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) ((from + i) % 251);
        }
        partial.write(ByteBuffer.wrap(bytes));
    }

    private void requireBytes(String key, int length) throws IOException {
        try (Blobs.Blob blob = blobs.open(key).orElseThrow()) {
            assertThat(blob.sizeBytes()).isEqualTo(length);
            byte[] all = blob.read(0, length);
            for (int i = 0; i < length; i++) {
                if (all[i] != (byte) (i % 251)) {
                    throw new AssertionError("byte " + i + " of " + length + " is " + all[i]);
                }
            }
        }
    }

    @Test
    void continuesAPartialThatWasClosedBehindItsLastByte() throws Exception {
        Blobs.Partial first = blobs.resume("a/b", "");
        assertThat(first.kept()).isEqualTo(Blobs.Kept.NOTHING);
        append(first, "one ");
        first.close();
        assertThat(first.kept().bytes()).isEqualTo(4);
        assertThat(blobs.open("a/b")).isEmpty();

        Blobs.Partial second = openAgain().resume("a/b", first.kept().token());
        assertThat(second.kept().bytes()).isEqualTo(4);
        append(second, "two ");
        second.close();
        assertThat(second.kept().bytes()).isEqualTo(8);

        try (Blobs.Partial third = openAgain().resume("a/b", second.kept().token())) {
            append(third, "three");
            third.commit();
        }
        assertThat(get("a/b")).isEqualTo("one two three");
    }

    @Test
    void continuesBehindTheLastWholePartAfterACrash() throws Exception {
        int part = Blobs.PART_BYTES;
        Blobs.Partial crashed = blobs.resume("a/b", "");
        appendBytes(crashed, 0, 100);
        appendBytes(crashed, 100, part);
        Blobs.Kept kept = crashed.kept();
        assertThat(kept.bytes()).isEqualTo(part);
        append(crashed, "lost in the crash");
        assertThat(crashed.kept().bytes()).isBetween((long) part, part + 17L);

        try (Blobs.Partial next = openAgain().resume("a/b", kept.token())) {
            assertThat(next.kept().bytes()).isEqualTo(part);
            appendBytes(next, part, part + 10);
            next.commit();
        }
        requireBytes("a/b", part + 10);
    }

    @Test
    void keepsTheTailOfEachAttemptInsideOfParts() throws Exception {
        int part = Blobs.PART_BYTES;
        int[] ends = {part - 1, part, part + 3, 2 * part - 1, 2 * part, 2 * part, 2 * part + 1};
        String token = "";
        int at = 0;
        for (int end : ends) {
            Blobs.Partial partial = openAgain().resume("a/b", token);
            assertThat(partial.kept().bytes()).isEqualTo(at);
            while (at < end) {
                int next = Math.min(end, (at / part + 1) * part);
                appendBytes(partial, at, next);
                at = next;
            }
            partial.close();
            assertThat(partial.kept().bytes()).isEqualTo(end);
            token = partial.kept().token();
        }
        try (Blobs.Partial partial = openAgain().resume("a/b", token)) {
            partial.commit();
        }

        requireBytes("a/b", 2 * part + 1);
    }

    @Test
    void continuesTheSamePartialAgainWhenAnAttemptKeptNothingMore() throws Exception {
        Blobs.Partial first = blobs.resume("a/b", "");
        append(first, "one ");
        first.close();
        Blobs.Partial crashed = openAgain().resume("a/b", first.kept().token());
        append(crashed, "lost");

        try (Blobs.Partial third = openAgain().resume("a/b", first.kept().token())) {
            assertThat(third.kept().bytes()).isEqualTo(4);
            append(third, "two");
            third.commit();
        }
        assertThat(get("a/b")).isEqualTo("one two");
    }

    @Test
    void beginsAnewWithoutAToken() throws Exception {
        Blobs.Partial first = blobs.resume("a/b", "");
        append(first, "wrong, and longer");
        first.close();

        try (Blobs.Partial second = openAgain().resume("a/b", "")) {
            assertThat(second.kept()).isEqualTo(Blobs.Kept.NOTHING);
            append(second, "right");
            second.commit();
        }
        assertThat(get("a/b")).isEqualTo("right");
    }

    @Test
    void keepsNothingOfWhatWasCommittedOrDeleted() throws Exception {
        Blobs.Partial first = blobs.resume("a/b", "");
        append(first, "one");
        first.close();
        try (Blobs.Partial second = openAgain().resume("a/b", first.kept().token())) {
            second.commit();
        }
        Blobs.Partial other = blobs.resume("a/c", "");
        append(other, "two");
        other.close();
        blobs.delete("a/c");

        try (Blobs.Partial committed = openAgain().resume("a/b", first.kept().token());
                Blobs.Partial deleted = openAgain().resume("a/c", other.kept().token())) {
            assertThat(committed.kept()).isEqualTo(Blobs.Kept.NOTHING);
            assertThat(deleted.kept()).isEqualTo(Blobs.Kept.NOTHING);
        }
        assertThat(get("a/b")).isEqualTo("one");
    }

    @Test
    void startsAPartialAgainFromNothing() throws IOException {
        try (Blobs.Partial partial = blobs.resume("a/b", "")) {
            append(partial, "wrong, and longer");
            partial.restart();
            assertThat(partial.kept()).isEqualTo(Blobs.Kept.NOTHING);
            append(partial, "right");
            partial.commit();
        }

        assertThat(get("a/b")).isEqualTo("right");
    }

    @Test
    void theSecondHandleSeesWhatTheFirstCommittedAndDeleted() throws Exception {
        Blobs second = openAgain();
        put("a/b", "one");
        assertThat(second.open("a/b")).hasValueSatisfying(blob -> {
            assertThat(blob.sizeBytes()).isEqualTo(3);
            try {
                blob.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        second.delete("a/b");

        assertThat(blobs.open("a/b")).isEmpty();
    }

    @Test
    void saysHowMuchCanStillBeWritten() throws IOException {
        assertThat(blobs.freeBytes()).isPositive();
    }
}
