package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import java.io.IOException;
import java.util.List;

/** The samples of one profile that a query accepts, for formats that write each with its time and thread. */
public final class ProfileSamples {
    private final Profile profile;
    private final Selection selection;
    private final int[] nodeOfStack;

    private ProfileSamples(Profile profile, Selection selection, int[] nodeOfStack) {
        this.profile = profile;
        this.selection = selection;
        this.nodeOfStack = nodeOfStack;
    }

    /** Receives the samples of each profile, with their stacks as a tree. */
    public interface Visitor {
        void profile(ProfileSource source, Measure measure, FrameTree tree, ProfileSamples samples);
    }

    /** Receives samples. */
    public interface SampleVisitor {
        /**
         * One sample.
         *
         * @param node of the profile's tree
         * @param timeNanos since the profile's start
         * @param value in the measure's unit
         * @param count how many samples of the profiler it stands for
         */
        void sample(int node, int thread, long timeNanos, long value, long count);
    }

    /** All samples of a query, profile by profile. */
    public static void visit(Query query, Profiles profiles, Visitor visitor) throws IOException {
        Measure measure = profiles.counted(profiles.measure(query.measure()), query);
        TimeRange range = profiles.side().range(query.filter());
        Loading.forEach(profiles.sources(), measure, range, (source, profile) -> {
            if (!Selection.has(profile, measure)) {
                return;
            }
            TreeBuilder builder = new TreeBuilder(measure, query.naming(), List.of(), 1);
            int[] nodeOfStack = builder.addStacks(profile, query.filter(), range, query.count());
            Selection selection = new Selection(profile, measure, query.filter(), range, query.count());
            visitor.profile(source, measure, builder.build(), new ProfileSamples(profile, selection, nodeOfStack));
        });
    }

    public String threadName(int thread) {
        return profile.threads().name()[thread];
    }

    /** The operating system's number of a thread; 0 when unknown. */
    public long threadId(int thread) {
        return profile.threads().osId()[thread];
    }

    /** Visits each sample, in the order of the profile. */
    public void forEach(SampleVisitor visitor) {
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            for (int i = 0; i < n; i++) {
                int row = selection.rows()[i];
                visitor.sample(
                        nodeOfStack[block.stack(row)],
                        block.thread(row),
                        block.timeNanos(row),
                        selection.value(block, row),
                        block.weight(row));
            }
        }
    }
}
