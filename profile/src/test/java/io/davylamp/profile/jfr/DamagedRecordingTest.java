package io.davylamp.profile.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.jfr.JfrLimits;
import io.davylamp.profile.Measure;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Whatever is wrong with a recording ends in our own exception or in a profile with a warning, within bounded work. */
class DamagedRecordingTest {
    private static final byte[] TINY = Recordings.bytes("tiny_demo.jfr");
    private static final int CHUNK_SIZE_AT = 8;
    private static final int POOL_OFFSET_AT = 16;
    private static final int METADATA_OFFSET_AT = 24;

    /** Counts what is read: a bound on work that no clock decides. */
    private static final class Counted implements SeekableBytes {
        private final SeekableBytes bytes;
        private long readBytes;

        Counted(byte[] bytes) {
            this.bytes = SeekableBytes.of(bytes);
        }

        @Override
        public long sizeBytes() {
            return bytes.sizeBytes();
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) throws IOException {
            int n = bytes.read(position, into, offset, length);
            readBytes += n;
            return n;
        }
    }

    private static void readOrRefuse(byte[] bytes, String what) throws IOException {
        Counted counted = new Counted(bytes);
        try {
            Profile profile = JfrImport.read(counted, NameRules.CURRENT, JfrLimits.DEFAULT, ProfileLimits.DEFAULT, 1);
            assertThat(profile.summaries()).as(what).isNotNull();
        } catch (UnreadableRecordingException e) {
            assertThat(e.getMessage()).as(what).isNotBlank();
        } catch (RuntimeException e) {
            throw new AssertionError(what, e);
        }
        assertThat(counted.readBytes).as("%s: bytes read", what).isLessThan(10L * TINY.length);
    }

    private static byte[] with(int at, long value) {
        byte[] bytes = TINY.clone();
        ByteBuffer.wrap(bytes).putLong(at, value);
        return bytes;
    }

    private static void assertRefused(byte[] bytes, String message) {
        assertThatThrownBy(() -> JfrImport.read(SeekableBytes.of(bytes)))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessageContaining(message);
    }

    @Test
    void theTinyRecordingIsWhole() throws IOException {
        Profile profile = JfrImport.read(SeekableBytes.of(TINY));

        assertThat(profile.info().warnings()).isEmpty();
        assertThat(profile.measures().keySet()).containsExactly(Measure.CPU, Measure.ALLOC, Measure.LOCK);
    }

    @Test
    void cutAnywhere() throws IOException {
        for (int length = 0; length < TINY.length; length++) {
            readOrRefuse(Arrays.copyOf(TINY, length), "cut to " + length);
        }
    }

    @Test
    void oneByteFlippedAnywhere() throws IOException {
        byte[] bytes = TINY.clone();
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] ^= (byte) 0xff;
            readOrRefuse(bytes, "byte " + i + " flipped");
            bytes[i] ^= (byte) 0xff;
        }
    }

    @Test
    void aCutSecondChunkKeepsTheFirst() throws IOException {
        byte[] two = Arrays.copyOf(TINY, TINY.length + TINY.length / 2);
        System.arraycopy(TINY, 0, two, TINY.length, TINY.length / 2);

        Profile profile = JfrImport.read(SeekableBytes.of(two));

        assertThat(profile.summaries())
                .isEqualTo(JfrImport.read(SeekableBytes.of(TINY)).summaries());
        assertThat(profile.info().warnings())
                .singleElement()
                .asString()
                .contains("bytes at the end are lost", "chunk size");
    }

    @Test
    void twoChunksAreTheSumOfEach() throws IOException {
        byte[] two = Arrays.copyOf(TINY, TINY.length * 2);
        System.arraycopy(TINY, 0, two, TINY.length, TINY.length);

        Profile once = JfrImport.read(SeekableBytes.of(TINY));
        Profile twice = JfrImport.read(SeekableBytes.of(two));

        for (int i = 0; i < once.summaries().size(); i++) {
            assertThat(twice.summaries().get(i).total())
                    .isEqualTo(2 * once.summaries().get(i).total());
            assertThat(twice.summaries().get(i).stacks())
                    .isEqualTo(once.summaries().get(i).stacks());
        }
        assertThat(twice.stackCount()).isEqualTo(once.stackCount());
    }

    @Test
    void refusesWhatIsNoRecording() {
        assertRefused(new byte[0], "the file is empty");
        assertRefused(new byte[100], "magic at offset 0: 0x00000000");
    }

    @Test
    void refusesAChunkThatWasNeverFinished() {
        assertRefused(with(CHUNK_SIZE_AT, 0), "the chunk was never finished");
    }

    @Test
    void refusesOffsetsOutsideOfTheChunk() {
        assertRefused(with(POOL_OFFSET_AT, TINY.length), "constant pool offset at offset 16");
        assertRefused(with(METADATA_OFFSET_AT, -1), "metadata offset at offset 24");
        assertRefused(with(CHUNK_SIZE_AT, Long.MAX_VALUE), "chunk size at offset 8");
    }

    @Test
    void refusesAConstantPoolChainThatDoesNotMoveBackwards() {
        int pool = (int) ByteBuffer.wrap(TINY).getLong(POOL_OFFSET_AT);
        byte[] bytes = TINY.clone();
        // size (padded to 5 bytes by the profiler), type, start time, duration, then the delta to the previous pool
        int at = pool;
        for (int field = 0; field < 4; field++) {
            while (bytes[at++] < 0) {}
        }
        assertThat(bytes[at]).isZero();
        bytes[at] = 1;

        assertRefused(bytes, "constant pool delta");
    }

    @Test
    void refusesMoreThanTheLimits() {
        JfrLimits shallow = new JfrLimits(10, 16 << 20, 20_000, 2_000, 1_000, 1 << 20, 1 << 20, 2);
        assertThatThrownBy(() ->
                        JfrImport.read(SeekableBytes.of(TINY), NameRules.CURRENT, shallow, ProfileLimits.DEFAULT, 1))
                .hasMessageContaining("StackTrace.frames");
        assertThatThrownBy(() -> JfrImport.read(
                        SeekableBytes.of(TINY),
                        NameRules.CURRENT,
                        JfrLimits.DEFAULT,
                        new ProfileLimits(5, 1_000, 10),
                        1))
                .isInstanceOf(UnreadableRecordingException.class)
                .hasMessage("the recording has more than 5 stack nodes");
        assertThatThrownBy(() -> JfrImport.read(
                        SeekableBytes.of(TINY),
                        NameRules.CURRENT,
                        JfrLimits.DEFAULT,
                        new ProfileLimits(5_000, 3, 10),
                        1))
                .hasMessage("the recording has more than 3 samples");
    }
}
