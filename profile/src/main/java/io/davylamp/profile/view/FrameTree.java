package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import java.util.Arrays;
import java.util.List;

/**
 * The stacks of one measure merged from any number of profiles: a tree of frames with exact values, for one query or for two
 * that are compared.
 *
 * <p>Shape: {@code parent[i] < i}, node 0 is the root. Always {@code total = self + Σ children.total}, but for what {@link #cut}
 * left out. The same profiles in any order of adding give equal trees after {@link #cut}, which puts nodes in preorder, siblings
 * by value, largest first, then by text. Immutable and thread-safe.
 */
public final class FrameTree {
    /** The name of the root, which is not a frame. */
    static final String ALL = "all";

    final Measure measure;
    final String[] names;
    /** Profiles in which a name occurs; indexed like {@link #names}. */
    final int[] instances;

    final int[] parent;
    final int[] name;
    final byte[] kind;
    /** By side: the query's values, and those of the baseline if there is one. */
    final long[][] self;

    final long[][] total;

    FrameTree(Measure measure, String[] names, int[] instances, int[] parent, int[] name, byte[] kind, long[][] self) {
        this(measure, names, instances, parent, name, kind, self, totals(parent, self));
    }

    FrameTree(
            Measure measure,
            String[] names,
            int[] instances,
            int[] parent,
            int[] name,
            byte[] kind,
            long[][] self,
            long[][] total) {
        this.measure = measure;
        this.names = names;
        this.instances = instances;
        this.parent = parent;
        this.name = name;
        this.kind = kind;
        this.self = self;
        this.total = total;
    }

    /** A tree whose totals hold more than its nodes: the rest is remainders. */
    static FrameTree ofTotals(
            Measure measure,
            String[] names,
            int[] instances,
            int[] parent,
            int[] name,
            byte[] kind,
            long[][] self,
            long[][] total) {
        return new FrameTree(measure, names, instances, parent, name, kind, self, total).sorted();
    }

    private static long[][] totals(int[] parent, long[][] self) {
        long[][] totals = new long[self.length][];
        for (int side = 0; side < self.length; side++) {
            long[] total = self[side].clone();
            for (int i = total.length - 1; i > 0; i--) {
                total[parent[i]] += total[i];
            }
            totals[side] = total;
        }
        return totals;
    }

    public Measure measure() {
        return measure;
    }

    public int size() {
        return parent.length;
    }

    public long total() {
        return total[0][0];
    }

    public int parent(int node) {
        return parent[node];
    }

    /** The frame's text; "all" for the root. */
    public String name(int node) {
        return names[name[node]];
    }

    /** Index of the node's text in {@link #names}. */
    public int nameIndex(int node) {
        return name[node];
    }

    public String[] names() {
        return names;
    }

    /** Returns the number of merged profiles that have the name. */
    public int instances(int nameIndex) {
        return instances[nameIndex];
    }

    public FrameKind kind(int node) {
        return FrameKind.ofCode(kind[node]);
    }

    public long self(int node) {
        return self[0][node];
    }

    public long total(int node) {
        return total[0][node];
    }

    /** 1, or 2 when the second side is a baseline. */
    public int sides() {
        return self.length;
    }

    public long self(int side, int node) {
        return self[side][node];
    }

    public long total(int side, int node) {
        return total[side][node];
    }

    /**
     * By what the baseline's values are multiplied to be compared with the query's.
     *
     * @param normalised whether both are seen as shares of their totals
     */
    public double baselineScale(boolean normalised) {
        return normalised && total[1][0] != 0 ? (double) total[0][0] / total[1][0] : 1;
    }

    /** Whether the root is a frame itself, as below a path or of one method's callers; else it only stands for all. */
    public boolean rootIsFrame() {
        return kind[0] != FrameKind.UNKNOWN.code() || !names[name[0]].equals(ALL);
    }

    /** By node what lies below it and is in none of the tree's nodes: what a budget cut, the remainder. */
    public long[] remainders(int side) {
        long[] rest = new long[size()];
        for (int i = 0; i < rest.length; i++) {
            rest[i] += total[side][i] - self[side][i];
            if (i > 0) {
                rest[parent[i]] -= total[side][i];
            }
        }
        return rest;
    }

    /** Sum of the {@link #remainders} of the query's side: 0 when the tree is whole. */
    public long cutValue() {
        long value = total();
        for (long each : self[0]) {
            value -= each;
        }
        return value;
    }

