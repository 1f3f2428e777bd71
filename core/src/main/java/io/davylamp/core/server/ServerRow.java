package io.davylamp.core.server;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One run of one server, as it describes itself to the others on the same store.
 *
 * @param name host name, for people
 * @param version of its program
 * @param httpAddress where its page and REST interface listen, {@code host:port}
 * @param agentAddress where agents connect, likewise
 * @param settings the values that must be the same on all servers, by name
 * @param clockAheadMillis its own clock minus the store's, in ms, when it was last heard of; negative when its own is behind
 * @param startedMillis by the store's clock, as all times here
 * @param heardMillis when it last wrote this row
 */
public record ServerRow(
        ServerId id,
        String name,
        String version,
        String httpAddress,
        String agentAddress,
        SortedMap<String, String> settings,
        long clockAheadMillis,
        long startedMillis,
        long heardMillis) {

    public ServerRow {
        if (id.isNone()) {
            throw new IllegalArgumentException("the row of a server needs its id");
        }
        settings = Collections.unmodifiableSortedMap(new TreeMap<>(settings));
    }

    /** Returns the row as the server writes it now. */
    public ServerRow heard(long nowMillis, long clockAhead) {
        return new ServerRow(
                id,
                name,
                version,
                httpAddress,
                agentAddress,
                settings,
                clockAhead,
                startedMillis,
                Math.max(heardMillis, nowMillis));
    }
}
