package io.davylamp.profile.jfr;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Events of one type that have no stack trace, or one without frames: they are in no profile.
 *
 * @param count how many those are
 * @param of all events of the type
 */
record Stackless(long count, long of) {
    private static final int MAX_TYPES = 8;

    Stackless plus(Stackless other) {
        return new Stackless(count + other.count, of + other.of);
    }

    /**
     * What people must know of it; null when there is nothing to say. A type none of whose events has a stack was recorded
     * without: that is how the recorder was set, unless the type is one of those that people look for.
     */
    static String warning(SortedMap<String, Stackless> byType) {
        Map<String, Stackless> lost = byType.entrySet().stream()
                .filter(type -> type.getValue().count() < type.getValue().of() || EventRule.isKnown(type.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, LinkedHashMap::new));
        if (lost.isEmpty()) {
            return null;
        }
        long all = lost.values().stream().mapToLong(Stackless::count).sum();
        return String.format(
                Locale.ROOT,
                "%d %s without a stack trace %s left out: %s%s",
                all,
                all == 1 ? "event" : "events",
                all == 1 ? "is" : "are",
                lost.entrySet().stream()
                        .limit(MAX_TYPES)
                        .map(type -> type.getValue().count() + " of "
                                + type.getValue().of() + " " + type.getKey())
                        .collect(Collectors.joining(", ")),
                lost.size() > MAX_TYPES ? " and of " + (lost.size() - MAX_TYPES) + " more types" : "");
    }
}
