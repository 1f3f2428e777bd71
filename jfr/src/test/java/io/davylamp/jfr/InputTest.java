package io.davylamp.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InputTest {
    private static Input of(byte... bytes) {
        return new Input(ByteSource.of(bytes), 0, bytes.length);
    }

    /** From the format's description, not from the reader: groups of seven bits, the ninth byte whole. */
    private static void write(long value, ByteArrayOutputStream out) {
        long rest = value;
        for (int i = 0; i < 8; i++) {
            if ((rest & ~0x7fL) == 0) {
                out.write((int) rest);
                return;
            }
            out.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    @Test
    void readsVarintsOfEveryLengthOverTheEdgesOfItsWindow() throws IOException {
        Random random = new Random(7);
        long[] values = new long[200_000];
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextLong() >>> random.nextInt(64);
            write(values[i], out);
        }

        Input in = of(out.toByteArray());
        for (int i = 0; i < values.length; i++) {
            assertThat(in.readVar()).as("value %d", i).isEqualTo(values[i]);
        }
        assertThatThrownBy(in::readVar).isInstanceOf(MalformedJfrException.class);
    }

    @Test
    void readsPaddedVarints() throws IOException {
        assertThat(of((byte) 0x85, (byte) 0x80, (byte) 0x80, (byte) 0).readVar())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "grüße", "日本"})
    void readsStringsInEveryEncoding(String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(utf8.length, out);
        out.writeBytes(utf8);
        write(text.length(), out);
        text.chars().forEach(c -> write(c, out));

        Input in = of(out.toByteArray());

        assertThat(in.readStringBody(Input.STRING_UTF8, "x", 100)).isEqualTo(text);
        assertThat(in.readStringBody(Input.STRING_CHARS, "x", 100)).isEqualTo(text);
        assertThat(in.readStringBody(Input.STRING_EMPTY, "x", 100)).isEmpty();
        assertThat(in.readStringBody(Input.STRING_NULL, "x", 100)).isNull();
    }

    @Test
    void refusesACountThatTheRestCannotHold() {
        assertThatThrownBy(() -> of((byte) 100, (byte) 0).readCount("frames", 1_000, 4))
                .hasMessage("frames at offset 0: count 100, but only 1 bytes are left");
        assertThatThrownBy(() -> of((byte) 100, (byte) 0).readCount("frames", 50, 0))
                .hasMessage("frames at offset 0: count 100 is outside of 0 to 50");
    }

    @Test
    void refusesToLeaveItsRegion() {
        assertThatThrownBy(() -> of(new byte[10]).skip(11, "event")).isInstanceOf(MalformedJfrException.class);
        assertThatThrownBy(() -> of(new byte[10]).skip(-1, "event")).isInstanceOf(MalformedJfrException.class);
        assertThatThrownBy(() -> of(new byte[10]).seek(11, "event")).isInstanceOf(MalformedJfrException.class);
    }
}
