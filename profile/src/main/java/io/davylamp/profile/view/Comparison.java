package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the values of a baseline are made comparable. Immutable.
 *
 * @param by what is compared
 * @param nanos length of what was recorded within the query's time, added up over its profiles; 0 when it is not known
 * @param baselineNanos the same of the baseline
 * @param scale by what the baseline's values are multiplied
 */
public record Comparison(By by, long nanos, long baselineNanos, double scale) {
    /** The quantities that can be compared. */
    public enum By {
        /** Values per second of recording. */
        RATE,
        /** Values as they are. */
        VALUE,
        /** Shares of the totals. */
        SHARE;

        /** The word used in REST and CLI. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The comparison that is asked for with {@code compare}; {@code normalised} is how shares were asked for before there was a
         * choice of three.
         *
         * @return null for what fits best
         * @throws InvalidQueryException if the word is unknown
         */
        static By of(Parameters parameters) {
            String word = parameters.one("compare");
            boolean shares = parameters.flag("normalised");
            if (word == null) {
                return shares ? SHARE : null;
            }
            if (shares && !word.equals(SHARE.word())) {
                throw new InvalidQueryException("compare", "compare=" + word + " and normalised exclude each other");
            }
            return Arrays.stream(values())
                    .filter(each -> each.word().equals(word))
                    .findFirst()
                    .orElseThrow(() -> new InvalidQueryException(
                            "compare",
                            "compare \"" + word + "\" is unknown; known are "
                                    + Arrays.stream(values()).map(By::word).collect(Collectors.joining(", "))));
        }
    }

    /** Recordings of one task differ by some milliseconds: that is no other length. */
    private static final double SAME_LENGTH = 0.01;
    /** Collapsed stacks know no time; nothing real is as short. */
    private static final long SHORTEST_NANOS = 1_000_000;
    /** Measures of one moment, which do not grow with the length of the recording. */
    private static final List<String> STOCKS = List.of(Measure.LIVE.name(), Measure.NATIVE_LEAK.name());

    /**
     * The comparison that was asked for; for null the one that misleads least: per second when the lengths differ, shares when they
     * are not known, values when they are equal or the measure is no flow.
     */
    static Comparison of(By wanted, FrameTree tree, long nanos, long baselineNanos) {
        boolean known = nanos >= SHORTEST_NANOS && baselineNanos >= SHORTEST_NANOS;
        By by = wanted;
        if (by == null) {
            if (STOCKS.contains(tree.measure().name())) {
                by = By.VALUE;
            } else if (!known) {
                by = By.SHARE;
            } else {
                boolean same = Math.abs(nanos - baselineNanos) <= SAME_LENGTH * Math.max(nanos, baselineNanos);
                by = same ? By.VALUE : By.RATE;
            }
        }
        if (by == By.RATE && !known) {
            throw new InvalidQueryException(
                    "compare",
                    "compare=rate is impossible: it is not known how long the "
                            + (nanos < SHORTEST_NANOS ? "profile" : "baseline")
                            + " was recorded; value and share are possible");
        }
        double scale = switch (by) {
            case RATE -> (double) nanos / baselineNanos;
            case VALUE -> 1;
            case SHARE -> tree.baselineScale(true);
        };
        return new Comparison(by, known ? nanos : 0, known ? baselineNanos : 0, scale);
    }

    /** Sums the recorded time of profiles within a range, in ns; 0 when the length of one of them is unknown. */
    static long recordedNanos(Collection<ProfileSource> sources, TimeRange range) {
        long sum = 0;
        for (ProfileSource source : sources) {
            if (source.info().durationNanos() < SHORTEST_NANOS) {
                return 0;
            }
            long from = Math.max(source.info().startNanos(), range.fromNanos());
            long to = Math.min(source.info().endNanos(), range.toNanos());
            sum += Math.max(0, to - from);
        }
        return sum;
    }
}
