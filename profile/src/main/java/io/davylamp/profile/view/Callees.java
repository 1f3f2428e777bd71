package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.PrefixTree;
import java.util.Arrays;

/** What a method called: the merged subtrees below all its outermost frames. */
public final class Callees {
    private Callees() {}

    /**
     * The root is the method; each sample counts once, as in {@link Inverted#callers}.
     *
     * @throws InvalidQueryException if no frame has that name
     */
    public static FrameTree of(FrameTree tree, String method) {
        int[] outermost = Inverted.outermost(tree, method);
        PrefixTree merged = new PrefixTree();
        int[] at = new int[tree.size()];
        Arrays.fill(at, -1);
        for (int node : outermost) {
            at[node] = 0;
        }
        byte[] kind = new byte[1024];
        long[][] self = new long[tree.sides()][1024];
        kind[0] = Inverted.kindOf(tree, outermost).code();
        for (int i = 1; i < at.length; i++) {
            if (at[i] < 0) {
                int under = at[tree.parent(i)];
                if (under < 0) {
                    continue;
                }
                int before = merged.size();
                byte kindCode = tree.kind(i).code();
                int node = merged.child(under, tree.nameIndex(i) << 1 | (kindCode == FrameKind.CLASS.code() ? 1 : 0));
                if (node == before) {
                    if (node == kind.length) {
                        kind = Arrays.copyOf(kind, node * 2);
                        for (int side = 0; side < self.length; side++) {
                            self[side] = Arrays.copyOf(self[side], node * 2);
                        }
                    }
                    kind[node] = kindCode;
                }
                kind[node] = (byte) Math.min(kind[node], kindCode);
                at[i] = node;
            }
            for (int side = 0; side < self.length; side++) {
                self[side][at[i]] += tree.self(side, i);
            }
        }
        int size = merged.size();
        int[] parent = new int[size];
        int[] name = new int[size];
        parent[0] = -1;
        name[0] = tree.nameIndex(outermost[0]);
        for (int i = 1; i < size; i++) {
            parent[i] = merged.parent(i);
            name[i] = merged.frame(i) >> 1;
        }
        for (int side = 0; side < self.length; side++) {
            self[side] = Arrays.copyOf(self[side], size);
        }
        int[] instances = new int[tree.names().length];
        Arrays.setAll(instances, tree::instances);
        return new FrameTree(tree.measure(), tree.names(), instances, parent, name, Arrays.copyOf(kind, size), self);
    }
}
