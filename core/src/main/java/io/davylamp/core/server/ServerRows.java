package io.davylamp.core.server;

import java.util.List;

/** The servers that run on this store, or ran on it until a moment ago. */
public interface ServerRows {
    /** Inserts, or replaces the one of the same id. */
    void put(ServerRow server);

    /** Returns all, the oldest start first. */
    List<ServerRow> all();

    /** Removes the row of a server that stops; nothing happens when there is none. */
    void remove(ServerId id);

    /** Removes servers that were last heard of before a moment; returns how many. */
    int removeUnheardSince(long millis);
}
