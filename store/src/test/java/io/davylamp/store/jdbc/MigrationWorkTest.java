package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.recording.Origin;
import io.davylamp.core.store.Store;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.ProgressHandler;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** How much the migrations do, in steps of SQLite's machine, which no load of this one changes. */
class MigrationWorkTest {
    private static final int FEW = 2_000;
    private static final int MANY = 20_000;
    /** Ten times the rows take ten times the steps, and some more for deeper trees. */
    private static final double AT_MOST = 13;

    @TempDir
    Path folder;

    private interface Work {
        void on(SQLiteDataSource database) throws SQLException;
    }

    /** Counts the steps of {@code work} on a database of the first schema, in hundreds. */
    private long steps(int rows, Work work) throws SQLException {
        Path file = folder.resolve(rows + ".db");
        OlderDatabase.sqlite(file, rows);
        AtomicLong hundreds = new AtomicLong();
        SQLiteDataSource counted = new SQLiteDataSource() {
            @Override
            public SQLiteConnection getConnection(String user, String password) throws SQLException {
                SQLiteConnection connection = super.getConnection(user, password);
                ProgressHandler.setHandler(connection, 100, new ProgressHandler() {
                    @Override
                    protected int progress() {
                        hundreds.incrementAndGet();
                        return 0;
                    }
                });
                return connection;
            }
        };
        counted.setUrl("jdbc:sqlite:" + file);
        work.on(counted);
        return hundreds.get();
    }

    private double growth(Work work) throws SQLException {
        return (double) steps(MANY, work) / steps(FEW, work);
    }

    @Test
    void tenTimesTheRowsTakeTenTimesTheWorkToMigrate() throws Exception {
        assertThat(growth(SqliteDialect.SCHEMA::migrate)).isBetween(2.0, AT_MOST);

        try (Store store = JdbcStore.sqlite(folder.resolve(MANY + ".db"))) {
            assertThat(store.read(tx -> tx.recordings().totals(Origin.ASSIGNMENT))
                            .count())
                    .isEqualTo(MANY);
        }
    }

    @Test
    void aSubqueryThatReadsATableForEveryRowWouldShow() throws Exception {
        Work slow = database -> {
            try (Connection connection = database.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute(
                        "UPDATE task SET created = (SELECT count(*) FROM instance i WHERE i.last_seen = task.created)");
            }
        };

        assertThat(growth(slow)).isGreaterThan(5 * AT_MOST);
    }
}
