package io.davylamp.store.jdbc;

import io.davylamp.core.store.Store;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;

/**
 * Copies the rows of one database into another, of the same kind or of another. It reads the tables and their columns from the
 * database, so a new table is copied without a change here. Not thread-safe, but {@link #note} and {@link #noted} are.
 */
public final class RowCopy {
    /** Tables that stay where they are, and why. */
    static final Map<String, String> LEFT = Map.ofEntries(
            Map.entry("flyway_schema_history", "each database knows which form it has"),
            Map.entry("oldest_server", "the same"),
            Map.entry("leftover", "it names blobs that go; each store has its own"),
            Map.entry("copied_blob", "it says what came here"),
            Map.entry("server", "it says which servers run"),
            Map.entry("web_session", "a browser signs in again where it goes"),
            Map.entry("login_code", "it is of a session, and for a minute"),
            Map.entry("upload", "it is about bytes that are half here, and these are not copied"),
            Map.entry("used_state", "it counts for minutes"),
            Map.entry("installation", "each store has its own"),
            Map.entry("copying", "it says that a copy into this database goes on"));

    private static final int BATCH = 500;

    private final JdbcStore from;
    private final JdbcStore to;
    private final int batch;
    private final Runnable afterBatch;

    public RowCopy(JdbcStore from, JdbcStore to) {
        this(from, to, BATCH, () -> {});
    }

