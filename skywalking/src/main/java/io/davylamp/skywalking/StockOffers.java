package io.davylamp.skywalking;

import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.TaskLimits;
import java.time.Clock;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Makes states of the little that an agent shows which does not {@linkplain Abilities#reports report}: the creation time of the
 * last command that it accepted. Such an agent drops commands that are not newer than the last, and cannot be told to stop.
 * Thread-safe.
 */
final class StockOffers {
    private static final Set<AssignmentState> CONCERNING =
            EnumSet.of(AssignmentState.CANCELLED, AssignmentState.UNDELIVERED.toArray(AssignmentState[]::new));

    private final Offers offers;
    private final Assignments assignments;
    private final TaskLimits limits;
    private final Clock clock;

    StockOffers(Offers offers, Assignments assignments, TaskLimits limits, Clock clock) {
        this.offers = offers;
        this.assignments = assignments;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * The next command for the agent, now OFFERED to this {@code life} of it; empty when it is busy or there is nothing. It goes
     * on with what was cancelled: until that is over it is busy.
     *
     * @param acceptedMillis creation time of the last command that the agent has accepted, by its own account
     */
    Optional<Offers.Offer> next(String instanceId, String life, long acceptedMillis) {
        long now = clock.millis();
        boolean busy = assignments.ofInstance(instanceId, EnumSet.of(AssignmentState.CANCELLED)).stream()
                .anyMatch(cancelled -> cancelled.life().equals(life)
                        && cancelled.windowEndMillis() + Offers.CROSSING.toMillis() > now);
        return busy
                ? Optional.empty()
                : offers.offer(
                        instanceId,
                        life,
                        (change, spec) -> change.createdAfter(acceptedMillis)
                                .startsNow(
                                        spec.duration().toMillis(),
                                        limits.grace().toMillis()));
    }

    /**
     * Takes an assignment as accepted, and counts its time from now, or finds that it was lost.
     *
     * @param life the JVM's life now
     * @param acceptedMillis creation time of the last command that the agent has accepted in this life; negative for none
     * @return a command that was lost on its way to this same life, to be sent again
     */
    Optional<Offers.Offer> acknowledge(String instanceId, String life, long acceptedMillis) {
        long now = clock.millis();
        for (Assignment assignment : assignments.ofInstance(instanceId, AssignmentState.WITH_AGENT)) {
            if (!assignment.life().equals(life)) {
                assignments.lose(assignment, Offers.RESTARTED);
            } else if (acceptedMillis >= assignment.createdMillis()) {
                if (assignment.state() == AssignmentState.OFFERED) {
                    accepted(assignment);
                }
            } else if (assignment.state() != AssignmentState.OFFERED) {
                assignments.lose(assignment, Offers.RESTARTED);
            } else if (now - assignment.stateMillis() < Offers.CROSSING.toMillis()) {
                continue; // said before the command arrived
            } else if (acceptedMillis < 0) {
                assignments.lose(
                        assignment,
                        "the agent has accepted no command since its JVM started: the JVM was restarted, or the"
                                + " command was lost on its way. It is not repeated by itself, because the profiler may have"
                                + " been the cause of a restart");
            } else {
                return assignments.spec(assignment).map(spec -> new Offers.Offer(assignment, spec));
            }
        }
        return Optional.empty();
    }

    private void accepted(Assignment assignment) {
        assignments
                .spec(assignment)
                .ifPresent(spec -> assignments.on(
                        assignment.id(),
                        Event.ACCEPT,
                        change -> change.startsNow(
                                spec.duration().toMillis(),
                                limits.unreportedGrace().toMillis())));
    }

    /** Whether there is anything that {@link #next} or {@link #acknowledge} could be about: nearly never. */
    boolean concerns(String instanceId) {
        return !assignments.ofInstance(instanceId, CONCERNING).isEmpty();
    }

    /** Whether something that the instance ran ended after a moment, well or not. */
    boolean hasEndedSince(String instanceId, long millis) {
        return assignments.hasChangedSince(
                instanceId,
                EnumSet.of(AssignmentState.DELIVERED, AssignmentState.FAILED, AssignmentState.TOO_LARGE),
                millis);
    }

    /** Whether anything of the instance is still to be run, runs, or is on its way. */
    boolean hasWork(String instanceId) {
        return !assignments.ofInstance(instanceId, AssignmentState.UNDELIVERED).isEmpty();
    }
}
