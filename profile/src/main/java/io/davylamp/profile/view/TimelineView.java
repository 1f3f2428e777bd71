package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import java.io.IOException;
import java.util.List;

/**
 * Values over time, aligned to wall-clock time over instances.
 *
 * @param cells how the time is cut
 */
public record TimelineView(Timeline.Cells cells) implements View {
    private static final int DEFAULT_CELLS = 300;

    /**
     * The answer; its numbers are those of {@link Timeline}.
     *
     * @param start where the first cell begins, ISO 8601 in UTC
     */
    public record Cells(
            String measure,
            String unit,
            long total,
            Facts facts,
            String start,
            long cellNanos,
            int cells,
            List<Timeline.Row> rows,
            List<SeriesCells> series)
            implements Answer {}

    /** A series under the timeline of one instance; -1 where the value is unknown. */
    public record SeriesCells(String instance, String name, String unit, long[] values) {}

    static View of(Parameters parameters, ViewLimits limits, boolean whole) {
        String length = parameters.one("cell");
        if (length == null) {
            return new TimelineView(
                    Timeline.Cells.of(parameters.number("cells", DEFAULT_CELLS, 1, Timeline.MAX_CELLS)));
        }
        if (parameters.one("cells") != null) {
            throw new InvalidQueryException("cell", "cell and cells exclude each other");
        }
        long nanos = Moment.duration("cell", length);
        if (nanos <= 0) {
            throw new InvalidQueryException("cell", "cell \"" + length + "\" is no length of time above 0");
        }
        return new TimelineView(Timeline.Cells.ofNanos(nanos));
    }

    @Override
    public Cells answer(Query query, Profiles profiles) throws IOException {
        Timeline timeline = timeline(query, profiles);
        long total = timeline.rows().stream().mapToLong(Timeline.Row::total).sum();
        return new Cells(
                timeline.measure().name(),
                timeline.measure().unit().word(),
                total,
                Facts.of(profiles, query, timeline.measure(), total, null),
                Moment.text(timeline.startNanos()),
                timeline.cellNanos(),
                timeline.cells(),
                timeline.rows(),
                timeline.series().stream()
                        .map(row -> new SeriesCells(
                                row.instance(), row.name(), row.unit().word(), row.values()))
                        .toList());
    }

    Timeline timeline(Query query, Profiles profiles) throws IOException {
        Measure measure = profiles.counted(profiles.measure(query.measure()), query);
        TimeRange range = profiles.side().range(query.filter());
        if (query.by().size() > 1) {
            throw new InvalidQueryException("by", "a timeline has rows by one of thread, threads, state, instance");
        }
        Timeline.Builder builder = new Timeline.Builder(
                measure,
                range,
                profiles.side().infos(),
                cells,
                query.by().isEmpty() ? null : query.by().get(0));
        Loading.gather(profiles.sources(), measure, range, new Some(builder, query, range));
        return builder.build();
    }

    /** The cells of some profiles. */
    private record Some(Timeline.Builder builder, Query query, TimeRange range) implements Part<Some> {
        @Override
        public Some sibling() {
            return new Some(builder.sibling(), query, range);
        }

        @Override
        public void add(ProfileSource source, Profile profile) {
            builder.add(profile, query.filter(), range, query.count(), source.instance());
        }

        @Override
        public void merge(Some other) {
            builder.addAll(other.builder);
        }
    }
}
