package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.stream.Collectors;

/**
 * Stacks read from the inside out: {@link #reversed} from every leaf, {@link #callers} from one method. Only what is asked for is
 * built: the largest node is opened first, until the budget is spent, so that the work is bounded by the nodes shown, not by the
 * sum of all depths. Values are exact all the same; what is not opened is its parent's remainder.
 */
public final class Inverted {
    /** A node of the answer that may be opened: where its items stand in {@link #tree}. */
    private static final class Open {
        final int[] at;
        final int[] item;
        final long weight;
        int under = -1;
        int text;

        Open(int[] at, int[] item, long weight) {
            this.at = at;
            this.item = item;
            this.weight = weight;
        }
    }

    /** Number of methods that are suggested for an unknown name. */
    private static final int SUGGESTIONS = 3;

    private final FrameTree tree;
    /** By side and item. */
    private final long[][] weights;

    private final double scale;

    private final IntArrayList parent = new IntArrayList();
    private final IntArrayList name = new IntArrayList();
    private final IntArrayList kind = new IntArrayList();
    private final LongArrayList[] self;
    private final LongArrayList[] total;

    private Inverted(FrameTree tree, long[][] weights) {
        this.tree = tree;
        this.weights = weights;
        this.scale = tree.sides() > 1 ? tree.baselineScale(true) : 1;
        this.self = new LongArrayList[weights.length];
        this.total = new LongArrayList[weights.length];
        for (int side = 0; side < weights.length; side++) {
            self[side] = new LongArrayList();
            total[side] = new LongArrayList();
        }
    }

    /**
     * The tree from the leaves: a node's children are its callers; its {@code self} is of stacks that begin with it.
     *
     * @param nodes budget of nodes
     * @param path names from a child of the root on, to the node that becomes the answer's root
     */
    public static FrameTree reversed(FrameTree tree, int nodes, List<String> path) {
        IntArrayList leaves = new IntArrayList();
        for (int i = 1; i < tree.size(); i++) {
            boolean any = false;
            for (int side = 0; side < tree.sides(); side++) {
                any |= tree.self(side, i) != 0;
            }
            if (any) {
                leaves.add(i);
            }
        }
        int[] at = leaves.toIntArray();
        long[][] weights = new long[tree.sides()][at.length];
        for (int side = 0; side < weights.length; side++) {
            for (int i = 0; i < at.length; i++) {
                weights[side][i] = tree.self(side, at[i]);
            }
        }
        return new Inverted(tree, weights).build(FrameTree.ALL, FrameKind.UNKNOWN, at, true, nodes, path);
    }

    /**
     * Who called a method: the root is the method, its children are its callers. Each sample counts once, from its outermost
     * frame of that name: as often as {@link HotMethods} says.
     *
     * @throws InvalidQueryException if no frame has that name
     */
    public static FrameTree callers(FrameTree tree, String method, int nodes, List<String> path) {
        int[] at = outermost(tree, method);
        long[][] weights = new long[tree.sides()][at.length];
        for (int side = 0; side < weights.length; side++) {
            for (int i = 0; i < at.length; i++) {
                weights[side][i] = tree.total(side, at[i]);
            }
        }
        return new Inverted(tree, weights).build(method, kindOf(tree, at), at, false, nodes, path);
    }

    /** The nodes of that name without one of the same name above them. */
    static int[] outermost(FrameTree tree, String method) {
        int wanted = Arrays.asList(tree.names()).indexOf(method);
        boolean[] inside = new boolean[tree.size()];
        IntArrayList nodes = new IntArrayList();
        for (int i = 1; i < tree.size(); i++) {
            inside[i] = inside[tree.parent(i)];
            if (!inside[i] && tree.nameIndex(i) == wanted && tree.kind(i) != FrameKind.GROUP) {
                inside[i] = true;
                nodes.add(i);
            }
        }
        if (nodes.isEmpty()) {
            throw InvalidQueryException.unknown(
                    "method", "no stack has the method \"" + method + "\"" + suggestion(tree, method));
        }
        return nodes.toIntArray();
    }

    /** The heaviest methods whose names end in what was given, or have it anywhere: whole names are seldom typed. */
    private static String suggestion(FrameTree tree, String method) {
        String wanted = method.replace('#', '.').replace("::", ".").toLowerCase(Locale.ROOT);
        if (wanted.isBlank()) {
            return "";
        }
        Map<String, Long> ends = new HashMap<>();
        Map<String, Long> holds = new HashMap<>();
        for (int i = 1; i < tree.size(); i++) {
            String name = tree.names()[tree.nameIndex(i)];
            String lower = name.toLowerCase(Locale.ROOT);
            if (tree.kind(i) != FrameKind.GROUP && lower.contains(wanted)) {
                boolean end = lower.equals(wanted) || lower.endsWith("." + wanted);
                (end ? ends : holds).merge(name, tree.total(0, i), Long::max);
            }
        }
        Map<String, Long> found = ends.isEmpty() ? holds : ends;
        return found.isEmpty()
                ? ""
                : "; did you mean "
                        + found.entrySet().stream()
                                .sorted(Map.Entry.<String, Long>comparingByValue()
                                        .reversed()
                                        .thenComparing(Map.Entry.comparingByKey()))
                                .limit(SUGGESTIONS)
                                .map(Map.Entry::getKey)
                                .collect(Collectors.joining(" or "))
                        + "?";
    }

