package io.davylamp.core.dispatch;

import io.davylamp.core.Ids;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.quota.Quotas;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.ProgressStep;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import io.davylamp.core.task.TaskTitle;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Creates, finds, stops and cancels tasks. Thread-safe. */
public final class Tasks {
    private static final int SEEN_AT_A_TIME = 1_000;

    private final Store store;
    private final Ids ids;
    private final Changes changes;
    private final Clock clock;
    private final Supplier<TaskLimits> limits;
    private final Assignments assignments;
    private final Admission admission;
    private final Audited audit;
    private final Quotas quotas;

    public Tasks(Store store, Ids ids, Changes changes, Clock clock, TaskLimits limits, Assignments assignments) {
        this(store, ids, changes, clock, () -> limits, assignments);
    }

    /** @param limits asked for each new task: another server may have stricter ones */
    public Tasks(
            Store store, Ids ids, Changes changes, Clock clock, Supplier<TaskLimits> limits, Assignments assignments) {
        this(store, ids, changes, clock, limits, assignments, Audited.NONE, Quotas.NONE);
    }

    /**
     * @param audit takes note of who did what
     * @param quotas how much one person may start
     */
    public Tasks(
            Store store,
            Ids ids,
            Changes changes,
            Clock clock,
            Supplier<TaskLimits> limits,
            Assignments assignments,
            Audited audit,
            Quotas quotas) {
        this.quotas = quotas;
        this.store = store;
        this.ids = ids;
        this.changes = changes;
        this.clock = clock;
        this.limits = limits;
        this.assignments = assignments;
        this.admission = new Admission(limits);
        this.audit = audit;
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
     * @throws DeniedException if the caller may only look at the service
     * @throws LimitReachedException if the caller has started as much as one person may
     */
    public Creation create(Principal who, TaskSpec spec) {
        requireStarting(who, spec);
        admission.requireWithinLimits(spec);
        Task created;
        try {
            created = store.write(tx -> insert(who, tx, spec));
        } catch (OverlapException e) {
            return e.overlaps;
        } catch (LimitReachedException e) {
            quotas.refused(who, "task.create", spec.service(), e);
            throw e;
        }
        for (Assignment assignment : created.assignments()) {
            changes.work(assignment.instanceId());
        }
        changes.task(created.id());
        audit.done(who, "task.create", spec.service(), spec.instances(), created.id());
        return new Created(created);
    }

    /**
     * Looks whether a task could be created now, apart from others in its way, and creates nothing.
     *
     * @throws InvalidTaskException as {@link #create} does
     * @throws LimitReachedException likewise
     */
    public void check(Principal who, TaskSpec spec) {
        requireStarting(who, spec);
        admission.requireWithinLimits(spec);
        store.read(tx -> {
            quotas.requireTask(tx, who);
            return Admission.requireAll(tx, spec);
        });
    }

    private void requireStarting(Principal who, TaskSpec spec) {
        if (!who.maySee(spec.service())) {
            throw Admission.unknownService(spec.service());
        }
        audit.require(who, Role.PROFILER, spec.service(), "task.create", "", "starting a task");
    }

    private static final class OverlapException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Overlaps overlaps;

        OverlapException(Overlaps overlaps) {
            this.overlaps = overlaps;
        }
    }

