package io.davylamp.profile.view;

import java.io.IOException;
import java.util.List;

/**
 * The merged tree from the root.
 *
 * @param nodes budget of nodes; {@link ViewLimits#ALL_NODES} for all
 * @param path names from a child of the root on: only what is below
 * @param foldRecursion whether each frame is at most once in a stack, at its outermost call
 * @param compare what is compared with a baseline; null for what fits best
 */
public record FlameView(int nodes, List<String> path, boolean foldRecursion, Comparison.By compare) implements View {
    /** The view of the word {@code flame}, which turns into another one when it is asked for reversed, or in the order of time. */
    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        int nodes = limits.nodes(parameters, whole);
        boolean reversed = parameters.flag("reversed");
        boolean folded = parameters.flag("fold-recursion");
        Comparison.By compare = Comparison.By.of(parameters);
        List<String> path = parameters.all("path");
        if (TimeOrderView.isAskedFor(parameters)) {
            return new TimeOrderView(nodes);
        }
        return reversed
                ? new InvertedView(nodes, limits.exportNodes(), path, folded, compare)
                : new FlameView(nodes, path, folded, compare);
    }

    /** Whether the stacks are those that samples have, all of them. */
    public boolean hasPlainStacks() {
        return nodes == ViewLimits.ALL_NODES && path.isEmpty() && !foldRecursion;
    }

    @Override
    public TreeAnswer answer(Query query, Profiles profiles) throws IOException {
        Merged merged = profiles.merged(query);
        FrameTree tree = foldRecursion ? Recursion.folded(merged.tree()) : merged.tree();
        return new TreeAnswer(tree.cut(nodes, path), merged.facts(profiles, query, compare));
    }
}
