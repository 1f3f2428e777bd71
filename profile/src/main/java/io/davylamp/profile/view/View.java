package io.davylamp.profile.view;

import java.io.IOException;

/**
 * One way to look at profiles, as a value: equal views of equal queries over the same profiles give equal answers. Each view is one
 * file: its words, how it is computed, and the record that it answers.
 */
public sealed interface View
        permits FlameView,
                InvertedView,
                TimeOrderView,
                CallersView,
                CalleesView,
                HotView,
                TimelineView,
                ThreadsView,
                FindingsView,
                InfoView {
    /**
     * Computes the answer. Parts of it are made profile by profile and merged, see {@link Part}.
     *
     * @throws InvalidQueryException naming the parameter that is wrong for these profiles
     */
    Answer answer(Query query, Profiles profiles) throws IOException;
}
