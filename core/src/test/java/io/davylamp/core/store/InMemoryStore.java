package io.davylamp.core.store;

import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.recording.FileRows;
import io.davylamp.core.recording.OpenedFile;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentTotals;
import io.davylamp.core.task.HistoryRow;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskRows;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** A store that forgets everything when the process ends: for tests. Thread-safe; one transaction at a time. */
public final class InMemoryStore implements Store {
    private State state = new State();

    @Override
    public synchronized <T> T write(Function<Tx, T> work) {
        State next = state.copy();
        T result = work.apply(next);
        state = next;
        return result;
    }

    @Override
    public synchronized <T> T read(Function<Tx, T> work) {
        return work.apply(state.copy());
    }

    @Override
    public void close() {}

    private static final class State implements Tx {
        private final Map<String, Instance> instances = new LinkedHashMap<>();
        private final Map<String, TaskRow> tasks = new LinkedHashMap<>();
        private final Map<String, Assignment> assignments = new LinkedHashMap<>();
        private final Map<String, List<HistoryRow>> history = new LinkedHashMap<>();
        private final Map<String, OpenedFile> files = new LinkedHashMap<>();

        State copy() {
            State copy = new State();
            copy.instances.putAll(instances);
            copy.tasks.putAll(tasks);
            copy.assignments.putAll(assignments);
            copy.files.putAll(files);
            history.forEach((id, rows) -> copy.history.put(id, new ArrayList<>(rows)));
            return copy;
        }

        @Override
        public InstanceRows instances() {
            return new Instances();
        }

        @Override
        public TaskRows tasks() {
            return new Tasks();
        }

        @Override
        public AssignmentRows assignments() {
            return new Assignments();
        }

        @Override
        public FileRows files() {
            return new Files();
        }

        private final class Files implements FileRows {
            @Override
            public void put(OpenedFile file) {
                files.put(file.id(), file);
            }

            @Override
            public void lookedAt(String id, long nowMillis) {
                files.computeIfPresent(
                        id,
                        (key, file) -> new OpenedFile(
                                id,
                                file.name(),
                                file.sizeBytes(),
                                file.ready(),
                                file.kept(),
                                file.openedMillis(),
                                nowMillis));
            }

            @Override
            public Optional<OpenedFile> byId(String id) {
                return Optional.ofNullable(files.get(id));
            }

            @Override
            public List<OpenedFile> newest() {
                return files.values().stream()
                        .sorted(Comparator.comparingLong(OpenedFile::openedMillis)
                                .thenComparing(OpenedFile::id)
                                .reversed())
                        .toList();
            }

            @Override
            public void delete(String id) {
                files.remove(id);
            }
        }

        private final class Instances implements InstanceRows {
            @Override
            public void put(Instance instance) {
                find(instance.service(), instance.name())
                        .filter(known -> !known.id().equals(instance.id()))
                        .ifPresent(known -> {
                            throw new IllegalStateException("instance " + known.name() + " exists already");
                        });
                instances.put(instance.id(), instance);
            }

            @Override
            public void seen(String id, long nowMillis) {
                instances.computeIfPresent(
                        id,
                        (key, i) -> new Instance(
                                i.id(),
                                i.service(),
                                i.name(),
                                i.properties(),
                                i.unable(),
                                i.life(),
                                i.abilities(),
                                i.firstSeenMillis(),
                                Math.max(i.lastSeenMillis(), nowMillis)));
            }

            @Override
            public Optional<Instance> find(String service, String name) {
                return ofService(service).stream()
                        .filter(instance -> instance.name().equals(name))
                        .findFirst();
            }

            @Override
            public Optional<Instance> byId(String id) {
                return Optional.ofNullable(instances.get(id));
            }

            @Override
            public List<Instance> ofService(String service) {
                return instances.values().stream()
                        .filter(instance -> instance.service().equals(service))
                        .toList();
            }

            @Override
            public List<Instance> all() {
                return List.copyOf(instances.values());
            }

            @Override
            public int count(String service) {
                return ofService(service).size();
            }

            @Override
            public int count() {
                return instances.size();
            }

            @Override
            public int deleteUnseenSince(long millis) {
                int before = instances.size();
                instances
                        .values()
                        .removeIf(instance -> instance.lastSeenMillis() < millis
                                && assignments.values().stream()
                                        .noneMatch(assignment ->
                                                assignment.instanceId().equals(instance.id())));
                return before - instances.size();
            }
        }

        private final class Tasks implements TaskRows {
            @Override
            public void insert(TaskRow task) {
                tasks.put(task.id(), task);
            }

