package io.davylamp.profile.view;

import io.davylamp.profile.Measure;

/**
 * A measure with its sums over instances.
 *
 * @param events rows
 * @param samples samples of the profiler that they stand for
 * @param intervalNanos time that each sample is worth; 0 when it is no time, or not the same everywhere
 */
public record MeasureTotals(Measure measure, long events, long samples, long intervalNanos, long total, int instances) {
    MeasureTotals plus(MeasureTotals other) {
        return new MeasureTotals(
                measure,
                events + other.events,
                samples + other.samples,
                intervalNanos == other.intervalNanos ? intervalNanos : 0,
                total + other.total,
                instances + other.instances);
    }
}
