package io.davylamp.core.identity;

import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;

/** Remembers which sign-ins at an identity provider came back, for all servers of a store: each counts once. Thread-safe. */
public final class SignInStates {
    private final Store store;
    private final Clock clock;

    public SignInStates(Store store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    /**
     * Whether this is the first time that a state comes back.
     *
     * @param lasts after which it does not count any more anyway
     */
    public boolean isFirst(String state, Duration lasts) {
        long ends = clock.millis() + lasts.toMillis();
        return store.write(tx -> tx.usedStates().insert(Secrets.hash(state), ends));
    }

    /** Removes those that do not count any more. Called now and then. */
    public void removeEnded() {
        store.write(tx -> tx.usedStates().deleteEnded(clock.millis()));
    }
}
