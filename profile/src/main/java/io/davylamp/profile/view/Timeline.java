package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.Samples;
import io.davylamp.profile.Series;
import io.davylamp.profile.Unit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values over time, in cells of equal length that begin at the same moments for all instances; a row for each thread, state or
 * instance if asked. The cells of a row add up to what the row's samples are worth. Immutable.
 *
 * @param measure what is summed
 * @param startNanos where the first cell begins, nanoseconds since the epoch
 * @param cellNanos length of a cell
 * @param cells how many there are
 * @param rows largest first, then by name; one row named "all" without a group
 * @param series of each instance under the timeline: shares and heap as the largest value of a cell, pauses as its sum; -1 where
 *     nothing is known
 */
public record Timeline(
        Measure measure, long startNanos, long cellNanos, int cells, List<Row> rows, List<SeriesRow> series) {

    public record Row(String name, long total, long[] values) {}

    public record SeriesRow(String instance, String name, Unit unit, long[] values) {}

    public static final int MAX_CELLS = 10_000;

    /** The division of time: into a number of cells, or into cells of a length. */
    public record Cells(int count, long nanos) {
        public static Cells of(int count) {
            return new Cells(count, 0);
        }

        public static Cells ofNanos(long nanos) {
            return new Cells(0, nanos);
        }
    }

    /** Adds up profiles. Not thread-safe. */
    public static final class Builder {
        private final Measure measure;
        private final Group group;
        private final long startNanos;
        private final long cellNanos;
        private final int cells;
        private final Map<String, long[]> rows = new TreeMap<>();
        private final List<SeriesRow> series = new ArrayList<>();

        /**
         * @param range of the query; open ends become the first start and the last end of {@code infos}
         * @param group null for one row
         */
        public Builder(Measure measure, TimeRange range, Collection<ProfileInfo> infos, Cells cells, Group group) {
            long first = infos.stream().mapToLong(ProfileInfo::startNanos).min().orElse(0);
            long last = infos.stream().mapToLong(ProfileInfo::endNanos).max().orElse(0);
            this.measure = measure;
            this.group = group;
            this.startNanos = Math.max(first, range.fromNanos());
            long end = Math.max(startNanos + 1, Math.min(last + 1, range.toNanos()));
            if (cells.nanos() > 0) {
                this.cellNanos = cells.nanos();
                long count = -Math.floorDiv(startNanos - end, cellNanos);
                if (count > MAX_CELLS) {
                    throw new InvalidQueryException(
                            "cell",
                            "cell: " + count + " cells of that length would be needed for "
                                    + (end - startNanos) / 1_000_000 + " ms; allowed are " + MAX_CELLS);
                }
                this.cells = (int) count;
            } else {
                if (cells.count() < 1 || cells.count() > MAX_CELLS) {
                    throw new InvalidQueryException(
                            "cells", "cells " + cells.count() + " is outside of 1 to " + MAX_CELLS);
                }
                // The last sample stands at the very end; a cell more than asked would be worse than one a little
                // longer.
                this.cellNanos = Math.max(1, -Math.floorDiv(startNanos - end, (long) cells.count()));
                this.cells = cells.count();
            }
        }

        private Builder(Builder like) {
            this.measure = like.measure;
            this.group = like.group;
            this.startNanos = like.startNanos;
            this.cellNanos = like.cellNanos;
            this.cells = like.cells;
        }

        /** A builder of the same cells that holds nothing yet. */
        Builder sibling() {
            return new Builder(this);
        }

        /** Adds all that a {@link #sibling} holds. */
        void addAll(Builder other) {
            other.rows.forEach((name, values) -> rows.merge(name, values, (own, more) -> {
                for (int i = 0; i < own.length; i++) {
                    own[i] += more[i];
                }
                return own;
            }));
            series.addAll(other.series);
        }

        public Builder add(Profile profile, ProfileFilter filter, TimeRange range, boolean count, String instance) {
            long offset = profile.info().startNanos() - startNanos;
            for (Series each : profile.series()) {
                addSeries(each, offset, instance);
            }
            if (!Selection.has(profile, measure)) {
                return this;
            }
            Selection selection = new Selection(profile, measure, filter, range, count);
            if (group == null) {
                addToOne(selection, offset, rows.computeIfAbsent("all", k -> new long[cells]));
            } else {
                addToGroups(selection, offset, profile, instance);
            }
            return this;
        }

        private void addToOne(Selection selection, long offset, long[] values) {
            for (Samples.Block block : selection.samples().blocks()) {
                int n = selection.select(block);
                int[] selected = selection.rows();
                for (int i = 0; i < n; i++) {
                    int row = selected[i];
                    values[cell(block.timeNanos(row) + offset)] += selection.value(block, row);
                }
            }
        }

        private void addToGroups(Selection selection, long offset, Profile profile, String instance) {
            long[][] known = new long[profile.threads().size() << 7][];
            for (Samples.Block block : selection.samples().blocks()) {
                int n = selection.select(block);
                int[] selected = selection.rows();
                for (int i = 0; i < n; i++) {
                    int row = selected[i];
                    int key = block.thread(row) << 7 | block.state(row) & 0x7f;
                    if (known[key] == null) {
                        known[key] = rows.computeIfAbsent(
                                group.text(
                                        profile.threads().name()[block.thread(row)],
                                        profile.states()[block.state(row) & 0x7f],
                                        instance),
                                k -> new long[cells]);
                    }
                    known[key][cell(block.timeNanos(row) + offset)] += selection.value(block, row);
                }
            }
        }

        /** Damaged clocks give samples before the start or after the end: they count in the nearest cell. */
        private int cell(long nanos) {
            return (int) Math.max(0, Math.min(cells - 1, Math.floorDiv(nanos, cellNanos)));
        }

        private void addSeries(Series each, long offset, String instance) {
            long[] values = new long[cells];
            Arrays.fill(values, -1);
            boolean sums = each.unit() == Unit.NANOSECONDS;
            for (int i = 0; i < each.value().length; i++) {
                long nanos = each.timeNanos()[i] + offset;
                if (nanos >= 0 && nanos < cellNanos * cells) {
                    int cell = cell(nanos);
                    long value = each.value()[i];
                    values[cell] = sums ? Math.max(0, values[cell]) + value : Math.max(values[cell], value);
                }
            }
            series.add(new SeriesRow(instance, each.name(), each.unit(), values));
        }

        public Timeline build() {
            List<Row> list = new ArrayList<>();
            rows.forEach((name, values) ->
                    list.add(new Row(name, Arrays.stream(values).sum(), values.clone())));
            list.sort(Comparator.comparingLong(Row::total).reversed().thenComparing(Row::name));
            return new Timeline(measure, startNanos, cellNanos, cells, List.copyOf(list), List.copyOf(series));
        }
    }
}
