package io.davylamp.profile;

/**
 * Counts and sums of one measure.
 *
 * @param events samples, each one event of the recording
 * @param total sum of their values, in the measure's unit
 * @param stacks distinct call paths by names and lines
 * @param threads distinct thread names
 * @param firstNanos time of the earliest sample, nanoseconds since the epoch
 * @param lastNanos time of the latest sample
 */
public record MeasureSummary(
        Measure measure, long events, long total, int stacks, int threads, long firstNanos, long lastNanos) {}
