package io.davylamp.profile.view;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A point in time of a set of recordings: {@code 10s}, {@code 500ms}, {@code 1m30s} after the first of them began; {@code -5s}
 * before the last of them ended; or absolute, {@code 2026-11-23T12:00:00Z}.
 *
 * @param from what {@code nanos} counts from
 */
public record Moment(Origin from, long nanos) {
    /** The origin of a moment: the first start, the last end, or 1970. */
    public enum Origin {
        START,
        END,
        EPOCH
    }

    private static final Pattern OFFSET = Pattern.compile(
            "(-?)(?:(\\d{1,6})h)?(?:(\\d{1,7})m(?!s))?(?:(\\d{1,9}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,12}(?:\\.\\d{1,6})?)ms)?");

    /** @throws InvalidQueryException if {@code text} has none of the three forms */
    public static Moment of(String parameter, String text) {
        Matcher offset = OFFSET.matcher(text);
        if (offset.matches() && text.length() > offset.group(1).length()) {
            double seconds = number(offset.group(2)) * 3600
                    + number(offset.group(3)) * 60
                    + number(offset.group(4))
                    + number(offset.group(5)) / 1000;
            long nanos = Math.round(seconds * 1e9);
            return offset.group(1).isEmpty() ? new Moment(Origin.START, nanos) : new Moment(Origin.END, -nanos);
        }
        try {
            Instant instant = Instant.parse(text);
            return new Moment(
                    Origin.EPOCH,
                    Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000_000L), instant.getNano()));
        } catch (DateTimeException | ArithmeticException e) {
            throw new InvalidQueryException(
                    parameter,
                    parameter + " \"" + text + "\" is no moment: 10s, 1m30s or 500ms from the start, -5s from the end,"
                            + " or 2026-11-23T12:00:00Z");
        }
    }

    private static double number(String digits) {
        return digits == null ? 0 : Double.parseDouble(digits);
    }

    /** Nanoseconds since the epoch, for recordings that begin and end at the given ones. */
    long epochNanos(long startNanos, long endNanos) {
        return switch (from) {
            case START -> startNanos + nanos;
            case END -> endNanos + nanos;
            case EPOCH -> nanos;
        };
    }

    /** Nanoseconds of such a text as {@code 10ms}; 0 for null. */
    public static long duration(String name, String text) {
        if (text == null) {
            return 0;
        }
        Moment moment;
        try {
            moment = Moment.of(name, text);
        } catch (InvalidQueryException e) {
            moment = null;
        }
        if (moment == null || moment.from() != Moment.Origin.START) {
            throw new InvalidQueryException(
                    name,
                    name + " \"" + text + "\" is no "
                            + (name.equals("min") ? "number and no duration: 4096, 10ms" : "duration: 10ms, 2s"));
        }
        return moment.nanos();
    }

    /** A moment as ISO 8601 in UTC, of nanoseconds since the epoch. */
    static String text(long epochNanos) {
        return Instant.ofEpochSecond(
                        Math.floorDiv(epochNanos, 1_000_000_000L), Math.floorMod(epochNanos, 1_000_000_000L))
                .toString();
    }
}
