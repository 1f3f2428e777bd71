package io.davylamp.cli;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as people read and write them: {@code 1.2 GB}, {@code 340 ms}, {@code 12.4 %}, {@code 30s}. */
final class Numbers {
    private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(s|m|h)?");
    private static final String[] BYTES = {"B", "KB", "MB", "GB", "TB"};
    private static final String[] NANOS = {"ns", "µs", "ms", "s"};

    private Numbers() {}

    static String value(long value, String unit) {
        return switch (unit) {
            case "bytes" -> scaled(value, BYTES);
            case "nanoseconds" -> scaled(value, NANOS);
            case "millionths of events" -> String.format(Locale.ROOT, "%,.2f events", value / 1e6);
            default -> String.format(Locale.ROOT, "%,d %s", value, unit);
        };
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
                : String.format(Locale.ROOT, Math.abs(scaled) >= 99.95 ? "%.0f %s" : "%.1f %s", scaled, units[unit]);
    }

    static String percent(long part, long whole) {
        return String.format(Locale.ROOT, "%.1f %%", whole == 0 ? 0 : 100.0 * part / whole);
    }

    /** {@code 30s}, {@code 5m}, {@code 1h}; a bare number is seconds. */
    static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new CommandException(ExitCode.USAGE, "duration \"" + text + "\": write 30s, 5m or 1h");
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
