package io.davylamp.profile;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Names by number, of classes, methods and spans; number 0 is the empty string. A stored table decodes a name when somebody first
 * asks for it: a merge of a hundred instances knows nearly all of them by their {@link #hash}. Thread-safe; its contents do not change.
 */
public final class SymbolTable {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    // Drawn anew for each process, so that no recording can hold names that are mistaken for each other.
    private static final long SEED = ThreadLocalRandom.current().nextLong();
    private static final long SPREAD = ThreadLocalRandom.current().nextLong() | 1;

    /** Null when all names are in {@link #texts}. */
    private final byte[] utf8;
    /** Where each name begins and ends. */
    private final int[] bounds;
    /** By number; null where nobody asked yet. Two threads may decode the same name: strings are safe to share so. */
    private final String[] texts;

    private SymbolTable(byte[] utf8, int[] bounds, String[] texts) {
        this.utf8 = utf8;
        this.bounds = bounds;
        this.texts = texts;
    }

    /** @param texts belongs to the table from now on */
    public static SymbolTable of(String[] texts) {
        return new SymbolTable(null, null, texts);
    }

    /**
     * A table of names that are not decoded yet. Both arrays belong to it from now on.
     *
     * @param bounds where in {@code utf8} each name begins and ends: two numbers for each
     */
    public static SymbolTable of(byte[] utf8, int[] bounds) {
        return new SymbolTable(utf8, bounds, new String[bounds.length / 2]);
    }

    public int size() {
        return texts.length;
    }

    public String get(int number) {
        String text = texts[number];
        if (text == null) {
            int begin = bounds[2 * number];
            text = new String(utf8, begin, bounds[2 * number + 1] - begin, StandardCharsets.UTF_8);
            texts[number] = text;
        }
        return text;
    }

    /**
     * A number that two equal names have in every table of this process, and two others with a chance of 2<sup>-64</sup>: among a
     * million names some two are mistaken for each other with a chance below one in ten million. Another process has other numbers.
     */
    public long hash(int number) {
        if (utf8 != null) {
            return hash(utf8, bounds[2 * number], bounds[2 * number + 1]);
        }
        byte[] bytes = texts[number].getBytes(StandardCharsets.UTF_8);
        return hash(bytes, 0, bytes.length);
    }

    /** The number of two numbers, in this order, as {@link #hash} makes them. */
    public static long hash(long one, long other) {
        return mixed(mixed(SEED, one), other);
    }

    private static long hash(byte[] bytes, int begin, int end) {
        long hash = mixed(SEED, end - begin);
        int i = begin;
        for (; i + Long.BYTES <= end; i += Long.BYTES) {
            hash = mixed(hash, (long) LONGS.get(bytes, i));
        }
        long rest = 0;
        for (; i < end; i++) {
            rest = rest << 8 | bytes[i] & 0xff;
        }
        return mixed(hash, rest);
    }

    /** Both halves of a product: each bit of either number reaches all of them. */
    private static long mixed(long hash, long with) {
        long number = hash ^ with;
        return Math.multiplyHigh(number, SPREAD) ^ number * SPREAD;
    }

    /** Bytes in memory, about. */
    long weightBytes() {
        long bytes = 8L * texts.length;
        if (utf8 != null) {
            return bytes + utf8.length + 4L * bounds.length;
        }
        for (String text : texts) {
            bytes += 48 + text.length();
        }
        return bytes;
    }
}
