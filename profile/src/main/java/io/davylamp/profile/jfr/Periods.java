package io.davylamp.profile.jfr;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Periods as the JDK's settings say them: {@code 20 ms}. Source: jdk.jfr.Period, jdk.jfr.internal.util.ValueParser. */
final class Periods {
    private static final Pattern PERIOD = Pattern.compile("([0-9]{1,12}) *(ns|us|ms|s|m|h|d)");
    private static final Map<String, Long> NANOS = Map.of(
            "ns", 1L,
            "us", 1_000L,
            "ms", 1_000_000L,
            "s", 1_000_000_000L,
            "m", 60_000_000_000L,
            "h", 3_600_000_000_000L,
            "d", 86_400_000_000_000L);
    private static final long MAX_NANOS = 3_600_000_000_000L;

    private Periods() {}

    /** Its length, or {@link Found#UNKNOWN} for nothing, {@code everyChunk} and what no sampler does. */
    static long nanos(String period) {
        Matcher matcher = PERIOD.matcher(period == null ? "" : period.strip());
        if (!matcher.matches()) {
            return Found.UNKNOWN;
        }
        long amount = Long.parseLong(matcher.group(1));
        long unit = NANOS.get(matcher.group(2));
        return amount > 0 && amount <= MAX_NANOS / unit ? amount * unit : Found.UNKNOWN;
    }
}
