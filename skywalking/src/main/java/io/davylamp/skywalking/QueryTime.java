package io.davylamp.skywalking;

import io.davylamp.core.Quoted;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Map;

/**
 * SkyWalking's {@code Duration}: two texts in the server's time zone, and how fine they are.
 *
 * @param startMillis first moment
 * @param lastMillis the moment that is named as the end
 * @param endMillis first moment after the last one that is named: the end is meant to its last second
 */
record QueryTime(long startMillis, long lastMillis, long endMillis) {
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "DAY",
            ChronoUnit.DAYS,
            "HOUR",
            ChronoUnit.HOURS,
            "MINUTE",
            ChronoUnit.MINUTES,
            "SECOND",
            ChronoUnit.SECONDS);
    private static final Map<String, String> PATTERNS = Map.of(
            "DAY", "uuuu-MM-dd",
            "HOUR", "uuuu-MM-dd HH",
            "MINUTE", "uuuu-MM-dd HHmm",
            "SECOND", "uuuu-MM-dd HHmmss");

    /** A text is no time of its step; the message says which. */
    static final class NoTimeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoTimeException(String message) {
            super(message);
        }
    }

    /** @throws NoTimeException if a text is no time of its step */
    static QueryTime of(Map<String, Object> duration, ZoneId zone) {
        String step = duration.get("step").toString();
        LocalDateTime start = parse("start", duration, step);
        LocalDateTime last = parse("end", duration, step);
        return new QueryTime(millis(start, zone), millis(last, zone), millis(last.plus(1, UNITS.get(step)), zone));
    }

    private static long millis(LocalDateTime time, ZoneId zone) {
        return time.atZone(zone).toInstant().toEpochMilli();
    }

    private static LocalDateTime parse(String name, Map<String, Object> duration, String step) {
        String text = duration.get(name).toString();
        DateTimeFormatter format = new DateTimeFormatterBuilder()
                .appendPattern(PATTERNS.get(step))
                .parseDefaulting(ChronoField.HOUR_OF_DAY, 0)
                .parseDefaulting(ChronoField.MINUTE_OF_HOUR, 0)
                .parseDefaulting(ChronoField.SECOND_OF_MINUTE, 0)
                .toFormatter(Locale.ROOT)
                .withResolverStyle(ResolverStyle.STRICT);
        try {
            return LocalDateTime.parse(text, format);
        } catch (DateTimeException e) {
            throw new NoTimeException("duration." + name + " " + Quoted.of(text) + " is no time of step " + step + ": "
                    + PATTERNS.get(step));
        }
    }

    /** Whether the end is not after the start, which for instances means that there are none. */
    boolean isEmpty() {
        return startMillis >= lastMillis;
    }

    boolean holds(long millis) {
        return millis >= startMillis && millis < endMillis;
    }
}
