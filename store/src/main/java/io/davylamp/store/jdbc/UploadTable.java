package io.davylamp.store.jdbc;

import io.davylamp.core.recording.UploadRow;
import io.davylamp.core.recording.UploadRows;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/**
 * Uploads that have not ended. Of one transaction, in which it is used by one thread. The column hash_state is of servers that wrote
 * down a hash's state: to them an empty one says that they have to begin anew.
 */
record UploadTable(Handle handle) implements UploadRows {
    private static final RowMapper<UploadRow> ROW = (row, ctx) -> new UploadRow(
            row.getString("assignment_id"),
            row.getString("blob_key"),
            row.getLong("declared_bytes"),
            row.getLong("received_bytes"),
            row.getLong("kept_bytes"),
            row.getString("token"),
            row.getString("owner"),
            row.getLong("lease"));

    private Update bound(UploadRow upload, String sql) {
        return handle.createUpdate(sql)
                .bind("id", upload.assignmentId())
                .bind("key", upload.key())
                .bind("declared", upload.declaredBytes())
                .bind("received", upload.receivedBytes())
                .bind("kept", upload.keptBytes())
                .bind("token", upload.token())
                .bind("owner", upload.owner())
                .bind("lease", upload.leaseMillis());
    }

    @Override
    public Optional<UploadRow> byId(String assignmentId) {
        return handle.createQuery("SELECT * FROM upload WHERE assignment_id = :id")
                .bind("id", assignmentId)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<UploadRow> byIds(Collection<String> assignmentIds) {
        return assignmentIds.isEmpty()
                ? List.of()
                : handle.createQuery("SELECT * FROM upload WHERE assignment_id IN (<ids>) ORDER BY assignment_id")
                        .bindList("ids", List.copyOf(assignmentIds))
                        .map(ROW)
                        .list();
    }

    @Override
    public boolean insert(UploadRow upload) {
        return bound(upload, """
                        INSERT INTO upload (assignment_id, blob_key, declared_bytes, received_bytes, kept_bytes, token,
                          hash_state, owner, lease)
                        VALUES (:id, :key, :declared, :received, :kept, :token, '', :owner, :lease)
                        ON CONFLICT (assignment_id) DO NOTHING
                        """).execute() == 1;
    }

    @Override
    public boolean replace(UploadRow next, String owner) {
        return bound(next, """
                        UPDATE upload SET blob_key = :key, declared_bytes = :declared, received_bytes = :received,
                          kept_bytes = :kept, token = :token, hash_state = '', owner = :owner, lease = :lease
                        WHERE assignment_id = :id AND owner = :before
                        """).bind("before", owner).execute() == 1;
    }

    @Override
    public Set<String> renew(Collection<UploadRow> renewed) {
        if (renewed.isEmpty()) {
            return Set.of();
        }
        List<UploadRow> rows = List.copyOf(renewed);
        PreparedBatch batch = handle.prepareBatch("""
                UPDATE upload SET received_bytes = :received, lease = :lease
                WHERE assignment_id = :id AND owner = :owner
                """);
        for (UploadRow row : rows) {
            batch.bind("received", row.receivedBytes())
                    .bind("lease", row.leaseMillis())
                    .bind("id", row.assignmentId())
                    .bind("owner", row.owner())
                    .add();
        }
        int[] updated = batch.execute();
        Set<String> others = new HashSet<>();
        for (int i = 0; i < updated.length; i++) {
            if (updated[i] == 0) {
                others.add(rows.get(i).assignmentId());
            }
        }
        return others;
    }

    @Override
    public List<UploadRow> abandoned(long nowMillis, int limit) {
        return handle.createQuery(
                        "SELECT * FROM upload WHERE lease <= :now AND owner <> '' ORDER BY lease, assignment_id LIMIT :limit")
                .bind("now", nowMillis)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public List<UploadRow> idleSince(long millis, int limit) {
        return handle.createQuery(
                        "SELECT * FROM upload WHERE lease <= :millis ORDER BY lease, assignment_id LIMIT :limit")
                .bind("millis", millis)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public boolean delete(String assignmentId, String owner) {
        return handle.createUpdate("DELETE FROM upload WHERE assignment_id = :id AND owner = :owner")
                        .bind("id", assignmentId)
                        .bind("owner", owner)
                        .execute()
                == 1;
    }

    @Override
    public void delete(Collection<String> assignmentIds) {
        if (!assignmentIds.isEmpty()) {
            handle.createUpdate("DELETE FROM upload WHERE assignment_id IN (<ids>)")
                    .bindList("ids", List.copyOf(assignmentIds))
                    .execute();
        }
    }
}
