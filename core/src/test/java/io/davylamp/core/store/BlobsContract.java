package io.davylamp.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
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
    }

    private void append(Blobs.Partial partial, String text) throws IOException {
        partial.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void goesOnWithAPartialWhereTheLastAttemptStopped() throws IOException {
        try (Blobs.Partial first = blobs.resume("a/b")) {
            assertThat(first.sizeBytes()).isZero();
            append(first, "one ");
        }
        assertThat(blobs.open("a/b")).isEmpty();
        try (Blobs.Partial second = blobs.resume("a/b")) {
            assertThat(second.sizeBytes()).isEqualTo(4);
            assertThat(second.read(0, 4)).isEqualTo("one ".getBytes(StandardCharsets.UTF_8));
            append(second, "two");
            second.commit();
        }

        assertThat(get("a/b")).isEqualTo("one two");
        try (Blobs.Partial third = blobs.resume("a/b")) {
            assertThat(third.sizeBytes()).isZero();
        }
    }

    @Test
    void startsAPartialAgainFromNothing() throws IOException {
        try (Blobs.Partial partial = blobs.resume("a/b")) {
            append(partial, "wrong, and longer");
            partial.restart();
            assertThat(partial.sizeBytes()).isZero();
            append(partial, "right");
            partial.commit();
        }

        assertThat(get("a/b")).isEqualTo("right");
    }

    @Test
    void deletesAPartialWithItsKey() throws IOException {
        try (Blobs.Partial partial = blobs.resume("a/b")) {
            append(partial, "one");
        }

        blobs.delete("a/b");

        try (Blobs.Partial partial = blobs.resume("a/b")) {
            assertThat(partial.sizeBytes()).isZero();
        }
    }

    @Test
    void saysHowMuchCanStillBeWritten() throws IOException {
        assertThat(blobs.freeBytes()).isPositive();
    }
}
