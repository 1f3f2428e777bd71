package io.davylamp.profile.codec;

import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import java.util.Arrays;

/**
 * The order in which a profile's stacks and frames are written. Nodes stand in preorder, so that a parent is a few levels up from
 * the node before; only nodes that samples refer to, and their callers, are written. Frames are numbered as they first occur, methods
 * as they first occur among frames, and a frame is coded by what followed its caller's frame earlier: call paths repeat.
 */
final class Layout {
    private final int[] stackParent;
    private final int[] stackFrame;
    /** By new node: the old one. */
    private final int[] order;
    /** By new node. */
    private final int[] levelsUp;

    /** By new node: {@link Followers}'s rank, or one of its codes. */
    private final int[] codedFrame;
    /** By new node: the new number of its frame. */
    private final int[] numberOfFrame;
    /** By old node: its rank among the nodes that samples refer to, in the new order; -1 for others. */
    private final int[] leaf;

    private final int[] oldFrames;
    private int frames;
    /** By new frame: 0 for a method that did not occur yet, else its new number plus 1. */
    private final int[] codedMethod;

    private final int[] oldMethods;
    private int methods;

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
        numberOfFrame = new int[count];
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
        codedMethod = new int[frames];
        oldMethods = new int[p.methods().size()];
        codeMethods(p.frames().method());
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
        Followers followers = new Followers(oldFrameCount);
        for (int i = 1; i < order.length; i++) {
            int old = stackFrame[order[i]];
            int caller = stackParent[order[i]];
            int under = caller == 0 ? -1 : newFrame[stackFrame[caller]];
            if (newFrame[old] < 0) {
                newFrame[old] = frames;
                oldFrames[frames++] = old;
                codedFrame[i] = Followers.NEW;
                followers.add(under, newFrame[old]);
            } else {
                codedFrame[i] = followers.code(under, newFrame[old]);
            }
            numberOfFrame[i] = newFrame[old];
        }
    }

    private void codeMethods(int[] methodOfFrame) {
        int[] newMethod = new int[oldMethods.length];
        Arrays.fill(newMethod, -1);
        for (int i = 0; i < frames; i++) {
            int old = methodOfFrame[oldFrames[i]];
            if (newMethod[old] < 0) {
                newMethod[old] = methods;
                oldMethods[methods++] = old;
            } else {
                codedMethod[i] = newMethod[old] + 1;
            }
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

    int numberOfFrame(int node) {
        return numberOfFrame[node];
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

    int codedMethod(int frame) {
        return codedMethod[frame];
    }

    int methods() {
        return methods;
    }

    int oldMethod(int method) {
        return oldMethods[method];
    }
}
