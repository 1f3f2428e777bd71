package io.davylamp.core.instance;

import io.davylamp.core.Quoted;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * What people say of an instance to tell it from others, such as {@code zone=a}. At most {@value #MOST}; a key is a letter and up
 * to 62 letters, digits or {@code . _ / -}, a value has at most {@value #VALUE_CHARACTERS} characters and no control character.
 * Immutable.
 *
 * @param values by their keys
 */
public record Labels(SortedMap<String, String> values) {
    static final int MOST = 32;
    static final int VALUE_CHARACTERS = 200;
    private static final Pattern KEY = Pattern.compile("[a-zA-Z][a-zA-Z0-9._/-]{0,62}");

    /** No label. */
    public static final Labels NONE = new Labels(new TreeMap<>());

    /** @throws IllegalArgumentException if there are too many, or one is not allowed; the message says what is */
    public Labels(SortedMap<String, String> values) {
        if (values.size() > MOST) {
            throw new IllegalArgumentException(values.size() + " labels; at most " + MOST + " are allowed");
        }
        values.forEach((key, value) -> {
            String fault = fault(key, value);
            if (!fault.isEmpty()) {
                throw new IllegalArgumentException(fault);
            }
        });
        this.values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * Those of {@code said} that are allowed: of too many, the first by key.
     *
     * @param refused hears what was wrong and what is allowed, once, if any was left out
     */
    public static Labels allowed(Map<String, String> said, Consumer<String> refused) {
        SortedMap<String, String> kept = new TreeMap<>();
        String first = "";
        for (Map.Entry<String, String> each : new TreeMap<>(said).entrySet()) {
            String fault = fault(each.getKey(), each.getValue());
            if (fault.isEmpty() && kept.size() == MOST) {
                fault = said.size() + " labels; at most " + MOST + " are allowed";
            }
            if (fault.isEmpty()) {
                kept.put(each.getKey(), each.getValue());
            } else if (first.isEmpty()) {
                first = fault;
            }
        }
        if (!first.isEmpty()) {
            int others = said.size() - kept.size() - 1;
            refused.accept(first + (others == 0 ? "" : " (and " + others + " more are refused)"));
        }
        return new Labels(kept);
    }

    /** What is wrong with a label, and what is allowed; empty when nothing is. */
    private static String fault(String key, String value) {
        if (!KEY.matcher(key).matches()) {
            return "label " + shown(key) + ": a key is a letter and up to 62 letters, digits or . _ / -";
        }
        if (value.length() > VALUE_CHARACTERS) {
            return "label " + key + " has " + value.length() + " characters; at most " + VALUE_CHARACTERS
                    + " are allowed";
        }
        return value.chars().anyMatch(Character::isISOControl)
                ? "label " + key + " holds a control character; none is allowed"
                : "";
    }

    /** In one line. */
    private static String shown(String key) {
        return Quoted.of(key).replaceAll("\\p{Cc}", "?");
    }
}
