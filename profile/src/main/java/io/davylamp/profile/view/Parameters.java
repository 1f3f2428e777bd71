package io.davylamp.profile.view;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** The parameters of a view as text: values by name, in the given order. {@link ViewKind} parses them once, at the edge. */
public record Parameters(Map<String, List<String>> values) {
    public Set<String> names() {
        return values.keySet();
    }

    /** All values of that name; empty when there is none. */
    public List<String> all(String name) {
        return values.getOrDefault(name, List.of());
    }

    /** The last value of that name, or null. */
    public String one(String name) {
        List<String> all = all(name);
        return all.isEmpty() ? null : all.get(all.size() - 1);
    }

    /** @throws InvalidQueryException if the parameter is neither {@code true} nor {@code false} nor absent */
    public boolean flag(String name) {
        return Query.flag(name, this::one);
    }

    /** A whole number within bounds. */
    public int number(String name, int otherwise, int min, int max) {
        String text = one(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below, with the bounds
        }
        throw new InvalidQueryException(name, name + " " + text + " is outside of " + min + " to " + max);
    }
}
