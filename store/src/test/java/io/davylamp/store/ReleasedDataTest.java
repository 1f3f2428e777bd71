package io.davylamp.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.PostgresAccess;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data folder and a database that a released version wrote; the README beside them says how they were made. */
class ReleasedDataTest {
    /** What each migration adds to this one is no change of a row. */
    private static final String FLYWAY = "flyway_schema_history";

    @TempDir
    Path folder;

    private static InputStream resource(String name) {
        return ReleasedDataTest.class.getResourceAsStream("released/" + name);
    }

    private void unpack() throws IOException {
        try (ZipInputStream zip = new ZipInputStream(resource("data-folder.zip"))) {
            for (ZipEntry entry; (entry = zip.getNextEntry()) != null; ) {
                Path file = folder.resolve(entry.getName());
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
    }

    /** Returns the rows of each table. */
    private static SortedMap<String, List<SortedMap<String, String>>> rows(Connection database) throws SQLException {
        SortedMap<String, List<SortedMap<String, String>>> rows = new TreeMap<>();
        List<String> tables = new ArrayList<>();
        try (ResultSet table = database.getMetaData()
                .getTables(database.getCatalog(), database.getSchema(), "%", new String[] {"TABLE"})) {
            while (table.next()) {
                tables.add(table.getString("TABLE_NAME"));
            }
        }
        for (String table : tables) {
            if (table.equals(FLYWAY) || table.startsWith("sqlite_")) {
                continue;
            }
            List<SortedMap<String, String>> all = new ArrayList<>();
            try (Statement statement = database.createStatement();
                    ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
                while (row.next()) {
                    SortedMap<String, String> columns = new TreeMap<>();
                    for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                        columns.put(row.getMetaData().getColumnName(i), String.valueOf(row.getString(i)));
                    }
                    all.add(columns);
                }
            }
            all.sort((a, b) -> a.toString().compareTo(b.toString()));
            rows.put(table, all);
        }
        return rows;
    }

    /** Leaves out the tables and columns that were not there before. */
    private static SortedMap<String, List<SortedMap<String, String>>> known(
            SortedMap<String, List<SortedMap<String, String>>> rows,
            SortedMap<String, List<SortedMap<String, String>>> before) {
        SortedMap<String, List<SortedMap<String, String>>> known = new TreeMap<>();
        before.forEach((table, old) -> {
            List<SortedMap<String, String>> now = rows.getOrDefault(table, List.of());
            if (!old.isEmpty()) {
                now.forEach(row -> row.keySet().retainAll(old.get(0).keySet()));
            }
            List<SortedMap<String, String>> sorted = new ArrayList<>(now);
            sorted.sort((a, b) -> a.toString().compareTo(b.toString()));
            known.put(table, sorted);
        });
        return known;
    }

    private static void requireReadable(Store store) {
        assertThat(store.<Long>read(tx -> tx.tasks().count())).isEqualTo(4);
        assertThat(store.<Integer>read(tx -> tx.instances().count())).isEqualTo(4);
        assertThat(recordings(store))
                .hasSize(3)
                .allSatisfy((id, recording) -> assertThat(recording.labels()).isEqualTo(Map.of("zone", "a\nb")));
        assertThat(recordings(store).get("as-unreadable").reason()).isEqualTo("no JFR");
        assertThat(recordings(store).get("as-ready").state()).isEqualTo(RecordingState.READY);
    }

    private static Map<String, Recording> recordings(Store store) {
        Map<String, Recording> recordings = new TreeMap<>();
        List<Recording> all =
                store.read(tx -> tx.recordings().ofTasks(List.of("t-ready", "t-stored", "t-unreadable", "t-running")));
        all.forEach(each -> recordings.put(each.id(), each));
        return recordings;
    }

    @Test
    void aDataFolderOpensWithEveryRowAndBlob() throws Exception {
        unpack();
        String url = "jdbc:sqlite:" + folder.resolve("davylamp.db");
        SortedMap<String, List<SortedMap<String, String>>> before;
        try (Connection database = DriverManager.getConnection(url)) {
            before = rows(database);
        }

        try (JdbcStore store = JdbcStore.sqlite(folder.resolve("davylamp.db"))) {
            requireReadable(store);
            Blobs blobs = FileBlobs.open(folder.resolve("blobs"));
            for (Recording each : recordings(store).values()) {
                try (Blobs.Blob blob = blobs.open(each.bytesKey()).orElseThrow()) {
                    byte[] bytes = new byte[(int) blob.sizeBytes()];
                    assertThat(blob.read(0, bytes, 0, bytes.length)).isEqualTo((int) each.bytes());
                    assertThat(HexFormat.of()
                                    .formatHex(
                                            MessageDigest.getInstance("SHA-256").digest(bytes)))
                            .isEqualTo(each.sha256());
                }
            }
        }

        try (Connection database = DriverManager.getConnection(url)) {
            assertThat(known(rows(database), before)).isEqualTo(before);
        }
        assertThat(before.get("upload")).hasSize(1);
    }

    @Test
    void aDumpOfPostgresOpensWithEveryRow() throws Exception {
        PostgresAccess access = TestPostgres.newDatabase();
        SortedMap<String, List<SortedMap<String, String>>> before;
        try (Connection database = DriverManager.getConnection(access.url(), access.user(), access.password());
                Statement statement = database.createStatement()) {
            statement.execute(new String(resource("postgres.sql").readAllBytes(), StandardCharsets.UTF_8));
            statement.execute("SET search_path = public");
            before = rows(database);
        }

        try (JdbcStore store = JdbcStore.postgres(access)) {
            requireReadable(store);
        }

        try (Connection database = DriverManager.getConnection(access.url(), access.user(), access.password())) {
            assertThat(known(rows(database), before)).isEqualTo(before);
        }
        assertThat(before.get("upload")).hasSize(1);
    }
}
