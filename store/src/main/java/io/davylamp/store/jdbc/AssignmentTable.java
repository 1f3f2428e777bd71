package io.davylamp.store.jdbc;

import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.HistoryRow;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

/** Assignments and their history. Of one transaction, in which it is used by one thread. */
record AssignmentTable(Handle handle) implements AssignmentRows {
    private static final RowMapper<Assignment> ROW = (row, ctx) -> new Assignment(
            row.getString("id"),
            row.getString("task_id"),
            row.getString("instance_id"),
            row.getString("instance_name"),
            AssignmentState.valueOf(row.getString("state")),
            row.getInt("version"),
            row.getLong("created"),
            row.getLong("window_end"),
            row.getLong("deadline"),
            row.getInt("blocking") == 1,
            row.getString("resume_state") == null ? null : AssignmentState.valueOf(row.getString("resume_state")),
            row.getString("life"),
            row.getString("reason"),
            row.getLong("state_since"),
            row.getLong("running_since"),
            row.getLong("declared_bytes"),
            row.getString("engine"),
            row.getString("note"),
            row.getLong("stop_wanted"));

    @Override
    public boolean insert(Assignment assignment) {
        int inserted = bound(assignment, """
                        INSERT INTO assignment (id, task_id, instance_id, instance_name, state, version, created, window_end,
                          deadline, blocking, resume_state, life, reason, state_since, running_since, declared_bytes,
                          engine, note, stop_wanted)
                        VALUES (:id, :taskId, :instanceId, :instanceName, :state, :version, :created, :windowEnd,
                          :deadline, :blocking, :resumeState, :life, :reason, :stateSince, :runningSince, :declaredBytes,
                          :engine, :note, :stopWanted)
                        ON CONFLICT (instance_id) WHERE blocking = 1 DO NOTHING
                        """).execute();
        if (inserted == 1) {
            note(assignment);
        }
        return inserted == 1;
    }

    private Update bound(Assignment a, String sql) {
        return handle.createUpdate(sql)
                .bind("id", a.id())
                .bind("taskId", a.taskId())
                .bind("instanceId", a.instanceId())
                .bind("instanceName", a.instanceName())
                .bind("state", a.state().name())
                .bind("version", a.version())
                .bind("created", a.createdMillis())
                .bind("windowEnd", a.windowEndMillis())
                .bind("deadline", a.deadlineMillis())
                .bind("blocking", a.blocking() ? 1 : 0)
                .bind(
                        "resumeState",
                        a.resumeState() == null ? null : a.resumeState().name())
                .bind("life", a.life())
                .bind("reason", a.reason())
                .bind("stateSince", a.stateMillis())
                .bind("runningSince", a.runningMillis())
                .bind("declaredBytes", a.declaredBytes())
                .bind("engine", a.engine())
                .bind("note", a.note())
                .bind("stopWanted", a.stopMillis());
    }

    private void note(Assignment assignment) {
        handle.createUpdate("""
                        INSERT INTO history (assignment_id, version, at, state, reason)
                        VALUES (:id, :version, :at, :state, :reason)
                        """)
                .bind("id", assignment.id())
                .bind("version", assignment.version())
                .bind("at", assignment.stateMillis())
                .bind("state", assignment.state().name())
                .bind("reason", assignment.reason())
                .execute();
    }

    @Override
    public Optional<Assignment> byId(String id) {
        return handle.createQuery("SELECT * FROM assignment WHERE id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Assignment> ofTask(String taskId) {
        return ofTasks(List.of(taskId));
    }

    @Override
    public List<Assignment> ofTasks(Collection<String> taskIds) {
        return taskIds.isEmpty()
                ? List.of()
                : handle.createQuery("SELECT * FROM assignment WHERE task_id IN (<tasks>) ORDER BY created, id")
                        .bindList("tasks", List.copyOf(taskIds))
                        .map(ROW)
                        .list();
    }

    @Override
    public List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states) {
        return handle.createQuery("""
                        SELECT * FROM assignment WHERE instance_id = :instance AND state IN (<states>)
                        ORDER BY created, id
                        """)
                .bind("instance", instanceId)
                .bindList("states", names(states))
                .map(ROW)
                .list();
    }

