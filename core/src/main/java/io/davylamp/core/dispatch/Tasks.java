package io.davylamp.core.dispatch;

import io.davylamp.core.Ids;
import io.davylamp.core.Quoted;
import io.davylamp.core.Seldom;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.core.task.HistoryRow;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of tasks and their assignments, up to the upload. Thread-safe. */
public final class Tasks {
    private static final Logger log = LoggerFactory.getLogger(Tasks.class);

    private static final Set<AssignmentState> AT_AGENT =
            EnumSet.of(AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.RUNNING);
    private static final int OLD_AT_A_TIME = 100;
    /** Of what agents say. */
    private static final int MAX_TEXT = 4_000;

    private static final String RESTARTED =
            "the JVM was restarted while it had the task; it is not repeated by itself, because the profiler may have been the"
                    + " cause";
    /** What an agent says or does may be late by so much, against what it is told. */
    private static final Duration CROSSING = Duration.ofSeconds(5);

    private static final int MAX_UNSAID = 10_000;

    private final Store store;
    private final Blobs blobs;
    private final Ids ids;
    private final Changes changes;
    private final Clock clock;
    private final TaskLimits limits;
    /** Reasons that could not be written, by assignment. */
    private final Map<String, String> unsaid = new ConcurrentHashMap<>();

    private final Seldom seldom = new Seldom();

