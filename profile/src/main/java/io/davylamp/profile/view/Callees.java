package io.davylamp.profile.view;

import java.util.Arrays;

/** The callees of a method: the merged subtrees below all its outermost frames. */
public final class Callees {
    private Callees() {}

    /**
     * The root is the method; each sample counts once, as in {@link Inverted#callers}.
     *
     * @throws InvalidQueryException if no frame has that name
     */
    public static FrameTree of(FrameTree tree, String method) {
        int[] outermost = Inverted.outermost(tree, method);
        MergedNodes merged = new MergedNodes(tree.sides(), Inverted.kindOf(tree, outermost));
        int[] at = new int[tree.size()];
        Arrays.fill(at, -1);
        for (int node : outermost) {
            at[node] = 0;
        }
        for (int i = 1; i < at.length; i++) {
            if (at[i] < 0) {
                int under = at[tree.parent(i)];
                if (under < 0) {
                    continue;
                }
                at[i] = merged.child(under, tree.nameIndex(i), tree.kind(i).code());
            }
            for (int side = 0; side < tree.sides(); side++) {
                merged.add(side, at[i], tree.self(side, i));
            }
        }
        int[] instances = new int[tree.names().length];
        Arrays.setAll(instances, tree::instances);
        return merged.build(tree.measure(), tree.names(), instances, tree.nameIndex(outermost[0]));
    }
}
