package io.davylamp.profile.jfr;

import io.davylamp.jfr.StackVisitor;
import io.davylamp.profile.PrefixTree;
import io.davylamp.profile.TooLargeException;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.Arrays;

/**
 * The stack traces of one chunk as a prefix tree over the chunk's own keys. Built while the pool streams by, so that the
 * frames of a pool (hundreds of megabytes in hard recordings) never stand in memory. Not thread-safe.
 */
final class StackTree implements StackVisitor {
    private static final int MAX_TYPES = 16;

    private final int maxNodes;
    /** From pool key to node. */
    private final Long2IntOpenHashMap nodeOfStack = new Long2IntOpenHashMap();

    // Distinct frames: a small set that stays in the processor's caches.
    private long[] frameMethod = new long[1 << 10];
    private int[] frameLineAndType = new int[1 << 10];
    private int frames;
    private int[] frameTable = emptyTable(1 << 11);

    private final PrefixTree tree = new PrefixTree();

    private long truncatedStacks;

    // The previous stack and its nodes, outermost first: neighbours in a pool share their outer frames.
    private long[] lastMethod = new long[256];
    private int[] lastLineAndType = new int[256];
    private int[] lastNode = new int[256];
    private int lastDepth;

    StackTree(int maxNodes) {
        this.maxNodes = maxNodes;
        nodeOfStack.defaultReturnValue(-1);
    }

    private static int[] emptyTable(int slots) {
        int[] table = new int[slots];
        Arrays.fill(table, -1);
        return table;
    }

    @Override
    public void stack(long id, int depth, long[] methods, int[] lines, int[] frameTypes, boolean truncated) {
        if (truncated) {
            truncatedStacks++;
        }
        if (depth > lastMethod.length) {
            int grown = Math.max(depth, lastMethod.length * 2);
            lastMethod = Arrays.copyOf(lastMethod, grown);
            lastLineAndType = Arrays.copyOf(lastLineAndType, grown);
            lastNode = Arrays.copyOf(lastNode, grown);
        }
        int node = 0;
        boolean same = true;
        for (int level = 0; level < depth; level++) {
            int f = depth - 1 - level;
            long m = methods[f];
            int lt = Math.max(0, lines[f]) << 4 | frameTypes[f] & MAX_TYPES - 1;
            if (same && level < lastDepth && lastMethod[level] == m && lastLineAndType[level] == lt) {
                node = lastNode[level];
                continue;
            }
            same = false;
            node = tree.child(node, frame(m, lt));
            lastMethod[level] = m;
            lastLineAndType[level] = lt;
            lastNode[level] = node;
        }
        lastDepth = depth;
        if (tree.size() > maxNodes) {
            throw new TooLargeException("stack nodes", maxNodes);
        }
        nodeOfStack.putIfAbsent(id, node);
    }

    private int frame(long m, int lt) {
        int mask = frameTable.length - 1;
        int i = frameSlot(m, lt, mask);
        for (int f; (f = frameTable[i]) >= 0; i = i + 1 & mask) {
            if (frameMethod[f] == m && frameLineAndType[f] == lt) {
                return f;
            }
        }
        if (frames == frameMethod.length) {
            frameMethod = Arrays.copyOf(frameMethod, frames * 2);
            frameLineAndType = Arrays.copyOf(frameLineAndType, frames * 2);
        }
        frameMethod[frames] = m;
        frameLineAndType[frames] = lt;
        frameTable[i] = frames++;
        if (frames * 2 > frameTable.length) {
            frameTable = emptyTable(frameTable.length * 2);
            mask = frameTable.length - 1;
            for (int f = 0; f < frames; f++) {
                i = frameSlot(frameMethod[f], frameLineAndType[f], mask);
                while (frameTable[i] >= 0) {
                    i = i + 1 & mask;
                }
                frameTable[i] = f;
            }
        }
        return frames - 1;
    }

    private static int frameSlot(long m, int lt, int mask) {
        long h = (m * 0xC2B2AE3D27D4EB4FL + lt) * 0x9E3779B97F4A7C15L;
        return (int) (h >>> 35) & mask;
    }

    /** The stacks; frames are indexes of the frame columns. */
    PrefixTree tree() {
        return tree;
    }

    int frames() {
        return frames;
    }

    long frameMethod(int f) {
        return frameMethod[f];
    }

    int frameLine(int f) {
        return frameLineAndType[f] >>> 4;
    }

    int frameType(int f) {
        return frameLineAndType[f] & MAX_TYPES - 1;
    }

    /** The node of a pool entry, or -1 when the pool lacks it. */
    int nodeOf(long stack) {
        return nodeOfStack.get(stack);
    }

    long truncatedStacks() {
        return truncatedStacks;
    }
}