            @Override
            public Optional<TaskRow> byId(String id) {
                return Optional.ofNullable(tasks.get(id));
            }

            @Override
            public List<TaskRow> newest(String service, int limit) {
                return tasks.values().stream()
                        .filter(task -> service == null || task.spec().service().equals(service))
                        .sorted(Comparator.comparingLong(TaskRow::createdMillis)
                                .thenComparing(TaskRow::id)
                                .reversed())
                        .limit(limit)
                        .toList();
            }

            @Override
            public List<String> createdBefore(long millis, int limit) {
                return tasks.values().stream()
                        .filter(task -> task.createdMillis() < millis)
                        .sorted(Comparator.comparingLong(TaskRow::createdMillis))
                        .limit(limit)
                        .map(TaskRow::id)
                        .toList();
            }

            @Override
            public void delete(String id) {
                tasks.remove(id);
                assignments.values().removeIf(assignment -> {
                    boolean gone = assignment.taskId().equals(id);
                    if (gone) {
                        history.remove(assignment.id());
                    }
                    return gone;
                });
            }
        }

        private final class Assignments implements AssignmentRows {
            private List<Assignment> inCreationOrder() {
                return assignments.values().stream()
                        .sorted(Comparator.comparingLong(Assignment::createdMillis)
                                .thenComparing(Assignment::id))
                        .toList();
            }

            @Override
            public boolean insert(Assignment assignment) {
                if (assignment.blocking()
                        && assignments.values().stream()
                                .anyMatch(other ->
                                        other.blocking() && other.instanceId().equals(assignment.instanceId()))) {
                    return false;
                }
                assignments.put(assignment.id(), assignment);
                note(assignment);
                return true;
            }

            private void note(Assignment assignment) {
                history.computeIfAbsent(assignment.id(), id -> new ArrayList<>())
                        .add(new HistoryRow(assignment.stateMillis(), assignment.state(), assignment.reason()));
            }

            @Override
            public Optional<Assignment> byId(String id) {
                return Optional.ofNullable(assignments.get(id));
            }

            @Override
            public List<Assignment> ofTask(String taskId) {
                return ofTasks(List.of(taskId));
            }

            @Override
            public List<Assignment> ofTasks(Collection<String> taskIds) {
                return inCreationOrder().stream()
                        .filter(assignment -> taskIds.contains(assignment.taskId()))
                        .toList();
            }

            @Override
            public List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states) {
                return inStates(states).stream()
                        .filter(assignment -> assignment.instanceId().equals(instanceId))
                        .toList();
            }

            @Override
            public List<Assignment> inStates(Collection<AssignmentState> states) {
                return inCreationOrder().stream()
                        .filter(assignment -> states.contains(assignment.state()))
                        .toList();
            }

            @Override
            public List<Assignment> overdue(Collection<AssignmentState> states, long nowMillis) {
                return inStates(states).stream()
                        .filter(assignment -> assignment.deadlineMillis() <= nowMillis)
                        .toList();
            }

            @Override
            public void unblock(long nowMillis) {
                assignments.replaceAll(
                        (id, assignment) -> assignment.blocking() && assignment.windowEndMillis() <= nowMillis
                                ? assignment
                                        .change(assignment.state(), nowMillis)
                                        .notBlocking()
                                        .resumeAt(assignment.resumeState())
                                        .done()
                                : assignment);
            }

            @Override
            public long lastCreatedMillis(String instanceId) {
                return assignments.values().stream()
                        .filter(assignment -> assignment.instanceId().equals(instanceId))
                        .mapToLong(Assignment::createdMillis)
                        .max()
                        .orElse(0);
            }

            @Override
            public boolean compareAndSet(Assignment next) {
                Assignment now = assignments.get(next.id());
                if (now == null || now.version() != next.version() - 1) {
                    return false;
                }
                assignments.put(next.id(), next);
                if (now.state() != next.state()) {
                    note(next);
                }
                return true;
            }

            @Override
            public AssignmentTotals totals() {
                Collection<Assignment> all = assignments.values();
                return new AssignmentTotals(
                        tasks.size(),
                        all.stream()
                                .filter(each -> each.state() == AssignmentState.STORED)
                                .count(),
                        all.stream().mapToLong(Assignment::recordingBytes).sum(),
                        all.stream().mapToLong(Assignment::profileBytes).sum());
            }

            @Override
            public List<HistoryRow> history(String assignmentId) {
                return List.copyOf(history.getOrDefault(assignmentId, List.of()));
            }
        }
    }
}
