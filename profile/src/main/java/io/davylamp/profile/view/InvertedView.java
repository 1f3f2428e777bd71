package io.davylamp.profile.view;

import java.io.IOException;
import java.util.List;

/**
 * The merged tree from the leaves.
 *
 * @param nodes budget of nodes; {@link ViewLimits#ALL_NODES} for all
 * @param most how many nodes may be made when all are asked for
 * @param path names from a child of the root on: only what is below
 * @param foldRecursion whether each frame is at most once in a stack, at its outermost call
 * @param compare what is compared with a baseline; null for what fits best
 */
public record InvertedView(int nodes, int most, List<String> path, boolean foldRecursion, Comparison.By compare)
        implements View {
    @Override
    public TreeAnswer answer(Query query, Profiles profiles) throws IOException {
        Merged merged = profiles.merged(query);
        Facts facts = merged.facts(profiles, query, compare);
        FrameTree tree = foldRecursion ? Recursion.folded(merged.tree()) : merged.tree();
        return new TreeAnswer(requireWhole(Inverted.reversed(tree, Math.min(nodes, most), path), nodes), facts);
    }

    /** Stacks from the inside out may be as many nodes as all stacks have frames: there a whole answer has a bound. */
    static FrameTree requireWhole(FrameTree inverted, int nodes) {
        if (nodes == ViewLimits.ALL_NODES && inverted.cutValue() != 0) {
            throw new InvalidQueryException(
                    "nodes",
                    "the view has more than " + inverted.size()
                            + " nodes, which is all that may be written; ask for the largest with nodes, or for less"
                            + " with a filter such as include, root or leaf");
        }
        return inverted;
    }
}
