package io.davylamp.profile.view;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The labels that an instance must have: {@code zone=a,version=1.*}, all of them. Immutable.
 *
 * @param patterns of the values, by the labels' keys; none accepts every instance
 */
public record LabelFilter(Map<String, NamePattern> patterns) {
    public LabelFilter(Map<String, NamePattern> patterns) {
        this.patterns = Collections.unmodifiableMap(new TreeMap<>(patterns));
    }

    /**
     * Reads the parameter {@code label}; null accepts every instance.
     *
     * @throws InvalidQueryException if the text is no list of labels
     */
    public static LabelFilter of(String text) {
        Map<String, NamePattern> patterns = new TreeMap<>();
        for (String pair : text == null ? new String[0] : text.split(",")) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw new InvalidQueryException(
                        "label", "label \"" + text + "\" is no list of labels such as zone=a,version=1.*");
            }
            patterns.put(pair.substring(0, equals), NamePattern.of("label", pair.substring(equals + 1)));
        }
        return new LabelFilter(patterns);
    }

    /** Whether an instance that has these labels has all that are wanted. */
    public boolean accepts(Map<String, String> labels) {
        return patterns.entrySet().stream().allMatch(wanted -> {
            String value = labels.get(wanted.getKey());
            return value != null && wanted.getValue().matches(value);
        });
    }
}
