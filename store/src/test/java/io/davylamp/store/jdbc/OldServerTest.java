package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.store.TestPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The statements of the last release on today's schema: servers of both versions work on one database during an upgrade. {@link
 * StatementsOfTheContract} wrote them.
 */
class OldServerTest {
    private static final Path RELEASED = Path.of("src/test/resources/io/davylamp/store/released/statements.txt");
    private static final Pattern INSERT = Pattern.compile("(?i)INSERT INTO (\\w+) ?\\(([^)]*)\\).*");

    @TempDir
    Path folder;

    private static List<String> released() throws IOException {
        return Files.readAllLines(RELEASED);
    }

    /** Returns the statements that the database refuses, with its words, and those that leave a column without a value. */
    private static List<String> refused(Connection database) throws IOException, SQLException {
        List<String> refused = new ArrayList<>();
        for (String sql : released()) {
            try (PreparedStatement statement = database.prepareStatement(typed(sql))) {
                // PostgreSQL reads the statement only now.
                statement.getParameterMetaData().getParameterCount();
            } catch (SQLException e) {
                refused.add(sql + ": " + e.getMessage());
            }
            Matcher insert = INSERT.matcher(sql);
            if (insert.matches()) {
                Set<String> missing = required(database, insert.group(1));
                Stream.of(insert.group(2).split(",")).map(String::strip).forEach(missing::remove);
                if (!missing.isEmpty()) {
                    refused.add(sql + ": no value for " + missing);
                }
            }
        }
        return refused;
    }

    /** With the types that the server sends beside the values, where PostgreSQL cannot know them from the statement. */
    private static String typed(String sql) {
        return sql.replace("(VALUES (?, ?)) AS v", "(VALUES (CAST(? AS TEXT), CAST(? AS BIGINT))) AS v");
    }

    /** Returns the columns that an insert must name. */
    private static Set<String> required(Connection database, String table) throws SQLException {
        Set<String> required = new TreeSet<>();
        try (ResultSet column = database.getMetaData()
                .getColumns(database.getCatalog(), database.getSchema(), table.toLowerCase(Locale.ROOT), "%")) {
            while (column.next()) {
                if (column.getInt("NULLABLE") == DatabaseMetaData.columnNoNulls
                        && column.getString("COLUMN_DEF") == null) {
                    required.add(column.getString("COLUMN_NAME"));
                }
            }
        }
        return required;
    }

    private Connection sqlite() throws SQLException {
        Path file = folder.resolve("davylamp.db");
        JdbcStore.sqlite(file).close();
        return DriverManager.getConnection("jdbc:sqlite:" + file);
    }

    @Test
    void statementsOfTheLastReleaseWorkOnTodaysSqlite() throws Exception {
        try (Connection database = sqlite()) {
            assertThat(refused(database)).isEmpty();
        }
        assertThat(released()).hasSizeGreaterThan(50);
    }

    @Test
    void statementsOfTheLastReleaseWorkOnTodaysPostgres() throws Exception {
        PostgresAccess access = TestPostgres.newDatabase();
        JdbcStore.postgres(access).close();
        try (Connection database = DriverManager.getConnection(access.url(), access.user(), access.password())) {
            assertThat(refused(database)).isEmpty();
        }
    }

    @Test
    void aColumnThatIsRenamedOrNeedsAValueShows() throws Exception {
        try (Connection database = sqlite();
                Statement statement = database.createStatement()) {
            statement.execute("ALTER TABLE task RENAME COLUMN options_text TO words");
            assertThat(refused(database)).anyMatch(each -> each.contains("options_text"));
            statement.execute("ALTER TABLE task RENAME COLUMN words TO options_text");
            statement.execute("DROP TABLE leftover");
            statement.execute(
                    "CREATE TABLE leftover (blob_key TEXT PRIMARY KEY, due BIGINT NOT NULL, owner TEXT NOT NULL)");
            assertThat(refused(database)).anyMatch(each -> each.contains("no value for [owner]"));
        }
    }
}
