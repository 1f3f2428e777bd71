package io.davylamp.store.jdbc;

import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.server.ServerRows;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/** Servers. Of one transaction, in which it is used by one thread. */
record ServerTable(Handle handle) implements ServerRows {
    private static final RowMapper<ServerRow> ROW = (row, ctx) -> new ServerRow(
            new ServerId(row.getString("id")),
            row.getString("name"),
            row.getString("version"),
            row.getString("http_address"),
            row.getString("agent_address"),
            Texts.map(row.getString("settings")),
            row.getLong("clock_ahead"),
            row.getLong("started"),
            row.getLong("heard"));

    @Override
    public void put(ServerRow server) {
        handle.createUpdate("""
                        INSERT INTO server (id, name, version, http_address, agent_address, settings, clock_ahead, started, heard)
                        VALUES (:id, :name, :version, :http, :agent, :settings, :ahead, :started, :heard)
                        ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version,
                          http_address = excluded.http_address, agent_address = excluded.agent_address,
                          settings = excluded.settings, clock_ahead = excluded.clock_ahead, started = excluded.started,
                          heard = excluded.heard
                        """)
                .bind("id", server.id().text())
                .bind("name", server.name())
                .bind("version", server.version())
                .bind("http", server.httpAddress())
                .bind("agent", server.agentAddress())
                .bind("settings", Texts.of(server.settings()))
                .bind("ahead", server.clockAheadMillis())
                .bind("started", server.startedMillis())
                .bind("heard", server.heardMillis())
                .execute();
    }

    @Override
    public List<ServerRow> all() {
        return handle.createQuery("SELECT * FROM server ORDER BY started, id")
                .map(ROW)
                .list();
    }

    @Override
    public void remove(ServerId id) {
        handle.createUpdate("DELETE FROM server WHERE id = :id")
                .bind("id", id.text())
                .execute();
    }

    @Override
    public int removeUnheardSince(long millis) {
        return handle.createUpdate("DELETE FROM server WHERE heard < :millis")
                .bind("millis", millis)
                .execute();
    }
}
