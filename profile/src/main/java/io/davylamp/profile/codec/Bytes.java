package io.davylamp.profile.codec;

import io.davylamp.profile.SymbolTable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;

/** Growing output and checked input of the numbers that docs/formats describe. Not thread-safe. */
public final class Bytes {
    private Bytes() {}

    /** Grows with what is written to it. */
    public static final class Out {
        private byte[] bytes = new byte[1 << 12];
        private int size;

        private void ensure(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
            }
        }

        /** LEB128 without sign. */
        public void varint(long value) {
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

        /** Its length in bytes, and UTF-8. */
        public void text(String text) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            varint(utf8.length);
            bytes(utf8, utf8.length);
        }

        public void bytes(byte[] from, int length) {
            ensure(length);
            System.arraycopy(from, 0, bytes, size, length);
            size += length;
        }

        void map(Map<String, String> texts) {
            varint(texts.size());
            texts.forEach((key, value) -> {
                text(key);
                text(value);
            });
        }

        /**
         * A column of numbers: the bytes of one rank of all numbers, then those of the next, as many ranks as the largest needs.
         * Bytes of the same rank are alike, and so compress better than numbers that stand one after the other.
         */
        public void column(int n, IntToLongFunction values) {
            long all = 0;
            boolean negative = false;
            for (int i = 0; i < n; i++) {
                long value = values.applyAsLong(i);
                all |= value ^ value >> 63;
                negative |= value < 0;
            }
            int bits = 64 - Long.numberOfLeadingZeros(all);
            if (negative) {
                bits++;
            }
            int width = Math.max(n > MAX_ROWS_OF_NOTHING ? 1 : 0, bits + 7 >> 3);
            ensure(1 + n * width);
            bytes[size++] = (byte) (negative ? width | SIGNED : width);
            for (int i = 0; i < n; i++) {
                long value = values.applyAsLong(i);
                long coded = negative ? value << 1 ^ value >> 63 : value;
                for (int rank = 0; rank < width; rank++) {
                    bytes[size + rank * n + i] = (byte) (coded >>> 8 * rank);
                }
            }
            size += n * width;
        }

        /** A column of which most numbers are zero: how many are not, the zeros before each of these, and these. */
        void sparse(int n, IntToLongFunction values) {
            int m = 0;
            for (int i = 0; i < n; i++) {
                m += values.applyAsLong(i) == 0 ? 0 : 1;
            }
            int[] zeros = new int[m];
            long[] others = new long[m];
            int at = 0;
            int zerosBefore = 0;
            for (int i = 0; i < n; i++) {
                long value = values.applyAsLong(i);
                if (value == 0) {
                    zerosBefore++;
                } else {
                    zeros[at] = zerosBefore;
                    others[at++] = value;
                    zerosBefore = 0;
                }
            }
            varint(m);
            column(m, i -> zeros[i]);
            column(m, i -> others[i]);
        }

        /**
         * Texts in the order of their bytes: how many, how many bytes each has in common with the one before it, how many more it
         * has, and these. Neighbours begin alike.
         */
        void sortedTexts(byte[][] texts) {
            int n = texts.length;
            int[] common = new int[n];
            int length = 0;
            for (int i = 0; i < n; i++) {
                int mismatch = i == 0 ? 0 : Arrays.mismatch(texts[i - 1], texts[i]);
                common[i] = mismatch < 0 ? texts[i].length : mismatch;
                length += texts[i].length - common[i];
            }
            varint(n);
            column(n, i -> common[i]);
            column(n, i -> texts[i].length - common[i]);
            ensure(length);
            for (int i = 0; i < n; i++) {
                int more = texts[i].length - common[i];
                System.arraycopy(texts[i], common[i], bytes, size, more);
                size += more;
            }
        }

        /** Writes the collected bytes to {@code out}, without copying them first. */
        public void writeTo(OutputStream out) throws IOException {
            out.write(bytes, 0, size);
        }

