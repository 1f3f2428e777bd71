package io.davylamp.profile.jfr;

import io.davylamp.jfr.StackVisitor;
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

    private int[] parent = new int[1 << 12];
    private long[] method = new long[1 << 12];
    private int[] lineAndType = new int[1 << 12];
    private int size = 1;
    private int[] table = new int[1 << 13];
    private long truncatedStacks;

    // The previous stack and its nodes, outermost first: neighbours in a pool share their outer frames.
    private long[] lastMethod = new long[256];
    private int[] lastLineAndType = new int[256];
    private int[] lastNode = new int[256];
    private int lastDepth;

    StackTree(int maxNodes) {
        this.maxNodes = maxNodes;
        nodeOfStack.defaultReturnValue(-1);
        parent[0] = -1;
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
            int frame = depth - 1 - level;
            long m = methods[frame];
            int lt = Math.max(0, lines[frame]) << 4 | frameTypes[frame] & MAX_TYPES - 1;
            if (same && level < lastDepth && lastMethod[level] == m && lastLineAndType[level] == lt) {
                node = lastNode[level];
                continue;
            }
            same = false;
            node = child(node, m, lt);
            lastMethod[level] = m;
            lastLineAndType[level] = lt;
            lastNode[level] = node;
        }
        lastDepth = depth;
        nodeOfStack.putIfAbsent(id, node);
    }

    private int child(int under, long m, int lt) {
        int mask = table.length - 1;
        int i = slot(under, m, lt, mask);
        for (int n; (n = table[i]) != 0; i = i + 1 & mask) {
            if (parent[n] == under && method[n] == m && lineAndType[n] == lt) {
                return n;
            }
        }
        if (size >= maxNodes) {
            throw new TooLargeException("stack nodes", maxNodes);
        }
        if (size == parent.length) {
            parent = Arrays.copyOf(parent, size * 2);
            method = Arrays.copyOf(method, size * 2);
            lineAndType = Arrays.copyOf(lineAndType, size * 2);
        }
        parent[size] = under;
        method[size] = m;
        lineAndType[size] = lt;
        table[i] = size;
        if (++size * 2 > table.length) {
            rehash();
        }
        return size - 1;
    }

    private void rehash() {
        table = new int[table.length * 2];
        int mask = table.length - 1;
        for (int n = 1; n < size; n++) {
            int i = slot(parent[n], method[n], lineAndType[n], mask);
            while (table[i] != 0) {
                i = i + 1 & mask;
            }
            table[i] = n;
        }
    }

    private static int slot(int under, long m, int lt, int mask) {
        long h = (m * 0x9E3779B97F4A7C15L + under) * 0xC2B2AE3D27D4EB4FL + lt;
        h *= 0x9E3779B97F4A7C15L;
        return (int) (h >>> 35) & mask;
    }

    int size() {
        return size;
    }

    int parent(int node) {
        return parent[node];
    }

    long method(int node) {
        return method[node];
    }

    int line(int node) {
        return lineAndType[node] >>> 4;
    }

    int frameType(int node) {
        return lineAndType[node] & MAX_TYPES - 1;
    }

    /** The node of a pool entry, or -1 when the pool lacks it. */
    int nodeOf(long stack) {
        return nodeOfStack.get(stack);
    }

    long truncatedStacks() {
        return truncatedStacks;
    }
}
