package io.davylamp.store;

import io.davylamp.store.jdbc.PostgresAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One real PostgreSQL server for all tests of a process, which ends with it; each test gets an empty database of its own. */
public final class TestPostgres {
    private static final int CONNECTIONS = 6;
    private static final AtomicInteger databases = new AtomicInteger();
    private static EmbeddedPostgres server;

    private TestPostgres() {}

    private static synchronized EmbeddedPostgres server() {
        if (server == null) {
            try {
                server = EmbeddedPostgres.builder()
                        .setServerConfig("max_connections", "200")
                        .setServerConfig("shared_buffers", "32MB")
                        .setServerConfig("fsync", "off")
                        .start();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return server;
    }

    /** The address of a new, empty database. */
    public static PostgresAccess newDatabase() {
        String name = "test" + databases.incrementAndGet();
        // Without fsync, copying files is the faster way; before 15 there was no other.
        boolean chooses = Integer.parseInt(texts(access("postgres", "postgres", ""), "SHOW server_version_num")
                        .get(0))
                >= 150_000;
        execute("postgres", "CREATE DATABASE " + name + (chooses ? " STRATEGY file_copy" : ""));
        return access(name, "postgres", "");
    }

    /** How a database of the server is reached. */
    public static PostgresAccess access(String database, String user, String password) {
        return new PostgresAccess(
                "jdbc:postgresql://localhost:" + server().getPort() + "/" + database, user, password, "", CONNECTIONS);
    }

    /** Runs a statement as the server's owner. */
    public static void execute(String database, String sql) {
        try (Connection connection = server().getDatabase("postgres", database).getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    /** Ends the connections of which a condition on {@code pg_stat_activity} holds, and waits until they are gone. */
    public static void endConnections(String condition) {
        execute("postgres", """
                DO $$ DECLARE ended int[]; BEGIN
                  SELECT array_agg(pid) INTO ended FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND (%s);
                  PERFORM pg_terminate_backend(pid) FROM unnest(ended) AS each (pid);
                  FOR i IN 1..500 LOOP
                    PERFORM pg_stat_clear_snapshot();
                    EXIT WHEN NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE pid = ANY (ended));
                    PERFORM pg_sleep(0.01);
                  END LOOP;
                END $$
                """.formatted(condition));
    }

    /** Reads the first column of a query. */
    public static List<String> texts(PostgresAccess access, String sql) {
        List<String> texts = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(access.url(), access.user(), access.password());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return texts;
    }
}
