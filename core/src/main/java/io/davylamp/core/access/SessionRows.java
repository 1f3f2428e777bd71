package io.davylamp.core.access;

import java.util.List;
import java.util.Optional;

/** Sessions of browsers. */
public interface SessionRows {
    void insert(Session session);

    Optional<Session> byHash(String hash);

    /** All of them, newest first. */
    List<Session> all();

    /** Notes a use, unless a later one is noted. */
    void used(String hash, long millis);

    /** @return false if there is none */
    boolean delete(String hash);

    /** Ends all sessions of somebody, and returns how many there were. */
    int deleteOf(String issuer, String subject);

    /** Removes those that end at {@code nowMillis} or before, or were not used since; returns how many. */
    int deleteOver(long nowMillis, long unusedSinceMillis);
}
