package io.davylamp.store.jdbc;

import io.davylamp.core.store.LeftoverRows;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Keys of blobs without a row. Of one transaction, in which it is used by one thread. */
record LeftoverTable(Handle handle) implements LeftoverRows {
    @Override
    public void put(Collection<String> keys, long dueMillis) {
        for (String key : keys) {
            handle.createUpdate("""
                            INSERT INTO leftover (blob_key, due) VALUES (:key, :due)
                            ON CONFLICT (blob_key) DO UPDATE SET due = excluded.due
                            """).bind("key", key).bind("due", dueMillis).execute();
        }
    }

    @Override
    public List<String> due(long nowMillis, int limit) {
        return handle.createQuery("SELECT blob_key FROM leftover WHERE due <= :now ORDER BY due, blob_key LIMIT :limit")
                .bind("now", nowMillis)
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    @Override
    public void remove(Collection<String> keys) {
        for (String key : keys) {
            handle.createUpdate("DELETE FROM leftover WHERE blob_key = :key")
                    .bind("key", key)
                    .execute();
        }
    }
}
