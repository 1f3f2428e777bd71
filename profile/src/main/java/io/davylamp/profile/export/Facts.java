package io.davylamp.profile.export;

import io.davylamp.profile.Measure;
import io.davylamp.profile.view.Comparison;
import io.davylamp.profile.view.Extent;
import io.davylamp.profile.view.Query;
import io.davylamp.profile.view.Views;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What an answer says of its values: how sides are compared, and who is not in them. Immutable.
 *
 * @param comparison null without a baseline
 * @param lacking instances that did not record the measure
 * @param baselineLacking the same of the baseline
 * @param extent what values are measured by
 * @param baselineExtent the same of the baseline; null without one
 * @param samples how many samples the whole is; -1 when they are not all worth the same
 * @param baselineSamples the same of the baseline
 * @param warnings what people must know to understand the numbers
 * @param overhead what the profiler itself is worth, whether it is left out or stands in a group; -1 when it is not told apart
 */
public record Facts(
        Comparison comparison,
        List<String> lacking,
        List<String> baselineLacking,
        Extent extent,
        Extent baselineExtent,
        long samples,
        long baselineSamples,
        List<String> warnings,
        long overhead) {
    /** Nothing to say. */
    public static final Facts NONE = new Facts(null, List.of(), List.of(), Extent.NONE, null, -1, -1, List.of(), -1);

    /** The same with what the profiler itself is worth. */
    public Facts withOverhead(long value) {
        return new Facts(
                comparison,
                lacking,
                baselineLacking,
                extent,
                baselineExtent,
                samples,
                baselineSamples,
                warnings,
                value);
    }

    /** Those of a view that compares nothing. */
    static Facts of(Views views, Query query, Measure measure, long total, long overhead) {
        Extent extent = views.extent(measure, query.filter());
        return new Facts(
                null,
                views.lacking(measure),
                List.of(),
                extent,
                null,
                query.count() ? total : extent.samples(total),
                -1,
                views.warnings(measure, query),
                overhead);
    }

    /** The facts as members of a JSON object that has some already. */
    void json(Appendable out) throws IOException {
        if (comparison != null) {
            out.append(",\"scale\":").append(Double.toString(comparison.scale()));
            out.append(",\"compare\":\"").append(comparison.by().word()).append('"');
            if (comparison.nanos() > 0) {
                out.append(",\"seconds\":").append(seconds(comparison.nanos()));
                out.append(",\"baselineSeconds\":").append(seconds(comparison.baselineNanos()));
            }
        }
        for (Map.Entry<String, Long> number : numbers().entrySet()) {
            out.append(",\"").append(number.getKey()).append("\":").append(Long.toString(number.getValue()));
        }
        names("lacking", lacking, out);
        names("baselineLacking", baselineLacking, out);
        names("warnings", warnings, out);
    }

    /** 0 stands for unknown, and is not written. */
    private static void put(String name, long value, Map<String, Long> numbers) {
        if (value != 0) {
            numbers.put(name, value);
        }
    }

    private Map<String, Long> numbers() {
        Map<String, Long> numbers = new LinkedHashMap<>();
        if (samples >= 0) {
            numbers.put("samples", samples);
        }
        put("intervalNanos", extent.intervalNanos(), numbers);
        put("lengthNanos", extent.lengthNanos(), numbers);
        put("coreNanos", extent.coreNanos(), numbers);
        numbers.put("profiles", (long) extent.profiles());
        if (baselineExtent != null) {
            if (baselineSamples >= 0) {
                numbers.put("baselineSamples", baselineSamples);
            }
            put("baselineIntervalNanos", baselineExtent.intervalNanos(), numbers);
            put("baselineLengthNanos", baselineExtent.lengthNanos(), numbers);
            put("baselineCoreNanos", baselineExtent.coreNanos(), numbers);
            numbers.put("baselineProfiles", (long) baselineExtent.profiles());
        }
        if (overhead >= 0) {
            numbers.put("overhead", overhead);
        }
        return numbers;
    }

    private static void names(String name, List<String> instances, Appendable out) throws IOException {
        if (instances.isEmpty()) {
            return;
        }
        out.append(",\"").append(name).append("\":[");
        String separator = "";
        for (String instance : instances) {
            out.append(separator);
            FlameJson.string(instance, out);
            separator = ",";
        }
        out.append(']');
    }

    /** The facts as texts by name; each value that is a list has its items below each other. */
    List<Map.Entry<String, String>> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        if (comparison != null) {
            texts.put("scale", Double.toString(comparison.scale()));
            texts.put("compare", comparison.by().word());
            if (comparison.nanos() > 0) {
                texts.put("seconds", seconds(comparison.nanos()));
                texts.put("baselineSeconds", seconds(comparison.baselineNanos()));
            }
        }
        numbers().forEach((name, value) -> texts.put(name, Long.toString(value)));
        lacking.forEach(instance -> texts.merge("lacking", instance, (a, b) -> a + "\n" + b));
        baselineLacking.forEach(instance -> texts.merge("baselineLacking", instance, (a, b) -> a + "\n" + b));
        warnings.forEach(warning -> texts.merge("warnings", warning, (a, b) -> a + "\n" + b));
        return new ArrayList<>(texts.entrySet());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }
}