    private FrameTree build(
            String rootName, FrameKind rootKind, int[] at, boolean atChildren, int nodes, List<String> path) {
        int[] items = new int[at.length];
        Arrays.setAll(items, i -> i);
        NamesOf names = new NamesOf(tree, rootName);
        Open root = new Open(at, items, weight(items));
        boolean rootIsFrame = !atChildren;
        Map<Integer, Open> children = childrenOf(root, atChildren);
        for (String step : path) {
            Open wanted = null;
            for (Map.Entry<Integer, Open> child : children.entrySet()) {
                if (tree.names()[child.getKey() >> 1].equals(step)
                        && (wanted == null || child.getValue().weight > wanted.weight)) {
                    wanted = child.getValue();
                    rootKind = kindOf(wanted);
                }
            }
            if (wanted == null) {
                throw new InvalidQueryException("path", "path: there is no \"" + step + "\" at its place");
            }
            rootName = step;
            names = new NamesOf(tree, rootName);
            root = wanted;
            rootIsFrame = true;
            children = childrenOf(root, false);
        }
        root.text = names.root();
        append(root, rootKind, rootIsFrame);
        // Among equals the one whose parent was opened first, then by text: never by the order in which profiles were
        // added.
        PriorityQueue<Open> queue = new PriorityQueue<>(Comparator.comparingLong((Open open) -> -open.weight)
                .thenComparingInt(open -> open.under)
                .thenComparing(open -> tree.names()[open.text])
                .thenComparing(this::kindOf));
        offer(children, 0, queue);
        while (!queue.isEmpty() && parent.size() < nodes) {
            Open next = queue.remove();
            int node = append(next, kindOf(next), true);
            offer(childrenOf(next, false), node, queue);
        }
        long[][] selfs = new long[weights.length][];
        long[][] totals = new long[weights.length][];
        for (int side = 0; side < weights.length; side++) {
            selfs[side] = self[side].toLongArray();
            totals[side] = total[side].toLongArray();
        }
        byte[] kinds = new byte[kind.size()];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = (byte) kind.getInt(i);
        }
        return FrameTree.ofTotals(
                tree.measure(),
                names.texts(),
                names.instances(),
                parent.toIntArray(),
                name.toIntArray(),
                kinds,
                selfs,
                totals);
    }

    private static void offer(Map<Integer, Open> children, int under, PriorityQueue<Open> queue) {
        children.forEach((key, open) -> {
            open.under = under;
            open.text = key >> 1;
            queue.add(open);
        });
    }

    /** The first of the kinds that its frames have. */
    private FrameKind kindOf(Open open) {
        return kindOf(tree, open.at);
    }

    static FrameKind kindOf(FrameTree tree, int[] at) {
        FrameKind kind = tree.kind(at[0]);
        for (int node : at) {
            kind = tree.kind(node).compareTo(kind) < 0 ? tree.kind(node) : kind;
        }
        return kind;
    }

    /** Groups what a node holds by the frame above it; {@code atChildren}: by the frame itself. */
    private Map<Integer, Open> childrenOf(Open open, boolean atChildren) {
        Map<Integer, IntArrayList> groups = new LinkedHashMap<>();
        for (int i = 0; i < open.at.length; i++) {
            int next = atChildren ? open.at[i] : tree.parent(open.at[i]);
            if (next > 0) {
                int key = tree.nameIndex(next) << 1 | (tree.kind(next) == FrameKind.CLASS ? 1 : 0);
                groups.computeIfAbsent(key, k -> new IntArrayList()).add(i);
            }
        }
        Map<Integer, Open> children = new LinkedHashMap<>();
        groups.forEach((key, members) -> {
            int[] at = new int[members.size()];
            int[] item = new int[members.size()];
            for (int i = 0; i < at.length; i++) {
                int member = members.getInt(i);
                at[i] = atChildren ? open.at[member] : tree.parent(open.at[member]);
                item[i] = open.item[member];
            }
            children.put(key, new Open(at, item, weight(item)));
        });
        return children;
    }

    private long weight(int[] items) {
        long weight = sum(0, items);
        return weights.length == 1 ? weight : Math.max(weight, Math.round(sum(1, items) * scale));
    }

    private long sum(int side, int[] items) {
        long sum = 0;
        for (int item : items) {
            sum += weights[side][item];
        }
        return sum;
    }

    /** @param isFrame whether items stand at the node's own frame, so that those at the outermost one end here */
    private int append(Open open, FrameKind frameKind, boolean isFrame) {
        parent.add(open.under);
        name.add(open.text);
        kind.add(frameKind.code());
        for (int side = 0; side < weights.length; side++) {
            long ends = 0;
            for (int i = 0; isFrame && i < open.at.length; i++) {
                ends += tree.parent(open.at[i]) == 0 ? weights[side][open.item[i]] : 0;
            }
            self[side].add(ends);
            total[side].add(sum(side, open.item));
        }
        return parent.size() - 1;
    }

    /** The tree's names with one for the root. */
    private record NamesOf(FrameTree tree, String rootName) {
        int root() {
            return tree.names().length;
        }

        String[] texts() {
            String[] texts = Arrays.copyOf(tree.names(), tree.names().length + 1);
            texts[root()] = rootName;
            return texts;
        }

        int[] instances() {
            int[] instances = new int[tree.names().length + 1];
            for (int i = 0; i < tree.names().length; i++) {
                instances[i] = tree.instances(i);
            }
            return instances;
        }
    }
}
