package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stacks of each thread in the order of time: a tree whose siblings stand as they came, and in which only neighbours are
 * merged, so that a frame that is left and entered again is there twice. A thread is as wide as its samples are worth, not as
 * long as it lived; what a frame used itself stands behind all that it called. Not thread-safe.
 */
final class TimeOrder {
    private final Measure measure;
    private final Naming naming;
    /** Nodes of all threads, each thread's in preorder. */
    private final Map<String, ThreadRow> threads = new LinkedHashMap<>();

    private final Names names = new Names();

    /** One thread's nodes; node 0 is the thread itself. */
    private static final class ThreadRow {
        private final IntArrayList parent = new IntArrayList();
        private final IntArrayList name = new IntArrayList();
        private final IntArrayList kind = new IntArrayList();
        private final LongArrayList self = new LongArrayList();
        private long total;

        int node(int above, int text, byte kindCode) {
            parent.add(above);
            name.add(text);
            kind.add(kindCode);
            self.add(0L);
            return parent.size() - 1;
        }

        void add(int node, long value) {
            self.set(node, self.getLong(node) + value);
            total += value;
        }
    }

    TimeOrder(Measure measure, Naming naming) {
        this.measure = measure;
        this.naming = naming;
        names.of(FrameTree.ALL);
    }

    /** @param instance stands before the thread's name; empty for none */
    void add(Profile profile, ProfileFilter filter, TimeRange range, boolean count, String instance) {
        if (!Selection.has(profile, measure)) {
            return;
        }
        TreeBuilder builder = new TreeBuilder(measure, naming, List.of(), 1);
        int[] nodeOfStack = builder.addStacks(profile, filter, range, count);
        FrameTree merged = builder.build();
        int[] text = new int[merged.names().length];
        for (int i = 0; i < text.length; i++) {
            text[i] = names.of(merged.names()[i]);
        }
        IntArrayList thread = new IntArrayList();
        IntArrayList node = new IntArrayList();
        LongArrayList time = new LongArrayList();
        LongArrayList value = new LongArrayList();
        Selection selection = new Selection(profile, measure, filter, range, count);
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            for (int i = 0; i < n; i++) {
                int row = selection.rows()[i];
                thread.add(block.thread(row));
                node.add(nodeOfStack[block.stack(row)]);
                time.add(block.timeNanos(row));
                value.add(selection.value(block, row));
            }
        }
        int[] order = new int[thread.size()];
        Arrays.setAll(order, i -> i);
        IntArrays.mergeSort(order, (a, b) -> {
            int byThread = Integer.compare(thread.getInt(a), thread.getInt(b));
            return byThread != 0 ? byThread : Long.compare(time.getLong(a), time.getLong(b));
        });
        int[] depth = depths(merged);
        int[] openMerged = new int[Arrays.stream(depth).max().orElse(0) + 1];
        int[] open = new int[openMerged.length];
        int[] path = new int[openMerged.length];
        int last = -1;
        int openDepth = 0;
        ThreadRow row = null;
        for (int sample : order) {
            if (row == null || thread.getInt(sample) != last) {
                last = thread.getInt(sample);
                row = row(profile.threads().name()[last], instance);
                openDepth = 0;
            }
            int deepest = depth[node.getInt(sample)];
            for (int n = node.getInt(sample), d = deepest; d > 0; d--) {
                path[d] = n;
                n = merged.parent(n);
            }
            int same = 0;
            while (same < openDepth && same < deepest && openMerged[same + 1] == path[same + 1]) {
                same++;
            }
            for (int d = same + 1; d <= deepest; d++) {
                openMerged[d] = path[d];
                open[d] = row.node(
                        open[d - 1],
                        text[merged.nameIndex(path[d])],
                        merged.kind(path[d]).code());
            }
            openDepth = deepest;
            row.add(open[deepest], value.getLong(sample));
        }
    }

    private ThreadRow row(String name, String instance) {
        String thread = Group.THREAD.text(name, "", "");
        String shown = instance.isEmpty() ? thread : instance + " " + thread;
        return threads.computeIfAbsent(shown, key -> {
            ThreadRow row = new ThreadRow();
            row.node(-1, names.of(shown), FrameKind.GROUP.code());
            return row;
        });
    }

    private static int[] depths(FrameTree tree) {
        int[] depth = new int[tree.size()];
        for (int i = 1; i < depth.length; i++) {
            depth[i] = depth[tree.parent(i)] + 1;
        }
        return depth;
    }

    /** The largest {@code nodes} nodes, threads by value; what is cut is the remainder of the node above it. */
    FrameTree build(int nodes) {
        List<ThreadRow> rows = new ArrayList<>(threads.values());
        rows.sort((a, b) -> Long.compare(b.total, a.total));
        int size = 1 + rows.stream().mapToInt(row -> row.parent.size()).sum();
        int[] parent = new int[size];
        int[] name = new int[size];
        byte[] kind = new byte[size];
        long[] self = new long[size];
        parent[0] = -1;
        kind[0] = FrameKind.UNKNOWN.code();
        int at = 1;
        for (ThreadRow row : rows) {
            for (int i = 0; i < row.parent.size(); i++) {
                parent[at + i] = i == 0 ? 0 : at + row.parent.getInt(i);
                name[at + i] = row.name.getInt(i);
                kind[at + i] = (byte) row.kind.getInt(i);
                self[at + i] = row.self.getLong(i);
            }
            at += row.parent.size();
        }
        String[] texts = names.toArray();
        return new FrameTree(measure, texts, new int[texts.length], parent, name, kind, new long[][] {self})
                .cutInOrder(nodes);
    }
}
