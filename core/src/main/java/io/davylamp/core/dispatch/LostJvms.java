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
 * network may be down, or the server be the one that was away. It is taken for gone when all the while another JVM of its host
 * was heard of. Not thread-safe.
 */
public final class LostJvms {
    /** How often {@link #look} is to be called. */
    public static final Duration INTERVAL = Duration.ofSeconds(5);
    /** How long nothing is heard of a JVM until it counts as gone; an agent tries to connect every few seconds. */
    static final Duration GRACE = Duration.ofMinutes(1);
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
     * @param heardMillis the last word; 0 when this server heard none
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
        Set<String> witnessed = instances.withLiveNeighbours(
                running.stream().map(Assignment::instanceId).collect(Collectors.toSet()));
        Set<String> watched = new HashSet<>();
        for (Assignment assignment : running) {
            if (witnessed.contains(assignment.instanceId())) {
                watched.add(assignment.id());
                watch(assignment, now);
            }
        }
        silences.keySet().retainAll(watched);
    }

    private void watch(Assignment assignment, long now) {
        long heard = instances.heardMillis(assignment.instanceId());
        Silence silence = silences.get(assignment.id());
        if (silence == null || silence.heardMillis() != heard) {
            silences.put(assignment.id(), new Silence(heard, now));
        } else if (now - silence.sinceMillis() >= GRACE.toMillis()) {
            assignments.lose(assignment, reason(assignment, silence, now));
        }
    }

    private static String reason(Assignment assignment, Silence silence, long now) {
        String seen = silence.heardMillis() == 0
                ? "the JVM has not connected since the server was started, while others of its host are connected for "
                        + (now - silence.sinceMillis()) / 1000 + " s"
                : "the JVM's connection broke: it was last heard of " + (now - silence.heardMillis()) / 1000
                        + " s ago, while others of its host are connected";
        return seen
                + ". It was killed, it stands still, or its network is gone; a recording that comes all the same is taken"
                + (assignment.reason().isEmpty() ? "" : ". Before: " + assignment.reason());
    }
}
