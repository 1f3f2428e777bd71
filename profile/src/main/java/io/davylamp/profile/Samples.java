package io.davylamp.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The samples of one measure, as columns in blocks of at most {@link #BLOCK} rows, so that they grow without copying and are
 * stored and read block by block. Append while building, then read only; reading is thread-safe.
 */
public final class Samples {
    public static final int BLOCK = 1 << 16;

    private final List<Block> blocks;
    private long size;

    Samples() {
        this(new ArrayList<>());
    }

    private Samples(List<Block> blocks) {
        this.blocks = blocks;
        for (Block block : blocks) {
            size += block.size;
        }
    }

    public static Samples of(List<Block> blocks) {
        return new Samples(new ArrayList<>(blocks));
    }

    public long size() {
        return size;
    }

    public List<Block> blocks() {
        return blocks;
    }

    void add(long timeNanos, int stack, int thread, byte state, long value) {
        Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
        if (last == null || last.size == BLOCK) {
            last = new Block();
            blocks.add(last);
        }
        last.add(timeNanos, stack, thread, state, value);
        size++;
    }

    /** Bytes in memory, about. */
    public long weightBytes() {
        long bytes = 0;
        for (Block block : blocks) {
            bytes += 25L * block.stack.length;
        }
        return bytes;
    }

    /** Takes over all rows of {@code others}, which must not be used afterwards. */
    void addAll(Samples others) {
        for (Block block : others.blocks) {
            if (block.size > BLOCK / 2) {
                blocks.add(block);
                size += block.size;
            } else {
                for (int i = 0; i < block.size; i++) {
                    add(block.timeNanos[i], block.stack[i], block.thread[i], block.state[i], block.value[i]);
                }
            }
        }
    }

    /** Rows of one block; the arrays are valid up to {@link #size}. */
    public static final class Block {
        int size;
        /** Nanoseconds since the profile's start. */
        long[] timeNanos;

        /** Node of {@link Profile#stackParent()}. */
        int[] stack;

        int[] thread;
        byte[] state;
        long[] value;

        Block() {
            this(0, new long[1024], new int[1024], new int[1024], new byte[1024], new long[1024]);
        }

        public Block(int size, long[] timeNanos, int[] stack, int[] thread, byte[] state, long[] value) {
            this.size = size;
            this.timeNanos = timeNanos;
            this.stack = stack;
            this.thread = thread;
            this.state = state;
            this.value = value;
        }

        void add(long time, int stackNode, int threadIndex, byte stateIndex, long amount) {
            if (size == stack.length) {
                int grown = Math.min(BLOCK, size * 4);
                timeNanos = Arrays.copyOf(timeNanos, grown);
                stack = Arrays.copyOf(stack, grown);
                thread = Arrays.copyOf(thread, grown);
                state = Arrays.copyOf(state, grown);
                value = Arrays.copyOf(value, grown);
            }
            timeNanos[size] = time;
            stack[size] = stackNode;
            thread[size] = threadIndex;
            state[size] = stateIndex;
            value[size++] = amount;
        }

        public int size() {
            return size;
        }

        public long timeNanos(int row) {
            return timeNanos[row];
        }

        public int stack(int row) {
            return stack[row];
        }

        public int thread(int row) {
            return thread[row];
        }

        public byte state(int row) {
            return state[row];
        }

        public long value(int row) {
            return value[row];
        }
    }
}
