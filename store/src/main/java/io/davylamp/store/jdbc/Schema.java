package io.davylamp.store.jdbc;

import io.davylamp.core.store.StoreException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
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
     * Checksums of migrations that were released and then written anew to do the same faster. They stay in the databases, also in
     * new ones, because older servers compare them.
     */
    private static final Map<String, Integer> RELEASED = Map.of("010", 470_763_340);

    /**
     * Applies the migrations that the database lacks. Of several servers that start at once, one does it and the others wait.
     *
     * @throws StoreException if the database is of a newer version that this one cannot work with, or of another program
     */
    SchemaVersion migrate(DataSource database) {
        return migrate(database, "latest");
    }

    /** Stops behind the migration {@code target}, as an older version would; for tests and benchmarks. */
    SchemaVersion migrate(DataSource database, String target) {
        Flyway flyway = flyway(database, target);
        try {
            MigrationInfoService info = flyway.info();
            MigrationInfo[] before = info.all();
            long known =
                    newest(Arrays.stream(before).filter(each -> each.getState().isResolved()));
            requireOldEnough(database, known);
            requireUnchanged(before);
            if (!isCurrent(info)) {
                flyway.migrate();
                keepReleasedChecksums(database, before);
                info = flyway.info();
            }
            return new SchemaVersion(known, newest(Arrays.stream(info.all()).filter(MigrationInfo::isApplied)));
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
        return isCurrent(flyway(database, "latest").info());
    }

    private static boolean isCurrent(MigrationInfoService info) {
        return info.pending().length == 0
                && Arrays.stream(info.all()).noneMatch(each -> each.getState().isFailed());
    }

    private Flyway flyway(DataSource database, String target) {
        return Flyway.configure(Schema.class.getClassLoader())
                .dataSource(database)
                .locations(MIGRATIONS + own, MIGRATIONS + "both")
                .placeholders(Map.of("text", text))
                // Numbers are given to parts of the work that are finished in any order.
                .outOfOrder(true)
                // Flyway would refuse what a newer version did between our numbers, and what RELEASED names.
                .validateOnMigrate(false)
                .sqlMigrationPrefix("V")
                .table(HISTORY)
                .target(target)
                .load();
    }

    /** The number of the last of these migrations. */
    private static long newest(Stream<MigrationInfo> migrations) {
        return migrations
                .filter(each -> each.getVersion() != null && !each.getState().isFailed())
                .mapToLong(each -> Long.parseLong(each.getVersion().getVersion()))
                .max()
                .orElse(0);
    }

    private static Optional<Integer> released(MigrationInfo migration) {
        return Optional.ofNullable(RELEASED.get(String.valueOf(migration.getVersion())));
    }

    private static void requireUnchanged(MigrationInfo[] migrations) {
        for (MigrationInfo each : migrations) {
            boolean known = each.isApplied() && each.getState().isResolved();
            if (known
                    && !each.isChecksumMatching()
                    && !released(each).equals(Optional.ofNullable(each.getAppliedChecksum()))) {
                throw new StoreException(
                        StoreException.Kind.BROKEN,
                        "the database was made by a Davylamp whose migration " + each.getScript()
                                + " was another one: start the version that made it",
                        null);
            }
        }
    }

    private static void keepReleasedChecksums(DataSource database, MigrationInfo[] before) {
        boolean none = Arrays.stream(before)
                .allMatch(each -> each.isApplied() || released(each).isEmpty());
        if (none) {
            return;
        }
        try (Connection connection = database.getConnection();
                PreparedStatement update = connection.prepareStatement(
                        "UPDATE " + HISTORY + " SET checksum = ? WHERE version = ? AND type = 'SQL'")) {
            for (Map.Entry<String, Integer> each : RELEASED.entrySet()) {
                update.setInt(1, each.getValue());
                update.setString(2, each.getKey());
                update.executeUpdate();
            }
        } catch (SQLException e) {
            throw new IllegalStateException("the database's version cannot be written: " + e.getMessage(), e);
        }
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
