package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import java.util.Arrays;

/** Recursion taken out of a tree. */
public final class Recursion {
    private Recursion() {}

    /**
     * The same samples, with every frame at most once in a stack: a frame that is called again further down is its outermost call,
     * and what that one calls stands below it. What each frame used itself stays exact, and so does the whole; what lies between two
     * calls of one frame has no part in what the inner one does.
     */
    public static FrameTree folded(FrameTree tree) {
        MergedNodes nodes = new MergedNodes(tree.sides(), tree.kind(0));
        int[] at = new int[tree.size()];
        for (int i = 0; i < at.length; i++) {
            if (i > 0) {
                at[i] = entered(nodes, at[tree.parent(i)], tree.nameIndex(i), tree.kind(i));
            }
            for (int side = 0; side < tree.sides(); side++) {
                nodes.add(side, at[i], tree.self(side, i));
            }
        }
        int[] instances = new int[tree.names().length];
        Arrays.setAll(instances, tree::instances);
        return nodes.build(tree.measure(), tree.names(), instances, tree.nameIndex(0));
    }

    private static int entered(MergedNodes nodes, int under, int name, FrameKind kind) {
        for (int outer = under; outer > 0; outer = nodes.parent(outer)) {
            if (nodes.is(outer, name, kind.code())) {
                return outer;
            }
        }
        return nodes.child(under, name, kind.code());
    }
}
