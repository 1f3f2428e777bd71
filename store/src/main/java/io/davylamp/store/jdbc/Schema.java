package io.davylamp.store.jdbc;

import io.davylamp.core.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.CoreErrorCode;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.MigrationInfoService;

/**
 * Brings databases of one kind to the current schema.
 *
 * @param own folder of the migrations that only this kind gets
 * @param text type of its texts
 */
record Schema(String own, String text) {
    private static final String MIGRATIONS = "classpath:io/davylamp/store/jdbc/migrations/";
    private static final String HISTORY = "flyway_schema_history";

    /**
     * Applies the migrations that the database lacks. Of several servers that start at once, one does it and the others wait.
     *
     * @throws StoreException if the database is of a newer version that this one cannot work with, or of another program
     */
    void migrate(DataSource database) {
        Flyway flyway = flyway(database);
        try {
            requireOldEnough(database, newest(flyway.info().all()));
            flyway.migrate();
        } catch (FlywayException e) {
            if (e.getErrorCode() == CoreErrorCode.NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE) {
                throw new StoreException(
                        StoreException.Kind.BROKEN,
                        "the database has tables of another program: give Davylamp a database of its own",
                        e);
            }
            throw e;
        }
    }

    /** Whether the database has the current schema; it is not changed. */
    boolean isCurrent(DataSource database) {
        MigrationInfoService info = flyway(database).info();
        return info.pending().length == 0
                && Arrays.stream(info.all()).noneMatch(each -> each.getState().isFailed());
    }

    private Flyway flyway(DataSource database) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database)
                .locations(MIGRATIONS + own, MIGRATIONS + "both")
                .placeholders(Map.of("text", text))
                // Numbers are given to parts of the work that are finished in any order.
                .outOfOrder(true)
                .sqlMigrationPrefix("V")
                .table(HISTORY)
                .load();
    }

    /** The number of the last migration that this version knows. */
    private static long newest(MigrationInfo[] migrations) {
        return Arrays.stream(migrations)
                .filter(each -> each.getVersion() != null && !each.getState().isFailed())
                .filter(each -> each.getState().isResolved())
                .mapToLong(each -> Long.parseLong(each.getVersion().getVersion()))
                .max()
                .orElse(0);
    }

    private static void requireOldEnough(DataSource database, long newest) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet tables = connection.getMetaData().getTables(null, null, "oldest_server", null)) {
            if (!tables.next()) {
                return;
            }
            try (ResultSet row = statement.executeQuery("SELECT max(schema_version) FROM oldest_server")) {
                if (row.next() && row.getLong(1) > newest) {
                    throw new StoreException(
                            StoreException.Kind.BROKEN,
                            "the database was written by a newer version of Davylamp (it needs schema " + row.getLong(1)
                                    + ", this version has " + newest + "): start that version or a later one",
                            null);
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database's version cannot be read: " + e.getMessage(), e);
        }
    }
}
