package io.davylamp.core.access;

import java.util.Optional;

/** Codes with which command lines sign in. */
public interface LoginCodeRows {
    /** Inserts a code, instead of others of the same session: the last one that somebody allowed counts. */
    void replace(LoginCode code);

    /** Removes a code and returns it; empty when there is none, or somebody took it before. */
    Optional<LoginCode> take(String hash);

    /** Removes those that end at {@code nowMillis} or before; returns how many. */
    int deleteEnded(long nowMillis);
}
