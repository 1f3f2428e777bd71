package io.davylamp.profile.jfr;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Samples;

/**
 * Samples of one event type in one chunk. To which measure they belong, and how much time each is worth, is known only when all
 * chunks of the file have been read: {@link Attribution}.
 *
 * @param eventType the event type's name
 * @param kind what the samples are
 * @param measure the measure they belong to if nothing else recorded it; null for {@link Kind#STATED} and {@link Kind#UNSTATED}
 * @param samples not yet adopted by a measure; what is {@link #isSampled sampled} has its number of samples as value
 * @param outsideTlab those of them that {@link Measure#ALLOC_OUTSIDE_TLAB} counts too; or null
 * @param intervalNanos time that one sample is worth; {@link #UNKNOWN}; {@link #OWN} where each has its time as value
 */
record Found(String eventType, Kind kind, Measure measure, Samples samples, Samples outsideTlab, long intervalNanos) {

    enum Kind {
        /** Execution samples of async-profiler with a thread state: an engine that knows threads that sleep, or one before 3.0. */
        STATED,
        /** Execution samples of async-profiler without one. */
        UNSTATED,
        /** Batches of the wall-clock engine. */
        WALL,
        /** All other events of async-profiler. */
        PROFILER,
        /** Events of the JVM's own flight recorder. */
        JDK
    }

    static final long UNKNOWN = -1;
    static final long OWN = 0;

    /** Whether its samples are taken at an interval, so that their number is time. */
    boolean isSampled() {
        return measure == null
                || measure.equals(Measure.CPU)
                || measure.equals(Measure.WALL)
                || measure.equals(Measure.NATIVE);
    }

    /** Returns the rank: of two sources of one measure, the one with the lower rank is more complete and becomes the measure. */
    int rank() {
        return switch (kind) {
            case STATED, UNSTATED, WALL, PROFILER -> 0;
            case JDK ->
                switch (eventType) {
                    // Throttled, and misses native code.
                    case EventRule.EXECUTION_SAMPLE, EventRule.ALLOCATION_SAMPLE -> 2;
                    default -> 1;
                };
        };
    }
}
