package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.view.Facts;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Numbers as people read and write them: {@code 1.2 GB}, {@code 340 ms}, {@code 12.4 %}, {@code 30s}. */
final class Numbers {
    /** Compiled when a command has a duration. */
    private static final class Durations {
        static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h)?");
    }

    /** Events whose interval is a time. */
    private static final Set<String> TIMED = Set.of("cpu", "ctimer", "itimer", "wall", "lock");

    private static final String[] BYTES = {"B", "KB", "MB", "GB", "TB"};
    private static final String[] NANOS = {"ns", "µs", "ms", "s"};

    private Numbers() {}

    static String value(long value, String unit) {
        return switch (unit) {
            case "bytes" -> scaled(value, BYTES);
            case "nanoseconds" -> scaled(value, NANOS);
            case "millionths of events" -> String.format(Locale.ROOT, "%,.2f events", value / 1e6);
            default -> Text.count(value, unit.endsWith("s") ? unit.substring(0, unit.length() - 1) : unit);
        };
    }

    /** Formats the total of an answer: {@code cpu: 12.4 s, 1,240 samples, 1.3 of 2 cores}. */
    static String sum(JsonNode answer) {
        return sum(
                answer.get("measure").asText(),
                answer.get("unit").asText(),
                answer.get("total").asLong(),
                answer.has("samples") ? answer.get("samples").asLong() : null,
                answer.path("lengthNanos").asLong(),
                answer.path("coreNanos").asLong());
    }

    static String sum(String measure, String unit, long total, Facts facts) {
        return sum(
                measure,
                unit,
                total,
                facts.samples(),
                facts.lengthNanos() == null ? 0 : facts.lengthNanos(),
                facts.coreNanos() == null ? 0 : facts.coreNanos());
    }

    private static String sum(String measure, String unit, long total, Long samples, long lengthNanos, long coreNanos) {
        StringBuilder text = new StringBuilder(measure).append(": ").append(value(total, unit));
        if (samples != null && !unit.equals("samples")) {
            text.append(", ").append(value(samples, "samples"));
        }
        String cores = cores(measure, unit, total, lengthNanos, coreNanos);
        return cores.isEmpty()
                ? text.toString()
                : text.append(", ").append(cores).toString();
    }

    /** Formats the average number of busy processors per instance: {@code 1.3 of 2 cores}; empty for other measures. */
    static String cores(String measure, String unit, long total, long lengthNanos, long coreNanos) {
        if (!measure.equals("cpu") || !unit.equals("nanoseconds") || lengthNanos <= 0) {
            return "";
        }
        double used = (double) total / lengthNanos;
        return coreNanos <= 0
                ? fixed(used, 2) + " cores"
                : fixed(used, 2) + " of " + count((double) coreNanos / lengthNanos) + " cores";
    }

    private static String count(double number) {
        return number == Math.rint(number) ? Long.toString((long) number) : fixed(number, 1);
    }

    /** What {@code %.1f} formats with so many digits; java.util.Formatter takes a start a tenth of a second. */
    static String fixed(double number, int digits) {
        return new BigDecimal(Double.toString(number))
                .setScale(digits, RoundingMode.HALF_UP)
                .toPlainString();
    }

    static String bytes(long value) {
        return scaled(value, BYTES);
    }

    /** A value per second: {@code 1.2 GB/s}, {@code 0.3 samples/s}. */
    static String rate(double perSecond, String unit) {
        return switch (unit) {
            case "bytes" -> scaled(Math.round(perSecond), BYTES) + "/s";
            case "nanoseconds" -> scaled(Math.round(perSecond), NANOS) + "/s";
            default ->
                String.format(Locale.ROOT, Math.abs(perSecond) >= 99.95 ? "%,.0f %s/s" : "%.1f %s/s", perSecond, unit);
        };
    }

    private static String scaled(long value, String[] units) {
        double scaled = value;
        int unit = 0;
        while (Math.abs(scaled) >= 999.5 && unit < units.length - 1) {
            scaled /= 1000;
            unit++;
        }
        return unit == 0
                ? value + " " + units[0]
                : fixed(scaled, Math.abs(scaled) >= 99.95 ? 0 : 1) + " " + units[unit];
    }

    static String percent(long part, long whole) {
        return fixed(whole == 0 ? 0 : 100.0 * part / whole, 1) + " %";
    }

    /**
     * A setting of a recording as people would write it: {@code interval} of 10000000 is {@code 10ms}. Settings whose unit is not
     * known, or that have one, stay as they are. Several recordings in one file have several values, separated by commas.
     *
     * @param event setting {@code event} of the same recording; a counter's interval is a number of events. Null if it has none
     */
    static String setting(String name, String value, String event) {
        boolean counter =
                event != null && Stream.of(event.split(",")).map(String::strip).anyMatch(one -> !TIMED.contains(one));
        return name.equals("interval") && counter
                ? value
                : Stream.of(value.split(", ", -1)).map(one -> one(name, one)).collect(Collectors.joining(", "));
    }

    private static String one(String name, String value) {
        if (!value.matches("[0-9]{1,18}")) {
            return value;
        }
        long number = Long.parseLong(value);
        return switch (name) {
            case "interval", "wall", "lock", "nativelock", "proc" ->
                exact(number, new String[] {"ns", "us", "ms", "s"}, 1000);
            case "alloc", "nativemem", "chunksize", "memlimit" -> exact(number, new String[] {"", "k", "m", "g"}, 1024);
            case "chunktime", "loop", "timeout" -> exact(number, new String[] {"s"}, 1);
            default -> value;
        };
    }

    /** In the largest unit that leaves a whole number, as the profiler reads it. */
    private static String exact(long value, String[] units, int step) {
        int unit = 0;
        while (unit < units.length - 1 && value != 0 && value % step == 0) {
            value /= step;
            unit++;
        }
        return value + (value == 0 ? "" : units[unit]);
    }

    /** {@code 30s}, {@code 5m}, {@code 1h}; a bare number is seconds. */
    static Duration duration(String text) {
        Matcher matcher = Durations.DURATION.matcher(text);
        if (!matcher.matches() || text.matches("0+[smh]?")) {
            throw new CommandException(
                    ExitCode.USAGE, "duration \"" + text + "\": write 30s, 5m or 1h; it must be above 0");
        }
        long amount = Long.parseLong(matcher.group(1));
        String unit = matcher.group(2) == null ? "s" : matcher.group(2);
        return switch (unit) {
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofSeconds(amount);
        };
    }
}
