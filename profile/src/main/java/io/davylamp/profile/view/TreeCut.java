package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.ints.IntComparator;
import it.unimi.dsi.fastutil.longs.LongArrays;
import java.util.Arrays;
import java.util.List;

/** Makes smaller trees of a {@link FrameTree}: below a path, within a budget of nodes, in a fixed order. */
final class TreeCut {
    private static final int FRACTION_BITS = 7;
    private static final int MAGNITUDES = 65 << FRACTION_BITS;

    private final FrameTree tree;
    private final int size;
    private final Measure measure;
    private final String[] names;
    private final int[] instances;
    private final int[] parent;
    private final int[] name;
    private final byte[] kind;
    private final long[][] self;
    private final long[][] total;

    TreeCut(FrameTree tree) {
        this.tree = tree;
        this.size = tree.size();
        this.measure = tree.measure;
        this.names = tree.names;
        this.instances = tree.instances;
        this.parent = tree.parent;
        this.name = tree.name;
        this.kind = tree.kind;
        this.self = tree.self;
        this.total = tree.total;
    }

    /** See {@link FrameTree#cut(int, List)}. */
    FrameTree largest(int nodes, List<String> path) {
        FrameTree.Children children = tree.children();
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
        long smallest = threshold(ofBelow, nodes);
        int larger = 0;
        for (long each : ofBelow) {
            larger += each > smallest ? 1 : 0;
        }
        return preordered(preorder(below, root, weight, smallest, nodes - larger));
    }

    /** The largest {@code nodes} nodes of a tree in preorder, whose siblings stay as they stand. */
    FrameTree largestInOrder(int nodes) {
        int[] order = new int[size];
        int n = 0;
        long smallest = size <= nodes ? Long.MIN_VALUE : threshold(total[0], nodes);
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

    private int childNamed(String wanted, int under, FrameTree.Children children) {
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

    /** Returns the weight of a node when only some are kept: no child weighs more than its parent. */
    private long[] weights() {
        if (total.length == 1) {
            return total[0];
        }
        // A quiet side must not push out what is large on the other.
        double scale = tree.baselineScale(true);
        long[] weight = new long[size];
        for (int i = 0; i < weight.length; i++) {
            weight[i] = Math.max(total[0][i], Math.round(total[1][i] * scale));
        }
        return weight;
    }

    private int[] subtree(int root) {
        if (root == 0) {
            int[] all = new int[size];
            Arrays.setAll(all, i -> i);
            return all;
        }
        boolean[] inside = new boolean[size];
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
        int[] first = new int[size];
        int[] next = new int[size];
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
        int[] newIndex = new int[size];
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

    /** The {@code n}-th largest value. Most are alike and small: only those near the wanted one are sorted. */
    private static long threshold(long[] values, int n) {
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
}
