package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * What an answer says of its values: what they are measured by, how sides are compared, and who is not in them. Null stands for
 * unknown, or for a baseline that there is not. Immutable.
 *
 * @param scale by what the baseline's values are multiplied to be compared
 * @param compare the word of what is compared: {@code rate}, {@code value} or {@code share}
 * @param seconds how long was recorded, of all profiles together, to the millisecond; of a comparison only
 * @param samples how many samples the whole is; null when they are not all worth the same
 * @param intervalNanos time that each sample is worth; null when it is no time, or not the same everywhere
 * @param lengthNanos time that was recorded and selected, of all profiles together
 * @param coreNanos the same, each second counted once for each processor of its host
 * @param profiles how many profiles have the measure
 * @param overhead what the profiler itself is worth, left out or in a group; null when it is not told apart
 * @param lacking instances that did not record the measure
 * @param warnings what people must know to understand the numbers
 */
public record Facts(
        Double scale,
        String compare,
        Double seconds,
        Double baselineSeconds,
        Long samples,
        Long intervalNanos,
        Long lengthNanos,
        Long coreNanos,
        long profiles,
        Long baselineSamples,
        Long baselineIntervalNanos,
        Long baselineLengthNanos,
        Long baselineCoreNanos,
        Long baselineProfiles,
        Long overhead,
        List<String> lacking,
        List<String> baselineLacking,
        List<String> warnings) {
    /** No facts. */
    public static final Facts NONE = ofOverhead(null);

    /** Facts with only the value of the profiler overhead. */
    public static Facts ofOverhead(Long overhead) {
        return new Facts(
                null, null, null, null, null, null, null, null, 0, null, null, null, null, null, overhead, List.of(),
                List.of(), List.of());
    }

    /** The facts of an answer without a baseline. */
    static Facts of(Profiles profiles, Query query, Measure measure, long total, Long overhead) {
        return of(profiles, query, measure, total, overhead, null, 0);
    }

    /**
     * Those of an answer.
     *
     * @param comparison null without a baseline
     * @param baselineTotal of the baseline, if there is one
     */
    static Facts of(
            Profiles profiles,
            Query query,
            Measure measure,
            long total,
            Long overhead,
            Comparison comparison,
            long baselineTotal) {
        Extent own = profiles.side().extent(measure, query.filter());
        boolean timed = comparison != null && comparison.nanos() > 0;
        Extent before =
                comparison == null ? Extent.NONE : profiles.baselineSide().extent(measure, query.baseline());
        return new Facts(
                comparison == null ? null : comparison.scale(),
                comparison == null ? null : comparison.by().word(),
                timed ? seconds(comparison.nanos()) : null,
                timed ? seconds(comparison.baselineNanos()) : null,
                samples(query, own, total),
                known(own.intervalNanos()),
                known(own.lengthNanos()),
                known(own.coreNanos()),
                own.profiles(),
                comparison == null ? null : samples(query, before, baselineTotal),
                known(before.intervalNanos()),
                known(before.lengthNanos()),
                known(before.coreNanos()),
                comparison == null ? null : Long.valueOf(before.profiles()),
                overhead,
                profiles.lacking(measure),
                comparison == null ? List.of() : profiles.baselineLacking(measure),
                profiles.warnings(measure, query));
    }

    private static Long samples(Query query, Extent extent, long total) {
        long samples = query.count() ? total : extent.samples(total);
        return samples < 0 ? null : samples;
    }

    private static Long known(long value) {
        return value == 0 ? null : value;
    }

    private static double seconds(long nanos) {
        return Math.round(nanos / 1e6) / 1e3;
    }

    /** The facts as texts by name; each value that is a list has its items below each other. */
    public List<Map.Entry<String, String>> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        BiConsumer<String, Object> put = (name, value) -> {
            if (value != null) {
                texts.put(name, value instanceof List<?> list ? lines(list) : value.toString());
            }
        };
        put.accept("scale", scale);
        put.accept("compare", compare);
        put.accept("seconds", text(seconds));
        put.accept("baselineSeconds", text(baselineSeconds));
        put.accept("samples", samples);
        put.accept("intervalNanos", intervalNanos);
        put.accept("lengthNanos", lengthNanos);
        put.accept("coreNanos", coreNanos);
        put.accept("profiles", profiles);
        put.accept("baselineSamples", baselineSamples);
        put.accept("baselineIntervalNanos", baselineIntervalNanos);
        put.accept("baselineLengthNanos", baselineLengthNanos);
        put.accept("baselineCoreNanos", baselineCoreNanos);
        put.accept("baselineProfiles", baselineProfiles);
        put.accept("overhead", overhead);
        put.accept("lacking", lacking);
        put.accept("baselineLacking", baselineLacking);
        put.accept("warnings", warnings);
        texts.values().removeIf(String::isEmpty);
        return new ArrayList<>(texts.entrySet());
    }

    private static String lines(List<?> list) {
        return String.join("\n", list.stream().map(Object::toString).toList());
    }

    private static String text(Double seconds) {
        return seconds == null ? null : String.format(Locale.ROOT, "%.3f", seconds);
    }
}
