package io.davylamp.store.jdbc;

import io.davylamp.core.server.InstallationRow;
import io.davylamp.core.server.InstallationRows;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The installation's row. Of one transaction, in which it is used by one thread. */
record InstallationTable(Handle handle) implements InstallationRows {
    @Override
    public Optional<InstallationRow> find() {
        return handle.createQuery("SELECT id, secret, marked, claimed FROM installation WHERE one = 1")
                .map((row, ctx) -> new InstallationRow(
                        row.getString("id"),
                        row.getString("secret"),
                        row.getInt("marked") == 1,
                        row.getLong("claimed")))
                .findOne();
    }

    @Override
    public boolean insert(InstallationRow first) {
        return handle.createUpdate("""
                                INSERT INTO installation (one, id, secret, marked, claimed)
                                VALUES (1, :id, :secret, :marked, :claimed) ON CONFLICT (one) DO NOTHING
                                """)
                        .bind("id", first.id())
                        .bind("secret", first.secret())
                        .bind("marked", first.isMarked() ? 1 : 0)
                        .bind("claimed", first.claimedMillis())
                        .execute()
                == 1;
    }

    @Override
    public boolean compareAndSet(InstallationRow next, long claimedMillis) {
        return handle.createUpdate("""
                                UPDATE installation SET marked = :marked, claimed = :claimed WHERE one = 1 AND claimed = :before
                                """)
                        .bind("marked", next.isMarked() ? 1 : 0)
                        .bind("claimed", next.claimedMillis())
                        .bind("before", claimedMillis)
                        .execute()
                == 1;
    }
}
