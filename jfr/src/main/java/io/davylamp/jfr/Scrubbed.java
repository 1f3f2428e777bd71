package io.davylamp.jfr;

import java.util.Arrays;

/**
 * Where a recording has secrets, and what stands there instead: as many bytes, so that all lengths and offsets stay true. The
 * same bytes read through {@link #apply} make a recording that every reader opens. Immutable once it is made; thread-safe.
 */
public final class Scrubbed {
    /** Stretches of one recording; what has more is refused. */
    static final int MAX_STRETCHES = 4_000_000;

    private static final byte STARS = 0;
    /** A star as one integer of several bytes, in a string of integers. */
    private static final byte LONG_STAR = 1;

    private static final byte ZEROS = 2;

    private long[] from = new long[16];
    private int[] length = new int[16];
    private byte[] kind = new byte[16];
    private int count;
    private long bytes;

    Scrubbed() {}

    private void add(long at, long size, byte what) throws MalformedJfrException {
        for (long done = 0; done < size; ) {
            int piece = (int) Math.min(size - done, 1 << 30);
            if (count > 0
                    && what != LONG_STAR
                    && kind[count - 1] == what
                    && from[count - 1] + length[count - 1] == at + done
                    && length[count - 1] < 1 << 29
                    && piece < 1 << 29) {
                length[count - 1] += piece;
            } else {
                if (count == MAX_STRETCHES) {
                    throw new MalformedJfrException(at, "secrets", "more than " + MAX_STRETCHES + " stretches of them");
                }
                if (count == from.length) {
                    from = Arrays.copyOf(from, count * 2);
                    length = Arrays.copyOf(length, count * 2);
                    kind = Arrays.copyOf(kind, count * 2);
                }
                from[count] = at + done;
                length[count] = piece;
                kind[count++] = what;
            }
            done += piece;
        }
        bytes += size;
    }

    void stars(long at, long size) throws MalformedJfrException {
        add(at, size, STARS);
    }

    void star(long at, int size) throws MalformedJfrException {
        add(at, size, size == 1 ? STARS : LONG_STAR);
    }

    void zeros(long at, long size) throws MalformedJfrException {
        add(at, size, ZEROS);
    }

    /** Orders the stretches, which were found chunk by chunk but not byte by byte. */
    Scrubbed sorted() {
        boolean ordered = true;
        for (int i = 1; i < count; i++) {
            ordered &= from[i - 1] <= from[i];
        }
        if (ordered) {
            return this;
        }
        Integer[] order = new Integer[count];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Long.compare(from[a], from[b]));
        Scrubbed sorted = new Scrubbed();
        sorted.from = new long[count];
        sorted.length = new int[count];
        sorted.kind = new byte[count];
        for (int i = 0; i < count; i++) {
            sorted.from[i] = from[order[i]];
            sorted.length[i] = length[order[i]];
            sorted.kind[i] = kind[order[i]];
        }
        sorted.count = count;
        sorted.bytes = bytes;
        return sorted;
    }

    /** Whether nothing was found. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Bytes that are overwritten. */
    public long bytes() {
        return bytes;
    }

    /**
     * Overwrites the secrets in a piece of the recording.
     *
     * @param position of the piece in the recording
     */
    public void apply(long position, byte[] piece, int offset, int size) {
        int i = Arrays.binarySearch(from, 0, count, position);
        i = i >= 0 ? i : Math.max(0, -i - 2);
        for (; i < count && from[i] < position + size; i++) {
            int begin = (int) Math.max(0, from[i] - position);
            int end = (int) Math.min(size, from[i] + length[i] - position);
            for (int at = begin; at < end; at++) {
                piece[offset + at] = at(i, (int) (position + at - from[i]));
            }
        }
    }

    private byte at(int stretch, int index) {
        return switch (kind[stretch]) {
            case ZEROS -> 0;
            case STARS -> '*';
            default -> (byte) (index == 0 ? 0x80 | '*' : index == length[stretch] - 1 ? 0 : 0x80);
        };
    }
}
