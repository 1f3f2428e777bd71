package io.davylamp.store.jdbc;

import io.davylamp.core.access.UsedStateRows;
import org.jdbi.v3.core.Handle;

/** What counts once, and did. Of one transaction, in which it is used by one thread. */
record UsedStateTable(Handle handle) implements UsedStateRows {
    @Override
    public boolean insert(String hash, long endsMillis) {
        return handle.createUpdate("INSERT INTO used_state (hash, ends) VALUES (:hash, :ends) ON CONFLICT DO NOTHING")
                        .bind("hash", hash)
                        .bind("ends", endsMillis)
                        .execute()
                == 1;
    }

    @Override
    public int deleteEnded(long nowMillis) {
        return handle.createUpdate("DELETE FROM used_state WHERE ends <= :now")
                .bind("now", nowMillis)
                .execute();
    }
}
