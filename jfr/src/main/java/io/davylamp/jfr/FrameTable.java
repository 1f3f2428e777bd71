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
 * <p>A frame on disk is four varints, nearly always of eight bytes or less in all. Those bytes are its key: most frames of a
 * pool were seen before, and are found without decoding a number (gain: ImportBenchmark).
 */
public final class FrameTable {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LAST_BYTES = 0x8080808080808080L;

    // Drawn anew for each table, so that no file can hold keys that all fall into one slot.
    private final long spread = ThreadLocalRandom.current().nextLong() | 1;
    private final long spreadMethods = ThreadLocalRandom.current().nextLong() | 1;

    private long[] methods = new long[1 << 10];
    private int[] lines = new int[1 << 10];
    private int[] types = new int[1 << 10];
    private int size;

    /** Slots of two longs: the frame's bytes, and its number plus one. */
    private long[] byBytes = new long[2 << 12];

    private int byBytesSize;
    /** Slots of the number plus one, by content. */
    private int[] byContent = new int[1 << 12];

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

    /** Reads {@code depth} frames of four varints each: method, line, bytecode index, type. */
    void read(Input in, int depth, int[] into) throws IOException {
        byte[] window = in.window();
        for (int f = 0; f < depth; f++) {
            int pos = in.ensure(Long.BYTES);
            if (pos < 0) {
                into[f] = readSlowly(in);
                continue;
            }
            long bytes = (long) LONGS.get(window, pos);
            long last = ~bytes & LAST_BYTES;
            last &= last - 1;
            last &= last - 1;
            last &= last - 1;
            if (last == 0) {
                into[f] = readSlowly(in);
                continue;
            }
            int bits = (Long.numberOfTrailingZeros(last) & ~7) + 8;
            long key = bytes & -1L >>> 64 - bits;
            int mask = byBytes.length - 2;
            int slot = byteSlot(key, mask);
            long number;
            while ((number = byBytes[slot + 1]) != 0 && byBytes[slot] != key) {
                slot = slot + 2 & mask;
            }
            if (number == 0) {
                int frame = readSlowly(in);
                put(slot, key, frame);
                into[f] = frame;
            } else {
                in.advance(bits >>> 3);
                into[f] = (int) number - 1;
            }
        }
    }

    private int readSlowly(Input in) throws IOException {
        long method = in.readVar();
        int line = (int) in.readVar();
        in.readVar(); // bytecode index
        return of(method, line, (int) in.readVar());
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
