package io.davylamp.core.fleet;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/**
 * How many more instances may come before they are counted again: counting costs as much as there are, and each count in a
 * transaction is in the way of all other servers' new instances. After a count, a tenth of the room up to the limit may be taken
 * without another one. So ten servers together stay below the limit, and near the limit each new instance is counted. Thread-safe.
 */
final class Headroom {
    private static final int SHARE = 10;
    /** Services of which places are remembered; names come from strangers. */
    private static final int MAX_NAMES = 10_000;

    private final Map<String, Integer> places = new ConcurrentHashMap<>();

    /**
     * Takes a place.
     *
     * @param name of a service; empty for all services together
     * @param count counts how many there are now
     * @return false when there are as many as {@code limit}
     */
    boolean take(String name, int limit, IntSupplier count) {
        boolean[] taken = new boolean[1];
        places.computeIfPresent(name, (key, left) -> {
            taken[0] = true;
            return left > 1 ? Integer.valueOf(left - 1) : null;
        });
        if (taken[0]) {
            return true;
        }
        int room = limit - count.getAsInt();
        int more = room / SHARE - 1;
        if (more > 0 && places.size() < MAX_NAMES) {
            places.put(name, more);
        }
        return room > 0;
    }
}
