package io.davylamp.store.jdbc;

import io.davylamp.core.access.Session;
import io.davylamp.core.access.SessionRows;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Sessions of browsers. Of one transaction, in which it is used by one thread. */
record SessionTable(Handle handle) implements SessionRows {
    private static final RowMapper<Session> ROW = (row, ctx) -> new Session(
            row.getString("hash"),
            row.getString("issuer"),
            row.getString("subject"),
            row.getString("name"),
            Texts.list(row.getString("groups_text")),
            row.getLong("created"),
            row.getLong("used"),
            row.getLong("ends"));

    @Override
    public void insert(Session session) {
        handle.createUpdate("""
                        INSERT INTO web_session (hash, issuer, subject, name, groups_text, created, used, ends)
                        VALUES (:hash, :issuer, :subject, :name, :groups, :created, :used, :ends)
                        """)
                .bind("hash", session.hash())
                .bind("issuer", session.issuer())
                .bind("subject", session.subject())
                .bind("name", session.name())
                .bind("groups", Texts.of(session.groups()))
                .bind("created", session.createdMillis())
                .bind("used", session.usedMillis())
                .bind("ends", session.endsMillis())
                .execute();
    }

    @Override
    public Optional<Session> byHash(String hash) {
        return handle.createQuery("SELECT * FROM web_session WHERE hash = :hash")
                .bind("hash", hash)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Session> all() {
        return handle.createQuery("SELECT * FROM web_session ORDER BY created DESC, hash")
                .map(ROW)
                .list();
    }

    @Override
    public void used(String hash, long millis) {
        handle.createUpdate("UPDATE web_session SET used = :millis WHERE hash = :hash AND used < :millis")
                .bind("hash", hash)
                .bind("millis", millis)
                .execute();
    }

    @Override
    public boolean delete(String hash) {
        return handle.createUpdate("DELETE FROM web_session WHERE hash = :hash")
                        .bind("hash", hash)
                        .execute()
                == 1;
    }

    @Override
    public int deleteOf(String issuer, String subject) {
        return handle.createUpdate("DELETE FROM web_session WHERE issuer = :issuer AND subject = :subject")
                .bind("issuer", issuer)
                .bind("subject", subject)
                .execute();
    }

    @Override
    public int deleteOver(long nowMillis, long unusedSinceMillis) {
        return handle.createUpdate("DELETE FROM web_session WHERE ends <= :now OR used < :since")
                .bind("now", nowMillis)
                .bind("since", unusedSinceMillis)
                .execute();
    }
}
