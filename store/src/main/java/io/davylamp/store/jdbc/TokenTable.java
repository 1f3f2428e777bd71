package io.davylamp.store.jdbc;

import io.davylamp.core.access.Author;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.Token;
import io.davylamp.core.access.TokenRows;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Tokens of programs and agents. Of one transaction, in which it is used by one thread. */
record TokenTable(Handle handle) implements TokenRows {
    private static final RowMapper<Token> ROW = (row, ctx) -> new Token(
            row.getString("id"),
            row.getString("hash"),
            row.getString("name"),
            Token.Kind.valueOf(row.getString("kind")),
            Grant.ofLines(row.getString("grants")),
            new Author(row.getString("author_id"), row.getString("author_name")),
            row.getLong("created"),
            row.getLong("ends"),
            row.getLong("used"));

    @Override
    public boolean insert(Token token) {
        return handle.createUpdate("""
                        INSERT INTO token (id, hash, name, kind, grants, author_id, author_name, created, ends, used)
                        VALUES (:id, :hash, :name, :kind, :grants, :authorId, :authorName, :created, :ends, :used)
                        ON CONFLICT DO NOTHING
                        """)
                        .bind("id", token.id())
                        .bind("hash", token.hash())
                        .bind("name", token.name())
                        .bind("kind", token.kind().name())
                        .bind("grants", Grant.lines(token.grants()))
                        .bind("authorId", token.author().id())
                        .bind("authorName", token.author().name())
                        .bind("created", token.createdMillis())
                        .bind("ends", token.endsMillis())
                        .bind("used", token.usedMillis())
                        .execute()
                == 1;
    }

    @Override
    public Optional<Token> byHash(String hash) {
        return one("hash", hash);
    }

    @Override
    public Optional<Token> byId(String id) {
        return one("id", id);
    }

    private Optional<Token> one(String column, String value) {
        return handle.createQuery("SELECT * FROM token WHERE " + column + " = :value")
                .bind("value", value)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<Token> all() {
        return handle.createQuery("SELECT * FROM token ORDER BY created DESC, id DESC")
                .map(ROW)
                .list();
    }

    @Override
    public void used(String id, long millis) {
        handle.createUpdate("UPDATE token SET used = :millis WHERE id = :id AND used < :millis")
                .bind("id", id)
                .bind("millis", millis)
                .execute();
    }

    @Override
    public boolean delete(String id) {
        return handle.createUpdate("DELETE FROM token WHERE id = :id")
                        .bind("id", id)
                        .execute()
                == 1;
    }
}
