package io.davylamp.store.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * Copies the rows of one database into another, of the same kind or of another. It reads the tables and their columns from the
 * database, so a new table is copied without a change here. Not thread-safe, but {@link #note} and {@link #noted} are.
 */
public final class RowCopy {
    /** Tables that stay where they are, and why. */
    static final Map<String, String> LEFT = Map.of(
            "flyway_schema_history", "each database knows which form it has",
            "oldest_server", "the same",
            "leftover", "it names blobs that go; each store has its own",
            "copied_blob", "it says what came here",
            "server", "it says which servers run",
            "web_session", "a browser signs in again where it goes",
            "upload", "it is about bytes that are half here, and these are not copied",
            "installation", "each store has its own",
            "copying", "it says that a copy into this database goes on");

    private static final int BATCH = 500;

    private final JdbcStore from;
    private final JdbcStore to;

    public RowCopy(JdbcStore from, JdbcStore to) {
        this.from = from;
        this.to = to;
    }

    /**
     * What names blobs: a recording.
     *
     * @param version grows when the profile is made again
     * @param sha256 of the recording's bytes; empty when nobody counted it
     * @param isReady whether it has a profile
     */
    public record Recorded(
            String id, int version, String bytesKey, String profileKey, long bytes, String sha256, boolean isReady) {}

    /** A blob that was copied and compared. */
    public record Noted(int version, long bytes) {}

    /** Rows copied, by table, and how many of their texts held a character that the target's database cannot hold. */
    public record Rows(SortedMap<String, Long> byTable, long altered) {}

    /** One consistent state of the source. */
    public final class Snapshot {
        private final Handle source;

        private Snapshot(Handle source) {
            this.source = source;
        }

        /** Returns the recordings whose ids come after {@code id}, in the order of ids. */
        public List<Recorded> after(String id, int limit) {
            return recordings(source, "id > :id ORDER BY id LIMIT " + limit, id);
        }

        /**
         * Makes the rows of the target those of this state, in one transaction. Blobs of recordings that were only in the target
         * are noted there as left over, so that a server removes them.
         */
        public Rows replace(long nowMillis) {
            return to.write(tx -> {
                try {
                    Handle target = JdbcStore.handle(tx);
                    leaveOver(source, target, nowMillis);
                    Rows copied = copyTables(source.getConnection(), target.getConnection());
                    leaveOverUnused(target, nowMillis);
                    return copied;
                } catch (SQLException e) {
                    throw new org.jdbi.v3.core.ConnectionException(e);
                }
            });
        }
    }

    /** Runs {@code work} on one consistent state of the source. */
    public <T> T inSnapshot(Function<Snapshot, T> work) {
        return from.read(tx -> work.apply(new Snapshot(JdbcStore.handle(tx))));
    }

    /** Whether the source still has the recording in the same version, now. */
    public boolean isStillThere(Recorded recording) {
        return from.read(
                tx -> recordings(JdbcStore.handle(tx), "id = :id AND version = " + recording.version(), recording.id())
                                .size()
                        == 1);
    }

    /** Returns what the target holds that a copy would replace, as numbers by table; empty when it holds nothing. */
    public SortedMap<String, Long> held() {
        return to.read(tx -> {
            try {
                Connection target = JdbcStore.handle(tx).getConnection();
                SortedMap<String, Long> held = new TreeMap<>();
                for (String table : tables(target)) {
                    long rows = count(target, table);
                    if (rows > 0) {
                        held.put(table, rows);
                    }
                }
                return held;
            } catch (SQLException e) {
                throw new org.jdbi.v3.core.ConnectionException(e);
            }
        });
    }

    /** Finds which of these blobs came here before. */
    public Map<String, Noted> noted(Collection<String> keys) {
        if (keys.isEmpty()) {
            return Map.of();
        }
        return to.read(tx -> JdbcStore.handle(tx)
                .createQuery("SELECT blob_key, version, bytes FROM copied_blob WHERE blob_key IN (<keys>)")
                .bindList("keys", List.copyOf(keys))
                .map((row, ctx) ->
                        Map.entry(row.getString("blob_key"), new Noted(row.getInt("version"), row.getLong("bytes"))))
                .stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    /** Notes that a blob is in the target and was compared; a crash of the machine may lose the note. */
    public void note(String key, Noted noted) {
        to.writeSoon(tx -> JdbcStore.handle(tx)
                .createUpdate("""
                        INSERT INTO copied_blob (blob_key, version, bytes) VALUES (:key, :version, :bytes)
                        ON CONFLICT (blob_key) DO UPDATE SET version = excluded.version, bytes = excluded.bytes
                        """)
                .bind("key", key)
                .bind("version", noted.version())
                .bind("bytes", noted.bytes())
                .execute());
    }

    private static List<Recorded> recordings(Handle handle, String where, String id) {
        return handle.createQuery(
                        "SELECT id, version, bytes_key, profile_key, bytes, sha256, state FROM recording WHERE "
                                + where)
                .bind("id", id)
                .map((row, ctx) -> new Recorded(
                        row.getString("id"),
                        row.getInt("version"),
                        row.getString("bytes_key"),
                        row.getString("profile_key"),
                        row.getLong("bytes"),
                        row.getString("sha256"),
                        row.getString("state").equals("READY")))
                .list();
    }

    private static void leaveOver(Handle source, Handle target, long nowMillis) {
        String last = "";
        while (true) {
            List<Recorded> there = recordings(target, "id > :id ORDER BY id LIMIT " + BATCH, last);
            if (there.isEmpty()) {
                return;
            }
            last = there.get(there.size() - 1).id();
            List<String> ids = there.stream().map(Recorded::id).toList();
            Set<String> here = Set.copyOf(source.createQuery("SELECT id FROM recording WHERE id IN (<ids>)")
                    .bindList("ids", ids)
                    .mapTo(String.class)
                    .list());
            List<String> gone = there.stream()
                    .filter(each -> !here.contains(each.id()))
                    .flatMap(each -> List.of(each.bytesKey(), each.profileKey()).stream())
                    .toList();
            new LeftoverTable(target).put(gone, nowMillis);
        }
    }

    /** Blobs that came here for recordings which the source lost before their rows were copied. */
    private static void leaveOverUnused(Handle target, long nowMillis) {
        List<String> unused = target.createQuery("""
                        SELECT blob_key FROM copied_blob
                        WHERE blob_key NOT IN (SELECT bytes_key FROM recording)
                          AND blob_key NOT IN (SELECT profile_key FROM recording)
                        """).mapTo(String.class).list();
        new LeftoverTable(target).put(unused, nowMillis);
        for (String key : unused) {
            target.createUpdate("DELETE FROM copied_blob WHERE blob_key = :key")
                    .bind("key", key)
                    .execute();
        }
    }

    private static Rows copyTables(Connection source, Connection target) throws SQLException {
        List<String> order = tables(target);
        Set<String> missing = new LinkedHashSet<>(order);
        tables(source).forEach(missing::remove);
        if (!missing.isEmpty() || tables(source).size() != order.size()) {
            throw new IllegalStateException("the databases have different tables: " + tables(source) + " and " + order);
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            try (Statement delete = target.createStatement()) {
                delete.executeUpdate("DELETE FROM " + order.get(i));
            }
        }
        SortedMap<String, Long> copied = new TreeMap<>();
        long altered = 0;
        for (String table : order) {
            OneTable rows = new OneTable(source, target, table);
            rows.copy();
            if (count(target, table) != rows.copied) {
                throw new IllegalStateException(
                        table + ": " + rows.copied + " rows were copied, but the target has " + count(target, table));
            }
            copied.put(table, rows.copied);
            altered += rows.altered;
        }
        return new Rows(copied, altered);
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (Statement count = connection.createStatement();
                ResultSet row = count.executeQuery("SELECT count(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** The tables that are copied; one that others refer to comes before them. */
    static List<String> tables(Connection connection) throws SQLException {
        DatabaseMetaData meta = connection.getMetaData();
        Map<String, Set<String>> refersTo = new TreeMap<>();
        try (ResultSet tables =
                meta.getTables(connection.getCatalog(), connection.getSchema(), "%", new String[] {"TABLE"})) {
            while (tables.next()) {
                String table = tables.getString("TABLE_NAME");
                if (!LEFT.containsKey(table) && !table.startsWith("sqlite_")) {
                    refersTo.put(table, new LinkedHashSet<>());
                }
            }
        }
        for (Map.Entry<String, Set<String>> table : refersTo.entrySet()) {
            try (ResultSet keys =
                    meta.getImportedKeys(connection.getCatalog(), connection.getSchema(), table.getKey())) {
                while (keys.next()) {
                    table.getValue().add(keys.getString("PKTABLE_NAME"));
                }
            }
        }
        Set<String> ordered = new LinkedHashSet<>();
        refersTo.keySet().forEach(table -> addAfterItsParents(table, refersTo, ordered));
        return List.copyOf(ordered);
    }

    private static void addAfterItsParents(String table, Map<String, Set<String>> refersTo, Set<String> ordered) {
        for (String parent : refersTo.getOrDefault(table, Set.of())) {
            if (!parent.equals(table)) {
                addAfterItsParents(parent, refersTo, ordered);
            }
        }
        ordered.add(table);
    }

    /** The rows of one table on their way. */
    private static final class OneTable {
        private final Connection source;
        private final Connection target;
        private final String table;
        /** Whether the target's texts cannot hold the character 0. */
        private final boolean strict;

        private long copied;
        private long altered;

        OneTable(Connection source, Connection target, String table) throws SQLException {
            this.source = source;
            this.target = target;
            this.table = table;
            this.strict = target.getMetaData().getDatabaseProductName().equals("PostgreSQL");
        }

        /** Names of the columns, and whether each is a number. */
        private Map<String, Boolean> columns(Connection connection) throws SQLException {
            Map<String, Boolean> columns = new TreeMap<>();
            try (ResultSet each =
                    connection.getMetaData().getColumns(connection.getCatalog(), connection.getSchema(), table, "%")) {
                while (each.next()) {
                    String name = each.getString("COLUMN_NAME");
                    int type = each.getInt("DATA_TYPE");
                    boolean number = type == Types.INTEGER || type == Types.BIGINT || type == Types.SMALLINT;
                    if (!number && type != Types.VARCHAR) {
                        throw new IllegalStateException("column " + table + "." + name + " is neither number nor text");
                    }
                    columns.put(name, number);
                }
            }
            return columns;
        }

        void copy() throws SQLException {
            Map<String, Boolean> columns = new LinkedHashMap<>(columns(target));
            if (!columns.equals(columns(source))) {
                throw new IllegalStateException("the databases have different columns in " + table + ": "
                        + columns(source).keySet() + " and " + columns.keySet());
            }
            List<Boolean> numbers = new ArrayList<>(columns.values());
            String names = String.join(", ", columns.keySet());
            String marks = columns.keySet().stream().map(name -> "?").collect(Collectors.joining(", "));
            try (Statement read = source.createStatement();
                    PreparedStatement write = target.prepareStatement(
                            "INSERT INTO " + table + " (" + names + ") VALUES (" + marks + ")")) {
                read.setFetchSize(BATCH);
                int waiting = 0;
                try (ResultSet row = read.executeQuery("SELECT " + names + " FROM " + table)) {
                    while (row.next()) {
                        for (int i = 1; i <= numbers.size(); i++) {
                            set(write, i, row, numbers.get(i - 1));
                        }
                        write.addBatch();
                        copied++;
                        if (++waiting == BATCH) {
                            write.executeBatch();
                            waiting = 0;
                        }
                    }
                }
                if (waiting > 0) {
                    write.executeBatch();
                }
            }
        }

        private void set(PreparedStatement write, int column, ResultSet row, boolean number) throws SQLException {
            if (number) {
                long value = row.getLong(column);
                if (row.wasNull()) {
                    write.setNull(column, Types.BIGINT);
                } else {
                    write.setLong(column, value);
                }
                return;
            }
            String text = row.getString(column);
            if (strict && text != null && text.indexOf('\0') >= 0) {
                text = text.replace('\0', '\ufffd');
                altered++;
            }
            write.setString(column, text);
        }
    }
}
