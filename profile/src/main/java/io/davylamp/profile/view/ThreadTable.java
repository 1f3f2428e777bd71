package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The value of each thread, or group of threads: in total, and in each state. The totals add up to the whole. Not thread-safe. */
public final class ThreadTable {
    /**
     * One row.
     *
     * @param name of the thread, or of the group with a star for its number
     * @param total sum of its samples' values
     * @param samples their number
     * @param threads how many threads of all instances are in the row
     * @param states the total by state; empty text for samples without one
     */
    public record Row(String name, long total, long samples, int threads, SortedMap<String, Long> states) {}

    private static final class Sums {
        long total;
        long samples;
        int threads;
        final SortedMap<String, Long> states = new TreeMap<>();
    }

    private final Measure measure;
    private final Group group;
    private final Map<String, Sums> rows = new TreeMap<>();
    private long hidden;

    /** @param folded whether threads whose names differ in their number are one row */
    public ThreadTable(Measure measure, boolean folded) {
        this.measure = measure;
        this.group = folded ? Group.THREADS : Group.THREAD;
    }

    private ThreadTable(Measure measure, Group group) {
        this.measure = measure;
        this.group = group;
    }

    /** A table for the same question that holds nothing yet. */
    ThreadTable sibling() {
        return new ThreadTable(measure, group);
    }

    /** Adds all that a {@link #sibling} holds. */
    void addAll(ThreadTable other) {
        hidden += other.hidden;
        other.rows.forEach((name, more) -> {
            Sums sums = rows.computeIfAbsent(name, key -> new Sums());
            sums.total += more.total;
            sums.samples += more.samples;
            sums.threads += more.threads;
            more.states.forEach((state, value) -> sums.states.merge(state, value, Long::sum));
        });
    }

    public ThreadTable add(Profile profile, ProfileFilter filter, TimeRange range, boolean count) {
        if (!Selection.has(profile, measure)) {
            return this;
        }
        Selection selection = new Selection(profile, measure, filter, range, count);
        int threads = profile.threads().size();
        long[][] totals = new long[threads][];
        long[] samples = new long[threads];
        for (Samples.Block block : selection.samples().blocks()) {
            int n = selection.select(block);
            int[] selected = selection.rows();
            for (int i = 0; i < n; i++) {
                int row = selected[i];
                int thread = block.thread(row);
                if (totals[thread] == null) {
                    totals[thread] = new long[profile.states().length];
                }
                totals[thread][block.state(row) & 0x7f] += selection.value(block, row);
                samples[thread] += block.weight(row);
            }
        }
        hidden += selection.hidden();
        for (int t = 0; t < threads; t++) {
            if (samples[t] > 0) {
                Sums sums = rows.computeIfAbsent(group.text(profile.threads().name()[t], "", ""), name -> new Sums());
                sums.threads++;
                sums.samples += samples[t];
                for (int s = 0; s < totals[t].length; s++) {
                    if (totals[t][s] != 0) {
                        sums.total += totals[t][s];
                        sums.states.merge(ProfileFilter.stateWord(profile.states()[s]), totals[t][s], Long::sum);
                    }
                }
            }
        }
        return this;
    }

    /** Returns the value of the profiler overhead that was left out. */
    public long hidden() {
        return hidden;
    }

    /** Largest first, then by name. */
    public List<Row> rows() {
        List<Row> list = new ArrayList<>();
        rows.forEach((name, sums) ->
                list.add(new Row(name, sums.total, sums.samples, sums.threads, new TreeMap<>(sums.states))));
        list.sort(Comparator.comparingLong(Row::total).reversed().thenComparing(Row::name));
        return list;
    }
}
