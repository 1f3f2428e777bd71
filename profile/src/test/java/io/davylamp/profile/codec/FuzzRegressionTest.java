package io.davylamp.profile.codec;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.davylamp.profile.Recordings;
import io.davylamp.profile.export.CollapsedFuzz;
import io.davylamp.profile.export.ForeignFilesFuzz;
import io.davylamp.profile.jfr.ReaderFuzz;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The fuzz targets on some thousand changed seeds, always the same ones: a short part of the long runs that Jazzer made. */
class FuzzRegressionTest {
    private interface Target {
        void run(byte[] input) throws Exception;
    }

    /** Several bytes changed, cut, doubled or moved. */
    private static byte[] changed(byte[] seed, Random random) {
        byte[] input = seed.clone();
        for (int n = 1 + random.nextInt(4); n > 0 && input.length > 1; n--) {
            int at = random.nextInt(input.length);
            switch (random.nextInt(5)) {
                case 0 -> input[at] = (byte) random.nextInt();
                case 1 -> input[at] ^= (byte) (1 << random.nextInt(8));
                case 2 -> input[at] = (byte) (random.nextBoolean() ? 0xff : 0x7f);
                case 3 -> input = Arrays.copyOf(input, at);
                default -> {
                    int length = Math.min(8, input.length - at);
                    System.arraycopy(input, at, input, random.nextInt(input.length - length + 1), length);
                }
            }
        }
        return input;
    }

    private static void run(List<byte[]> seeds, int inputs, Target target) {
        Random random = new Random(3);
        for (int i = 0; i < inputs; i++) {
            byte[] input = changed(seeds.get(i % seeds.size()), random);
            assertThatCode(() -> target.run(input))
                    .as(() -> HexFormat.of().formatHex(input, 0, Math.min(200, input.length)))
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void anyRecordingIsReadOrRefused() {
        run(List.of(Recordings.bytes("tiny_demo.jfr")), 4_000, ReaderFuzz::fuzzerTestOneInput);
    }

    @Test
    void anySectionIsReadOrNamedAsDamaged() {
        run(new ArrayList<>(CodecFuzz.seeds()), 6_000, CodecFuzz::fuzzerTestOneInput);
    }

    @Test
    void filesOfOtherToolsAreReadOrRefused() throws IOException {
        run(ForeignFilesFuzz.seeds(), 8_000, ForeignFilesFuzz::fuzzerTestOneInput);
    }

    @Test
    void anyTextIsReadOrRefusedWithItsLine() {
        byte[] seed =
                "java/lang/Thread.run_[j];a.B.c_[i];do_sys_[k] 3\n# x\na;;b 12\n".getBytes(StandardCharsets.UTF_8);
        run(List.of(seed), 6_000, CollapsedFuzz::fuzzerTestOneInput);
    }
}
