package io.davylamp.store.jdbc;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.AuditQuery;
import io.davylamp.core.access.AuditRows;
import io.davylamp.core.access.Principal;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Query;

/** The audit log. Of one transaction, in which it is used by one thread. */
record AuditTable(Handle handle) implements AuditRows {
    private static final RowMapper<AuditEntry> ROW = (row, ctx) -> new AuditEntry(
            row.getString("id"),
            row.getLong("at"),
            Principal.Kind.valueOf(row.getString("kind")),
            row.getString("who"),
            row.getString("name"),
            row.getString("address"),
            row.getString("action"),
            row.getString("service"),
            Texts.list(row.getString("instances")),
            row.getString("subject"),
            AuditEntry.Result.valueOf(row.getString("result")),
            row.getString("detail"));

    @Override
    public void insert(AuditEntry entry) {
        handle.createUpdate("""
                        INSERT INTO audit (id, at, kind, who, name, address, action, service, instances, subject, result, detail)
                        VALUES (:id, :at, :kind, :who, :name, :address, :action, :service, :instances, :subject, :result, :detail)
                        """)
                .bind("id", entry.id())
                .bind("at", entry.atMillis())
                .bind("kind", entry.kind().name())
                .bind("who", entry.who())
                .bind("name", entry.name())
                .bind("address", entry.address())
                .bind("action", entry.action())
                .bind("service", entry.service())
                .bind("instances", Texts.of(entry.instances()))
                .bind("subject", entry.subject())
                .bind("result", entry.result().name())
                .bind("detail", entry.detail())
                .execute();
    }

    @Override
    public List<AuditEntry> find(AuditQuery asked) {
        Query query = handle.createQuery("SELECT * FROM audit WHERE at >= :since AND at < :until"
                        + (asked.name() == null ? "" : " AND name = :name")
                        + (asked.service() == null ? "" : " AND service = :service")
                        + (asked.action() == null ? "" : " AND action = :action")
                        + (asked.beforeId() == null ? "" : " AND id < :before")
                        + " ORDER BY id DESC LIMIT :limit")
                .bind("since", asked.sinceMillis())
                .bind("until", asked.untilMillis())
                .bind("limit", asked.limit());
        if (asked.name() != null) {
            query.bind("name", asked.name());
        }
        if (asked.service() != null) {
            query.bind("service", asked.service());
        }
        if (asked.action() != null) {
            query.bind("action", asked.action());
        }
        if (asked.beforeId() != null) {
            query.bind("before", asked.beforeId());
        }
        return query.map(ROW).list();
    }

    @Override
    public int deleteBefore(long millis, int limit) {
        return handle.createUpdate("""
                        DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < :millis ORDER BY at, id LIMIT :limit)
                        """)
                .bind("millis", millis)
                .bind("limit", limit)
                .execute();
    }
}
