package io.davylamp.core.dispatch;

import io.davylamp.core.fleet.Instances;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Ends what a JVM ran that is gone and has no successor that would say so. That nothing is heard of it proves nothing: the
 * network may be down, or the servers be the ones that were away. It is taken for gone when all the while another JVM of its host
 * was heard of. It does not matter which servers the JVMs are connected to, and each server may look. Not thread-safe.
 */
public final class LostJvms {
    /** How often {@link #look} is to be called. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);
    /** How long nothing is heard of a JVM until it counts as gone; an agent tries to connect every few seconds. */
    static final Duration GRACE = Duration.ofMinutes(1);
    /** Who was heard of so lately by this server is not missed, and nobody asks the store for him. */
    private static final Duration RECENT = INTERVAL.multipliedBy(2);
    /** Between two looks; after a longer time the server stood still or the clock was set. */
    private static final Duration AWAY = INTERVAL.multipliedBy(4);

    private final Store store;
    private final Instances instances;
    private final Assignments assignments;
    private final Clock clock;
    /** By assignment; of those whose host has another JVM that is heard of. */
    private final Map<String, Silence> silences = new HashMap<>();

    private long lookedMillis;

    /**
     * @param heardMillis the last word to any server
     * @param sinceMillis from here on nothing came, and it was looked for
     */
    private record Silence(long heardMillis, long sinceMillis) {}

    public LostJvms(Store store, Instances instances, Assignments assignments, Clock clock) {
        this.store = store;
        this.instances = instances;
        this.assignments = assignments;
        this.clock = clock;
    }

    /** Looks for who is silent, and ends what was lost. */
    public void look() {
        long now = clock.millis();
        if (now < lookedMillis || now - lookedMillis > AWAY.toMillis()) {
            silences.clear();
        }
        lookedMillis = now;
        List<Assignment> running = store.read(tx -> tx.assignments().inStates(AssignmentState.BEGUN));
        Set<String> silent = running.stream()
                .map(Assignment::instanceId)
                .filter(id -> Math.abs(now - instances.heardMillis(id)) > RECENT.toMillis())
                .collect(Collectors.toSet());
        Map<String, Long> witnessed = silent.isEmpty() ? Map.of() : instances.besideLiveJvms(silent);
        Set<String> watched = new HashSet<>();
        for (Assignment assignment : running) {
            String instance = assignment.instanceId();
            Long heard = silent.contains(instance) ? witnessed.get(instance) : (Long) instances.heardMillis(instance);
            if (heard != null) {
                watched.add(assignment.id());
                watch(assignment, heard, now);
            }
        }
        silences.keySet().retainAll(watched);
    }

    private void watch(Assignment assignment, long heard, long now) {
        Silence silence = silences.get(assignment.id());
        if (silence == null || silence.heardMillis() != heard) {
            silences.put(assignment.id(), new Silence(heard, now));
        } else if (now - silence.sinceMillis() >= GRACE.toMillis()) {
            assignments.lose(assignment, reason(assignment, silence, now));
        }
    }

    private static String reason(Assignment assignment, Silence silence, long now) {
        return "the JVM's connection broke: it was last heard of " + (now - silence.heardMillis()) / 1000
                + " s ago, while others of its host are connected. It was killed, it stands still, or its network is gone; a"
                + " recording that comes all the same is taken"
                + (assignment.reason().isEmpty() ? "" : ". Before: " + assignment.reason());
    }
}
