package io.davylamp.profile;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongToIntFunction;

/**
 * Nodes by parent and frame, each pair once; node 0 is the root. A parent comes before its children: {@code parent(i) < i}. Not
 * thread-safe.
 *
 * <p>Most nodes have one child, and a new path is a run of new nodes: so children are a short list per parent, whose memory is
 * sequential along a path. A hash table would cost several cache misses for each frame of each stack (gain: ImportBenchmark).
 * Only the children that a parent has beyond the first few are found by hash.
 *
 * <p>Whole paths enter by {@link #path}, which knows the nodes at every eighth level by the hash of the frames above them, and so
 * steps over what a stack shares with earlier ones. The hash has 64 bits and random secrets: two paths of one tree are mistaken
 * for each other with a chance below n² / 2^65, for n = 10^6 marked nodes less than one in ten million.
 */
public final class PrefixTree {
    /** Children that are found by walking; further ones are in {@link #wideTable}. */
    private static final int NARROW = 16;

    // Four ints per node, so that a step to a node is one cache line, not four; in pages, so that growing copies
    // nothing.
    private static final int PAGE_BITS = 14;
    private static final int PAGE_MASK = (1 << PAGE_BITS) - 1;
    private static final int STRIDE = 4;
    private static final int PARENT = 0;
    private static final int FRAME = 1;
    /** 0 for none: the root is nobody's child. */
    private static final int FIRST_CHILD = 2;

    private static final int NEXT_SIBLING = 3;

    private static final int MARK_LEVELS = 8;

    private int[][] pages = {new int[STRIDE << PAGE_BITS]};
    private int size = 1;
    private int[] wideTable = new int[1 << 6];
    private int wide;

    // Drawn anew for each tree, so that no recording can hold frames that all fall into one slot, or paths of one hash.
    private final long spread = ThreadLocalRandom.current().nextLong() | 1;
    private final long keysSeed = ThreadLocalRandom.current().nextLong();
    /** Frames are not keys: a path of the ones is not to be found by a path of the others. */
    private final long framesSeed = ~keysSeed;

    private final long[] secrets =
            ThreadLocalRandom.current().longs(MARK_LEVELS).toArray();
    /** Slots of two longs: the hash of the path to a marked node, and the node. */
    private long[] marks = new long[2 << 10];

    private int marked;
    private long[] hashes = new long[64 / MARK_LEVELS + 1];
    private long[] keys = new long[64];
    private int[] numbered = new int[64];
    /** The deepest known node of the path at hand. */
    private int start;

    public PrefixTree() {
        pages[0][PARENT] = -1;
        pages[0][FRAME] = -1;
    }

    /** Number of nodes, the root included. */
    public int size() {
        return size;
    }

    /** Caller of the node, as an index below it; -1 for the root. */
    public int parent(int node) {
        return cell(node, PARENT);
    }

    /** The node's frame; -1 for the root. */
    public int frame(int node) {
        return cell(node, FRAME);
    }

    private int cell(int node, int which) {
        return pages[node >>> PAGE_BITS][(node & PAGE_MASK) * STRIDE + which];
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
            column[i] = cell(i, which);
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
        while (known > 0 && (start = marked(hashes[known - 1])) == 0) {
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
                mark(hashes[level / MARK_LEVELS], node);
            }
        }
        return node;
    }

    private int marked(long hash) {
        int mask = marks.length - 2;
        for (int i = (int) hash << 1 & mask; marks[i + 1] != 0; i = i + 2 & mask) {
            if (marks[i] == hash) {
                return (int) marks[i + 1];
            }
        }
        return 0;
    }

    private void mark(long hash, int node) {
        if (++marked * 4 > marks.length) {
            long[] old = marks;
            marks = new long[old.length * 2];
            for (int i = 0; i < old.length; i += 2) {
                if (old[i + 1] != 0) {
                    putMark(old[i], old[i + 1]);
                }
            }
        }
        putMark(hash, node);
    }

    private void putMark(long hash, long node) {
        int mask = marks.length - 2;
        int i = (int) hash << 1 & mask;
        while (marks[i + 1] != 0) {
            i = i + 2 & mask;
        }
        marks[i] = hash;
        marks[i + 1] = node;
    }

    /** The node that {@code f} has below {@code under}; a new one, whose index is the size before, if there was none. */
    public int child(int under, int f) {
        int[] page = pages[under >>> PAGE_BITS];
        int parentAt = (under & PAGE_MASK) * STRIDE;
        int first = page[parentAt + FIRST_CHILD];
        int steps = 0;
        for (int n = first; n != 0; ) {
            int[] childPage = pages[n >>> PAGE_BITS];
            int at = (n & PAGE_MASK) * STRIDE;
            if (childPage[at + FRAME] == f) {
                return n;
            }
            if (++steps == NARROW) {
                return wideChild(under, f);
            }
            n = childPage[at + NEXT_SIBLING];
        }
        page[parentAt + FIRST_CHILD] = size;
        return append(under, f, first);
    }

    private int append(int under, int f, int sibling) {
        int page = size >>> PAGE_BITS;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page * 2);
        }
        if (pages[page] == null) {
            pages[page] = new int[STRIDE << PAGE_BITS];
        }
        int at = (size & PAGE_MASK) * STRIDE;
        pages[page][at + PARENT] = under;
        pages[page][at + FRAME] = f;
        pages[page][at + NEXT_SIBLING] = sibling;
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
        int node = append(under, f, 0);
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

    private int slot(int under, int f, int mask) {
        long h = ((long) under << 32 | f & 0xffffffffL) * spread;
        return (int) (h >>> 33) & mask;
    }
}
