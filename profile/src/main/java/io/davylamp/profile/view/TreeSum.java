package io.davylamp.profile.view;

import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.PrefixTree;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Trees added to and subtracted from each other, whose frames are told apart by their text alone: for those who see fewer
 * measures than we do, and no kinds of frames. Not thread-safe.
 */
public final class TreeSum {
    /** Formats a frame; frames of equal text are one frame. */
    public interface Text {
        String of(String name, FrameKind kind);
    }

    private static final int KINDS = FrameKind.values().length;

    private final Measure measure;
    private final Text text;
    private final PrefixTree tree = new PrefixTree();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> names = new ArrayList<>();
    private byte[] kind = new byte[1024];
    private long[] self = new long[1024];

    /** @param measure what the sum is called */
    public TreeSum(Measure measure, Text text) {
        this.measure = measure;
        this.text = text;
        name("all");
    }

    public TreeSum add(FrameTree other) {
        return add(other, 1);
    }

    /** Takes away what was added before. */
    public TreeSum subtract(FrameTree other) {
        return add(other, -1);
    }

    private TreeSum add(FrameTree other, int sign) {
        int[] nameOf = new int[other.names().length * KINDS];
        Arrays.fill(nameOf, -1);
        int[] at = new int[other.size()];
        self[0] += sign * other.self(0);
        for (int i = 1; i < at.length; i++) {
            byte kindCode = other.kind(i).code();
            int key = other.nameIndex(i) * KINDS + kindCode;
            if (nameOf[key] < 0) {
                nameOf[key] = name(text.of(other.name(i), other.kind(i)));
            }
            int before = tree.size();
            int node = tree.child(at[other.parent(i)], nameOf[key]);
            if (node == before) {
                if (node == kind.length) {
                    kind = Arrays.copyOf(kind, node * 2);
                    self = Arrays.copyOf(self, node * 2);
                }
                kind[node] = kindCode;
            }
            kind[node] = (byte) Math.min(kind[node], kindCode);
            self[node] += sign * other.self(i);
            at[i] = node;
        }
        return this;
    }

    private int name(String name) {
        return numbers.computeIfAbsent(name, n -> {
            names.add(n);
            return names.size() - 1;
        });
    }

    /** The sum, without what came to nothing. */
    public FrameTree build() {
        int size = tree.size();
        long[] total = Arrays.copyOf(self, size);
        for (int i = size - 1; i > 0; i--) {
            total[tree.parent(i)] += total[i];
        }
        int[] at = new int[size];
        int[] parent = new int[size];
        int[] name = new int[size];
        byte[] kinds = new byte[size];
        long[] selfs = new long[size];
        parent[0] = -1;
        kinds[0] = kind[0];
        selfs[0] = self[0];
        int kept = 1;
        for (int i = 1; i < size; i++) {
            if (total[i] != 0) {
                at[i] = kept;
                parent[kept] = at[tree.parent(i)];
                name[kept] = tree.frame(i);
                kinds[kept] = kind[i];
                selfs[kept++] = self[i];
            }
        }
        return new FrameTree(
                measure,
                names.toArray(String[]::new),
                new int[names.size()],
                Arrays.copyOf(parent, kept),
                Arrays.copyOf(name, kept),
                Arrays.copyOf(kinds, kept),
                new long[][] {Arrays.copyOf(selfs, kept)});
    }
}
