package io.davylamp.profile.jfr;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The time between the recordings of one file, in which nothing was recorded. Not thread-safe. */
final class Gaps {
    /** Chunks of one recording follow each other more closely. */
    private static final long SHORTEST_NANOS = 1_000_000_000;

    /** From the first to the last moment of each stretch that was recorded; stretches that touch are not joined. */
    private final TreeMap<Long, Long> recorded = new TreeMap<>();

    /** Adds a chunk. Moments are nanoseconds since the epoch. */
    void add(long startNanos, long endNanos) {
        recorded.merge(startNanos, endNanos, Math::max);
    }

    /** Returns the warning about gaps; null for a file without gaps. */
    String warning() {
        long nanos = 0;
        int count = 0;
        long end = recorded.isEmpty() ? 0 : recorded.firstEntry().getValue();
        for (Map.Entry<Long, Long> stretch : recorded.entrySet()) {
            if (stretch.getKey() - end >= SHORTEST_NANOS) {
                nanos += stretch.getKey() - end;
                count++;
            }
            end = Math.max(end, stretch.getValue());
        }
        return count == 0
                ? null
                : String.format(
                        Locale.ROOT,
                        "the file's recordings have %s between them, %.1f s in all: the length counts that time, in which"
                                + " nothing was recorded",
                        count == 1 ? "a gap" : count + " gaps",
                        nanos / 1e9);
    }
}
