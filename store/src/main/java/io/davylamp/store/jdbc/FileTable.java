package io.davylamp.store.jdbc;

import io.davylamp.core.recording.FileRows;
import io.davylamp.core.recording.OpenedFile;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Files that people opened. Of one transaction, in which it is used by one thread. */
record FileTable(Handle handle) implements FileRows {
    private static final RowMapper<OpenedFile> ROW = (row, ctx) -> new OpenedFile(
            row.getString("id"),
            row.getString("name"),
            row.getLong("size_bytes"),
            row.getInt("ready") == 1,
            row.getInt("kept") == 1,
            row.getLong("opened"),
            row.getLong("looked_at"));

    @Override
    public void put(OpenedFile file) {
        handle.createUpdate("""
                        INSERT INTO opened_file (id, name, size_bytes, ready, kept, opened, looked_at)
                        VALUES (:id, :name, :size, :ready, :kept, :opened, :lookedAt)
                        ON CONFLICT (id) DO UPDATE SET name = excluded.name, size_bytes = excluded.size_bytes,
                          ready = excluded.ready, kept = excluded.kept, looked_at = excluded.looked_at
                        """)
                .bind("id", file.id())
                .bind("name", file.name())
                .bind("size", file.sizeBytes())
                .bind("ready", file.ready() ? 1 : 0)
                .bind("kept", file.kept() ? 1 : 0)
                .bind("opened", file.openedMillis())
                .bind("lookedAt", file.lookedAtMillis())
                .execute();
    }

    @Override
    public void lookedAt(String id, long nowMillis) {
        handle.createUpdate("UPDATE opened_file SET looked_at = :now WHERE id = :id")
                .bind("now", nowMillis)
                .bind("id", id)
                .execute();
    }

    @Override
    public Optional<OpenedFile> byId(String id) {
        return handle.createQuery("SELECT * FROM opened_file WHERE id = :id")
                .bind("id", id)
                .map(ROW)
                .findOne();
    }

    @Override
    public List<OpenedFile> newest() {
        return handle.createQuery("SELECT * FROM opened_file ORDER BY opened DESC, id DESC")
                .map(ROW)
                .list();
    }

    @Override
    public void delete(String id) {
        handle.createUpdate("DELETE FROM opened_file WHERE id = :id")
                .bind("id", id)
                .execute();
    }
}
