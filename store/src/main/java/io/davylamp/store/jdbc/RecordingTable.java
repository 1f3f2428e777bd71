package io.davylamp.store.jdbc;

import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingRows;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.recording.RecordingStep;
import io.davylamp.core.recording.RecordingTotals;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;

/** Recordings and their history. Of one transaction, in which it is used by one thread. */
record RecordingTable(Handle handle) implements RecordingRows {
    private static final RowMapper<Recording> ROW = (row, ctx) -> new Recording(
            row.getString("id"),
            Origin.valueOf(row.getString("origin")),
            row.getString("task_id"),
            row.getString("service"),
            row.getString("instance"),
            Texts.map(row.getString("labels")),
            row.getLong("from_time"),
            row.getLong("to_time"),
            row.getString("bytes_key"),
            row.getString("profile_key"),
            row.getLong("bytes"),
            row.getString("sha256"),
            RecordingState.valueOf(row.getString("state")),
            row.getInt("version"),
            row.getLong("lease"),
            row.getString("reason"),
            row.getLong("state_since"),
            row.getLong("profile_bytes"),
            row.getLong("stored"),
            row.getLong("kept_until"),
            row.getString("owner"),
            row.getString("original_sha256"));

    private Update bound(Recording r, String sql) {
        return handle.createUpdate(sql)
                .bind("id", r.id())
                .bind("origin", r.origin().name())
                .bind("taskId", r.taskId())
                .bind("service", r.service())
                .bind("instance", r.instance())
                .bind("labels", Texts.of(r.labels()))
                .bind("from", r.fromMillis())
                .bind("to", r.toMillis())
                .bind("bytesKey", r.bytesKey())
                .bind("profileKey", r.profileKey())
                .bind("bytes", r.bytes())
                .bind("sha256", r.sha256())
                .bind("state", r.state().name())
                .bind("version", r.version())
                .bind("lease", r.leaseMillis())
                .bind("reason", r.reason())
                .bind("stateSince", r.stateMillis())
                .bind("profileBytes", r.profileBytes())
                .bind("stored", r.storedMillis())
                .bind("keptUntil", r.keptUntilMillis())
                .bind("owner", r.owner())
                .bind("originalSha256", r.originalSha256());
    }

    @Override
    public void insert(Recording recording) {
        bound(recording, """
                        INSERT INTO recording (id, origin, task_id, service, instance, labels, from_time, to_time, bytes_key,
                          profile_key, bytes, sha256, state, version, lease, reason, state_since, profile_bytes, stored,
                          kept_until, owner, original_sha256)
                        VALUES (:id, :origin, :taskId, :service, :instance, :labels, :from, :to, :bytesKey, :profileKey, :bytes,
                          :sha256, :state, :version, :lease, :reason, :stateSince, :profileBytes, :stored, :keptUntil, :owner,
                          :originalSha256)
                        """).execute();
    }

    @Override
    public Optional<Recording> byId(String id) {
        return handle.createQuery("SELECT * FROM recording WHERE id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public Optional<Recording> byProfileKey(String profileKey) {
        return handle.createQuery("SELECT * FROM recording WHERE profile_key = :key")
                .bind("key", profileKey)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Recording> ofTasks(Collection<String> taskIds) {
        return taskIds.isEmpty()
                ? List.of()
                : handle.createQuery("SELECT * FROM recording WHERE task_id IN (<tasks>) ORDER BY stored, id")
                        .bindList("tasks", List.copyOf(taskIds))
                        .map(ROW)
                        .list();
    }

    @Override
    public List<Recording> ofOrigin(Origin origin) {
        return handle.createQuery("SELECT * FROM recording WHERE origin = :origin ORDER BY stored DESC, id DESC")
                .bind("origin", origin.name())
                .map(ROW)
                .list();
    }

    @Override
    public List<Recording> inStates(Collection<RecordingState> states) {
        return handle.createQuery("SELECT * FROM recording WHERE state IN (<states>) ORDER BY stored, id")
                .bindList("states", states.stream().map(RecordingState::name).toList())
                .map(ROW)
                .list();
    }

    @Override
    public List<Recording> free(long nowMillis, int limit) {
        return handle.createQuery("""
                        SELECT * FROM recording
                        WHERE state = 'STORED' OR state = 'READING' AND (lease <= :now OR lease > :longest)
                        ORDER BY stored, id LIMIT :limit
                        """)
                .bind("now", nowMillis)
                .bind("longest", nowMillis + Recording.LEASE.toMillis())
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public List<Recording> keptUntilBefore(long millis, int limit) {
        return handle.createQuery(
                        "SELECT * FROM recording WHERE kept_until < :millis ORDER BY kept_until, id LIMIT :limit")
                .bind("millis", millis)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean compareAndSet(Recording next) {
        int updated = bound(next, """
                        UPDATE recording SET origin = :origin, task_id = :taskId, service = :service, instance = :instance,
                          labels = :labels, from_time = :from, to_time = :to, bytes_key = :bytesKey, profile_key = :profileKey,
                          bytes = :bytes, sha256 = :sha256, state = :state, version = :version, lease = :lease,
                          reason = :reason, state_since = :stateSince, profile_bytes = :profileBytes, stored = :stored,
                          owner = :owner, original_sha256 = :originalSha256
                        WHERE id = :id AND version = :version - 1
                        """).execute();
        if (updated == 1 && next.state() != RecordingState.READING) {
            handle.createUpdate("""
                            INSERT INTO recording_history (recording_id, version, at, state, reason)
                            VALUES (:id, :version, :at, :state, :reason)
                            """)
                    .bind("id", next.id())
                    .bind("version", next.version())
                    .bind("at", next.stateMillis())
                    .bind("state", next.state().name())
                    .bind("reason", next.reason())
                    .execute();
        }
        return updated == 1;
    }

    @Override
    public void keepUntil(String id, long millis) {
        handle.createUpdate("UPDATE recording SET kept_until = :millis WHERE id = :id AND kept_until < :millis")
                .bind("millis", millis)
                .bind("id", id)
                .execute();
    }

    @Override
    public void delete(String id) {
        handle.createUpdate("DELETE FROM recording WHERE id = :id")
                .bind("id", id)
                .execute();
    }

    @Override
    public RecordingTotals totals(Origin origin) {
        return handle.createQuery("""
                        SELECT count(*) AS recordings,
                          coalesce(sum(CASE WHEN state IN ('STORED', 'READING') THEN 1 ELSE 0 END), 0) AS unread,
                          coalesce(sum(bytes), 0) AS bytes, coalesce(sum(profile_bytes), 0) AS profiles
                        FROM recording WHERE origin = :origin
                        """)
                .bind("origin", origin.name())
                .map((row, ctx) -> new RecordingTotals(
                        row.getLong("recordings"),
                        row.getLong("unread"),
                        row.getLong("bytes"),
                        row.getLong("profiles")))
                .one();
    }

    @Override
    public List<RecordingStep> history(String id) {
        return handle.createQuery(
                        "SELECT at, state, reason FROM recording_history WHERE recording_id = :id ORDER BY version")
                .bind("id", id)
                .map((row, ctx) -> new RecordingStep(
                        row.getLong("at"), RecordingState.valueOf(row.getString("state")), row.getString("reason")))
                .list();
    }
}
