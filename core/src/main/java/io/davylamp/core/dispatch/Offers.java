package io.davylamp.core.dispatch;

import io.davylamp.core.instance.Instance;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.TaskSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;

/** Tells what an agent is to do next, and sorts out what it should have when it comes back. Thread-safe. */
public final class Offers {
    /** Why what a JVM had is not offered to its successor. */
    public static final String RESTARTED =
            "the JVM was restarted while it had the task; it is not repeated by itself, because the profiler may have been the"
                    + " cause";
    /** What an agent says or does may be late by so much, against what it is told. */
    public static final Duration CROSSING = Duration.ofSeconds(5);

    /** What is over for people, and may go on in the JVM for a while. */
    private static final Set<AssignmentState> GIVEN_UP = EnumSet.of(AssignmentState.CANCELLED, AssignmentState.EXPIRED);

    private final Assignments assignments;
    private final Reports reports;
    private final Clock clock;

    public Offers(Assignments assignments, Reports reports, Clock clock) {
        this.assignments = assignments;
        this.reports = reports;
        this.clock = clock;
    }

    /**
     * What an agent is to be told, as the store has it at one moment.
     *
     * @param instance as it is known
     * @param cancelled as {@link #cancelled} says, of an agent that holds nothing
     * @param stopped what it runs and is to end now, with its recording
     * @param waits whether there is something to {@link #offer}
     */
    public record News(Instance instance, List<String> cancelled, List<String> stopped, boolean waits) {}

    /** Looks what there is to tell; empty when the agent has another connection by now, or the instance is gone. */
    public Optional<News> news(String instanceId, String life, String link) {
        long goesOnAfter = clock.millis() - CROSSING.toMillis();
        return assignments
                .ofInstanceBy(instanceId, link, AssignmentState.UNDELIVERED, GIVEN_UP, goesOnAfter)
                .map(known -> {
                    List<Assignment> undelivered = known.assignments().stream()
                            .filter(each -> AssignmentState.UNDELIVERED.contains(each.state()))
                            .toList();
                    return new News(
                            known.instance(),
                            cancelled(known.assignments(), life, List.of()),
                            stopped(known.assignments(), life),
                            !undelivered.isEmpty() && undelivered.get(0).state() == AssignmentState.PENDING);
                });
    }

    /** What an instance is asked to run. */
    public record Offer(Assignment assignment, TaskSpec spec) {}

    /**
     * The next thing for an idle instance to do, now OFFERED to this {@code life} of its agent; empty when it is busy or there
     * is nothing. A command that was lost on the way to the same life is offered again.
     */
    public Optional<Offer> offer(String instanceId, String life) {
        return offer(instanceId, life, (change, spec) -> change);
    }

    /**
     * The same over one connection of the agent. Empty also when the agent has another one by now, which this server need not know
     * of: what were offered over the old one would be lost.
     */
    public Optional<Offer> offer(String instanceId, String life, String link) {
        try {
            return offer(instanceId, life, (change, spec) -> change, (tx, next) -> {
                if (tx.instances()
                        .byId(instanceId)
                        .filter(known -> known.link().equals(link))
                        .isEmpty()) {
                    throw new MovedException();
                }
            });
        } catch (MovedException e) {
            return Optional.empty();
        }
    }

    /** Undoes an offer over a connection that is the agent's no more. */
    private static final class MovedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MovedException() {
            super("the agent has another connection");
        }
    }

    /** The same for any connection, with {@code details} that depend on what the agent is and what it is asked to do. */
    public Optional<Offer> offer(
            String instanceId, String life, BiFunction<Assignment.Change, TaskSpec, Assignment.Change> details) {
        return offer(instanceId, life, details, (tx, next) -> {});
    }

    private Optional<Offer> offer(
            String instanceId,
            String life,
            BiFunction<Assignment.Change, TaskSpec, Assignment.Change> details,
            BiConsumer<Store.Tx, Assignment> also) {
        while (true) {
            List<Assignment> waiting = assignments.ofInstance(instanceId, AssignmentState.UNDELIVERED);
            if (waiting.isEmpty() || waiting.get(0).state() != AssignmentState.PENDING) {
                return Optional.empty();
            }
            Assignment next = waiting.get(0);
            Optional<TaskSpec> spec = assignments.spec(next);
            if (spec.isPresent()) {
                Optional<Assignment> offered = assignments.on(
                        next.id(), Event.OFFER, change -> details.apply(change.life(life), spec.get()), also);
                if (offered.isPresent()) {
                    return Optional.of(new Offer(offered.get(), spec.get()));
                }
            }
        }
    }

    /**
     * An agent (re)connected and says which assignments it holds. What was with it and it does not hold is sorted out: a
     * command that was lost on the way to the same life is returned to be sent again; what an earlier life took failed.
     */
    public List<Offer> reconcile(String instanceId, String life, Collection<String> holding) {
        List<Offer> again = new ArrayList<>();
        for (Assignment assignment : assignments.ofInstance(instanceId, AssignmentState.WITH_AGENT)) {
            if (holding.contains(assignment.id())) {
                if (assignment.state() == AssignmentState.OFFERED) {
                    reports.accepted(instanceId, assignment.id());
                }
            } else if (assignment.life().equals(life) && assignment.state() == AssignmentState.OFFERED) {
                assignments.spec(assignment).ifPresent(spec -> again.add(new Offer(assignment, spec)));
            } else if (!assignment.life().equals(life)) {
                reports.failed(instanceId, assignment.id(), RESTARTED);
            } else {
                reports.failed(instanceId, assignment.id(), "the agent no longer has the task nor a recording of it");
            }
        }
        return again;
    }

    /**
     * What was cancelled while this life of the agent may have had it, in the order of creation: it is to be told, before its
     * next command.
     *
     * @param holding what the agent has by its own account; of all else it is told only while it may be under way to it
     */
    public List<String> cancelled(String instanceId, String life, Collection<String> holding) {
        return cancelled(assignments.ofInstance(instanceId, EnumSet.of(AssignmentState.CANCELLED)), life, holding);
    }

    private List<String> cancelled(List<Assignment> among, String life, Collection<String> holding) {
        long now = clock.millis();
        return among.stream()
                .filter(each -> each.state() == AssignmentState.CANCELLED)
                .filter(each -> holding.contains(each.id())
                        || each.life().equals(life) && each.windowEndMillis() + CROSSING.toMillis() > now)
                .map(Assignment::id)
                .toList();
    }

    /**
     * What is to {@linkplain Tasks#stop end} now: the agent may not have heard of it. So is what was taken for {@linkplain LostJvms
     * lost} with this life, which only stood still: the agent would refuse the next task as busy.
     */
    private List<String> stopped(List<Assignment> among, String life) {
        long now = clock.millis();
        return among.stream()
                .filter(each -> AssignmentState.BEGUN.contains(each.state()) && each.stopMillis() > 0
                        || each.state() == AssignmentState.EXPIRED
                                && each.life().equals(life)
                                && each.windowEndMillis() + CROSSING.toMillis() > now)
                .map(Assignment::id)
                .toList();
    }
}
