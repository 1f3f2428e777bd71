package io.davylamp.core.dispatch;

import io.davylamp.core.Seldom;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.ProgressStep;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads assignments and changes them, one event at a time, by compare-and-set. Thread-safe. */
public final class Assignments {
    private static final Logger log = LoggerFactory.getLogger(Assignments.class);
    private static final int MAX_SHOWN = 200;

    private final Store store;
    private final Changes changes;
    private final Clock clock;
    private final Seldom seldom = new Seldom();

    public Assignments(Store store, Changes changes, Clock clock) {
        this.store = store;
        this.changes = changes;
        this.clock = clock;
    }

    public Optional<Assignment> find(String assignmentId) {
        return store.read(tx -> tx.assignments().byId(assignmentId));
    }

    /** Those of the instance that are in one of {@code states}, in the order in which they were created. */
    public List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states) {
        return store.read(tx -> tx.assignments().ofInstance(instanceId, states));
    }

    /** An instance and some of its assignments, as they were at one moment. */
    record Known(Instance instance, List<Assignment> assignments) {}

    /**
     * The same with the instance, if its agent has this connection, and with what is {@code over} if its window ends after a
     * moment; two statements in one transaction.
     */
    Optional<Known> ofInstanceBy(
            String instanceId,
            String link,
            Collection<AssignmentState> states,
            Collection<AssignmentState> over,
            long windowEndsAfterMillis) {
        return store.read(tx -> tx.instances()
                .byId(instanceId)
                .filter(instance -> instance.link().equals(link))
                .map(instance -> new Known(
                        instance, tx.assignments().ofInstance(instanceId, states, over, windowEndsAfterMillis))));
    }

    /** Whether one of the instance is in one of {@code states} and came into it after a moment. */
    public boolean hasChangedSince(String instanceId, Collection<AssignmentState> states, long millis) {
        return store.read(tx -> tx.assignments().hasChangedSince(instanceId, states, millis));
    }

    /** What was measured with it; empty when its task was deleted meanwhile. */
    public Optional<TaskSpec> spec(Assignment assignment) {
        return store.read(tx -> tx.tasks().byId(assignment.taskId())).map(TaskRow::spec);
    }

    /** Whether its agent {@linkplain Abilities#reports reports}. */
    boolean reports(Assignment assignment) {
        return store.read(tx -> tx.instances().byId(assignment.instanceId()))
                .map(instance -> instance.abilities().reports())
                .orElse(true);
    }

    /** Of the assignment and its recording, oldest first. */
    public List<ProgressStep> history(String assignmentId) {
        return store.read(tx -> ProgressStep.of(
                tx.assignments().history(assignmentId), tx.recordings().history(assignmentId)));
    }

    /** Applies an event that an instance reports, if the assignment is its own. */
    void reported(
            String instanceId,
            String assignmentId,
            Event event,
            Function<Assignment.Change, Assignment.Change> details) {
        Optional<Assignment> assignment = find(assignmentId);
        if (assignment.isEmpty() || !assignment.get().instanceId().equals(instanceId)) {
            seldom.log(
                    "stranger",
                    more -> log.warn(
                            "instance {} reports {} for assignment {}, which it does not have{}",
                            instanceId,
                            event,
                            shown(assignmentId),
                            more));
            return;
        }
        on(assignmentId, event, details);
    }

    private static String shown(String id) {
        return id.length() <= MAX_SHOWN ? id : id.substring(0, MAX_SHOWN) + "...";
    }

    /** Its agent has it no more; {@code reason} says how that shows. */
    public void lose(Assignment assignment, String reason) {
        if (on(assignment.id(), Event.LOSE, change -> change.reason(reason)).isPresent()) {
            changes.work(assignment.instanceId());
        }
    }

    /**
     * Applies an event by compare-and-set, trying again when somebody was faster. Empty when the assignment is gone or the
     * event does not concern its state.
     */
    public Optional<Assignment> on(
            String assignmentId, Event event, Function<Assignment.Change, Assignment.Change> details) {
        return on(assignmentId, event, details, (tx, next) -> {});
    }

    /**
     * The same with something more in the transaction that changes the assignment.
     *
     * @param also runs when the assignment was changed; may run more than once
     */
    public Optional<Assignment> on(
            String assignmentId,
            Event event,
            Function<Assignment.Change, Assignment.Change> details,
            BiConsumer<Store.Tx, Assignment> also) {
        while (true) {
            Optional<Assignment> now = find(assignmentId);
            if (now.isEmpty()) {
                return Optional.empty();
            }
            Optional<AssignmentState> to = now.get().state().next(event);
            if (to.isEmpty()) {
                return Optional.empty();
            }
            AssignmentState target = event == Event.UPLOAD_BREAK && now.get().resumeState() != null
                    ? now.get().resumeState()
                    : to.get();
            Assignment next =
                    details.apply(now.get().change(target, clock.millis())).done();
            Function<Store.Tx, Boolean> set = tx -> {
                boolean changed = tx.assignments().compareAndSet(next);
                if (changed) {
                    also.accept(tx, next);
                }
                return changed;
            };
            boolean ends = event == Event.CANCEL || event == Event.STOP;
            if (ends ? store.writeToFree(set) : store.write(set)) {
                changes.task(next.taskId());
                return Optional.of(next);
            }
        }
    }
}
