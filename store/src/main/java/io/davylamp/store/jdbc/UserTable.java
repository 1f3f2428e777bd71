package io.davylamp.store.jdbc;

import io.davylamp.core.access.Grant;
import io.davylamp.core.access.User;
import io.davylamp.core.access.UserRows;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Local users. Of one transaction, in which it is used by one thread. */
record UserTable(Handle handle) implements UserRows {
    private static final RowMapper<User> ROW = (row, ctx) -> new User(
            row.getString("name"),
            row.getString("password_hash"),
            Grant.ofLines(row.getString("grants")),
            row.getLong("created"));

    @Override
    public boolean insert(User user) {
        return handle.createUpdate("""
                        INSERT INTO local_user (name, password_hash, grants, created) VALUES (:name, :hash, :grants, :created)
                        ON CONFLICT DO NOTHING
                        """)
                        .bind("name", user.name())
                        .bind("hash", user.passwordHash())
                        .bind("grants", Grant.lines(user.grants()))
                        .bind("created", user.createdMillis())
                        .execute()
                == 1;
    }

    @Override
    public boolean update(User user) {
        return handle.createUpdate("UPDATE local_user SET password_hash = :hash, grants = :grants WHERE name = :name")
                        .bind("name", user.name())
                        .bind("hash", user.passwordHash())
                        .bind("grants", Grant.lines(user.grants()))
                        .execute()
                == 1;
    }

    @Override
    public Optional<User> byName(String name) {
        return handle.createQuery("SELECT * FROM local_user WHERE name = :name")
                .bind("name", name)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<User> all() {
        return handle.createQuery("SELECT * FROM local_user ORDER BY name")
                .map(ROW)
                .list();
    }

    @Override
    public boolean delete(String name) {
        return handle.createUpdate("DELETE FROM local_user WHERE name = :name")
                        .bind("name", name)
                        .execute()
                == 1;
    }
}
