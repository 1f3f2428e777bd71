package io.davylamp.core.dispatch;

import io.davylamp.core.signal.Changes;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskSpec;
import java.util.Optional;

/** Takes what agents say of the assignments they have. Each report counts only for an assignment of that instance. Thread-safe. */
public final class Reports {
    /** Characters of what agents say; the rest is cut. */
    private static final int MAX_TEXT = 4_000;

    private final Assignments assignments;
    private final Changes changes;
    private final TaskLimits limits;

    public Reports(Assignments assignments, Changes changes, TaskLimits limits) {
        this.assignments = assignments;
        this.changes = changes;
        this.limits = limits;
    }

    /** The agent has taken the command. */
    public void accepted(String instanceId, String assignmentId) {
        assignments.reported(instanceId, assignmentId, Event.ACCEPT, change -> change);
    }

    /**
     * The profiler runs.
     *
     * @param engine what takes the samples; empty when unknown
     * @param note why it is not what was asked for; empty when it is
     */
    public void running(String instanceId, String assignmentId, String engine, String note) {
        Optional<TaskSpec> known = assignments.find(assignmentId).flatMap(assignments::spec);
        known.ifPresent(spec -> assignments.reported(
                instanceId,
                assignmentId,
                Event.RUN,
                change -> change.engine(cut(engine))
                        .note(cut(note))
                        .runs(spec.duration().toMillis(), limits.grace().toMillis())));
    }

    /** The profiler ended, the recording follows; {@code note} says why it ended early or what it warned of. */
    public void ended(String instanceId, String assignmentId, String note) {
        if (!note.isEmpty()) {
            assignments.reported(
                    instanceId,
                    assignmentId,
                    Event.STOP,
                    change -> change.note(cut(note)).startsNow(0, limits.grace().toMillis()));
        }
    }

    /** The agent or the profiler failed; {@code text} is its own. */
    public void failed(String instanceId, String assignmentId, String text) {
        assignments.reported(instanceId, assignmentId, Event.AGENT_ERROR, change -> change.reason(cut(text)));
        changes.work(instanceId);
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }
}
