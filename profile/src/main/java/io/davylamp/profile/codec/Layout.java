package io.davylamp.profile.codec;

import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import java.util.Arrays;

/**
 * The order in which a profile's stacks and frames are written. Nodes stand in preorder, so that a parent is a few levels up from
 * the node before; only nodes that samples refer to, and their callers, are written. Frames are numbered as they first occur, and a
 * frame is coded by what last followed its caller: call paths repeat.
 */
final class Layout {
    private final int[] stackParent;
    private final int[] stackFrame;
    /** By new node: the old one. */
    private final int[] order;
    /** By new node. */
    private final int[] levelsUp;

    private final int[] codedFrame;
    /** By old node: its rank among the nodes that samples refer to, in the new order; -1 for others. */
    private final int[] leaf;

    private final int[] oldFrames;
    private int frames;

    Layout(Profile p) {
        stackParent = p.stackParent();
        stackFrame = p.stackFrame();
        boolean[] isLeaf = new boolean[p.stackCount()];
        for (Samples samples : p.measures().values()) {
            for (Samples.Block block : samples.blocks()) {
                for (int i = 0; i < block.size(); i++) {
                    isLeaf[block.stack(i)] = true;
                }
            }
        }
        boolean[] used = isLeaf.clone();
        int count = 1;
        for (int i = used.length - 1; i > 0; i--) {
            if (used[i]) {
                used[stackParent[i]] = true;
                count++;
            }
        }
        order = new int[count];
        levelsUp = new int[count];
        codedFrame = new int[count];
        leaf = new int[p.stackCount()];
        oldFrames = new int[p.frames().size()];
        preorder(used);
        Arrays.fill(leaf, -1);
        int leaves = 0;
        for (int old : order) {
            if (isLeaf[old]) {
                leaf[old] = leaves++;
            }
        }
        codeFrames(p.frames().size());
    }

    private void preorder(boolean[] used) {
        int[] first = new int[used.length];
        int[] next = new int[used.length];
        for (int i = used.length - 1; i > 0; i--) {
            if (used[i]) {
                next[i] = first[stackParent[i]];
                first[stackParent[i]] = i;
            }
        }
        int done = 1;
        int node = 0;
        int up = 0;
        while (true) {
            if (first[node] != 0) {
                node = first[node];
            } else {
                while (node != 0 && next[node] == 0) {
                    node = stackParent[node];
                    up++;
                }
                if (node == 0) {
                    return;
                }
                node = next[node];
                up++;
            }
            order[done] = node;
            levelsUp[done++] = up;
            up = 0;
        }
    }

    private void codeFrames(int oldFrameCount) {
        int[] newFrame = new int[oldFrameCount];
        Arrays.fill(newFrame, -1);
        int[] follower = new int[oldFrameCount + 1];
        Arrays.fill(follower, -1);
        for (int i = 1; i < order.length; i++) {
            int old = stackFrame[order[i]];
            int under = stackFrame[stackParent[order[i]]] + 1;
            if (newFrame[old] < 0) {
                newFrame[old] = frames;
                oldFrames[frames++] = old;
                codedFrame[i] = 1;
            } else if (follower[under] == old) {
                codedFrame[i] = 0;
            } else {
                codedFrame[i] = newFrame[old] + 2;
            }
            follower[under] = old;
        }
    }

    /** Number of nodes, the root included. */
    int nodes() {
        return order.length;
    }

    int levelsUp(int node) {
        return levelsUp[node];
    }

    int codedFrame(int node) {
        return codedFrame[node];
    }

    boolean isLeaf(int node) {
        return leaf[order[node]] >= 0;
    }

    /** Returns the number of the leaf to which a sample of an old node refers. */
    int leaf(int oldNode) {
        return leaf[oldNode];
    }

    int frames() {
        return frames;
    }

    int oldFrame(int frame) {
        return oldFrames[frame];
    }
}