        byte[] toArray() {
            return Arrays.copyOf(bytes, size);
        }
    }

    /** Longer columns have a byte a row at least: a count alone must not make a reader allocate. */
    private static final int MAX_ROWS_OF_NOTHING = 1 << 16;

    /** Marks the width of a column whose numbers are zigzag. */
    private static final int SIGNED = 0x80;

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

        /** A count of texts, and these, which are decoded later. */
        SymbolTable symbols() throws IOException {
            int[] bounds = new int[2 * count(1)];
            for (int i = 0; i < bounds.length; i += 2) {
                int length = count(1);
                bounds[i] = pos;
                pos += length;
                bounds[i + 1] = pos;
            }
            return SymbolTable.of(bytes, bounds);
        }

        /**
         * Texts of {@link Out#sortedTexts}, which are decoded later.
         *
         * @param maxBytes of all texts together: a few bytes may stand for long texts
         */
        SymbolTable sortedSymbols(int maxBytes) throws IOException {
            int n = rows(Integer.MAX_VALUE - 1);
            int[] common = indexes(n, Integer.MAX_VALUE);
            int[] more = indexes(n, Integer.MAX_VALUE);
            long all = 0;
            long stored = 0;
            for (int i = 0; i < n; i++) {
                int before = i == 0 ? 0 : common[i - 1] + more[i - 1];
                if (common[i] > before) {
                    throw damaged("text " + i + " has " + common[i] + " bytes in common with one of " + before);
                }
                stored += more[i];
                all += (long) common[i] + more[i];
                if (stored > bytes.length - pos || all > maxBytes) {
                    throw damaged("texts of " + all + " bytes, of which " + stored + " are stored; "
                            + (bytes.length - pos) + " bytes are left, and " + maxBytes + " may be used");
                }
            }
            byte[] texts = new byte[(int) all];
            int[] bounds = new int[2 * n];
            int at = 0;
            for (int i = 0; i < n; i++) {
                System.arraycopy(texts, i == 0 ? 0 : bounds[2 * i - 2], texts, at, common[i]);
                System.arraycopy(bytes, pos, texts, at + common[i], more[i]);
                pos += more[i];
                bounds[2 * i] = at;
                at += common[i] + more[i];
                bounds[2 * i + 1] = at;
            }
            return SymbolTable.of(texts, bounds);
        }

        byte[] bytes(int length) throws IOException {
            if (length > bytes.length - pos) {
                throw damaged(length + " bytes are needed, " + (bytes.length - pos) + " are left");
            }
            pos += length;
            return Arrays.copyOfRange(bytes, pos - length, pos);
        }

        SortedMap<String, String> map() throws IOException {
            SortedMap<String, String> texts = new TreeMap<>();
            for (int n = count(2); n > 0; n--) {
                texts.put(text(), text());
            }
            return texts;
        }

        /** A count of rows of columns; each column must still prove that it has its bytes. */
        int rows(int max) throws IOException {
            return index(max + 1);
        }

        long[] column(int n) throws IOException {
            if (pos == bytes.length) {
                throw damaged("the section ends before a column");
            }
            int head = bytes[pos++] & 0xff;
            int width = head & ~SIGNED;
            if (width > Long.BYTES || width == 0 && n > MAX_ROWS_OF_NOTHING || (long) n * width > bytes.length - pos) {
                throw damaged("a column of " + n + " numbers of " + width + " bytes, but " + (bytes.length - pos)
                        + " bytes are left");
            }
            long[] values = new long[n];
            for (int rank = 0; rank < width; rank++) {
                int shift = 8 * rank;
                for (int i = 0; i < n; i++) {
                    values[i] |= (bytes[pos + i] & 0xffL) << shift;
                }
                pos += n;
            }
            if ((head & SIGNED) != 0) {
                for (int i = 0; i < n; i++) {
                    values[i] = values[i] >>> 1 ^ -(values[i] & 1);
                }
            }
            return values;
        }

        /** A column of numbers from 0 to below {@code bound}. */
        int[] indexes(int n, int bound) throws IOException {
            if (pos == bytes.length) {
                throw damaged("the section ends before a column");
            }
            int width = bytes[pos++] & 0xff;
            if (width > Integer.BYTES
                    || width == 0 && n > MAX_ROWS_OF_NOTHING
                    || (long) n * width > bytes.length - pos) {
                throw damaged("a column of " + n + " indexes of " + width + " bytes, but " + (bytes.length - pos)
                        + " bytes are left");
            }
            int[] values = new int[n];
            for (int rank = 0; rank < width; rank++) {
                int shift = 8 * rank;
                for (int i = 0; i < n; i++) {
                    values[i] |= (bytes[pos + i] & 0xff) << shift;
                }
                pos += n;
            }
            for (int i = 0; i < n; i++) {
                if (values[i] < 0 || values[i] >= bound) {
                    throw damaged("index " + values[i] + " is outside of 0 to " + (bound - 1));
                }
            }
            return values;
        }

        /**
         * A column of {@link Out#sparse}, of numbers from 0 to below {@code bound}.
         *
         * @param n at most as many as the caller may allocate for a few bytes
         */
        int[] sparseIndexes(int n, int bound) throws IOException {
            int m = rows(n);
            int[] zeros = indexes(m, n);
            int[] others = indexes(m, bound);
            int[] values = new int[n];
            long at = -1;
            for (int i = 0; i < m; i++) {
                at += 1L + zeros[i];
                if (at >= n) {
                    throw damaged("number " + i + " of a column stands at " + at + " of " + n);
                }
                values[(int) at] = others[i];
            }
            return values;
        }

        void requireEnd() throws IOException {
            if (pos != bytes.length) {
                throw damaged((bytes.length - pos) + " bytes are left over");
            }
        }
    }
}
