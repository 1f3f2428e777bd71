package io.davylamp.core.dispatch;

import io.davylamp.core.instance.Wanted;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Finds in the store what agents are to be told, whichever server was asked for it, and announces it here. One question answers for
 * all agents of a server. What servers tell each other only makes it faster. Not thread-safe.
 */
public final class StoredWork {
    /** How often {@link #look} is to be called. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);
    /** What stays wanted is announced again after this time: whoever announced it may have failed to tell it. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Store store;
    private final Changes changes;
    private final Clock clock;
    private Set<Wanted> announced = Set.of();
    private long announcedMillis;

    public StoredWork(Store store, Changes changes, Clock clock) {
        this.store = store;
        this.changes = changes;
        this.clock = clock;
    }

    /** Announces what is new, and whatever an idle instance could begin. */
    public void look() {
        long now = clock.millis();
        Set<Wanted> wanted = new HashSet<>(store.read(tx -> tx.instances().wanted(now - Offers.CROSSING.toMillis())));
        boolean again = Math.abs(now - announcedMillis) >= AGAIN.toMillis();
        if (again) {
            announcedMillis = now;
        }
        Set<String> instances = new HashSet<>();
        for (Wanted each : wanted) {
            if (again || each.kind() == Wanted.Kind.OFFER || !announced.contains(each)) {
                instances.add(each.instanceId());
            }
        }
        announced = wanted;
        instances.forEach(changes.fromElsewhere()::work);
    }
}
