package io.davylamp.core.access;

import java.time.Duration;

/** Somebody used as much as one person may. The message says which limit it is, how much was used, and when to try again. */
public final class LimitReachedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration after;

    public LimitReachedException(String message, Duration after) {
        super(message);
        this.after = after;
    }

    /** Returns when another attempt can succeed. */
    public Duration after() {
        return after;
    }
}
