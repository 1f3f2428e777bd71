package io.davylamp.profile.jfr;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;

/** From the key of a stack trace to its node. Writers number their stacks nearly densely, so most keys are found in an array. */
final class StackNodes {
    private static final int ALWAYS_DENSE = 1 << 16;
    /** A file with few stacks must not make us allocate for keys that it only claims. */
    private static final int SLOTS_PER_STACK = 16;

    /** Nodes plus one, by key. */
    private int[] dense = new int[1 << 12];

    private final Long2IntOpenHashMap sparse = new Long2IntOpenHashMap();
    private int size;

    StackNodes() {
        sparse.defaultReturnValue(-1);
    }

    /** Puts {@code node} if {@code key} is absent. */
    void putIfAbsent(long key, int node) {
        if (get(key) >= 0) {
            return;
        }
        size++;
        if (key >= 0 && key < Math.max(ALWAYS_DENSE, (long) size * SLOTS_PER_STACK)) {
            if (key >= dense.length) {
                dense = Arrays.copyOf(dense, Integer.highestOneBit((int) key) * 2);
            }
            dense[(int) key] = node + 1;
        } else {
            sparse.put(key, node);
        }
    }

    /** The node, or -1. */
    int get(long key) {
        if (key >= 0 && key < dense.length && dense[(int) key] != 0) {
            return dense[(int) key] - 1;
        }
        return sparse.get(key);
    }
}
