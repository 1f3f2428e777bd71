package io.davylamp.profile.export;

import io.davylamp.profile.Unit;
import java.util.Locale;

/**
 * Converts a unit of another tool.
 *
 * @param unit ours
 * @param factor by what its values are multiplied
 */
record ForeignUnit(Unit unit, long factor) {
    static ForeignUnit of(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "nanoseconds", "nanosecond", "ns" -> new ForeignUnit(Unit.NANOSECONDS, 1);
            case "microseconds", "microsecond", "us" -> new ForeignUnit(Unit.NANOSECONDS, 1_000);
            case "milliseconds", "millisecond", "ms" -> new ForeignUnit(Unit.NANOSECONDS, 1_000_000);
            case "seconds", "second", "s" -> new ForeignUnit(Unit.NANOSECONDS, 1_000_000_000);
            case "bytes", "byte", "b" -> new ForeignUnit(Unit.BYTES, 1);
            case "kilobytes", "kilobyte", "kb" -> new ForeignUnit(Unit.BYTES, 1_024);
            case "megabytes", "megabyte", "mb" -> new ForeignUnit(Unit.BYTES, 1_024 * 1_024);
            case "gigabytes", "gigabyte", "gb" -> new ForeignUnit(Unit.BYTES, 1_024 * 1_024 * 1_024);
            case "samples", "sample" -> new ForeignUnit(Unit.SAMPLES, 1);
            case "millionths of events" -> new ForeignUnit(Unit.MILLIONTHS_OF_EVENTS, 1);
            default -> new ForeignUnit(Unit.EVENTS, 1);
        };
    }
}