    /** Lets the store's index refuse overlaps, rather than looking and then writing. */
    private Task insert(Principal who, Store.Tx tx, TaskSpec spec) {
        List<Assignment> inserted = new ArrayList<>();
        long now = clock.millis();
        tx.assignments().unblock(now);
        List<Instance> chosen = Admission.requireAll(tx, spec);
        String taskId = ids.next(now);
        quotas.takeTask(tx, who, taskId);
        long createdMillis = createdMillis(tx, now);
        TaskRow row = new TaskRow(taskId, spec, createdMillis, who.author());
        tx.tasks().insert(row);
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
                    windowEnd + limits.get().grace().toMillis());
            if (!tx.assignments().insert(assignment)) {
                Assignment holder = tx.assignments().ofInstance(instance.id(), AssignmentState.BLOCKING).stream()
                        .filter(Assignment::blocking)
                        .findFirst()
                        .orElseThrow();
                throw new OverlapException(new Overlaps(name, holder.taskId(), holder.windowEndMillis()));
            }
            inserted.add(assignment);
        }
        return new Task(row, List.copyOf(inserted), Map.of());
    }

    /** Later than the newest task also when the clock was set back, unless it was wrong by more than a day before. */
    private static long createdMillis(Store.Tx tx, long now) {
        long newest = tx.tasks().newest(null, 1).stream()
                .mapToLong(TaskRow::createdMillis)
                .max()
                .orElse(0);
        return newest >= now && newest - now < Duration.ofDays(1).toMillis() ? newest + 1 : now;
    }

    public Optional<Task> find(Principal who, String taskId) {
        return store.read(tx ->
                tasks(
                                tx,
                                tx
                                        .tasks()
                                        .byId(taskId)
                                        .filter(row -> who.maySee(row.spec().service()))
                                        .stream()
                                        .toList())
                        .stream()
                        .findFirst());
    }

    /** Finds what an assignment of a task is at; empty when there is none that the caller may see. */
    public Optional<Part> part(Principal who, String taskId, String assignmentId) {
        return find(who, taskId).stream()
                .flatMap(task -> task.parts().stream())
                .filter(part -> part.assignment().id().equals(assignmentId))
                .findFirst();
    }

    /**
     * Finds an assignment whose recording the caller wants to have.
     *
     * @throws DeniedException if the caller may only look at the service
     */
    public Optional<Part> download(Principal who, String taskId, String assignmentId) {
        Optional<Task> task = find(who, taskId);
        task.ifPresent(known -> audit.require(
                who, Role.PROFILER, known.spec().service(), "recording.download", taskId, "downloading a recording"));
        return task.stream()
                .flatMap(known -> known.parts().stream())
                .filter(part -> part.assignment().id().equals(assignmentId))
                .findFirst()
                .map(part -> {
                    audit.done(
                            who,
                            "recording.download",
                            task.get().spec().service(),
                            List.of(part.assignment().instanceName()),
                            taskId);
                    return part;
                });
    }

    /** The steps of an assignment and its recording, oldest first; empty when there is none that the caller may see. */
    public List<ProgressStep> history(Principal who, String taskId, String assignmentId) {
        return part(who, taskId, assignmentId)
                .map(part -> assignments.history(assignmentId))
                .orElse(List.of());
    }

    /** Newest first; of all services when {@code service} is null. */
    public List<Task> newest(Principal who, String service, int limit) {
        if (service != null && !who.maySee(service)) {
            return List.of();
        }
        return store.read(tx -> tasks(tx, newestRows(tx, who, service, limit)));
    }

    private static List<TaskRow> newestRows(Store.Tx tx, Principal who, String service, int limit) {
        if (service != null || who.mayEverywhere(Role.VIEWER)) {
            return tx.tasks().newest(service, limit);
        }
        // Those of others must not use up the limit: what the caller does not see would show in what is missing.
        for (int asked = Math.max(limit, SEEN_AT_A_TIME); ; asked *= 4) {
            List<TaskRow> all = tx.tasks().newest(null, asked);
            List<TaskRow> seen = all.stream()
                    .filter(row -> who.maySee(row.spec().service()))
                    .limit(limit)
                    .toList();
            if (seen.size() == limit || all.size() < asked || asked > Integer.MAX_VALUE / 4) {
                return seen;
            }
        }
    }

    /** The same of those that go on. */
    public List<Task> live(Principal who, String service, int limit) {
        return store.read(tx -> tasks(
                tx,
                Stream.concat(
                                tx.assignments().inStates(AssignmentState.UNDELIVERED).stream()
                                        .map(Assignment::taskId),
                                tx
                                        .recordings()
                                        .inStates(EnumSet.of(RecordingState.STORED, RecordingState.READING))
                                        .stream()
                                        .map(Recording::taskId))
                        .distinct()
                        .flatMap(id -> tx.tasks().byId(id).stream())
                        .filter(row -> service == null || row.spec().service().equals(service))
                        .filter(row -> who.maySee(row.spec().service()))
                        .sorted(Comparator.comparingLong(TaskRow::createdMillis).reversed())
                        .limit(limit)
                        .toList()));
    }

    private static List<Task> tasks(Store.Tx tx, List<TaskRow> rows) {
        List<String> ids = rows.stream().map(TaskRow::id).toList();
        Map<String, List<Assignment>> assignments =
                tx.assignments().ofTasks(ids).stream().collect(Collectors.groupingBy(Assignment::taskId));
        Map<String, List<Recording>> recordings =
                tx.recordings().ofTasks(ids).stream().collect(Collectors.groupingBy(Recording::taskId));
        return rows.stream()
                .map(row -> task(
                        row,
                        assignments.getOrDefault(row.id(), List.of()),
                        recordings.getOrDefault(row.id(), List.of())))
                .toList();
    }

    private static Task task(TaskRow row, List<Assignment> assignments, List<Recording> recordings) {
        return new Task(
                row,
                assignments.stream()
                        .sorted(Comparator.comparing(Assignment::instanceName))
                        .toList(),
                recordings.stream().collect(Collectors.toMap(Recording::id, Function.identity())));
    }

    /**
     * Cancels what still can be; empty when there is no such task.
     *
     * @throws DeniedException if the caller may only look at it
     */
    public Optional<Task> cancel(Principal who, String taskId) {
        Optional<Task> task = find(who, taskId);
        task.ifPresent(known -> {
            audit.require(who, Role.PROFILER, known.spec().service(), "task.cancel", taskId, "cancelling a task");
            for (Assignment assignment : known.assignments()) {
                if (assignments
                        .on(assignment.id(), Event.CANCEL, change -> change.reason("cancelled"))
                        .isPresent()) {
                    changes.work(assignment.instanceId());
                }
            }
        });
        task.ifPresent(known -> audit.done(
                who, "task.cancel", known.spec().service(), known.spec().instances(), taskId));
        return task.isEmpty() ? task : find(who, taskId);
    }

    /**
     * Ends the profiling of what runs and cancels what has not begun; what runs with an agent that cannot be told goes on.
     *
     * @return the task as it is now; empty when there is no such task
     * @throws DeniedException if the caller may only look at it
     */
    public Optional<Task> stop(Principal who, String taskId) {
        Optional<Task> task = find(who, taskId);
        task.ifPresent(known -> {
            audit.require(who, Role.PROFILER, known.spec().service(), "task.stop", taskId, "stopping a task");
            for (Assignment assignment : known.assignments()) {
                boolean begun = AssignmentState.BEGUN.contains(assignment.state());
                if (begun && !assignments.reports(assignment)) {
                    continue;
                }
                if (begun) {
                    endNow(assignment.id(), "stopped on request");
                } else {
                    assignments.on(assignment.id(), Event.CANCEL, change -> change.reason("stopped before it began"));
                }
                changes.work(assignment.instanceId());
            }
        });
        task.ifPresent(known -> audit.done(
                who, "task.stop", known.spec().service(), known.spec().instances(), taskId));
        return task.isEmpty() ? task : find(who, taskId);
    }

    /**
     * Stops every task of the services that the caller administers.
     *
     * @return how many tasks there were to stop
     * @throws DeniedException if the caller administers no service
     */
    public int stopAll(Principal who) {
        who.requireSomewhere(Role.ADMIN, "stopping all tasks");
        List<Task> live = live(who, null, Integer.MAX_VALUE).stream()
                .filter(task -> who.may(Role.ADMIN, task.spec().service()))
                .toList();
        live.forEach(task -> stop(who, task.id()));
        return live.size();
    }

    /**
     * Gives a task a title; an empty one takes it away again.
     *
     * @return the task as it is now; empty when there is none that the caller may see
     * @throws InvalidTaskException if the title is not allowed
     * @throws DeniedException if the caller may only look at it
     */
    public Optional<Task> retitle(Principal who, String taskId, String title) {
        Optional<Task> task = find(who, taskId);
        if (task.isEmpty()) {
            return task;
        }
        String service = task.get().spec().service();
        audit.require(who, Role.PROFILER, service, "task.title", taskId, "giving a task a title");
        String allowed = TaskTitle.requireAllowed(title);
        if (!allowed.equals(task.get().title())) {
            if (!store.<Boolean>write(tx -> tx.tasks().retitle(taskId, allowed))) {
                return Optional.empty();
            }
            changes.task(taskId);
            audit.done(who, "task.title", service, task.get().spec().instances(), taskId);
        }
        return find(who, taskId);
    }

    private void endNow(String assignmentId, String note) {
        assignments.on(
                assignmentId,
                Event.STOP,
                change -> change.note(note)
                        .stopWanted()
                        .startsNow(0, limits.get().grace().toMillis()));
    }
}
