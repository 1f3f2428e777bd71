package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.ints.IntOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongArrays;
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
    /** What the root is called that is no frame. */
    static final String ALL = "all";

    private final Measure measure;
    private final String[] names;
    /** Profiles in which a name occurs; indexed like {@link #names}. */
    private final int[] instances;

    private final int[] parent;
    private final int[] name;
    private final byte[] kind;
    /** By side: the query's values, and those of the baseline if there is one. */
    private final long[][] self;

    private final long[][] total;

    FrameTree(Measure measure, String[] names, int[] instances, int[] parent, int[] name, byte[] kind, long[][] self) {
        this(measure, names, instances, parent, name, kind, self, totals(parent, self));
    }

    private FrameTree(
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

    /** How many of the merged profiles have the name of that index. */
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
        return new Builder(measure, detail).add(profile, ProfileFilter.ALL).build();
    }

    /** The same with the profiler's own samples in a group of their own, or without them. */
    public static FrameTree of(Profile profile, Measure measure, Detail detail, Overhead overhead) {
        return new Builder(measure, detail)
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
        Children children = new Children(parent);
        int root = 0;
        for (String step : path) {
            root = childNamed(step, root, children);
        }
        long[] weight = weights();
        int[] below = subtree(root);
        if (below.length <= nodes) {
            return preordered(preorder(below, root, weight, Long.MIN_VALUE, 0));
        }
        long[] ofBelow = weight;
        if (root != 0) {
            ofBelow = new long[below.length];
            for (int i = 0; i < ofBelow.length; i++) {
                ofBelow[i] = weight[below[i]];
            }
        }
        long smallest = largest(ofBelow, nodes);
        int larger = 0;
        for (long each : ofBelow) {
            larger += each > smallest ? 1 : 0;
        }
        return preordered(preorder(below, root, weight, smallest, nodes - larger));
    }

    /** The largest {@code nodes} nodes of a tree in preorder, whose siblings stay as they stand. */
    FrameTree cutInOrder(int nodes) {
        int[] order = new int[size()];
        int n = 0;
        long smallest = size() <= nodes ? Long.MIN_VALUE : largest(total[0], nodes);
        int equals = nodes;
        for (long each : total[0]) {
            equals -= each > smallest ? 1 : 0;
        }
        for (int i = 0; i < order.length; i++) {
            // No child weighs more than its parent, which stands before it: whatever is kept is connected.
            if (total[0][i] > smallest || total[0][i] == smallest && equals-- > 0) {
                order[n++] = i;
            }
        }
        return preordered(Arrays.copyOf(order, n));
    }

    /** The {@code n}-th largest value. Most are alike and small: only those near the wanted one are sorted. */
    private static long largest(long[] values, int n) {
        // By magnitude: the position of the highest bit, and the bits below it as far as they fit.
        int[] counts = new int[MAGNITUDES];
        for (long value : values) {
            counts[magnitude(value)]++;
        }
        int magnitude = MAGNITUDES - 1;
        int above = 0;
        while (above + counts[magnitude] < n) {
            above += counts[magnitude--];
        }
        long[] near = new long[counts[magnitude]];
        int found = 0;
        for (long value : values) {
            if (magnitude(value) == magnitude) {
                near[found++] = value;
            }
        }
        LongArrays.radixSort(near);
        return near[near.length - (n - above)];
    }

    private static final int FRACTION_BITS = 7;
    private static final int MAGNITUDES = 65 << FRACTION_BITS;

    /** Grows with the value; 0 for all that are not positive. */
    private static int magnitude(long value) {
        if (value <= 0) {
            return 0;
        }
        int highest = 63 - Long.numberOfLeadingZeros(value);
        long fraction =
                highest <= FRACTION_BITS ? value << (FRACTION_BITS - highest) : value >>> (highest - FRACTION_BITS);
        return (highest + 1 << FRACTION_BITS) + (int) (fraction & ((1 << FRACTION_BITS) - 1));
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

    /** What the profiler itself is worth on a side, if the tree has its group. */
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

    private int childNamed(String wanted, int under, Children children) {
        int found = -1;
        for (int c = children.first(under); c >= 0; c = children.next(c)) {
            if (names[name[c]].equals(wanted) && (found < 0 || total[0][c] > total[0][found])) {
                found = c;
            }
        }
        if (found < 0) {
            throw new InvalidQueryException(
                    "path", "path: there is no \"" + wanted + "\" below \"" + names[name[under]] + "\"");
        }
        return found;
    }

    /** What a node weighs when only some are kept: no child weighs more than its parent. */
    private long[] weights() {
        if (total.length == 1) {
            return total[0];
        }
        // A quiet side must not push out what is large on the other.
        double scale = baselineScale(true);
        long[] weight = new long[size()];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = Math.max(total[0][i], Math.round(total[1][i] * scale));
        }
        return weight;
    }

    private int[] subtree(int root) {
        if (root == 0) {
            int[] all = new int[size()];
            Arrays.setAll(all, i -> i);
            return all;
        }
        boolean[] inside = new boolean[size()];
        inside[root] = true;
        IntArrayList nodes = new IntArrayList();
        nodes.add(root);
        for (int i = root + 1; i < inside.length; i++) {
            if (inside[parent[i]]) {
                inside[i] = true;
                nodes.add(i);
            }
        }
        return nodes.toIntArray();
    }

    /**
     * The nodes of a subtree that weigh more than {@code smallest}, and the first {@code equals} of those that weigh as much, in
     * preorder with sorted siblings. No child weighs more than its parent, so whatever is kept is connected; and which of the equal
     * ones are kept depends on names, not on the order of adding.
     */
    private int[] preorder(int[] nodes, int root, long[] weight, long smallest, int equals) {
        // 0 for none: the root is nobody's child.
        int[] first = new int[size()];
        int[] next = new int[size()];
        for (int i = nodes.length - 1; i > 0; i--) {
            int node = nodes[i];
            if (weight[node] >= smallest) {
                next[node] = first[parent[node]];
                first[parent[node]] = node;
            }
        }
        IntComparator order = (a, b) -> {
            if (weight[a] != weight[b]) {
                return Long.compare(weight[b], weight[a]);
            }
            int byName = name[a] == name[b] ? 0 : names[name[a]].compareTo(names[name[b]]);
            return byName != 0 ? byName : Byte.compare(kind[a], kind[b]);
        };
        IntArrayList preorder = new IntArrayList();
        IntArrayList stack = new IntArrayList();
        int[] siblings = new int[64];
        int equalsLeft = equals;
        stack.add(root);
        while (!stack.isEmpty()) {
            int node = stack.removeInt(stack.size() - 1);
            if (weight[node] == smallest && equalsLeft-- <= 0) {
                continue;
            }
            preorder.add(node);
            int n = 0;
            for (int c = first[node]; c > 0; c = next[c]) {
                if (n == siblings.length) {
                    siblings = Arrays.copyOf(siblings, n * 2);
                }
                siblings[n++] = c;
            }
            if (n > 1) {
                IntArrays.quickSort(siblings, 0, n, order);
            }
            while (n > 0) {
                stack.add(siblings[--n]);
            }
        }
        return preorder.toIntArray();
    }

    private FrameTree preordered(int[] order) {
        int n = order.length;
        int[] newIndex = new int[size()];
        int[] newParent = new int[n];
        int[] newName = new int[n];
        byte[] newKind = new byte[n];
        long[][] newSelf = new long[self.length][n];
        long[][] newTotal = new long[self.length][n];
        int[] nameMap = new int[names.length];
        Arrays.fill(nameMap, -1);
        String[] newNames = new String[names.length];
        int[] newInstances = new int[names.length];
        int usedNames = 0;
        for (int i = 0; i < n; i++) {
            int node = order[i];
            newIndex[node] = i;
            newParent[i] = i == 0 ? -1 : newIndex[parent[node]];
            int text = name[node];
            if (nameMap[text] < 0) {
                nameMap[text] = usedNames;
                newInstances[usedNames] = instances[text];
                newNames[usedNames++] = names[text];
            }
            newName[i] = nameMap[text];
            newKind[i] = kind[node];
            for (int side = 0; side < self.length; side++) {
                newSelf[side][i] = self[side][node];
                newTotal[side][i] = total[side][node];
            }
        }
        return new FrameTree(
                measure,
                Arrays.copyOf(newNames, usedNames),
                Arrays.copyOf(newInstances, usedNames),
                newParent,
                newName,
                newKind,
                newSelf,
                newTotal);
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

    /** Merges profiles into one tree, and may go on after {@link #build}. Not thread-safe. */
    public static final class Builder {
        private final Measure measure;
        private final Naming naming;
        private final List<Group> groups;
        private final Names names = new Names();
        private final MergedNodes nodes;
        private int[] nameProfile = new int[256];
        private int[] nameProfiles = new int[256];
        private int profiles;

        public Builder(Measure measure, Detail detail) {
            this(measure, new Naming(detail, false, false), List.of(), 1);
        }

        /**
         * @param groups what stands above the stacks, outermost first
         * @param sides 2 to compare with a baseline
         */
        Builder(Measure measure, Naming naming, List<Group> groups, int sides) {
            this.measure = measure;
            this.naming = naming;
            this.groups = groups;
            this.nodes = new MergedNodes(sides, FrameKind.UNKNOWN);
            names.of(ALL);
        }

        /** Adds what {@code filter} accepts of a profile that stands alone. */
        public Builder add(Profile profile, ProfileFilter filter) {
            return add(profile, filter, TimeRange.of(filter, List.of(profile.info())), false, "", 0);
        }

        /**
         * Adds what {@code filter} accepts of the profile's samples; nothing when it has no such measure.
         *
         * @param range what the filter's moments are for all profiles of the query
         * @param count whether each sample counts 1, whatever its value
         * @param instance name of the instance, for {@link Group#INSTANCE}
         * @param side 0, or 1 for the baseline
         */
        public Builder add(
                Profile profile, ProfileFilter filter, TimeRange range, boolean count, String instance, int side) {
            if (!Selection.has(profile, measure)) {
                return this;
            }
            profiles++;
            Selection selection = new Selection(profile, measure, filter, range, count);
            StackValues values = new StackValues(profile, selection, groups, instance);
            Adder adder = new Adder(profile, selection, side);
            values.forEach(adder::add);
            return this;
        }

        /** Adds a profile to a builder without groups; answers the node of each stack that a sample has. */
        int[] addStacks(Profile profile, ProfileFilter filter, TimeRange range, boolean count) {
            profiles++;
            Selection selection = new Selection(profile, measure, filter, range, count);
            Adder adder = new Adder(profile, selection, 0);
            new StackValues(profile, selection, groups, "").forEach(adder::add);
            return adder.merged;
        }

        /** A builder for the same question that holds nothing yet. */
        Builder sibling() {
            return new Builder(measure, naming, groups, nodes.sides());
        }

        /** Adds all that a {@link #sibling} holds. */
        void addAll(Builder other) {
            int[] nameMap = new int[other.names.size()];
            for (int i = 0; i < nameMap.length; i++) {
                nameMap[i] = names.of(other.names.text(i));
            }
            int[] nodeMap = new int[other.nodes.size()];
            for (int i = 0; i < nodeMap.length; i++) {
                if (i > 0) {
                    nodeMap[i] = nodes.child(
                            nodeMap[other.nodes.parent(i)], nameMap[other.nodes.name(i)], other.nodes.kind(i));
                }
                for (int side = 0; side < nodes.sides(); side++) {
                    nodes.add(side, nodeMap[i], other.nodes.self(side, i));
                }
            }
            for (int i = 0; i < Math.min(nameMap.length, other.nameProfiles.length); i++) {
                if (other.nameProfiles[i] > 0) {
                    growNames(nameMap[i]);
                    nameProfiles[nameMap[i]] += other.nameProfiles[i];
                }
            }
            profiles += other.profiles;
        }

        /** One profile's stacks on their way into the tree. */
        private final class Adder {
            private final Profile profile;
            private final Selection selection;
            private final int side;
            private final boolean mergesLevels = naming.detail() == Detail.CLASS || naming.detail() == Detail.PACKAGE;
            /** By frame if its line matters, else by method: one in many frames is another method. */
            private final int[] nameOf;

            private final int[] method;
            private final int[] merged;

            Adder(Profile profile, Selection selection, int side) {
                this.profile = profile;
                this.selection = selection;
                this.side = side;
                this.method =
                        naming.detail() == Detail.LINE ? null : profile.frames().method();
                this.nameOf = new int
                        [method == null
                                ? profile.frames().size()
                                : profile.methods().size()];
                this.merged = new int[profile.stackCount()];
                Arrays.fill(nameOf, -1);
            }

            void add(List<String> group, long[] selfByStack, int[] stacks) {
                int base = 0;
                for (String text : group) {
                    base = nodes.child(base, names.of(text), FrameKind.GROUP.code());
                }
                int[] stackParent = profile.stackParent();
                int[] stackFrame = profile.stackFrame();
                byte[] kinds = profile.frames().kind();
                int[] used = stacks == null ? withCallers(selfByStack) : withCallers(stacks);
                merged[0] = base;
                nodes.add(side, base, selfByStack[0]);
                if (selection.changesStacks()) {
                    addChanged(base, selfByStack, used);
                    return;
                }
                for (int i : used) {
                    int frame = stackFrame[i];
                    int node = below(merged[stackParent[i]], frame, kinds[frame]);
                    merged[i] = node;
                    if (selfByStack[i] != 0) {
                        nodes.add(side, node, selfByStack[i]);
                    }
                }
            }

            /** The same where a filter begins stacks later, ends them earlier or hides frames. */
            private void addChanged(int base, long[] selfByStack, int[] used) {
                int[] stackParent = profile.stackParent();
                int[] stackFrame = profile.stackFrame();
                byte[] kinds = profile.frames().kind();
                boolean[] begun = new boolean[selfByStack.length];
                boolean[] ended = new boolean[selfByStack.length];
                begun[0] = !selection.needsRoot();
                for (int i : used) {
                    int up = stackParent[i];
                    int frame = stackFrame[i];
                    byte marks = selection.marksOfFrame(frame);
                    begun[i] = begun[up] || (marks & Selection.ROOT) != 0;
                    ended[i] = ended[up] || begun[i] && (marks & Selection.LEAF) != 0;
                    if (!begun[i]) {
                        merged[i] = base;
                    } else if (ended[up] || (marks & Selection.HIDDEN) != 0) {
                        merged[i] = merged[up];
                    } else {
                        merged[i] = below(merged[up], frame, kinds[frame]);
                    }
                    nodes.add(side, merged[i], selfByStack[i]);
                }
            }

            private int below(int under, int frame, byte kindCode) {
                int text = nameOf(frame);
                return mergesLevels && nodes.is(under, text, kindCode)
                        ? under // consecutive frames of one class or package are one
                        : nodes.child(under, text, kindCode);
            }

            /** The stacks with a value and their callers, callers first. */
            private int[] withCallers(long[] selfByStack) {
                int[] stackParent = profile.stackParent();
                boolean[] used = new boolean[selfByStack.length];
                int n = 0;
                for (int i = selfByStack.length - 1; i > 0; i--) {
                    if (used[i] || selfByStack[i] != 0) {
                        used[i] = true;
                        used[stackParent[i]] = true;
                        n++;
                    }
                }
                int[] stacks = new int[n];
                for (int i = selfByStack.length - 1; i > 0; i--) {
                    if (used[i]) {
                        stacks[--n] = i;
                    }
                }
                return stacks;
            }

            /** The same for few stacks, without looking at all others. */
            private int[] withCallers(int[] stacks) {
                int[] stackParent = profile.stackParent();
                IntOpenHashSet used = new IntOpenHashSet();
                for (int stack : stacks) {
                    for (int i = stack; i > 0 && used.add(i); ) {
                        i = stackParent[i];
                    }
                }
                int[] all = used.toIntArray();
                Arrays.sort(all);
                return all;
            }

            private int nameOf(int frame) {
                int key = method == null ? frame : method[frame];
                int known = nameOf[key];
                if (known < 0) {
                    known = names.of(naming.text(profile, frame));
                    nameOf[key] = known;
                    countProfile(known);
                }
                return known;
            }
        }

        private void growNames(int text) {
            if (text >= nameProfile.length) {
                int grown = Math.max(text + 1, nameProfile.length * 2);
                nameProfile = Arrays.copyOf(nameProfile, grown);
                nameProfiles = Arrays.copyOf(nameProfiles, grown);
            }
        }

        private void countProfile(int text) {
            growNames(text);
            if (nameProfile[text] != profiles) {
                nameProfile[text] = profiles;
                nameProfiles[text]++;
            }
        }

        /** Bytes that the builder takes in memory, about. */
        public long weightBytes() {
            return nodes.weightBytes() + 100L * names.size();
        }

        public FrameTree build() {
            String[] texts = names.toArray();
            return nodes.build(measure, texts, Arrays.copyOf(nameProfiles, texts.length), 0);
        }
    }
}
