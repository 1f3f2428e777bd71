package io.davylamp.profile.codec;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Growing output and checked input of varints, for one section. */
final class Bytes {
    private Bytes() {}

    static final class Out {
        private byte[] bytes = new byte[1 << 12];
        private int size;

        private void ensure(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }

        void varint(long value) {
            ensure(10);
            long v = value;
            while ((v & ~0x7fL) != 0) {
                bytes[size++] = (byte) (v | 0x80);
                v >>>= 7;
            }
            bytes[size++] = (byte) v;
        }

        /** Small for values near zero on both sides. */
        void zigzag(long value) {
            varint(value << 1 ^ value >> 63);
        }

        void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            varint(utf8.length);
            bytes(utf8, utf8.length);
        }

        void bytes(byte[] from, int length) {
            ensure(length);
            System.arraycopy(from, 0, bytes, size, length);
            size += length;
        }

        byte[] toArray() {
            return Arrays.copyOf(bytes, size);
        }
    }

    static final class In {
        private final String section;
        private final byte[] bytes;
        private int pos;

        In(String section, byte[] bytes) {
            this.section = section;
            this.bytes = bytes;
        }

        DamagedProfileException damaged(String reason) {
            return new DamagedProfileException(section, "at byte " + pos + ", " + reason);
        }

        long varint() throws IOException {
            long value = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                if (pos == bytes.length) {
                    throw damaged("the section ends inside a number");
                }
                byte b = bytes[pos++];
                value |= (b & 0x7fL) << shift;
                if (b >= 0) {
                    return value;
                }
            }
            throw damaged("a number is longer than 10 bytes");
        }

        long zigzag() throws IOException {
            long v = varint();
            return v >>> 1 ^ -(v & 1);
        }

        /** A count of things that take at least {@code minBytes} each. */
        int count(int minBytes) throws IOException {
            long n = varint();
            if (n < 0 || n * minBytes > bytes.length - pos) {
                throw damaged("count " + n + ", but " + (bytes.length - pos) + " bytes are left");
            }
            return (int) n;
        }

        int index(int bound) throws IOException {
            long n = varint();
            if (n < 0 || n >= bound) {
                throw damaged("index " + n + " is outside of 0 to " + (bound - 1));
            }
            return (int) n;
        }

        String text() throws IOException {
            int length = count(1);
            String text = new String(bytes, pos, length, StandardCharsets.UTF_8);
            pos += length;
            return text;
        }

        byte[] bytes(int length) throws IOException {
            if (length > bytes.length - pos) {
                throw damaged(length + " bytes are needed, " + (bytes.length - pos) + " are left");
            }
            pos += length;
            return Arrays.copyOfRange(bytes, pos - length, pos);
        }

        void requireEnd() throws IOException {
            if (pos != bytes.length) {
                throw damaged((bytes.length - pos) + " bytes are left over");
            }
        }
    }
}
