package io.davylamp.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameTableTest {
    private record Frame(long method, int line, int type) {}

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private void varint(long value, int padding) {
        int done = 0;
        for (; (value & ~0x7fL) != 0 && done < 8; done++, value >>>= 7) {
            bytes.write((int) value & 0x7f | 0x80);
        }
        if (done == 8) {
            bytes.write((int) value);
            return;
        }
        int padded = Math.min(padding, 7 - done);
        bytes.write((int) value | (padded > 0 ? 0x80 : 0));
        for (int i = 1; i <= padded; i++) {
            bytes.write(i == padded ? 0 : 0x80);
        }
    }

    @Test
    void readsFramesOfAllLengthsWhereverTheyStand() throws IOException {
        Random random = new Random(7);
        long[] methods = {0, 1, 127, 128, 16_383, 16_384, 1 << 21, 1 << 28, 1L << 35, 1L << 49, 1L << 62, -1};
        int[] lines = {0, 1, 127, 128, 20_000, 1 << 21, Integer.MAX_VALUE, -1};
        int[] types = {0, 1, 6, 127, 128, 1 << 14};
        List<Frame> written = new ArrayList<>();
        for (int i = 0; i < 200_000; i++) { // more bytes than the reader's window
            Frame frame = new Frame(
                    methods[random.nextInt(random.nextInt(methods.length) + 1)],
                    lines[random.nextInt(random.nextInt(lines.length) + 1)],
                    types[random.nextInt(random.nextInt(types.length) + 1)]);
            boolean padded = random.nextInt(10) == 0;
            varint(frame.method(), padded ? random.nextInt(4) : 0);
            varint(frame.line(), padded ? random.nextInt(4) : 0);
            varint(random.nextInt(1 << random.nextInt(20)), 0);
            varint(frame.type(), padded ? random.nextInt(4) : 0);
            written.add(frame);
        }
        FrameTable table = new FrameTable();
        Input in = new Input(ByteSource.of(bytes.toByteArray()), 0, bytes.size());
        Map<Frame, Integer> numbers = new HashMap<>();
        Map<Long, Integer> numberOfKey = new HashMap<>();

        for (int at = 0; at < written.size(); ) {
            int depth = Math.min(random.nextInt(70), written.size() - at);
            long[] keys = new long[depth];
            table.readKeys(in, depth, keys);
            for (int f = 0; f < depth; f++, at++) {
                int number = table.number(keys[f]);
                Frame frame = written.get(at);
                assertThat(table.method(number)).isEqualTo(frame.method());
                assertThat(table.line(number)).isEqualTo(Math.max(0, frame.line()));
                assertThat(table.type(number)).isEqualTo(frame.type());
                Frame known = new Frame(frame.method(), Math.max(0, frame.line()), frame.type());
                assertThat(numbers.computeIfAbsent(known, k -> number)).isEqualTo(number);
                assertThat(numberOfKey.computeIfAbsent(keys[f], k -> number)).isEqualTo(number);
            }
        }

        assertThat(in.position()).isEqualTo(bytes.size());
        assertThat(table.size()).isEqualTo(numbers.size());
    }

    @Test
    void framesThatDifferInTheirBytecodeIndexAloneHaveOneKey() throws IOException {
        for (int index : new int[] {0, 5, 127, 128, 20_000}) {
            varint(77, 0);
            varint(1_234, 0);
            varint(index, 0);
            varint(3, 0);
        }
        bytes.write(new byte[Long.BYTES]); // at the end of a chunk frames are read one number at a time
        long[] keys = new long[5];

        new FrameTable().readKeys(new Input(ByteSource.of(bytes.toByteArray()), 0, bytes.size()), 5, keys);

        assertThat(keys).containsOnly(keys[0]);
    }

    @Test
    void numbersOnlyTheFramesThatAreAskedFor() throws IOException {
        for (int method = 0; method < 4; method++) {
            varint(method == 3 ? 1L << 60 : method, 0);
            varint(1, 0);
            varint(2, 0);
            varint(3, 0);
        }
        bytes.write(new byte[Long.BYTES]);
        FrameTable table = new FrameTable();
        long[] keys = new long[4];
        table.readKeys(new Input(ByteSource.of(bytes.toByteArray()), 0, bytes.size()), 4, keys);

        assertThat(table.size()).isZero();
        assertThat(table.number(keys[3])).isZero();
        assertThat(table.number(keys[1])).isEqualTo(1);
        assertThat(table.number(keys[3])).isZero();
        assertThat(table.size()).isEqualTo(2);
        assertThat(table.method(0)).isEqualTo(1L << 60);
        assertThat(table.method(1)).isEqualTo(1);
    }
}
