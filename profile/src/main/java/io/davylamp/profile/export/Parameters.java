package io.davylamp.profile.export;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a view was asked with: values by name, in the order they were given. */
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
}
