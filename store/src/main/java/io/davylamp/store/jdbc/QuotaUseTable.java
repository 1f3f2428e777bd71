package io.davylamp.store.jdbc;

import io.davylamp.core.access.QuotaUse;
import io.davylamp.core.access.QuotaUseRows;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** What people used of their limits. Of one transaction, in which it is used by one thread. */
record QuotaUseTable(Handle handle) implements QuotaUseRows {
    private static final RowMapper<QuotaUse> ROW = (row, ctx) -> new QuotaUse(
            row.getString("id"),
            row.getString("who"),
            QuotaUse.Kind.valueOf(row.getString("kind")),
            row.getLong("at"),
            row.getLong("amount"));

    @Override
    public void put(QuotaUse use) {
        handle.createUpdate("""
                        INSERT INTO quota_use (id, who, kind, at, amount) VALUES (:id, :who, :kind, :at, :amount)
                        ON CONFLICT (id) DO UPDATE SET amount = excluded.amount
                        """)
                .bind("id", use.id())
                .bind("who", use.who())
                .bind("kind", use.kind().name())
                .bind("at", use.atMillis())
                .bind("amount", use.amount())
                .execute();
    }

    @Override
    public long sum(String who, QuotaUse.Kind kind, long afterMillis) {
        return handle.createQuery("""
                        SELECT coalesce(sum(amount), 0) FROM quota_use WHERE who = :who AND kind = :kind AND at > :after
                        """)
                .bind("who", who)
                .bind("kind", kind.name())
                .bind("after", afterMillis)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<QuotaUse> oldest(String who, QuotaUse.Kind kind, long afterMillis, int limit) {
        return handle.createQuery("""
                        SELECT * FROM quota_use WHERE who = :who AND kind = :kind AND at > :after ORDER BY at, id LIMIT :limit
                        """)
                .bind("who", who)
                .bind("kind", kind.name())
                .bind("after", afterMillis)
                .bind("limit", limit)
                .map(ROW)
                .list();
    }

    @Override
    public int deleteBefore(long millis, int limit) {
        return handle.createUpdate("""
                        DELETE FROM quota_use
                        WHERE id IN (SELECT id FROM quota_use WHERE at < :millis ORDER BY at, id LIMIT :limit)
                        """)
                .bind("millis", millis)
                .bind("limit", limit)
                .execute();
    }
}
