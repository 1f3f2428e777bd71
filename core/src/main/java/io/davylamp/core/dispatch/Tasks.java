package io.davylamp.core.dispatch;

import io.davylamp.core.Ids;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates, finds, stops, cancels and deletes tasks. Thread-safe. */
public final class Tasks {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);

    private static final int OLD_AT_A_TIME = 100;

    private final Store store;
    private final Blobs blobs;
    private final Ids ids;
    private final Changes changes;
    private final Clock clock;
    private final TaskLimits limits;
    private final Assignments assignments;
    private final Admission admission;

    public Tasks(
            Store store,
            Blobs blobs,
            Ids ids,
            Changes changes,
            Clock clock,
            TaskLimits limits,
            Assignments assignments) {
        this.store = store;
        this.blobs = blobs;
        this.ids = ids;
        this.changes = changes;
        this.clock = clock;
        this.limits = limits;
        this.assignments = assignments;
        this.admission = new Admission(limits);
    }

    /** How a request to create a task ends. */
    public sealed interface Creation {}

    public record Created(Task task) implements Creation {}

    /** Another task holds an instance; nothing was stored. */
    public record Overlaps(String instance, String taskId, long untilMillis) implements Creation {}

    /**
     * Creates a task and its assignments, all or nothing.
     *
     * @throws InvalidTaskException if the service or an instance is unknown, or a limit is passed
     */
    public Creation create(TaskSpec spec) {
        admission.requireWithinLimits(spec);
        List<Assignment> inserted = new ArrayList<>();
        Creation creation;
        try {
            creation = store.write(tx -> insert(tx, spec, inserted));
        } catch (OverlapException e) {
            return e.overlaps;
        }
        for (Assignment assignment : inserted) {
            changes.work(assignment.instanceId());
        }
        changes.task(((Created) creation).task().id());
        return creation;
    }

    /**
     * Looks whether a task could be created now, apart from others in its way, and creates nothing.
     *
     * @throws InvalidTaskException as {@link #create} does
     */
    public void check(TaskSpec spec) {
        admission.requireWithinLimits(spec);
        store.read(tx -> Admission.requireAll(tx, spec));
    }

    private static final class OverlapException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Overlaps overlaps;

        OverlapException(Overlaps overlaps) {
            this.overlaps = overlaps;
        }
    }

    /** Lets the store's index refuse overlaps, rather than looking and then writing. */
    private Creation insert(Store.Tx tx, TaskSpec spec, List<Assignment> inserted) {
        long now = clock.millis();
        tx.assignments().unblock(now);
        List<Instance> chosen = Admission.requireAll(tx, spec);
        String taskId = ids.next(now);
        long createdMillis = createdMillis(tx, now);
        tx.tasks().insert(new TaskRow(taskId, spec, createdMillis));
        for (Instance instance : chosen) {
            String name = instance.name();
            long created = Math.max(now, tx.assignments().lastCreatedMillis(instance.id()) + 1);
            long windowEnd = now + spec.duration().toMillis();
            Assignment assignment = Assignment.created(
                    ids.next(now),
                    taskId,
                    instance.id(),
                    name,
                    created,
                    windowEnd,
                    windowEnd + limits.grace().toMillis());
            if (!tx.assignments().insert(assignment)) {
                Assignment holder = tx.assignments().ofInstance(instance.id(), AssignmentState.BLOCKING).stream()
                        .filter(Assignment::blocking)
                        .findFirst()
                        .orElseThrow();
                throw new OverlapException(new Overlaps(name, holder.taskId(), holder.windowEndMillis()));
            }
            inserted.add(assignment);
        }
        return new Created(new Task(taskId, spec, createdMillis, List.copyOf(inserted)));
    }

    /** Later than the newest task also when the clock was set back, unless it was wrong by more than a day before. */
    private static long createdMillis(Store.Tx tx, long now) {
        long newest = tx.tasks().newest(null, 1).stream()
                .mapToLong(TaskRow::createdMillis)
                .max()
                .orElse(0);
        return newest >= now && newest - now < Duration.ofDays(1).toMillis() ? newest + 1 : now;
    }

    public Optional<Task> find(String taskId) {
        return store.read(tx ->
                tx.tasks().byId(taskId).map(row -> task(row, tx.assignments().ofTask(taskId))));
    }

    /** Newest first; of all services when {@code service} is null. */
    public List<Task> newest(String service, int limit) {
        return store.read(tx -> tasks(tx, tx.tasks().newest(service, limit)));
    }

    /** The same of those that go on. */
    public List<Task> live(String service, int limit) {
        return store.read(tx -> tasks(
                tx,
                tx.assignments().inStates(AssignmentState.LIVE).stream()
                        .map(Assignment::taskId)
                        .distinct()
                        .flatMap(id -> tx.tasks().byId(id).stream())
                        .filter(row -> service == null || row.spec().service().equals(service))
                        .sorted(Comparator.comparingLong(TaskRow::createdMillis).reversed())
                        .limit(limit)
                        .toList()));
    }

    private static List<Task> tasks(Store.Tx tx, List<TaskRow> rows) {
        Map<String, List<Assignment>> assignments =
                tx.assignments().ofTasks(rows.stream().map(TaskRow::id).toList()).stream()
                        .collect(Collectors.groupingBy(Assignment::taskId));
        return rows.stream()
                .map(row -> task(row, assignments.getOrDefault(row.id(), List.of())))
                .toList();
    }

    private static Task task(TaskRow row, List<Assignment> assignments) {
        return new Task(
                row.id(),
                row.spec(),
                row.createdMillis(),
                assignments.stream()
                        .sorted(Comparator.comparing(Assignment::instanceName))
                        .toList());
    }

    /** Cancels what still can be; empty when there is no such task. */
    public Optional<Task> cancel(String taskId) {
        Optional<Task> task = find(taskId);
        task.ifPresent(known -> {
            for (Assignment assignment : known.assignments()) {
                if (assignments
                        .on(assignment.id(), Event.CANCEL, change -> change.reason("cancelled"))
                        .isPresent()) {
                    changes.cancelled(assignment.instanceId(), assignment.id());
                    changes.work(assignment.instanceId());
                }
            }
        });
        return task.isEmpty() ? task : find(taskId);
    }

    /** Ends the profiling of what runs and cancels what has not begun; empty when there is no such task. */
    public Optional<Task> stop(String taskId) {
        Optional<Task> task = find(taskId);
        task.ifPresent(known -> {
            for (Assignment assignment : known.assignments()) {
                boolean begun = AssignmentState.BEGUN.contains(assignment.state());
                if (begun && !assignments.reports(assignment)) {
                    continue; // its agent cannot be told
                }
                if (begun && endNow(assignment.id(), "stopped on request").isPresent()) {
                    changes.stopped(assignment.instanceId(), assignment.id());
                } else if (!begun
                        && assignments
                                .on(assignment.id(), Event.CANCEL, change -> change.reason("stopped before it began"))
                                .isPresent()) {
                    changes.cancelled(assignment.instanceId(), assignment.id());
                }
                changes.work(assignment.instanceId());
            }
        });
        return task.isEmpty() ? task : find(taskId);
    }

    private Optional<Assignment> endNow(String assignmentId, String note) {
        return assignments.on(
                assignmentId,
                Event.STOP,
                change -> change.note(note).startsNow(0, limits.grace().toMillis()));
    }

    /** How a request to delete a task ends. */
    public enum Deletion {
        DELETED,
        UNKNOWN,
        /** Something of it is still with an agent or on its way; cancel it first. */
        LIVE
    }

    /** Removes a task with its recordings and profiles. */
    public Deletion delete(String taskId) {
        List<Assignment> removed = new ArrayList<>();
        Deletion deletion;
        try {
            deletion = store.writeToFree(tx -> removed(tx, taskId, removed));
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.FULL || removed.isEmpty()) {
                throw e;
            }
            // The recordings are what fills the disk. Were we to die in between, the task would be there without them.
            removed.forEach(this::deleteBlobs);
            removed.clear();
            deletion = store.writeToFree(tx -> removed(tx, taskId, removed));
        }
        removed.forEach(this::deleteBlobs);
        if (deletion == Deletion.DELETED) {
            changes.task(taskId);
        }
        return deletion;
    }

    private static Deletion removed(Store.Tx tx, String taskId, List<Assignment> removed) {
        removed.clear();
        if (tx.tasks().byId(taskId).isEmpty()) {
            return Deletion.UNKNOWN;
        }
        List<Assignment> assignments = tx.assignments().ofTask(taskId);
        if (assignments.stream().anyMatch(assignment -> assignment.state().isLive())) {
            return Deletion.LIVE;
        }
        removed.addAll(assignments);
        tx.tasks().delete(taskId);
        return Deletion.DELETED;
    }

    private void deleteBlobs(Assignment assignment) {
        try {
            blobs.delete(assignment.recordingKey());
            blobs.delete(assignment.profileKey());
        } catch (IOException e) {
            log.warn("blobs of assignment {} are left behind", assignment.id(), e);
        }
    }

    /** Removes tasks that were created longer ago than recordings are kept; one that still goes on stays. */
    public void deleteOld() {
        long before = clock.millis() - limits.kept().toMillis();
        for (String taskId : store.read(tx -> tx.tasks().createdBefore(before, OLD_AT_A_TIME))) {
            if (delete(taskId) == Deletion.DELETED) {
                log.info("task {} is older than {} and was removed", taskId, limits.kept());
            }
        }
    }
}
