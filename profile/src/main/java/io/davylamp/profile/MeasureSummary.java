package io.davylamp.profile;

/**
 * Counts and sums of one measure.
 *
 * @param events samples, each one event of the recording
 * @param samples samples of the profiler that they stand for: a row of a thread that slept on stands for many
 * @param intervalNanos time that each of those samples is worth; 0 when it is no time, or not the same for all
 * @param total sum of their values, in the measure's unit
 * @param stacks distinct call paths by names and lines
 * @param threads distinct thread names
 * @param firstNanos time of the earliest sample, nanoseconds since the epoch
 * @param lastNanos time of the latest sample
 */
public record MeasureSummary(
        Measure measure,
        long events,
        long samples,
        long intervalNanos,
        long total,
        int stacks,
        int threads,
        long firstNanos,
        long lastNanos) {}
