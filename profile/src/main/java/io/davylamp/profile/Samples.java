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

    /** Returns the number of the profiler's samples in all rows. */
    public long weights() {
        long sum = 0;
        for (Block block : blocks) {
            if (block.weight == null) {
                sum += block.size;
                continue;
            }
            for (int i = 0; i < block.size; i++) {
                sum += block.weight[i];
            }
        }
        return sum;
    }

    /** The time that each sample is worth; 0 when these are no samples of time, or they are not worth the same. */
    public long intervalNanos(Measure measure) {
        if (!measure.isSampledTime()) {
            return 0;
        }
        long interval = 0;
        for (Block block : blocks) {
            for (int i = 0; i < block.size; i++) {
                long weight = block.weight(i);
                if (interval == 0 && weight > 0) {
                    interval = block.value[i] / weight;
                }
                if (block.value[i] != weight * interval) {
                    return 0;
                }
            }
        }
        return interval;
    }

    public List<Block> blocks() {
        return blocks;
    }

    void add(long timeNanos, int stack, int thread, byte state, long value, int weight) {
        Block last = blocks.isEmpty() ? null : blocks.get(blocks.size() - 1);
        if (last == null || last.size == BLOCK) {
            last = new Block();
            blocks.add(last);
        }
        last.add(timeNanos, stack, thread, state, value, weight);
        size++;
    }

    /** Bytes in memory, about. */
    public long weightBytes() {
        long bytes = 0;
        for (Block block : blocks) {
            bytes += (block.weight == null ? 25L : 29L) * block.stack.length;
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
                    add(
                            block.timeNanos[i],
                            block.stack[i],
                            block.thread[i],
                            block.state[i],
                            block.value[i],
                            block.weight(i));
                }
            }
        }
    }

    /** Gives back what the last block has reserved for rows that do not come. */
    void trim() {
        if (!blocks.isEmpty()) {
            blocks.get(blocks.size() - 1).trim();
        }
    }

    /** Makes each row worth its weight times {@code nanos}; what passes 63 bits becomes the largest number. */
    void scale(long nanos) {
        for (Block block : blocks) {
            for (int i = 0; i < block.size; i++) {
                long weight = block.weight(i);
                block.value[i] = weight > Long.MAX_VALUE / nanos ? Long.MAX_VALUE : weight * nanos;
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
        /** The number of samples in each row; null when each row is one sample. */
        int[] weight;

        Block() {
            this(0, new long[1024], new int[1024], new int[1024], new byte[1024], new long[1024]);
        }

        public Block(int size, long[] timeNanos, int[] stack, int[] thread, byte[] state, long[] value) {
            this(size, timeNanos, stack, thread, state, value, null);
        }

        /** @param weight how many samples each row stands for; null when all stand for one */
        public Block(int size, long[] timeNanos, int[] stack, int[] thread, byte[] state, long[] value, int[] weight) {
            this.size = size;
            this.timeNanos = timeNanos;
            this.stack = stack;
            this.thread = thread;
            this.state = state;
            this.value = value;
            this.weight = weight;
        }

        void add(long time, int stackNode, int threadIndex, byte stateIndex, long amount, int samples) {
            if (size == stack.length) {
                resize(Math.max(16, Math.min(BLOCK, size * 4)));
            }
            if (samples != 1 && weight == null) {
                weight = new int[stack.length];
                Arrays.fill(weight, 0, size, 1);
            }
            if (weight != null) {
                weight[size] = samples;
            }
            timeNanos[size] = time;
            stack[size] = stackNode;
            thread[size] = threadIndex;
            state[size] = stateIndex;
            value[size++] = amount;
        }

        private void resize(int rows) {
            timeNanos = Arrays.copyOf(timeNanos, rows);
            stack = Arrays.copyOf(stack, rows);
            thread = Arrays.copyOf(thread, rows);
            state = Arrays.copyOf(state, rows);
            value = Arrays.copyOf(value, rows);
            weight = weight == null ? null : Arrays.copyOf(weight, rows);
        }

        void trim() {
            if (size < stack.length / 2) {
                resize(size);
            }
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

        /** Returns the number of samples in a row: the samples of a thread that kept sleeping are one row. */
        public int weight(int row) {
            return weight == null ? 1 : weight[row];
        }

        /** Whether some row stands for another number of samples than one. */
        public boolean isWeighted() {
            return weight != null;
        }
    }
}