    /**
     * @param batch rows of one transaction on the target
     * @param afterBatch called after each transaction on the target, for tests, which fail there
     */
    RowCopy(JdbcStore from, JdbcStore to, int batch, Runnable afterBatch) {
        this.from = from;
        this.to = to;
        this.batch = batch;
        this.afterBatch = afterBatch;
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

    /**
     * The rows of a copy.
     *
     * @param byTable how many there are, by table
     * @param altered how many of their texts held a character that the target's database cannot hold
     * @param written rows that were not there before, or differed
     */
    public record Rows(SortedMap<String, Long> byTable, long altered, long written) {}

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
         * Makes the rows of the target those of this state, in transactions of some hundred rows. What is the same already is left
         * alone, so a copy that was stopped goes on where it stopped, also after the source changed. Until the end the target says
         * that it {@link JdbcStore#isBeingCopied is being copied}. Blobs of recordings that were only in the target are noted there
         * as left over, so that a server removes them.
         */
        public Rows replace(long nowMillis) {
            begin(nowMillis);
            try {
                Connection rows = source.getConnection();
                List<String> order = to.read(tx -> sameTables(rows, connection(tx)));
                SortedMap<String, Long> copied = new TreeMap<>();
                long altered = 0;
                long written = 0;
                // Those that refer to others go first and come last.
                for (int i = order.size() - 1; i >= 0; i--) {
                    new OneTable(rows, order.get(i)).removeWhatIsGone(nowMillis);
                }
                for (String table : order) {
                    OneTable one = new OneTable(rows, table);
                    one.bringWhatDiffers();
                    copied.put(table, one.seen);
                    altered += one.altered;
                    written += one.written;
                }
                end(copied, nowMillis);
                return new Rows(copied, altered, written);
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
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
                throw new ConnectionException(e);
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

    private void begin(long nowMillis) {
        to.<Void>write(tx -> {
            Handle target = JdbcStore.handle(tx);
            target.execute("DELETE FROM copying");
            target.createUpdate("INSERT INTO copying (begun) VALUES (:now)")
                    .bind("now", nowMillis)
                    .execute();
            return null;
        });
        afterBatch.run();
    }

    /** Compares the numbers of rows, and takes away the sign of a copy that goes on. */
    private void end(SortedMap<String, Long> copied, long nowMillis) {
        to.<Void>write(tx -> {
            Connection target = connection(tx);
            try {
                for (Map.Entry<String, Long> each : copied.entrySet()) {
                    long there = count(target, each.getKey());
                    if (there != each.getValue()) {
                        throw new IllegalStateException(each.getKey() + ": the source has " + each.getValue()
                                + " rows, but the target has " + there + ": does a server use it?");
                    }
                }
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
            leaveOverUnused(JdbcStore.handle(tx), nowMillis);
            JdbcStore.handle(tx).execute("DELETE FROM copying");
            return null;
        });
        afterBatch.run();
    }

    private static Connection connection(Store.Tx tx) {
        return JdbcStore.handle(tx).getConnection();
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

    /** Returns the tables that both have, in the order in which they are filled. */
    private static List<String> sameTables(Connection source, Connection target) {
        try {
            List<String> order = tables(target);
            if (!Set.copyOf(tables(source)).equals(Set.copyOf(order))) {
                throw new IllegalStateException(
                        "the databases have different tables: " + tables(source) + " and " + order);
            }
            return order;
        } catch (SQLException e) {
            throw new ConnectionException(e);
        }
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

    /** A row: its values by column, each a {@link Long}, a {@link String} or null. */
    private record Row(List<Object> key, List<Object> values) {}

    /** The rows of one table on their way. */
    private final class OneTable {
        private final Connection source;
        private final String table;
        /** Names of the columns, and whether each is a number; those of the primary key first. */
        private final Map<String, Boolean> columns = new LinkedHashMap<>();

        private final List<String> keys;
        /** Whether the target's texts cannot hold the character 0. */
        private final boolean strict;

        private long seen;
        private long written;
        private long altered;

        OneTable(Connection source, String table) throws SQLException {
            this.source = source;
            this.table = table;
            Map<String, Boolean> all = columns(source);
            keys = keys(source);
            keys.forEach(key -> columns.put(key, all.get(key)));
            columns.putAll(all);
            strict = to.read(tx -> {
                Connection target = connection(tx);
                try {
                    Map<String, Boolean> there = columns(target);
                    if (!there.equals(all)) {
                        throw new IllegalStateException("the databases have different columns in " + table + ": "
                                + all.keySet() + " and " + there.keySet());
                    }
                    return target.getMetaData().getDatabaseProductName().equals("PostgreSQL");
                } catch (SQLException e) {
                    throw new ConnectionException(e);
                }
            });
        }

        private Map<String, Boolean> columns(Connection connection) throws SQLException {
            Map<String, Boolean> found = new TreeMap<>();
            try (ResultSet each =
                    connection.getMetaData().getColumns(connection.getCatalog(), connection.getSchema(), table, "%")) {
                while (each.next()) {
                    String name = each.getString("COLUMN_NAME");
                    int type = each.getInt("DATA_TYPE");
                    boolean number = type == Types.INTEGER || type == Types.BIGINT || type == Types.SMALLINT;
                    if (!number && type != Types.VARCHAR) {
                        throw new IllegalStateException("column " + table + "." + name + " is neither number nor text");
                    }
                    found.put(name, number);
                }
            }
            return found;
        }

        private List<String> keys(Connection connection) throws SQLException {
            SortedMap<Integer, String> found = new TreeMap<>();
            try (ResultSet each =
                    connection.getMetaData().getPrimaryKeys(connection.getCatalog(), connection.getSchema(), table)) {
                while (each.next()) {
                    found.put(each.getInt("KEY_SEQ"), each.getString("COLUMN_NAME"));
                }
            }
            if (found.isEmpty()) {
                throw new IllegalStateException("table " + table + " has no primary key");
            }
            return List.copyOf(found.values());
        }

        /** Removes from the target what the source no longer has, batch by batch of the target. */
        void removeWhatIsGone(long nowMillis) throws SQLException {
            List<Object> last = List.of();
            while (true) {
                List<Object> after = last;
                List<Row> there = to.read(tx -> rows(connection(tx), keys, after, List.of(), false));
                if (there.isEmpty()) {
                    return;
                }
                last = there.get(there.size() - 1).key();
                Set<List<Object>> gone = new LinkedHashSet<>();
                there.forEach(row -> gone.add(row.key()));
                // The source may have many more rows there.
                List<Row> here = rows(source, keys, after, last, false);
                while (!here.isEmpty()) {
                    here.forEach(row -> gone.remove(row.key()));
                    here = rows(source, keys, here.get(here.size() - 1).key(), last, false);
                }
                if (!gone.isEmpty()) {
                    to.<Void>write(tx -> {
                        remove(JdbcStore.handle(tx), gone, nowMillis);
                        return null;
                    });
                    afterBatch.run();
                }
            }
        }

        private void remove(Handle target, Collection<List<Object>> gone, long nowMillis) {
            if (table.equals("recording")) {
                List<String> ids = gone.stream().map(key -> (String) key.get(0)).toList();
                new LeftoverTable(target)
                        .put(
                                target.createQuery("SELECT bytes_key FROM recording WHERE id IN (<ids>)"
                                                + " UNION SELECT profile_key FROM recording WHERE id IN (<ids>)")
                                        .bindList("ids", ids)
                                        .mapTo(String.class)
                                        .list(),
                                nowMillis);
            }
            try (PreparedStatement delete = target.getConnection()
                    .prepareStatement("DELETE FROM " + table + " WHERE "
                            + keys.stream().map(key -> key + " = ?").collect(Collectors.joining(" AND ")))) {
                for (List<Object> key : gone) {
                    bind(delete, 1, keys, key);
                    delete.addBatch();
                }
                delete.executeBatch();
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        }

        /** Writes into the target what it lacks or has otherwise, batch by batch of the source. */
        void bringWhatDiffers() throws SQLException {
            List<String> names = List.copyOf(columns.keySet());
            List<Object> last = List.of();
            while (true) {
                List<Row> here = rows(source, names, last, List.of(), false);
                if (here.isEmpty()) {
                    return;
                }
                List<Row> wanted = here.stream().map(this::held).toList();
                List<Object> after = last;
                last = here.get(here.size() - 1).key();
                List<Object> until = last;
                Map<List<Object>, List<Object>> there = new HashMap<>();
                to.<List<Row>>read(tx -> rows(connection(tx), names, after, until, true))
                        .forEach(row -> there.put(row.key(), row.values()));
                List<Row> differing = wanted.stream()
                        .filter(row -> !row.values().equals(there.get(row.key())))
                        .toList();
                if (!differing.isEmpty()) {
                    to.<Void>write(tx -> {
                        bring(connection(tx), names, differing);
                        return null;
                    });
                    written += differing.size();
                    afterBatch.run();
                }
                seen += here.size();
            }
        }

        private void bring(Connection target, List<String> names, List<Row> rows) {
            List<String> values = names.subList(keys.size(), names.size());
            String update = values.isEmpty()
                    ? "NOTHING"
                    : "UPDATE SET "
                            + values.stream()
                                    .map(each -> each + " = excluded." + each)
                                    .collect(Collectors.joining(", "));
            try (PreparedStatement write = target.prepareStatement("INSERT INTO " + table + " ("
                    + String.join(", ", names) + ") VALUES ("
                    + names.stream().map(each -> "?").collect(Collectors.joining(", ")) + ") ON CONFLICT ("
                    + String.join(", ", keys) + ") DO " + update)) {
                for (Row row : rows) {
                    bind(write, 1, names, row.values());
                    write.addBatch();
                }
                write.executeBatch();
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        }

        /**
         * Reads rows in the order of their keys.
         *
         * @param names columns to read, those of the key first
         * @param after key that comes before them; empty for none
         * @param until key of the last one; empty for none
         * @param all whether all of them, or a batch
         */
        private List<Row> rows(
                Connection connection, List<String> names, List<Object> after, List<Object> until, boolean all) {
            String key = "(" + String.join(", ", keys) + ")";
            String marks = "(" + keys.stream().map(each -> "?").collect(Collectors.joining(", ")) + ")";
            List<String> conditions = new ArrayList<>();
            if (!after.isEmpty()) {
                conditions.add(key + " > " + marks);
            }
            if (!until.isEmpty()) {
                conditions.add(key + " <= " + marks);
            }
            String sql = "SELECT " + String.join(", ", names) + " FROM " + table
                    + (conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions))
                    + " ORDER BY " + String.join(", ", keys) + (all ? "" : " LIMIT " + batch);
            try (PreparedStatement read = connection.prepareStatement(sql)) {
                int next = 1;
                if (!after.isEmpty()) {
                    next = bind(read, next, keys, after);
                }
                if (!until.isEmpty()) {
                    bind(read, next, keys, until);
                }
                List<Row> rows = new ArrayList<>();
                try (ResultSet row = read.executeQuery()) {
                    while (row.next()) {
                        List<Object> values = new ArrayList<>(names.size());
                        for (int i = 0; i < names.size(); i++) {
                            values.add(value(row, i + 1, columns.get(names.get(i))));
                        }
                        rows.add(new Row(List.copyOf(values.subList(0, keys.size())), values));
                    }
                }
                return rows;
            } catch (SQLException e) {
                throw new ConnectionException(e);
            }
        }

        private static Object value(ResultSet row, int column, boolean number) throws SQLException {
            if (!number) {
                return row.getString(column);
            }
            long value = row.getLong(column);
            return row.wasNull() ? null : value;
        }

        private int bind(PreparedStatement statement, int first, List<String> names, List<Object> values)
                throws SQLException {
            for (int i = 0; i < names.size(); i++) {
                Object value = values.get(i);
                if (value instanceof Long number) {
                    statement.setLong(first + i, number);
                } else if (value == null && columns.get(names.get(i))) {
                    statement.setNull(first + i, Types.BIGINT);
                } else {
                    statement.setString(first + i, (String) value);
                }
            }
            return first + names.size();
        }

        /** Returns a row as the target can hold it. */
        private Row held(Row row) {
            if (!strict) {
                return row;
            }
            List<Object> values = new ArrayList<>(row.values());
            values.replaceAll(value -> {
                if (value instanceof String text && text.indexOf('\0') >= 0) {
                    altered++;
                    return text.replace('\0', '\ufffd');
                }
                return value;
            });
            return new Row(row.key(), values);
        }
    }
}
