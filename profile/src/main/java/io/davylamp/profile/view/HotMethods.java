package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import java.util.ArrayList;
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
     * @param baselineSelf the same of the baseline; 0 when there is none
     * @param instances how many of the merged profiles have the method
     */
    public record Row(
            String name, FrameKind kind, long self, long total, long baselineSelf, long baselineTotal, int instances) {}

    /** The sort orders of rows, largest first; ties are ordered by the next word, then by name. */
    public enum Order {
        SELF,
        TOTAL,
        /** By how much {@code self} differs from the baseline, in either direction. */
        CHANGE;

        private Comparator<Row> rows(double scale) {
            Comparator<Row> ascending = switch (this) {
                case SELF -> Comparator.comparingLong(Row::self).thenComparingLong(Row::total);
                case TOTAL -> Comparator.comparingLong(Row::total).thenComparingLong(Row::self);
                case CHANGE ->
                    Comparator.<Row>comparingDouble(row -> Math.abs(row.self() - scale * row.baselineSelf()))
                            .thenComparingDouble(row -> Math.abs(row.total() - scale * row.baselineTotal()));
            };
            return ascending.reversed().thenComparing(Row::name);
        }
    }

    /** All methods of {@code tree}, hottest first by self. */
    public static List<Row> of(FrameTree tree) {
        return of(tree, Order.SELF, 1);
    }

    /**
     * All methods of {@code tree}. The class frame of allocations and locks is no method: what ends in it ended in the code
     * above it.
     *
     * @param scale by what the baseline's values are multiplied for {@link Order#CHANGE}
     */
    public static List<Row> of(FrameTree tree, Order order, double scale) {
        int names = tree.names().length;
        int sides = tree.sides();
        long[][] self = new long[2][names];
        long[][] total = new long[2][names];
        int[] onPath = new int[names];
        FrameKind[] kind = new FrameKind[names];
        FrameTree.Children children = tree.children();
        int node = children.first(0);
        while (node > 0) {
            enter(tree, node, sides, self, total, onPath, kind);
            int next = children.first(node);
            while (next < 0) {
                leave(tree, node, onPath);
                next = children.next(node);
                node = tree.parent(node);
                if (next < 0 && node <= 0) {
                    next = 0;
                }
            }
            node = next;
        }
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < names; i++) {
            if (kind[i] != null) {
                rows.add(new Row(
                        tree.names()[i], kind[i], self[0][i], total[0][i], self[1][i], total[1][i], tree.instances(i)));
            }
        }
        rows.sort(order.rows(scale));
        return rows;
    }

    private static boolean isCode(FrameTree tree, int node) {
        return tree.kind(node) != FrameKind.CLASS && tree.kind(node) != FrameKind.GROUP;
    }

    private static void enter(
            FrameTree tree, int node, int sides, long[][] self, long[][] total, int[] onPath, FrameKind[] kind) {
        int name = tree.nameIndex(node);
        if (!isCode(tree, node)) {
            int code = tree.parent(node);
            if (code > 0 && isCode(tree, code)) {
                for (int side = 0; side < sides; side++) {
                    self[side][tree.nameIndex(code)] += tree.self(side, node);
                }
            }
            return;
        }
        boolean outermost = onPath[name]++ == 0;
        for (int side = 0; side < sides; side++) {
            self[side][name] += tree.self(side, node);
            if (outermost) {
                total[side][name] += tree.total(side, node);
            }
        }
        if (kind[name] == null || tree.kind(node).compareTo(kind[name]) < 0) {
            kind[name] = tree.kind(node);
        }
    }

    private static void leave(FrameTree tree, int node, int[] onPath) {
        if (isCode(tree, node)) {
            onPath[tree.nameIndex(node)]--;
        }
    }
}
