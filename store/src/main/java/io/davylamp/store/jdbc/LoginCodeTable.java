package io.davylamp.store.jdbc;

import io.davylamp.core.access.LoginCode;
import io.davylamp.core.access.LoginCodeRows;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Codes with which command lines sign in. Of one transaction, in which it is used by one thread. */
record LoginCodeTable(Handle handle) implements LoginCodeRows {
    private static final RowMapper<LoginCode> ROW = (row, ctx) -> new LoginCode(
            row.getString("hash"), row.getString("challenge"), row.getString("session_hash"), row.getLong("ends"));

    @Override
    public void replace(LoginCode code) {
        handle.createUpdate("DELETE FROM login_code WHERE session_hash = :session")
                .bind("session", code.sessionHash())
                .execute();
        handle.createUpdate("""
                        INSERT INTO login_code (hash, challenge, session_hash, ends)
                        VALUES (:hash, :challenge, :session, :ends)
                        """)
                .bind("hash", code.hash())
                .bind("challenge", code.challenge())
                .bind("session", code.sessionHash())
                .bind("ends", code.endsMillis())
                .execute();
    }

    @Override
    public Optional<LoginCode> take(String hash) {
        Optional<LoginCode> found = handle.createQuery("SELECT * FROM login_code WHERE hash = :hash")
                .bind("hash", hash)
                .map(ROW)
                .findOne();
        return found.isPresent()
                        && handle.createUpdate("DELETE FROM login_code WHERE hash = :hash")
                                        .bind("hash", hash)
                                        .execute()
                                == 1
                ? found
                : Optional.empty();
    }

    @Override
    public int deleteEnded(long nowMillis) {
        return handle.createUpdate("DELETE FROM login_code WHERE ends <= :now")
                .bind("now", nowMillis)
                .execute();
    }
}
