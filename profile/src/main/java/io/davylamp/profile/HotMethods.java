package io.davylamp.profile;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The hottest methods of a tree: per name what it used itself and what it and its callees used. */
public final class HotMethods {
    private HotMethods() {}

    /**
     * One row.
     *
     * @param name {@code pkg.Class.method}, or the bare symbol of native code
     * @param self value of the samples that end in this method
     * @param total value of the samples that pass through it, each counted once however often it recurs
     */
    public record Row(String name, FrameKind kind, long self, long total) {}

    /**
     * All methods of {@code tree}, hottest first: by self, then total, then name. The class frame of allocations and locks is
     * no method: what ends in it ended in the code above it.
     */
    public static List<Row> of(FrameTree tree) {
        int names = tree.names().length;
        long[] self = new long[names];
        long[] total = new long[names];
        int[] onPath = new int[names];
        FrameKind[] kind = new FrameKind[names];
        // Nodes are in preorder: the path to the current node is a stack that we unwind to its parent.
        int[] path = new int[64];
        int depth = 0;
        for (int node = 1; node < tree.size(); node++) {
            while (depth > 0 && path[depth - 1] != tree.parent(node)) {
                onPath[tree.nameIndex(path[--depth])]--;
            }
            int name = tree.nameIndex(node);
            if (tree.kind(node) == FrameKind.CLASS) {
                int code = tree.parent(node);
                if (code > 0) {
                    self[tree.nameIndex(code)] += tree.self(node);
                }
                continue;
            }
            self[name] += tree.self(node);
            if (onPath[name]++ == 0) {
                total[name] += tree.total(node);
            }
            if (kind[name] == null || tree.kind(node).compareTo(kind[name]) < 0) {
                kind[name] = tree.kind(node);
            }
            if (depth == path.length) {
                path = Arrays.copyOf(path, depth * 2);
            }
            path[depth++] = node;
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < names; i++) {
            if (kind[i] != null) {
                rows.add(new Row(tree.names()[i], kind[i], self[i], total[i]));
            }
        }
        rows.sort(Comparator.comparingLong(Row::self)
                .thenComparingLong(Row::total)
                .reversed()
                .thenComparing(Row::name));
        return rows;
    }
}
