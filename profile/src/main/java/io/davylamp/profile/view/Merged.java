package io.davylamp.profile.view;

/**
 * The whole tree of a query, which all views of trees and methods are made of.
 *
 * @param overhead what the profiler itself is worth; null when it is not told apart
 */
record Merged(FrameTree tree, Long overhead) {
    /** @param compare what is compared with a baseline; null for what fits best */
    Facts facts(Profiles profiles, Query query, Comparison.By compare) {
        Comparison comparison = tree.sides() == 1 ? null : profiles.comparison(compare, tree, query);
        return Facts.of(
                profiles,
                query,
                tree.measure(),
                tree.total(),
                overhead,
                comparison,
                tree.sides() == 1 ? 0 : tree.total(1, 0));
    }
}
