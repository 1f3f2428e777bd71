package io.davylamp.store.jdbc;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;
import org.sqlite.SQLiteDataSource;

/**
 * Databases with the first schema of their kind and any number of rows, made by the database itself: so many instances, as many
 * assignments with their steps and their recordings, and a tenth of that many tasks.
 */
public final class OlderDatabase {
    private static final int PARTS = 10;

    private static final List<String> SQLITE = List.of("""
            INSERT INTO instance (id, service, name, properties, unable, life, first_seen, last_seen)
            SELECT 'i' || (100000000 + i), 'shop-' || (i % 1000), 'pod-' || i, 'host=h' || i, '', 'life', i, i FROM n
            """, """
            INSERT INTO task (id, service, duration_seconds, events, options, instances, created)
            SELECT 't' || (100000000 + i), 'shop-' || (i % 1000), 30, 'cpu', '', 'pod-' || i, i FROM n WHERE i % 10 = 0
            """, """
            INSERT INTO assignment (id, task_id, instance_id, instance_name, state, version, created, window_end, deadline, blocking,
              life, reason, state_since, running_since, declared_bytes, recording_bytes, recording_sha256, profile_bytes)
            SELECT 'a' || (100000000 + i), 't' || (100000000 + (i + 9) / 10 * 10), 'i' || (100000000 + i), 'pod-' || i, 'READY', 6, i,
              i + 30000, i + 60000, 0, 'life', '', i + 5000, i + 100, 100000, 100000,
              '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 20000
            FROM n
            """, """
            INSERT INTO history (assignment_id, version, at, state, reason)
            SELECT 'a' || (100000000 + i), v, i + v * 1000, state, ''
            FROM n CROSS JOIN (SELECT 0 AS v, 'PENDING' AS state UNION ALL SELECT 1, 'OFFERED' UNION ALL SELECT 2, 'ACCEPTED'
              UNION ALL SELECT 3, 'RUNNING' UNION ALL SELECT 4, 'RECEIVING' UNION ALL SELECT 5, 'STORED' UNION ALL SELECT 6, 'READY') steps
            """, """
            INSERT INTO opened_file SELECT 'f' || (100000000 + i), 'file-' || i, 1000, i % 3, i % 2, i, i FROM n WHERE i % 100 = 0
            """);

    private static final List<String> POSTGRES = List.of("""
            INSERT INTO instance SELECT 'i' || (100000000 + i), 'shop-' || (i % 1000), 'pod-' || i, 'host=h' || i, '', '', '', 'life',
              1, '', '', 0, 0, i, i FROM n
            """, """
            INSERT INTO task SELECT 't' || (100000000 + i), 'shop-' || (i % 1000), 30, 'cpu', '', NULL, 'pod-' || i, i FROM n
            WHERE i % 10 = 0
            """, """
            INSERT INTO assignment SELECT 'a' || (100000000 + i), 't' || (100000000 + (i + 9) / 10 * 10), 'i' || (100000000 + i),
              'pod-' || i, 'DELIVERED', 5, i, i + 30000, i + 60000, 0, NULL, 'life', '', i + 5000, i + 100, 100000, '', '', 0 FROM n
            """, """
            INSERT INTO history SELECT 'a' || (100000000 + i), v, i + v * 1000, 'RUNNING', ''
            FROM n CROSS JOIN (SELECT 0 AS v UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4) steps
            """, """
            INSERT INTO recording SELECT 'a' || (100000000 + i), 'ASSIGNMENT', 't' || (100000000 + (i + 9) / 10 * 10),
              'shop-' || (i % 1000), 'pod-' || i, '', i, i, 'recordings/' || i, 'profiles/' || i, 100000,
              '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'READY', 2, 0, '', i, 20000, i,
              9223372036854775807 FROM n
            """, """
            INSERT INTO recording_history SELECT 'a' || (100000000 + i), 2, i, 'READY', '' FROM n
            """);

    private OlderDatabase() {}

    /** Makes a file of SQLite. @param rows a multiple of ten */
    public static void sqlite(Path file, int rows) {
        SQLiteDataSource database = new SQLiteDataSource();
        database.setUrl("jdbc:sqlite:" + file);
        SqliteDialect.SCHEMA.migrate(database, "006");
        fill(database, SQLITE, rows);
    }

    /** Fills an empty database. @param rows a multiple of ten */
    public static void postgres(PostgresAccess access, int rows) {
        PGSimpleDataSource database = PostgresDialect.source(access);
        // A statement that makes a million rows takes longer than a server would wait.
        database.setSocketTimeout(0);
        PostgresDialect.SCHEMA.migrate(database, "012");
        fill(database, POSTGRES, rows);
    }

    private static void fill(DataSource database, List<String> statements, int rows) {
        if (rows % PARTS != 0) {
            throw new IllegalArgumentException("rows: " + rows + " is no multiple of " + PARTS);
        }
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String each : statements) {
                statement.execute("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " + rows
                        + ") " + each);
            }
            connection.commit();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
