package io.davylamp.profile;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongToIntFunction;

/**
 * Nodes by parent and frame, each pair once; node 0 is the root. A parent comes before its children: {@code parent(i) < i}. Not
 * thread-safe.
 *
 * <p>A new path is a run of new nodes, so the child that a path needs is mostly the next node: its parent and its frame are one
 * long, and eight nodes of a run share a cache line. Only children that do not follow their parent are found by hash, with one
 * cache miss for each branch of a stack instead of one for each frame or each sibling (gain: ImportBench).
 *
 * <p>Whole paths enter by {@link #path}, which knows the nodes at every eighth level by the hash of the frames above them, and so
 * steps over what a stack shares with earlier ones. The hash has 64 bits and random secrets: two paths of one tree are mistaken
 * for each other with a chance below n² / 2^65, for n = 10^6 marked nodes less than one in ten million.
 */
public final class PrefixTree {
    // Pages, so that growing copies nothing.
    private static final int PAGE_BITS = 14;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;
    private static final int MARK_LEVELS = 8;

    /** Parent and frame of each node. */
    private long[][] pages = {new long[1 << PAGE_BITS]};

    private int size = 1;

    // Drawn anew for each tree, so that no recording can hold frames that all fall into one slot, or paths of one hash.
    private final long spread = ThreadLocalRandom.current().nextLong() | 1;
    private final long keysSeed = ThreadLocalRandom.current().nextLong();
    /** Frames are not keys: a path of the ones is not to be found by a path of the others. */
    private final long framesSeed = ~keysSeed;

    private final long[] secrets =
            ThreadLocalRandom.current().longs(MARK_LEVELS).toArray();
    /** Nodes at every eighth level, by the hash of their path. */
    private final NodeTable marks = new NodeTable(spread);
    /** Nodes that do not follow their parent, by parent and frame. */
    private final NodeTable branches = new NodeTable(spread);

    private long[] hashes = new long[64 / MARK_LEVELS + 1];
    private long[] keys = new long[64];
    private int[] numbered = new int[64];
    /** The deepest known node of the path at hand. */
    private int start;

    public PrefixTree() {
        pages[0][0] = -1;
    }

    /** Number of nodes, the root included. */
    public int size() {
        return size;
    }

    /** Caller of the node, as an index below it; -1 for the root. */
    public int parent(int node) {
        return (int) (at(node) >>> 32);
    }

    /** The node's frame; -1 for the root. */
    public int frame(int node) {
        return (int) at(node);
    }

    int[] parents() {
        return column(32);
    }

    int[] frames() {
        return column(0);
    }

    private int[] column(int shift) {
        int[] column = new int[size];
        for (int i = 0; i < size; i++) {
            column[i] = (int) (at(i) >>> shift);
        }
        return column;
    }

    /** The node of a whole path, whose frames come innermost first; missing nodes are added. */
    public int path(int[] frames, int depth) {
        reserve(depth);
        for (int i = 0; i < depth; i++) {
            keys[i] = frames[i];
        }
        int known = known(keys, depth, framesSeed);
        return extend(known, frames, depth);
    }

    /**
     * The node of a whole path of keys, innermost first: equal keys are equal frames, but equal frames may have several keys.
     * Missing nodes are added.
     *
     * @param numbers the frame of a key; asked only for what is below the deepest marked node, innermost first
     */
    public int path(long[] keys, int depth, LongToIntFunction numbers) {
        reserve(depth);
        int known = known(keys, depth, keysSeed);
        for (int i = 0; i < depth - known * MARK_LEVELS; i++) {
            numbered[i] = numbers.applyAsInt(keys[i]);
        }
        return extend(known, numbered, depth);
    }

    private void reserve(int depth) {
        if (depth > keys.length) {
            int most = Math.max(depth, keys.length * 2);
            keys = new long[most];
            numbered = new int[most];
            hashes = new long[most / MARK_LEVELS + 1];
        }
    }

    /** Hashes the path and returns the number of the deepest mark that is known, 0 for none; {@link #start} is its node. */
    private int known(long[] keys, int depth, long hash) {
        int known = depth / MARK_LEVELS;
        int from = depth;
        for (int mark = 0; mark < known; mark++) {
            from -= MARK_LEVELS;
            // Four products that do not wait for each other, then one that does.
            long eight = folded(keys[from] ^ secrets[0], keys[from + 1] ^ secrets[1])
                    + folded(keys[from + 2] ^ secrets[2], keys[from + 3] ^ secrets[3])
                    + folded(keys[from + 4] ^ secrets[4], keys[from + 5] ^ secrets[5])
                    + folded(keys[from + 6] ^ secrets[6], keys[from + 7] ^ secrets[7]);
            hash = folded(hash ^ eight, spread);
            hashes[mark] = hash;
        }
        start = 0;
        while (known > 0 && (start = marks.get(hashes[known - 1])) == 0) {
            known--;
        }
        return known;
    }

    private static long folded(long a, long b) {
        return Math.multiplyHigh(a, b) ^ a * b;
    }

    private int extend(int known, int[] frames, int depth) {
        int node = start;
        for (int level = known * MARK_LEVELS; level < depth; level++) {
            node = child(node, frames[depth - 1 - level]);
            if (level % MARK_LEVELS == MARK_LEVELS - 1) {
                marks.put(hashes[level / MARK_LEVELS], node);
            }
        }
        return node;
    }

    /** The node that {@code f} has below {@code under}; a new one, whose index is the size before, if there was none. */
    public int child(int under, int f) {
        long child = (long) under << 32 | f & 0xffffffffL;
        int next = under + 1;
        if (next == size) {
            return append(child);
        }
        if (at(next) == child) {
            return next;
        }
        int known = branches.get(child);
        if (known != 0) {
            return known;
        }
        branches.put(child, size);
        return append(child);
    }

    private long at(int node) {
        return pages[node >>> PAGE_BITS][node & PAGE_MASK];
    }

    private int append(long node) {
        int page = size >>> PAGE_BITS;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page * 2);
        }
        if (pages[page] == null) {
            pages[page] = new long[1 << PAGE_BITS];
        }
        pages[page][size & PAGE_MASK] = node;
        return size++;
    }

    /** Nodes other than the root by a key each: open addressing, no removal. */
    private static final class NodeTable {
        private final long spread;
        /** Slots of two longs, the key and the node; 0 for none. */
        private long[] slots = new long[2 << 6];

        private int used;

        NodeTable(long spread) {
            this.spread = spread;
        }

        /** The node of that key, or 0. */
        int get(long key) {
            return (int) slots[slot(key) + 1];
        }

        /** Puts a node whose key is absent. */
        void put(long key, long node) {
            if (++used * 4 > slots.length) {
                long[] old = slots;
                slots = new long[old.length * 2];
                for (int i = 0; i < old.length; i += 2) {
                    if (old[i + 1] != 0) {
                        set(old[i], old[i + 1]);
                    }
                }
            }
            set(key, node);
        }

        private void set(long key, long node) {
            int slot = slot(key);
            slots[slot] = key;
            slots[slot + 1] = node;
        }

        /** Where the key is, or would be. */
        private int slot(long key) {
            int mask = slots.length - 2;
            int i = (int) folded(key, spread) << 1 & mask;
            while (slots[i + 1] != 0 && slots[i] != key) {
                i = i + 2 & mask;
            }
            return i;
        }
    }
}