    public Tasks(Store store, Blobs blobs, Ids ids, Changes changes, Clock clock, TaskLimits limits) {
        this.store = store;
        this.blobs = blobs;
        this.ids = ids;
        this.changes = changes;
        this.clock = clock;
        this.limits = limits;
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
        requireWithinLimits(spec);
        List<Assignment> assignments = new ArrayList<>();
        Creation creation;
        try {
            creation = store.write(tx -> insert(tx, spec, assignments));
        } catch (OverlapException e) {
            return e.overlaps;
        }
        for (Assignment assignment : assignments) {
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
        requireWithinLimits(spec);
        store.read(tx -> requireAll(tx, spec));
    }

    private void requireWithinLimits(TaskSpec spec) {
        if (spec.duration().compareTo(limits.minDuration()) < 0
                || spec.duration().compareTo(limits.maxDuration()) > 0) {
            throw new InvalidTaskException(
                    "durationSeconds",
                    "the duration is " + seconds(spec.duration()) + "; allowed are " + seconds(limits.minDuration())
                            + " to " + seconds(limits.maxDuration()));
        }
        if (spec.instances().size() > limits.instances()) {
            throw new InvalidTaskException(
                    "instances",
                    spec.instances().size() + " instances; at most " + limits.instances() + " are allowed");
        }
        if (spec.options().size() > limits.options()) {
            throw new InvalidTaskException(
                    "options", spec.options().size() + " options; at most " + limits.options() + " are allowed");
        }
    }

    private static String seconds(Duration duration) {
        return duration.toSeconds() + " s";
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
        List<Instance> chosen = requireAll(tx, spec);
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
                Assignment holder = tx
                        .assignments()
                        .ofInstance(instance.id(), EnumSet.range(AssignmentState.PENDING, AssignmentState.RUNNING))
                        .stream()
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

    /** The instances of a task, which must be known and able. */
    private static List<Instance> requireAll(Store.Tx tx, TaskSpec spec) {
        Map<String, Instance> known = new HashMap<>();
        for (Instance instance : tx.instances().ofService(spec.service())) {
            known.put(instance.name(), instance);
        }
        if (known.isEmpty()) {
            throw InvalidTaskException.unknown(
                    "service", "no instance of service " + Quoted.of(spec.service()) + " was ever seen");
        }
        List<Instance> chosen = new ArrayList<>();
        for (String name : spec.instances()) {
            Instance instance = known.get(name);
            if (instance == null) {
                throw InvalidTaskException.unknown(
                        "instances",
                        "service \"" + spec.service() + "\" has no instance " + Quoted.of(name) + "; it has "
                                + known.keySet().stream().sorted().limit(20).collect(Collectors.joining(", ")));
            }
            requireAble(instance, spec);
            chosen.add(instance);
        }
        return chosen;
    }

    private static void requireAble(Instance instance, TaskSpec spec) {
        if (!instance.unable().isEmpty()) {
            throw new InvalidTaskException(
                    "instances",
                    "instance \"" + instance.name() + "\" cannot be profiled: "
                            + instance.unable().reason());
        }
        Abilities abilities = instance.abilities();
        for (ProfilerEvent event : spec.events()) {
            String why = abilities.lacks().get(event.word());
            if (why != null) {
                throw new InvalidTaskException(
                        "events",
                        "instance \"" + instance.name() + "\" cannot record " + event.word() + ": " + why
                                + instead(event, abilities));
            }
        }
        for (String option : spec.options().keySet()) {
            String why = abilities.lacks().get(option);
            if (why != null) {
                throw new InvalidTaskException(
                        "options", "instance \"" + instance.name() + "\" cannot do " + option + ": " + why);
            }
        }
        if (abilities.maxSeconds() > 0 && spec.duration().toSeconds() > abilities.maxSeconds()) {
            throw new InvalidTaskException(
                    "durationSeconds",
                    "the duration is " + seconds(spec.duration()) + "; the agent of instance \"" + instance.name()
                            + "\" " + (abilities.reports() ? "profiles at most " : "would cut it without a word at ")
                            + abilities.maxSeconds() + " s");
        }
    }

    /** Where the processor's time goes can be told in several ways, from the most exact to the one that works everywhere. */
    private static String instead(ProfilerEvent event, Abilities abilities) {
        return event.isEngine()
                ? Stream.of(ProfilerEvent.CPU, ProfilerEvent.CTIMER, ProfilerEvent.ITIMER)
                        .filter(other -> !abilities.lacks().containsKey(other.word()))
                        .findFirst()
                        .map(other -> "; possible instead: " + other.word())
                        .orElse("")
                : "";
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
                tx.assignments().inStates(EnumSet.range(AssignmentState.PENDING, AssignmentState.STORED)).stream()
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

    public Optional<Assignment> findAssignment(String assignmentId) {
        return store.read(tx -> tx.assignments().byId(assignmentId));
    }

    /** Oldest first. */
    public List<HistoryRow> history(String assignmentId) {
        return store.read(tx -> tx.assignments().history(assignmentId));
    }

    /** Cancels what still can be; empty when there is no such task. */
    public Optional<Task> cancel(String taskId) {
        Optional<Task> task = find(taskId);
        task.ifPresent(known -> {
            for (Assignment assignment : known.assignments()) {
                if (on(assignment.id(), Event.CANCEL, change -> change.reason("cancelled"))
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
                boolean begun = EnumSet.of(AssignmentState.ACCEPTED, AssignmentState.RUNNING)
                        .contains(assignment.state());
                if (begun && !reports(assignment)) {
                    continue; // its agent cannot be told
                }
                if (begun && endNow(assignment.id(), "stopped on request").isPresent()) {
                    changes.stopped(assignment.instanceId(), assignment.id());
                } else if (!begun
                        && on(assignment.id(), Event.CANCEL, change -> change.reason("stopped before it began"))
                                .isPresent()) {
                    changes.cancelled(assignment.instanceId(), assignment.id());
                }
                changes.work(assignment.instanceId());
            }
        });
        return task.isEmpty() ? task : find(taskId);
    }

    private Optional<Assignment> endNow(String assignmentId, String note) {
        return on(
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
     * The same for an agent that does not {@linkplain Abilities#reports report}. It knows commands by their creation time, drops
     * those that are not newer than the last, and goes on with what was cancelled: until that is over it is busy.
     *
     * @param acceptedMillis creation time of the last command that the agent has accepted, by its own account
     */
    public Optional<Offer> offerUnreported(String instanceId, String life, long acceptedMillis) {
        long now = clock.millis();
        boolean busy =
                store
                        .read(tx -> tx.assignments().ofInstance(instanceId, EnumSet.of(AssignmentState.CANCELLED)))
                        .stream()
                        .anyMatch(cancelled -> cancelled.life().equals(life)
                                && cancelled.windowEndMillis() + CROSSING.toMillis() > now);
        return busy
                ? Optional.empty()
                : offer(
                        instanceId,
                        life,
                        (change, spec) -> change.createdAfter(acceptedMillis)
                                .startsNow(
                                        spec.duration().toMillis(),
                                        limits.grace().toMillis()));
    }

    private Optional<Offer> offer(
            String instanceId, String life, BiFunction<Assignment.Change, TaskSpec, Assignment.Change> details) {
        while (true) {
            List<Assignment> waiting = store.read(tx -> tx.assignments()
                    .ofInstance(instanceId, EnumSet.range(AssignmentState.PENDING, AssignmentState.RECEIVING)));
            if (waiting.isEmpty() || waiting.get(0).state() != AssignmentState.PENDING) {
                return Optional.empty();
            }
            Assignment next = waiting.get(0);
            Optional<TaskRow> row = store.read(tx -> tx.tasks().byId(next.taskId()));
            if (row.isPresent()) {
                TaskSpec spec = row.get().spec();
                Optional<Assignment> offered =
                        on(next.id(), Event.OFFER, change -> details.apply(change.life(life), spec));
                if (offered.isPresent()) {
                    return Optional.of(new Offer(offered.get(), spec));
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
        for (Assignment assignment : store.read(tx -> tx.assignments().ofInstance(instanceId, AT_AGENT))) {
            if (holding.contains(assignment.id())) {
                if (assignment.state() == AssignmentState.OFFERED) {
                    accepted(instanceId, assignment.id());
                }
            } else if (assignment.life().equals(life) && assignment.state() == AssignmentState.OFFERED) {
                store.read(tx -> tx.tasks().byId(assignment.taskId()))
                        .ifPresent(row -> again.add(new Offer(assignment, row.spec())));
            } else if (!assignment.life().equals(life)) {
                failed(instanceId, assignment.id(), RESTARTED);
            } else {
                failed(instanceId, assignment.id(), "the agent no longer has the task nor a recording of it");
            }
        }
        return again;
    }

    /** Of what the instance runs, what was {@linkplain #stop stopped} already: its agent may not have heard of it. */
    public List<Assignment> overrun(String instanceId) {
        long now = clock.millis();
        return store.read(tx -> tx.assignments().ofInstance(instanceId, EnumSet.of(AssignmentState.RUNNING))).stream()
                .filter(running -> running.windowEndMillis() + CROSSING.toMillis() < now)
                .toList();
    }

    /**
     * What an agent that does not {@linkplain Abilities#reports report} shows by naming the last command it accepted: takes the
     * assignment as accepted and counts its time from now, or finds that it was lost.
     *
     * @param life the JVM's life now
     * @param acceptedMillis creation time of the last command that the agent has accepted in this life; negative for none
     * @return a command that was lost on its way to this same life, to be sent again
     */
    public Optional<Offer> acknowledge(String instanceId, String life, long acceptedMillis) {
        long now = clock.millis();
        for (Assignment assignment : store.read(tx -> tx.assignments().ofInstance(instanceId, AT_AGENT))) {
            if (!assignment.life().equals(life)) {
                lose(assignment, RESTARTED);
            } else if (acceptedMillis >= assignment.createdMillis()) {
                if (assignment.state() == AssignmentState.OFFERED) {
                    acceptedUnreported(assignment);
                }
            } else if (assignment.state() != AssignmentState.OFFERED) {
                lose(assignment, RESTARTED);
            } else if (now - assignment.stateMillis() < CROSSING.toMillis()) {
                continue; // said before the command arrived
            } else if (acceptedMillis < 0) {
                lose(
                        assignment,
                        "the agent has accepted no command since its JVM started: the JVM was restarted, or the"
                                + " command was lost on its way. It is not repeated by itself, because the profiler may have"
                                + " been the cause of a restart");
            } else {
                return store.read(tx -> tx.tasks().byId(assignment.taskId()))
                        .map(row -> new Offer(assignment, row.spec()));
            }
        }
        return Optional.empty();
    }

    /** Whether anything of the instance is still to be run, runs, or is on its way. */
    public boolean concern(String instanceId) {
        return !store.read(tx -> tx.assignments()
                        .ofInstance(instanceId, EnumSet.range(AssignmentState.PENDING, AssignmentState.RECEIVING)))
                .isEmpty();
    }

    private void acceptedUnreported(Assignment assignment) {
        find(assignment.taskId())
                .ifPresent(task -> ofInstance(
                        assignment.instanceId(),
                        assignment.id(),
                        Event.ACCEPT,
                        change -> change.startsNow(
                                task.spec().duration().toMillis(),
                                limits.unreportedGrace().toMillis())));
    }

    void lose(Assignment assignment, String reason) {
        if (on(assignment.id(), Event.LOSE, change -> change.reason(reason)).isPresent()) {
            changes.work(assignment.instanceId());
        }
    }

    public void accepted(String instanceId, String assignmentId) {
        ofInstance(instanceId, assignmentId, Event.ACCEPT, change -> change);
    }

    /**
     * The profiler runs.
     *
     * @param engine what takes the samples; empty when unknown
     * @param note why it is not what was asked for; empty when it is
     */
    public void running(String instanceId, String assignmentId, String engine, String note) {
        Optional<Task> task = findAssignment(assignmentId).flatMap(assignment -> find(assignment.taskId()));
        task.ifPresent(known -> ofInstance(
                instanceId,
                assignmentId,
                Event.RUN,
                change -> change.engine(cut(engine))
                        .note(cut(note))
                        .startsNow(
                                known.spec().duration().toMillis(),
                                limits.grace().toMillis())));
    }

    /** The profiler ended, the recording follows; {@code note} says why it ended early or what it warned of. */
    public void ended(String instanceId, String assignmentId, String note) {
        if (!note.isEmpty()) {
            ofInstance(
                    instanceId,
                    assignmentId,
                    Event.STOP,
                    change -> change.note(cut(note)).startsNow(0, limits.grace().toMillis()));
        }
    }

    /** The agent or the profiler failed; {@code text} is its own. */
    public void failed(String instanceId, String assignmentId, String text) {
        ofInstance(instanceId, assignmentId, Event.AGENT_ERROR, change -> change.reason(cut(text)));
        changes.work(instanceId);
    }

    private static String cut(String text) {
        return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) : text;
    }

    /** Ends what is overdue. Called now and then. */
    public void expireOverdue() {
        long now = clock.millis();
        Set<AssignmentState> states = EnumSet.range(AssignmentState.PENDING, AssignmentState.RUNNING);
        for (Assignment assignment : store.read(tx -> tx.assignments().overdue(states, now))) {
            String cause = switch (assignment.state()) {
                case PENDING ->
                    "the instance never asked for the task: its JVM or its agent is gone, or cannot reach the"
                            + " server";
                case OFFERED -> "the agent never confirmed the task: the connection was lost while it was sent";
                case ACCEPTED ->
                    reports(assignment)
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
            if (on(assignment.id(), Event.DEADLINE, change -> change.reason(reason))
                    .isPresent()) {
                unsaid.remove(assignment.id());
                changes.work(assignment.instanceId());
            }
        }
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
            on(assignment.id(), Event.UPLOAD_REFUSE, change -> change.reason(reason));
            unsaid.remove(assignment.id());
        } catch (StoreException e) {
            if (unsaid.size() < MAX_UNSAID) {
                unsaid.put(assignment.id(), reason);
            }
        }
    }

    private boolean reports(Assignment assignment) {
        return store.read(tx -> tx.instances().byId(assignment.instanceId()))
                .map(instance -> instance.abilities().reports())
                .orElse(true);
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

    private void ofInstance(
            String instanceId,
            String assignmentId,
            Event event,
            Function<Assignment.Change, Assignment.Change> details) {
        Optional<Assignment> assignment = findAssignment(assignmentId);
        if (assignment.isEmpty() || !assignment.get().instanceId().equals(instanceId)) {
            seldom.log(
                    "stranger",
                    more -> log.warn(
                            "instance {} reports {} for assignment {}, which it does not have{}",
                            instanceId,
                            event,
                            cut(assignmentId),
                            more));
            return;
        }
        on(assignmentId, event, details);
    }

    /**
     * Applies an event by compare-and-set, trying again when somebody was faster. Empty when the assignment is gone or the
     * event does not concern its state.
     */
    public Optional<Assignment> on(
            String assignmentId, Event event, Function<Assignment.Change, Assignment.Change> details) {
        while (true) {
            Optional<Assignment> now = findAssignment(assignmentId);
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
            boolean ends = event == Event.CANCEL || event == Event.STOP;
            if (ends
                    ? store.writeToFree(tx -> tx.assignments().compareAndSet(next))
                    : store.write(tx -> tx.assignments().compareAndSet(next))) {
                changes.task(next.taskId());
                return Optional.of(next);
            }
        }
    }
}
