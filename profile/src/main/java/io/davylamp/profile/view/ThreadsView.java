package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import java.io.IOException;
import java.util.List;

/**
 * What each thread used, in all and in each state.
 *
 * @param rows how many are answered
 * @param fold whether threads whose names differ in their number are one row
 */
public record ThreadsView(int rows, boolean fold) implements View {
    /**
     * The answer.
     *
     * @param rows how many threads there are, answered or not
     */
    public record Threads(String measure, String unit, long total, Facts facts, int rows, List<ThreadTable.Row> threads)
            implements Answer {}

    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        return new ThreadsView(limits.rows(parameters), parameters.flag("fold"));
    }

    @Override
    public Threads answer(Query query, Profiles profiles) throws IOException {
        ThreadTable table = table(query, profiles);
        List<ThreadTable.Row> all = table.rows();
        Measure measure = profiles.counted(profiles.measure(query.measure()), query);
        long total = all.stream().mapToLong(ThreadTable.Row::total).sum();
        boolean hides = query.filter().overhead() == Overhead.HIDE;
        return new Threads(
                measure.name(),
                measure.unit().word(),
                total,
                Facts.of(profiles, query, measure, total, hides ? Long.valueOf(table.hidden()) : null),
                all.size(),
                all.subList(0, Math.min(rows, all.size())));
    }

    ThreadTable table(Query query, Profiles profiles) throws IOException {
        Measure measure = profiles.counted(profiles.measure(query.measure()), query);
        TimeRange range = profiles.side().range(query.filter());
        ThreadTable table = new ThreadTable(measure, fold);
        Loading.gather(profiles.sources(), measure, range, new Some(table, query, range));
        return table;
    }

    /** The rows of some profiles. */
    private record Some(ThreadTable table, Query query, TimeRange range) implements Part<Some> {
        @Override
        public Some sibling() {
            return new Some(table.sibling(), query, range);
        }

        @Override
        public void add(ProfileSource source, Profile profile) {
            table.add(profile, query.filter(), range, query.count());
        }

        @Override
        public void merge(Some other) {
            table.addAll(other.table);
        }
    }
}
