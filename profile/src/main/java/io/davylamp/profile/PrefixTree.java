package io.davylamp.profile;

import java.util.Arrays;

/**
 * Nodes by parent and frame, each pair once; node 0 is the root. A parent comes before its children: {@code parent(i) < i}. Not
 * thread-safe.
 *
 * <p>Most nodes have one child, and a new path is a run of new nodes: so children are a short list per parent, whose memory is
 * sequential along a path. A hash table would cost several cache misses for each frame of each stack (gain: ImportBenchmark).
 * Only the children that a parent has beyond the first few are found by hash.
 */
public final class PrefixTree {
    /** Children that are found by walking; further ones are in {@link #wideTable}. */
    private static final int NARROW = 16;

    // Four ints per node, so that a step to a node is one cache line, not four.
    private static final int STRIDE = 4;
    private static final int PARENT = 0;
    private static final int FRAME = 1;
    /** 0 for none: the root is nobody's child. */
    private static final int FIRST_CHILD = 2;

    private static final int NEXT_SIBLING = 3;

    private int[] cells = new int[STRIDE << 10];
    private int size = 1;
    private int[] wideTable = new int[1 << 6];
    private int wide;

    public PrefixTree() {
        cells[PARENT] = -1;
        cells[FRAME] = -1;
    }

    /** Number of nodes, the root included. */
    public int size() {
        return size;
    }

    /** Caller of the node, as an index below it; -1 for the root. */
    public int parent(int node) {
        return cells[node * STRIDE + PARENT];
    }

    /** The node's frame; -1 for the root. */
    public int frame(int node) {
        return cells[node * STRIDE + FRAME];
    }

    int[] parents() {
        return column(PARENT);
    }

    int[] frames() {
        return column(FRAME);
    }

    private int[] column(int which) {
        int[] column = new int[size];
        for (int i = 0; i < size; i++) {
            column[i] = cells[i * STRIDE + which];
        }
        return column;
    }

    /** The node that {@code f} has below {@code under}; a new one, whose index is the size before, if there was none. */
    public int child(int under, int f) {
        int steps = 0;
        for (int n = cells[under * STRIDE + FIRST_CHILD]; n != 0; n = cells[n * STRIDE + NEXT_SIBLING]) {
            if (cells[n * STRIDE + FRAME] == f) {
                return n;
            }
            if (++steps == NARROW) {
                return wideChild(under, f);
            }
        }
        int node = append(under, f);
        cells[node * STRIDE + NEXT_SIBLING] = cells[under * STRIDE + FIRST_CHILD];
        cells[under * STRIDE + FIRST_CHILD] = node;
        return node;
    }

    private int append(int under, int f) {
        if (size * STRIDE == cells.length) {
            cells = Arrays.copyOf(cells, cells.length * 2);
        }
        cells[size * STRIDE + PARENT] = under;
        cells[size * STRIDE + FRAME] = f;
        return size++;
    }

    private int wideChild(int under, int f) {
        int mask = wideTable.length - 1;
        int i = slot(under, f, mask);
        for (int n; (n = wideTable[i]) != 0; i = i + 1 & mask) {
            if (parent(n) == under && frame(n) == f) {
                return n;
            }
        }
        int node = append(under, f);
        wideTable[i] = node;
        if (++wide * 2 > wideTable.length) {
            growWide();
        }
        return node;
    }

    private void growWide() {
        int[] old = wideTable;
        wideTable = new int[old.length * 2];
        int mask = wideTable.length - 1;
        for (int node : old) {
            if (node != 0) {
                int i = slot(parent(node), frame(node), mask);
                while (wideTable[i] != 0) {
                    i = i + 1 & mask;
                }
                wideTable[i] = node;
            }
        }
    }

    private static int slot(int under, int f, int mask) {
        long h = ((long) under << 32 | f & 0xffffffffL) * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 33) & mask;
    }
}
