package io.davylamp.profile;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * The stacks of one measure merged from any number of profiles: a tree of frames with exact values.
 *
 * <p>Shape: nodes in preorder, siblings by value, largest first, then by text; {@code parent[i] < i}, node 0 is the root. Always
 * {@code total = self + Σ children.total}. The same profiles in any order of adding give the same tree. Immutable.
 */
public final class FrameTree {
    private final Measure measure;
    private final String[] names;
    private final int[] parent;
    private final int[] name;
    private final byte[] kind;
    private final long[] self;
    private final long[] total;

    private FrameTree(
            Measure measure, String[] names, int[] parent, int[] name, byte[] kind, long[] self, long[] total) {
        this.measure = measure;
        this.names = names;
        this.parent = parent;
        this.name = name;
        this.kind = kind;
        this.self = self;
        this.total = total;
    }

    public Measure measure() {
        return measure;
    }

    public int size() {
        return parent.length;
    }

    public long total() {
        return total[0];
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

    public FrameKind kind(int node) {
        return FrameKind.ofCode(kind[node]);
    }

    public long self(int node) {
        return self[node];
    }

    public long total(int node) {
        return total[node];
    }

    public static FrameTree of(Profile profile, Measure measure, Detail detail) {
        return new Builder(measure, detail).add(profile, ProfileFilter.ALL).build();
    }

    /** Merges profiles into one tree. Not thread-safe. */
    public static final class Builder {
        private final Measure measure;
        private final Detail detail;
        private final Object2IntOpenHashMap<String> nameIndex = new Object2IntOpenHashMap<>();
        private final List<String> names = new ArrayList<>();
        /** Its frames are a name's number and, in the lowest bit, whether it is a class frame. */
        private final PrefixTree tree = new PrefixTree();

        private byte[] kind = new byte[1024];
        private long[] self = new long[1024];

        public Builder(Measure measure, Detail detail) {
            this.measure = measure;
            this.detail = detail;
            nameIndex.defaultReturnValue(-1);
            nameOf("all");
            kind[0] = FrameKind.UNKNOWN.code();
        }

        /** Adds what {@code filter} accepts of the profile's samples; nothing when it has no such measure. */
        public Builder add(Profile profile, ProfileFilter filter) {
            Samples samples = profile.measures().get(measure);
            if (samples != null) {
                add(profile, selfByStack(profile, samples, filter));
            }
            return this;
        }

        private static long[] selfByStack(Profile profile, Samples samples, ProfileFilter filter) {
            long[] values = new long[profile.stackCount()];
            boolean[] accepted = new boolean[profile.threadCount()];
            for (int t = 0; t < accepted.length; t++) {
                accepted[t] = filter.threadName().test(profile.threadName(t));
            }
            for (Samples.Block block : samples.blocks()) {
                for (int i = 0; i < block.size; i++) {
                    if (accepted[block.thread[i]]
                            && block.timeNanos[i] >= filter.fromNanos()
                            && block.timeNanos[i] < filter.toNanos()) {
                        values[block.stack[i]] += block.value[i];
                    }
                }
            }
            return values;
        }

        private void add(Profile profile, long[] selfByStack) {
            int[] stackParent = profile.stackParent;
            boolean[] used = new boolean[selfByStack.length];
            for (int i = selfByStack.length - 1; i > 0; i--) {
                if (used[i] || selfByStack[i] != 0) {
                    used[i] = true;
                    used[stackParent[i]] = true;
                }
            }
            int[] nameOfFrame = new int[profile.frameMethod.length];
            Arrays.fill(nameOfFrame, -1);
            int[] merged = new int[selfByStack.length];
            self[0] += selfByStack[0];
            for (int i = 1; i < selfByStack.length; i++) {
                if (used[i]) {
                    int frame = profile.stackFrame[i];
                    if (nameOfFrame[frame] < 0) {
                        nameOfFrame[frame] = nameOf(detail.text(profile, frame));
                    }
                    int under = merged[stackParent[i]];
                    merged[i] = detail == Detail.LINE || detail == Detail.METHOD || nameAt(under) != nameOfFrame[frame]
                            ? child(under, nameOfFrame[frame], profile.frameKind[frame])
                            : under; // consecutive frames of one class or package are one
                    self[merged[i]] += selfByStack[i];
                }
            }
        }

        private int nameOf(String text) {
            int known = nameIndex.getInt(text);
            if (known < 0) {
                known = names.size();
                nameIndex.put(text, known);
                names.add(text);
            }
            return known;
        }

        private int child(int under, int nameNumber, byte kindCode) {
            // A class frame is not code: it must not merge with a method of the same text.
            boolean isClass = kindCode == FrameKind.CLASS.code();
            int before = tree.size();
            int node = tree.child(under, nameNumber << 1 | (isClass ? 1 : 0));
            if (node < before) {
                // Which kind a merged frame shows must not depend on the order of adding.
                kind[node] = (byte) Math.min(kind[node], kindCode);
                return node;
            }
            if (node == kind.length) {
                kind = Arrays.copyOf(kind, node * 2);
                self = Arrays.copyOf(self, node * 2);
            }
            kind[node] = kindCode;
            return node;
        }

        private int nameAt(int node) {
            return node == 0 ? 0 : tree.frame(node) >>> 1;
        }

        public FrameTree build() {
            int size = tree.size();
            int[] parent = tree.parents();
            int[] name = new int[size];
            for (int i = 0; i < size; i++) {
                name[i] = nameAt(i);
            }
            long[] total = Arrays.copyOf(self, size);
            for (int i = size - 1; i > 0; i--) {
                total[parent[i]] += total[i];
            }
            Adjacency adjacency = new Adjacency(parent, size);
            Comparator<Integer> order = Comparator.<Integer>comparingLong(i -> -total[i])
                    .thenComparing(i -> names.get(name[i]))
                    .thenComparing(i -> kind[i]);
            int[] preorder = new int[size];
            int[] newParent = new int[size];
            int[] stack = new int[size];
            int[] newIndex = new int[size];
            int depth = 1;
            int next = 0;
            List<Integer> siblings = new ArrayList<>();
            while (depth > 0) {
                int node = stack[--depth];
                newIndex[node] = next;
                newParent[next] = node == 0 ? -1 : newIndex[parent[node]];
                preorder[next++] = node;
                siblings.clear();
                for (int c = adjacency.first(node); c >= 0; c = adjacency.next(c)) {
                    siblings.add(c);
                }
                siblings.sort(order);
                for (int i = siblings.size() - 1; i >= 0; i--) {
                    stack[depth++] = siblings.get(i);
                }
            }
            int[] newName = new int[size];
            byte[] newKind = new byte[size];
            long[] newSelf = new long[size];
            long[] newTotal = new long[size];
            for (int i = 0; i < size; i++) {
                newName[i] = name[preorder[i]];
                newKind[i] = kind[preorder[i]];
                newSelf[i] = self[preorder[i]];
                newTotal[i] = total[preorder[i]];
            }
            return new FrameTree(measure, names.toArray(String[]::new), newParent, newName, newKind, newSelf, newTotal);
        }
    }

    /** First child and next sibling of each node. */
    static final class Adjacency {
        private final int[] first;
        private final int[] next;

        Adjacency(int[] parent, int size) {
            first = new int[size];
            next = new int[size];
            Arrays.fill(first, -1);
            for (int i = size - 1; i > 0; i--) {
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

    /**
     * The largest {@code nodes} nodes of this tree. What is cut below a node is {@code total - self - Σ children.total} of the
     * answer: the remainder, never lost, never part of {@code self}.
     */
    public FrameTree cut(int nodes) {
        if (size() <= nodes) {
            return this;
        }
        Adjacency adjacency = new Adjacency(parent, size());
        boolean[] kept = new boolean[size()];
        PriorityQueue<Integer> largest = new PriorityQueue<>(
                Comparator.<Integer>comparingLong(i -> -total[i]).thenComparing(Comparator.naturalOrder()));
        largest.add(0);
        for (int n = 0; n < nodes && !largest.isEmpty(); n++) {
            int node = largest.remove();
            kept[node] = true;
            for (int c = adjacency.first(node); c >= 0; c = adjacency.next(c)) {
                largest.add(c);
            }
        }
        int[] newIndex = new int[size()];
        int count = 0;
        for (int i = 0; i < kept.length; i++) {
            newIndex[i] = kept[i] ? count++ : -1;
        }
        int[] newParent = new int[count];
        int[] newName = new int[count];
        byte[] newKind = new byte[count];
        long[] newSelf = new long[count];
        long[] newTotal = new long[count];
        TreeMap<Integer, Integer> usedNames = new TreeMap<>();
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                usedNames.putIfAbsent(name[i], usedNames.size());
            }
        }
        String[] cutNames = new String[usedNames.size()];
        usedNames.forEach((old, now) -> cutNames[now] = names[old]);
        for (int i = 0; i < kept.length; i++) {
            if (kept[i]) {
                int at = newIndex[i];
                newParent[at] = i == 0 ? -1 : newIndex[parent[i]];
                newName[at] = usedNames.get(name[i]);
                newKind[at] = kind[i];
                newSelf[at] = self[i];
                newTotal[at] = total[i];
            }
        }
        return new FrameTree(measure, cutNames, newParent, newName, newKind, newSelf, newTotal);
    }
}
