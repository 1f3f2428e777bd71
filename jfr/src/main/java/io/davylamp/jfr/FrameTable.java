package io.davylamp.jfr;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The distinct frames of one chunk's stack traces by number, dense from 0: method, line and frame type; frames that differ in
 * their bytecode index alone are one. Grows with the distinct frames, not with the stacks. Not thread-safe while it is read.
 *
 * <p>A frame on disk is four varints, nearly always of eight bytes or less in all. Those bytes without the bytecode index are
 * its key. Making a key costs a few instructions and no look at any table; only frames of paths that are new are looked up
 * (gain: ImportBench).
 */
public final class FrameTable {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LAST_BYTES = 0x8080808080808080L;
    /** Keys with this bit are no bytes: the last byte of a varint lacks it. */
    private static final long NO_BYTES = 1L << 63;
    /** Keys with this bit too are numbers of frames, others are rows of {@link #wide}. */
    private static final long NUMBERED = 1L << 62;

    // Drawn anew for each table, so that no file can hold keys that all fall into one slot.
    private final long spread = ThreadLocalRandom.current().nextLong() | 1;
    private final long spreadMethods = ThreadLocalRandom.current().nextLong() | 1;

    private long[] methods = new long[1 << 10];
    private int[] lines = new int[1 << 10];
    private int[] types = new int[1 << 10];
    private int size;

    /** Slots of two longs: a frame's key, and its number plus one. */
    private long[] byBytes = new long[2 << 12];

    private int byBytesSize;
    /** Slots of the number plus one, by content. */
    private int[] byContent = new int[1 << 12];

    /** Frames whose bytes are too long for a key, in a table without wide frames of its own; null until there is one. */
    private FrameTable wide;

    FrameTable() {}

    public int size() {
        return size;
    }

    /** Key into the method pool. */
    public long method(int frame) {
        return methods[frame];
    }

    /** 0 when unknown. */
    public int line(int frame) {
        return lines[frame];
    }

    /** Key into the frame type pool. */
    public int type(int frame) {
        return types[frame];
    }

    /** Reads the keys of {@code depth} frames of four varints each: method, line, bytecode index, type. */
    void readKeys(Input in, int depth, long[] into) throws IOException {
        byte[] window = in.window();
        int f = 0;
        while (f < depth) {
            int start = in.ensure(Long.BYTES);
            if (start < 0) {
                into[f++] = wideKey(in);
                continue;
            }
            int last = in.limit() - Long.BYTES;
            int pos = start;
            boolean isWide = false;
            for (; f < depth && pos <= last; f++) {
                long bytes = (long) LONGS.get(window, pos);
                // One bit for the last byte of each varint; the lowest of them ends the method, the line, and so on.
                long ends = ~bytes & LAST_BYTES;
                ends &= ends - 1;
                long afterLine = ends & ends - 1;
                long afterIndex = afterLine & afterLine - 1;
                if (afterIndex == 0) {
                    isWide = true;
                    break;
                }
                int lineBits = Long.numberOfTrailingZeros(ends) + 1;
                int indexBits = Long.numberOfTrailingZeros(afterLine) + 1;
                int bits = Long.numberOfTrailingZeros(afterIndex) + 1;
                into[f] = bytes & -1L >>> 64 - lineBits | (bytes & -1L >>> 64 - bits) >>> indexBits << lineBits;
                pos += bits >>> 3;
            }
            in.advance(pos - start);
            if (isWide) {
                into[f++] = wideKey(in);
            }
        }
    }

    private long wideKey(Input in) throws IOException {
        long method = in.readVar();
        int line = (int) in.readVar();
        in.readVar(); // bytecode index
        int type = (int) in.readVar();
        wide = wide == null ? new FrameTable() : wide;
        return NO_BYTES | wide.of(method, line, type);
    }

    /** The key of a frame that has its number already. */
    static long keyOf(int number) {
        return NO_BYTES | NUMBERED | number;
    }

    /** The number of the frame with that key; a new one, if no frame with its content was asked for before. */
    public int number(long key) {
        if (key < 0) {
            int row = (int) key;
            return (key & NUMBERED) != 0 ? row : of(wide.methods[row], wide.lines[row], wide.types[row]);
        }
        int mask = byBytes.length - 2;
        int slot = byteSlot(key, mask);
        long number;
        while ((number = byBytes[slot + 1]) != 0) {
            if (byBytes[slot] == key) {
                return (int) number - 1;
            }
            slot = slot + 2 & mask;
        }
        return add(slot, key);
    }

    private int add(int slot, long key) {
        int lineAt = varintBytes(key, 0);
        int typeAt = lineAt + varintBytes(key, lineAt);
        int end = typeAt + varintBytes(key, typeAt);
        int frame = of(varint(key, 0, lineAt), (int) varint(key, lineAt, typeAt), (int) varint(key, typeAt, end));
        put(slot, key, frame);
        return frame;
    }

    private static int varintBytes(long key, int at) {
        return (Long.numberOfTrailingZeros(~(key >>> at * 8) & LAST_BYTES) >>> 3) + 1;
    }

    private static long varint(long key, int from, int to) {
        long value = 0;
        for (int i = from; i < to; i++) {
            value |= (key >>> i * 8 & 0x7f) << (i - from) * 7;
        }
        return value;
    }

    private void put(int slot, long key, int frame) {
        byBytes[slot] = key;
        byBytes[slot + 1] = frame + 1L;
        if (++byBytesSize * 4 > byBytes.length) {
            long[] old = byBytes;
            byBytes = new long[old.length * 2];
            int mask = byBytes.length - 2;
            for (int i = 0; i < old.length; i += 2) {
                if (old[i + 1] != 0) {
                    int to = byteSlot(old[i], mask);
                    while (byBytes[to + 1] != 0) {
                        to = to + 2 & mask;
                    }
                    byBytes[to] = old[i];
                    byBytes[to + 1] = old[i + 1];
                }
            }
        }
    }

    private int byteSlot(long key, int mask) {
        return (int) (key * spread >>> 33) << 1 & mask;
    }

    /** The number of a frame; a line of 0 or less is unknown. */
    int of(long method, int line, int type) {
        int known = Math.max(0, line);
        int mask = byContent.length - 1;
        int slot = contentSlot(method, known, type, mask);
        for (int f; (f = byContent[slot] - 1) >= 0; slot = slot + 1 & mask) {
            if (methods[f] == method && lines[f] == known && types[f] == type) {
                return f;
            }
        }
        if (size == methods.length) {
            methods = Arrays.copyOf(methods, size * 2);
            lines = Arrays.copyOf(lines, size * 2);
            types = Arrays.copyOf(types, size * 2);
        }
        methods[size] = method;
        lines[size] = known;
        types[size] = type;
        byContent[slot] = ++size;
        if (size * 2 > byContent.length) {
            byContent = new int[byContent.length * 2];
            mask = byContent.length - 1;
            for (int f = 0; f < size; f++) {
                slot = contentSlot(methods[f], lines[f], types[f], mask);
                while (byContent[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                byContent[slot] = f + 1;
            }
        }
        return size - 1;
    }

    private int contentSlot(long method, int line, int type, int mask) {
        long h = (method * spreadMethods + ((long) line << 8 ^ type)) * spread;
        return (int) (h >>> 35) & mask;
    }
}
