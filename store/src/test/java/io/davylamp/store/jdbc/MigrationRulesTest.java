package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Servers of the last release and of the next one work on one database at the same time, so a migration may only add: expand, then
 * contract. CONTRIBUTING.md says how; {@code released/migrations.txt} has the migrations that were released, with their hashes.
 */
class MigrationRulesTest {
    private static final Path MIGRATIONS = Path.of("src/main/resources/io/davylamp/store/jdbc/migrations");
    private static final Path RELEASED = Path.of("src/test/resources/io/davylamp/store/released/migrations.txt");

    private static final Pattern COMMENT = Pattern.compile("--[^\n]*");
    private static final Pattern CREATE_TABLE = Pattern.compile("create table (\\w+) .*");
    private static final Pattern CREATE_INDEX = Pattern.compile("create (unique )?index \\w+ on (\\w+) .*");
    private static final Pattern ADD_COLUMN = Pattern.compile("alter table (\\w+) add column (\\w+) (.*)");
    private static final Pattern INSERT = Pattern.compile("insert into (\\w+) .*");
    private static final Pattern UPDATE = Pattern.compile("update (\\w+) set (.*?)( from .*| where .*)?");
    private static final Pattern RAISE = Pattern.compile("update oldest_server set schema_version = (\\d+)");

    /** Returns every migration, as {@code folder/file}. */
    private static Map<String, Path> migrations() throws IOException {
        Map<String, Path> migrations = new TreeMap<>();
        try (Stream<Path> files = Files.walk(MIGRATIONS)) {
            files.filter(file -> file.toString().endsWith(".sql"))
                    .forEach(file -> migrations.put(
                            MIGRATIONS.relativize(file).toString().replace('\\', '/'), file));
        }
        return migrations;
    }

    /** Returns the released migrations and the hash of each. */
    private static Map<String, String> released() throws IOException {
        Map<String, String> released = new TreeMap<>();
        for (String line : Files.readAllLines(RELEASED)) {
            released.put(line.substring(line.indexOf(' ') + 1), line.substring(0, line.indexOf(' ')));
        }
        return released;
    }

