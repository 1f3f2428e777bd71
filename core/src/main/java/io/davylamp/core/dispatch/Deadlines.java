package io.davylamp.core.dispatch;

import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Ends assignments whose time is over, with a reason that says what is known of why. Thread-safe. */
public final class Deadlines {
    private static final int MAX_UNSAID = 10_000;
    /** What an agent took longer ago than this holds it up no more. */
    private static final Duration LONGEST_DELIVERY = Duration.ofDays(1);

    private final Store store;
    private final Assignments assignments;
    private final Changes changes;
    private final Clock clock;
    /** Reasons that could not be written, by assignment. */
    private final Map<String, String> unsaid = new ConcurrentHashMap<>();

    public Deadlines(Store store, Assignments assignments, Changes changes, Clock clock) {
        this.store = store;
        this.assignments = assignments;
        this.changes = changes;
        this.clock = clock;
    }

    /** Ends what is overdue. Called now and then. */
    public void expireOverdue() {
        long now = clock.millis();
        for (Assignment assignment : store.read(tx -> tx.assignments().overdue(AssignmentState.BLOCKING, now))) {
            String cause = switch (assignment.state()) {
                case PENDING ->
                    hadAnother(assignment)
                            ? "the instance had not delivered an earlier task when the time of this one was over: an agent runs"
                                    + " one task at a time"
                            : "the instance never asked for the task: its JVM or its agent is gone, or cannot reach the"
                                    + " server";
                case OFFERED -> "the agent never confirmed the task: the connection was lost while it was sent";
                case ACCEPTED ->
                    assignments.reports(assignment)
                            ? "the agent took the task but never said that the profiler runs"
                            : "the agent took the task but sent no result, and cannot say why. Likely: perf events are not"
                                    + " permitted (try ctimer or itimer); allocation profiling without debug symbols on JDK 8;"
                                    + " another profiler is active; no native library for the platform, or a temporary folder"
                                    + " mounted noexec; the JVM stopped; the upload took longer than the agent's deadline; the"
                                    + " connection was lost at the end";
                default -> "the profiler ran but no recording came: the JVM stopped, or it cannot reach the server";
            };
            String refused = unsaid.getOrDefault(assignment.id(), assignment.reason());
            String reason = refused.isEmpty() ? cause : "no recording came in time. Before: " + refused;
            if (assignments
                    .on(assignment.id(), Event.DEADLINE, change -> change.reason(reason))
                    .isPresent()) {
                unsaid.remove(assignment.id());
                changes.work(assignment.instanceId());
            }
        }
    }

    /** Whether the instance's agent had another one while this one waited. */
    private boolean hadAnother(Assignment waited) {
        long longAgo = waited.createdMillis() - LONGEST_DELIVERY.toMillis();
        return store
                .read(tx -> tx.assignments()
                        .ofInstance(waited.instanceId(), AssignmentState.UNDELIVERED, AssignmentState.FINAL, longAgo))
                .stream()
                .anyMatch(each -> !each.life().isEmpty()
                        && (each.state().isLive() || each.stateMillis() > waited.createdMillis()));
    }

    /**
     * A recording came and the server could not take it; the agent will come again. What it says stands in the assignment's
     * reason, and is remembered while even that cannot be written.
     */
    public void turnedAway(Assignment assignment, String reason) {
        if (assignment.reason().equals(reason) || reason.equals(unsaid.get(assignment.id()))) {
            return;
        }
        try {
            assignments.on(assignment.id(), Event.UPLOAD_REFUSE, change -> change.reason(reason));
            unsaid.remove(assignment.id());
        } catch (StoreException e) {
            if (unsaid.size() < MAX_UNSAID) {
                unsaid.put(assignment.id(), reason);
            }
        }
    }
}
