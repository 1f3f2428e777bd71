package io.davylamp.profile.view;

import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of the selected samples per stack of a profile, for each group of a view. */
final class StackValues {
    /** Receives one group. */
    interface Visitor {
        /**
         * @param group texts of the group's levels, outermost first; empty without groups
         * @param values by stack; valid during the call
         * @param stacks the stacks that may have a value, in no order and maybe twice; null for all
         */
        void group(List<String> group, long[] values, int[] stacks);
    }

    private record Piece(IntArrayList stacks, LongArrayList values) {}

    private final Profile profile;
    private final Selection selection;
    private final List<Group> groups;
    private final String instance;

    StackValues(Profile profile, Selection selection, List<Group> groups, String instance) {
        this.profile = profile;
        this.selection = selection;
        this.groups = groups;
        this.instance = instance;
    }

    void forEach(Visitor visitor) {
        long[] values = new long[profile.stackCount()];
        if (groups.stream().anyMatch(group -> group != Group.INSTANCE)) {
            forEachOfRows(values, visitor);
            return;
        }
        boolean tells = selection.tellsOverhead();
        long[] overhead = null;
        boolean any = false;
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            int[] rows = selection.rows();
            for (int i = 0; i < n; i++) {
                if (tells && selection.isOverhead(block, rows[i])) {
                    overhead = overhead == null ? new long[values.length] : overhead;
                    overhead[block.stack(rows[i])] += selection.value(block, rows[i]);
                } else {
                    values[block.stack(rows[i])] += selection.value(block, rows[i]);
                    any = true;
                }
            }
        }
        List<String> texts = groups.stream().map(group -> instance).toList();
        if (any) {
            visitor.group(texts, values, null);
        }
        if (overhead != null) {
            visitor.group(below(Overhead.NAME, texts), overhead, null);
        }
    }

    private static List<String> below(String first, List<String> texts) {
        List<String> all = new ArrayList<>(texts);
        all.add(0, first);
        return all;
    }

    private void forEachOfRows(long[] values, Visitor visitor) {
        Map<List<String>, Piece> pieces = new LinkedHashMap<>();
        // By thread and state: the same texts give the same piece.
        Piece[][] known = new Piece[2][profile.threads().size() << 7];
        boolean tells = selection.tellsOverhead();
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            int[] rows = selection.rows();
            for (int i = 0; i < n; i++) {
                int row = rows[i];
                int key = block.thread(row) << 7 | block.state(row) & 0x7f;
                boolean overhead = tells && selection.isOverhead(block, row);
                Piece[] side = known[overhead ? 1 : 0];
                if (side[key] == null) {
                    List<String> texts = texts(block.thread(row), block.state(row) & 0x7f);
                    side[key] = pieces.computeIfAbsent(
                            overhead ? below(Overhead.NAME, texts) : texts,
                            k -> new Piece(new IntArrayList(), new LongArrayList()));
                }
                side[key].stacks().add(block.stack(row));
                side[key].values().add(selection.value(block, row));
            }
        }
        pieces.forEach((key, piece) -> {
            int[] stacks = piece.stacks().toIntArray();
            for (int i = 0; i < stacks.length; i++) {
                values[stacks[i]] += piece.values().getLong(i);
            }
            visitor.group(key, values, stacks);
            for (int stack : stacks) {
                values[stack] = 0;
            }
        });
    }

    private List<String> texts(int thread, int state) {
        return groups.stream()
                .map(group -> group.text(profile.threads().name()[thread], profile.states()[state], instance))
                .toList();
    }
}