    private static String hash(Path file) throws IOException {
        try {
            String text = Files.readString(file).replace("\r\n", "\n");
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static long number(String migration) {
        return Long.parseLong(migration.replaceAll(".*/V(\\d+)__.*", "$1"));
    }

    /** Returns what in a migration a server of the last release may stumble over; empty when nothing. */
    private static List<String> violations(String sql, Set<Long> releasedNumbers) {
        List<String> violations = new ArrayList<>();
        Set<String> added = new HashSet<>();
        boolean contracts = false;
        List<String> statements = Stream.of(COMMENT.matcher(sql).replaceAll(" ").split(";"))
                .map(each -> each.strip().replaceAll("\\s+", " ").toLowerCase(Locale.ROOT))
                .filter(each -> !each.isEmpty())
                .toList();
        for (String statement : statements) {
            Matcher raise = RAISE.matcher(statement);
            if (raise.matches()) {
                contracts = true;
                if (!releasedNumbers.contains(Long.parseLong(raise.group(1)))) {
                    violations.add("oldest_server is " + raise.group(1)
                            + ": only servers of a release that does not use what goes can be required");
                }
            } else {
                why(statement, added).forEach(why -> violations.add(why + ": " + statement));
            }
        }
        return contracts
                ? violations.stream()
                        .filter(each -> each.startsWith("oldest_server"))
                        .toList()
                : violations;
    }

    /** @param added tables, and {@code table.column}s, that are new in this migration */
    private static List<String> why(String statement, Set<String> added) {
        Matcher table = CREATE_TABLE.matcher(statement);
        if (table.matches()) {
            added.add(table.group(1));
            return List.of();
        }
        Matcher index = CREATE_INDEX.matcher(statement);
        if (index.matches()) {
            return index.group(1) == null || added.contains(index.group(2))
                    ? List.of()
                    : List.of("an older server may write what a new unique index refuses");
        }
        Matcher column = ADD_COLUMN.matcher(statement);
        if (column.matches()) {
            added.add(column.group(1) + "." + column.group(2));
            String rest = column.group(3);
            if (rest.contains("not null") && !rest.contains("default")) {
                return List.of("an older server inserts rows without the column, and it has no default");
            }
            return rest.matches(".*\\b(unique|references|check|primary)\\b.*")
                    ? List.of("an older server does not know the constraint")
                    : List.of();
        }
        Matcher insert = INSERT.matcher(statement);
        if (insert.matches()) {
            return added.contains(insert.group(1)) ? List.of() : List.of("rows of a table that older servers read");
        }
        Matcher update = UPDATE.matcher(statement);
        if (update.matches()) {
            boolean own = Stream.of(update.group(2).split(",(?![^(]*\\))"))
                    .map(each -> each.strip().replaceAll(" ?=.*", ""))
                    .allMatch(each -> added.contains(update.group(1)) || added.contains(update.group(1) + "." + each));
            return own ? List.of() : List.of("changes a column that older servers use");
        }
        return List.of("takes away, renames or changes what older servers use");
    }

    @Test
    void whatWasReleasedStaysAsItWas() throws Exception {
        Map<String, Path> now = migrations();
        Map<String, String> changed = new TreeMap<>();
        for (Map.Entry<String, String> each : released().entrySet()) {
            Path file = now.get(each.getKey());
            String hash = file == null ? "missing" : hash(file);
            if (!hash.equals(each.getValue())) {
                changed.put(each.getKey(), hash);
            }
        }
        assertThat(changed)
                .as("released migrations that were changed; write a new one instead")
                .isEmpty();
    }

    @Test
    void whatIsNewOnlyAdds() throws Exception {
        Map<String, String> released = released();
        Set<Long> numbers = new HashSet<>();
        released.keySet().forEach(each -> numbers.add(number(each)));
        Map<String, List<String>> violations = new TreeMap<>();
        for (Map.Entry<String, Path> each : migrations().entrySet()) {
            if (!released.containsKey(each.getKey())) {
                List<String> found = violations(Files.readString(each.getValue()), numbers);
                if (!found.isEmpty()) {
                    violations.put(each.getKey(), found);
                }
            }
        }
        assertThat(violations)
                .as(
                        "migrations under which a server of the last release would fail; see CONTRIBUTING.md, \"A migration\"")
                .isEmpty();
    }

    @Test
    void everyNumberIsGivenOncePerDatabase() throws Exception {
        for (String own : List.of("sqlite/", "postgresql/")) {
            assertThat(migrations().keySet().stream()
                            .filter(each -> each.startsWith(own) || each.startsWith("both/"))
                            .map(MigrationRulesTest::number))
                    .doesNotHaveDuplicates();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ALTER TABLE task DROP COLUMN options",
                "ALTER TABLE task RENAME COLUMN options TO opts",
                "ALTER TABLE task RENAME TO job",
                "DROP TABLE task",
                "DROP INDEX task_by_service",
                "ALTER TABLE task ADD COLUMN owner TEXT NOT NULL",
                "ALTER TABLE task ADD COLUMN owner TEXT REFERENCES person (id)",
                "ALTER TABLE task ALTER COLUMN created TYPE TEXT",
                "CREATE UNIQUE INDEX one ON task (created)",
                "UPDATE assignment SET state = 'DONE' WHERE state = 'READY'",
                "DELETE FROM task",
                "INSERT INTO task VALUES ('x')",
                "UPDATE oldest_server SET schema_version = 999; DROP TABLE task",
            })
    void refusesWhatAnOlderServerStumblesOver(String sql) {
        assertThat(violations(sql, Set.of(60L))).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE TABLE person (id TEXT PRIMARY KEY); CREATE UNIQUE INDEX p ON person (id); INSERT INTO person VALUES ('x')",
                "-- who asked; DROP nothing\nALTER TABLE task ADD COLUMN owner ${text} NOT NULL DEFAULT ''",
                "ALTER TABLE task ADD COLUMN owner TEXT; UPDATE task SET owner = coalesce(service, '') WHERE created > 5",
                "CREATE INDEX task_by_owner ON task (created)",
                "UPDATE oldest_server SET schema_version = 60; ALTER TABLE task DROP COLUMN options",
            })
    void allowsWhatOnlyAddsAndWhatTheLastReleaseNoLongerUses(String sql) {
        assertThat(violations(sql, Set.of(60L))).isEmpty();
    }
}
