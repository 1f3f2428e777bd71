package io.davylamp.profile.export;

import io.davylamp.profile.view.Comparison;
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
 */
public record Facts(Comparison comparison, List<String> lacking, List<String> baselineLacking) {
    /** Nothing to say. */
    public static final Facts NONE = new Facts(null, List.of(), List.of());

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
        names("lacking", lacking, out);
        names("baselineLacking", baselineLacking, out);
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
        lacking.forEach(instance -> texts.merge("lacking", instance, (a, b) -> a + "\n" + b));
        baselineLacking.forEach(instance -> texts.merge("baselineLacking", instance, (a, b) -> a + "\n" + b));
        return new ArrayList<>(texts.entrySet());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.3f", nanos / 1e9);
    }
}