    /** This tree for formats that know no remainders: each is added to what its node used itself, so that all selves add up to the total. */
    public FrameTree withRemaindersAsSelf() {
        if (cutValue() == 0) {
            return this;
        }
        long[][] own = new long[self.length][];
        for (int side = 0; side < own.length; side++) {
            own[side] = remainders(side);
            for (int i = 0; i < own[side].length; i++) {
                own[side][i] += self[side][i];
            }
        }
        return new FrameTree(measure, names, instances, parent, name, kind, own, total);
    }

    public static FrameTree of(Profile profile, Measure measure, Detail detail) {
        return new TreeBuilder(measure, detail).add(profile, ProfileFilter.ALL).build();
    }

    /** Makes a tree with the profiler's own samples in a group, or without them. */
    public static FrameTree of(Profile profile, Measure measure, Detail detail, Overhead overhead) {
        return new TreeBuilder(measure, detail)
                .add(profile, ProfileFilter.ALL.with(overhead))
                .build();
    }

    /** This tree with all its nodes in preorder, siblings by value. */
    public FrameTree sorted() {
        return cut(Integer.MAX_VALUE, List.of());
    }

    /** The largest {@code nodes} nodes of this tree. */
    public FrameTree cut(int nodes) {
        return cut(nodes, List.of());
    }

    /**
     * The largest {@code nodes} nodes below a path, in preorder. What is cut below a node is {@code total - self - Σ
     * children.total} of the answer: the remainder, never lost, never part of {@code self}; it can be asked for with the node's
     * path.
     *
     * @param path names from a child of the root on, to the node that becomes the answer's root
     * @throws InvalidQueryException if there is no such path
     */
    public FrameTree cut(int nodes, List<String> path) {
        return new TreeCut(this).largest(nodes, path);
    }

    /** The largest {@code nodes} nodes of a tree in preorder, whose siblings stay as they stand. */
    FrameTree cutInOrder(int nodes) {
        return new TreeCut(this).largestInOrder(nodes);
    }

    /** The group of the profiler's own samples below the root; -1 when there is none. */
    int overheadGroup() {
        for (int i = 1; i < size(); i++) {
            if (parent[i] == 0 && kind[i] == FrameKind.GROUP.code() && names[name[i]].equals(Overhead.NAME)) {
                return i;
            }
        }
        return -1;
    }

    /** Returns the value of the profiler overhead on a side, if the tree has its group. */
    public long overhead(int side) {
        int group = overheadGroup();
        return group < 0 ? 0 : total[side][group];
    }

    /** This tree without the group of the profiler's own samples. It must be whole, not {@link #cut}. */
    public FrameTree withoutOverhead() {
        int group = overheadGroup();
        if (group < 0) {
            return this;
        }
        int[] kept = new int[size()];
        int[] newIndex = new int[size()];
        int n = 0;
        for (int i = 0; i < kept.length; i++) {
            newIndex[i] = i == group || i > 0 && newIndex[parent[i]] < 0 ? -1 : n;
            if (newIndex[i] >= 0) {
                kept[n++] = i;
            }
        }
        int[] newParent = new int[n];
        int[] newName = new int[n];
        byte[] newKind = new byte[n];
        long[][] newSelf = new long[self.length][n];
        for (int i = 0; i < n; i++) {
            newParent[i] = i == 0 ? -1 : newIndex[parent[kept[i]]];
            newName[i] = name[kept[i]];
            newKind[i] = kind[kept[i]];
            for (int side = 0; side < self.length; side++) {
                newSelf[side][i] = self[side][kept[i]];
            }
        }
        return new FrameTree(measure, names, instances, newParent, newName, newKind, newSelf);
    }

    /** First child and next sibling of each node. */
    static final class Children {
        private final int[] first;
        private final int[] next;

        Children(int[] parent) {
            first = new int[parent.length];
            next = new int[parent.length];
            Arrays.fill(first, -1);
            for (int i = parent.length - 1; i > 0; i--) {
                next[i] = first[parent[i]];
                first[parent[i]] = i;
            }
            next[0] = -1;
        }

        int first(int node) {
            return first[node];
        }

        int next(int node) {
            return next[node];
        }
    }

    Children children() {
        return new Children(parent);
    }
}