    @Override
    public List<Assignment> ofInstance(
            String instanceId,
            Collection<AssignmentState> states,
            Collection<AssignmentState> over,
            long windowEndsAfterMillis) {
        return handle.createQuery("""
                        SELECT * FROM assignment WHERE instance_id = :instance
                        AND (state IN (<states>) OR state IN (<over>) AND window_end > :after)
                        ORDER BY created, id
                        """)
                .bind("instance", instanceId)
                .bindList("states", names(states))
                .bindList("over", names(over))
                .bind("after", windowEndsAfterMillis)
                .map(ROW)
                .list();
    }

    @Override
    public boolean hasChangedSince(String instanceId, Collection<AssignmentState> states, long millis) {
        return handle.createQuery("""
                        SELECT 1 FROM assignment
                        WHERE instance_id = :instance AND state IN (<states>) AND state_since > :since LIMIT 1
                        """)
                .bind("instance", instanceId)
                .bindList("states", names(states))
                .bind("since", millis)
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }

    @Override
    public List<Assignment> inStates(Collection<AssignmentState> states) {
        return handle.createQuery("SELECT * FROM assignment WHERE state IN (<states>) ORDER BY created, id")
                .bindList("states", names(states))
                .map(ROW)
                .list();
    }

    @Override
    public List<Assignment> overdue(Collection<AssignmentState> states, long nowMillis) {
        return handle.createQuery("""
                        SELECT * FROM assignment WHERE state IN (<states>) AND deadline <= :now
                        ORDER BY created, id
                        """)
                .bindList("states", names(states))
                .bind("now", nowMillis)
                .map(ROW)
                .list();
    }

    private static List<String> names(Collection<AssignmentState> states) {
        return states.stream().map(AssignmentState::name).toList();
    }

    @Override
    public void unblock(long nowMillis) {
        handle.createUpdate("""
                        UPDATE assignment SET blocking = 0, version = version + 1
                        WHERE blocking = 1 AND window_end <= :now
                        """).bind("now", nowMillis).execute();
    }

    @Override
    public long lastCreatedMillis(String instanceId) {
        return handle.createQuery("SELECT coalesce(max(created), 0) FROM assignment WHERE instance_id = :instance")
                .bind("instance", instanceId)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public boolean compareAndSet(Assignment next) {
        Optional<String> before = handle.createQuery(
                        "SELECT state FROM assignment WHERE id = :id AND version = :version - 1")
                .bind("id", next.id())
                .bind("version", next.version())
                .mapTo(String.class)
                .findOne();
        if (before.isEmpty()) {
            return false;
        }
        int updated = bound(next, """
                        UPDATE assignment SET state = :state, version = :version, created = :created, window_end = :windowEnd,
                          deadline = :deadline, blocking = :blocking, resume_state = :resumeState, life = :life,
                          reason = :reason, state_since = :stateSince, running_since = :runningSince,
                          declared_bytes = :declaredBytes, engine = :engine, note = :note, stop_wanted = :stopWanted
                        WHERE id = :id AND version = :version - 1
                        """).execute();
        if (updated != 1) { // another handle was faster between the two statements
            return false;
        }
        if (!before.get().equals(next.state().name())) {
            note(next);
        }
        return true;
    }

    @Override
    public List<HistoryRow> history(String assignmentId) {
        return handle.createQuery("SELECT at, state, reason FROM history WHERE assignment_id = :id ORDER BY version")
                .bind("id", assignmentId)
                .map((row, ctx) -> new HistoryRow(
                        row.getLong("at"), AssignmentState.valueOf(row.getString("state")), row.getString("reason")))
                .list();
    }
}
