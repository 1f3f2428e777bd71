package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import java.io.IOException;
import java.util.List;

/** Keeps merged trees for the next query, and extends them as profiles arrive. */
public interface Merges {
    /** Merges anew for each query. */
    Merges NONE = (query, measure, sources, merge) -> {
        TreeBuilder builder = merge.begin();
        merge.add(builder, sources);
        return builder.build();
    };

    /**
     * The tree of {@code sources}; the builder of an earlier call with an equal query and measure may already hold some.
     *
     * @param query all that the tree depends on besides its sources: equal queries give equal trees
     * @param measure of the query, in the unit that all of the sources have
     */
    FrameTree tree(Query query, Measure measure, List<ProfileSource> sources, Merge merge) throws IOException;

    /** The steps that merge sources into a tree. */
    interface Merge {
        TreeBuilder begin();

        void add(TreeBuilder into, List<ProfileSource> sources) throws IOException;
    }
}
