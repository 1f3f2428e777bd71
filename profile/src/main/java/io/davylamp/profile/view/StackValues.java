package io.davylamp.profile.view;

import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the selected samples of a profile add to each of its stacks, for each group that a view asks for. */
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
        boolean any = false;
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            int[] rows = selection.rows();
            for (int i = 0; i < n; i++) {
                values[block.stack(rows[i])] += selection.value(block, rows[i]);
            }
            any |= n > 0;
        }
        if (any) {
            visitor.group(groups.stream().map(group -> instance).toList(), values, null);
        }
    }

    private void forEachOfRows(long[] values, Visitor visitor) {
        Map<List<String>, Piece> pieces = new LinkedHashMap<>();
        // By thread and state: the same texts give the same piece.
        Piece[] known = new Piece[profile.threads().size() << 7];
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            int[] rows = selection.rows();
            for (int i = 0; i < n; i++) {
                int row = rows[i];
                int key = block.thread(row) << 7 | block.state(row) & 0x7f;
                if (known[key] == null) {
                    known[key] = pieces.computeIfAbsent(
                            texts(block.thread(row), block.state(row) & 0x7f),
                            k -> new Piece(new IntArrayList(), new LongArrayList()));
                }
                known[key].stacks().add(block.stack(row));
                known[key].values().add(selection.value(block, row));
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
