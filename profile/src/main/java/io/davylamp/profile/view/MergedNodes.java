package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.PrefixTree;
import java.util.Arrays;

/**
 * The nodes of a tree that is being merged: below each node every name once. A caller comes before what it calls; node 0 is the
 * root. Not thread-safe.
 */
final class MergedNodes {
    /** Its frames are a name's number and, in the lowest two bits, whether it is a class or a group. */
    private final PrefixTree tree = new PrefixTree();

    private byte[] kind = new byte[1024];
    /** By side. */
    private final long[][] self;
    /** The node that was asked for last. */
    private int last;

    /** @param sides 2 to compare with a baseline */
    MergedNodes(int sides, FrameKind root) {
        self = new long[sides][1024];
        kind[0] = root.code();
    }

    /** A class frame is not code, nor is a group: they must not merge with a method of the same text. */
    private static int tag(int name, byte kindCode) {
        int tag = kindCode == FrameKind.CLASS.code() ? 1 : kindCode == FrameKind.GROUP.code() ? 2 : 0;
        return name << 2 | tag;
    }

    /** Whether the node is such a frame. */
    boolean is(int node, int name, byte kindCode) {
        return node != 0 && tree.frame(node) == tag(name, kindCode);
    }

    /** The node of a frame, which is made if there is none yet. */
    int child(int under, int name, byte kindCode) {
        int before = tree.size();
        int tag = tag(name, kindCode);
        // Profiles come in preorder, and instances of one service have mostly the same nodes: then the next is the
        // next.
        int guess = last + 1;
        int node = guess < before && tree.parent(guess) == under && tree.frame(guess) == tag
                ? guess
                : tree.child(under, tag);
        last = node;
        if (node < before) {
            // Which kind a merged frame shows must not depend on the order of adding.
            kind[node] = (byte) Math.min(kind[node], kindCode);
            return node;
        }
        if (node == kind.length) {
            kind = Arrays.copyOf(kind, node * 2);
            for (int side = 0; side < self.length; side++) {
                self[side] = Arrays.copyOf(self[side], node * 2);
            }
        }
        kind[node] = kindCode;
        return node;
    }

    void add(int side, int node, long value) {
        self[side][node] += value;
    }

    int size() {
        return tree.size();
    }

    int sides() {
        return self.length;
    }

    int parent(int node) {
        return tree.parent(node);
    }

    int name(int node) {
        return tree.frame(node) >>> 2;
    }

    byte kind(int node) {
        return kind[node];
    }

    long self(int side, int node) {
        return self[side][node];
    }

    /** Bytes in memory, about. */
    long weightBytes() {
        return 16L * tree.size() + (1 + 8L * self.length) * kind.length;
    }

    /**
     * @param names by number
     * @param instances in how many profiles each name is
     * @param root number of the root's name
     */
    FrameTree build(Measure measure, String[] names, int[] instances, int root) {
        int size = size();
        int[] parent = new int[size];
        int[] name = new int[size];
        parent[0] = -1;
        name[0] = root;
        for (int i = 1; i < size; i++) {
            parent[i] = parent(i);
            name[i] = name(i);
        }
        long[][] sides = new long[self.length][];
        for (int side = 0; side < sides.length; side++) {
            sides[side] = Arrays.copyOf(self[side], size);
        }
        return new FrameTree(measure, names, instances, parent, name, Arrays.copyOf(kind, size), sides);
    }
}
