package io.davylamp.benchmarks;

import io.davylamp.store.TestPostgres;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.OlderDatabase;
import io.davylamp.store.jdbc.PostgresAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The start on a database of the first schema with many rows: what an update costs, on SQLite and on PostgreSQL. */
final class MigrateBench {
    private static final int SHOWN_MILLIS = 20;

    private MigrateBench() {}

    /** @param rows instances, assignments and recordings, so many of each; a multiple of ten */
    static void run(int rows) throws Exception {
        Path folder = Files.createTempDirectory("davylamp-migrate");
        try {
            Path file = folder.resolve("davylamp.db");
            OlderDatabase.sqlite(file, rows);
            System.out.printf("SQLite, %d MB%n", Files.size(file) >> 20);
            migrate(() -> JdbcStore.sqlite(file), "jdbc:sqlite:" + file, "", "");
        } finally {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path each : all.toList()) {
                    Files.delete(each);
                }
            }
            Files.delete(folder);
        }
        PostgresAccess access = TestPostgres.newDatabase();
        OlderDatabase.postgres(access, rows);
        System.out.println("PostgreSQL");
        migrate(() -> JdbcStore.postgres(access), access.url(), access.user(), access.password());
    }

    private static void migrate(Supplier<JdbcStore> start, String url, String user, String password)
            throws SQLException {
        long began = System.nanoTime();
        start.get().close();
        System.out.printf("  all migrations %8.1f s%n", (System.nanoTime() - began) / 1e9);
        try (Connection connection = DriverManager.getConnection(url, user, password);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT script, execution_time FROM flyway_schema_history"
                        + " WHERE execution_time >= " + SHOWN_MILLIS + " ORDER BY installed_rank")) {
            while (row.next()) {
                System.out.printf("  %-28s %8.2f s%n", row.getString(1), row.getInt(2) / 1e3);
            }
        }
    }
}
