package io.davylamp.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Pools of recordings that nobody would write by accident: the reader's work stays bounded by the file's size. */
class ConstantPoolsTest {
    private static final int CHECKPOINT = 1;
    private static final int STACK_TYPE = 30;
    private static final int FRAME_TYPE = 31;
    private static final int BOOLEAN_TYPE = 10;

    private static ConstantPools pools(byte[] chunk) throws IOException {
        JfrFile file = JfrFile.open(ByteSource.of(chunk), JfrLimits.DEFAULT);
        return file.open(file.chunks().get(0)).readPools((id, depth, keys, frames, truncated) -> {});
    }

    /** A checkpoint of one pool of one string. */
    private static int checkpoint(CraftedChunk chunk, int delta, int key, String text) {
        int at = chunk.position();
        // The size; type and times; delta; kind and number of pools; a pool's type, entries, key, encoding; the text.
        int bytes = 5 + 3 + (delta == 0 ? 1 : 9) + 2 + 4 + 1 + text.length();
        chunk.size(bytes)
                .varints(CHECKPOINT, 0, 0, delta, 0, 1, CraftedChunk.STRING_TYPE, 1, key)
                .text(text);
        assertThat(chunk.position()).isEqualTo(at + bytes);
        return at;
    }

    @Test
    void readsCheckpointsThatStandOneBehindTheOther() throws IOException {
        CraftedChunk chunk = new CraftedChunk().type(CraftedChunk.STRING_TYPE, "java.lang.String");
        int first = checkpoint(chunk, 0, 1, "first");
        int second = checkpoint(chunk, first - chunk.position(), 2, "second");
        int third = checkpoint(chunk, second - chunk.position(), 3, "third");

        ConstantPools pools = pools(chunk.finish(third));

        assertThat(List.of(pools.string(1), pools.string(2), pools.string(3)))
                .containsExactly("first", "second", "third");
    }

    @Test
    void refusesACheckpointThatReachesIntoTheNext() {
        // Each of many small ones would be read to the end of the last one.
        CraftedChunk chunk = new CraftedChunk().type(CraftedChunk.STRING_TYPE, "java.lang.String");
        int headBytes = 5 + 4 + 4 + 2 + 5;
        int nextBytes = 5 + 3 + 9 + 2 + 4 + 1 + "second".length();
        int first = chunk.position();
        chunk.size(headBytes + nextBytes)
                .varints(CHECKPOINT, 0, 0, 0)
                .varints(0, 1, CraftedChunk.STRING_TYPE, 1)
                .varints(1, CraftedChunk.LATIN1)
                .size(nextBytes);
        assertThat(chunk.position()).isEqualTo(first + headBytes);
        int second = checkpoint(chunk, first - chunk.position(), 2, "second");
        assertThat(chunk.position()).isEqualTo(second + nextBytes);

        assertThatThrownBy(() -> pools(chunk.finish(second)))
                .isInstanceOf(MalformedJfrException.class)
                .hasMessage(
                        "constant pool size at offset %d: %d is outside of 6 to %d, where the next constant pool begins",
                        first, headBytes + nextBytes, headBytes);
    }

    @Test
    void refusesFramesWithoutBytes() {
        // Three bytes a stack that would be worked on as if it had 16,384 frames.
        CraftedChunk chunk = new CraftedChunk()
                .type(BOOLEAN_TYPE, "boolean")
                .type(FRAME_TYPE, "jdk.types.StackFrame")
                .type(STACK_TYPE, "jdk.types.StackTrace", "truncated", BOOLEAN_TYPE, "frames[]", FRAME_TYPE);
        int at = chunk.position();
        int bytes = 5 + 6 + 2 + 5;
        chunk.size(bytes)
                .varints(CHECKPOINT, 0, 0, 0, 0, 1, STACK_TYPE, 1, 1, 0)
                .varints(16_384);
        assertThat(chunk.position()).isEqualTo(at + bytes);

        assertThatThrownBy(() -> pools(chunk.finish(at)))
                .isInstanceOf(MalformedJfrException.class)
                .hasMessageContaining("jdk.types.StackFrame")
                .hasMessageContaining("it has no fields");
    }

    @Test
    void readsATypeThatIsAFrameAndAPoolOfItsOwn() throws IOException {
        int longType = 11;
        CraftedChunk chunk = new CraftedChunk()
                .type(BOOLEAN_TYPE, "boolean")
                .type(longType, "long")
                .type(FRAME_TYPE, "jdk.types.StackFrame", "method", longType)
                .type(STACK_TYPE, "jdk.types.StackTrace", "truncated", BOOLEAN_TYPE, "frames[]", FRAME_TYPE);
        int at = chunk.position();
        int bytes = 5 + 6 + 2 + 4 + 2 + 2;
        chunk.size(bytes).varints(CHECKPOINT, 0, 0, 0, 0, 2);
        chunk.varints(STACK_TYPE, 1, 1, 0, 1, 7).varints(FRAME_TYPE, 1, 1, 7);
        assertThat(chunk.position()).isEqualTo(at + bytes);

        ConstantPools pools = pools(chunk.finish(at));

        assertThat(pools.frames().size()).isEqualTo(1);
        assertThat(pools.frames().method(0)).isEqualTo(7);
    }
}
