package io.davylamp.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.recording.OpenedFile;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskSpec;
import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.output.MigrateResult;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.Update;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * The store in SQLite: write-ahead log, one writer connection, a few readers. What {@link #write} returns from is on disk
 * ({@code synchronous=FULL}); what goes through {@link #writeSoon} survives a crash of the process, not one of the machine.
 * Thread-safe.
 */
public final class JdbcStore implements Store {
    private static final int READERS = 4;
    private static final Duration BUSY = Duration.ofSeconds(10);

    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;
    private final Jdbi reader;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Reserve reserve;
    private volatile String trouble;

    private JdbcStore(HikariDataSource writerPool, HikariDataSource readerPool, Reserve reserve) {
        this.reserve = reserve;
        this.writerPool = writerPool;
        this.readerPool = readerPool;
        this.writer = Jdbi.create(writerPool);
        this.reader = Jdbi.create(readerPool);
    }

    /** Opens the database in {@code file}, creating it or bringing it to the current form. */
    public static JdbcStore sqlite(Path file) {
        return sqlite(file, new SQLiteConfig());
    }

    /** The same with pragmas of a test. */
    static JdbcStore sqlite(Path file, SQLiteConfig config) {
        HikariDataSource writerPool = pool(file, 1, "writer", config);
        try {
            MigrateResult result = Flyway.configure(JdbcStore.class.getClassLoader())
                    .dataSource(writerPool)
                    .locations("classpath:io/davylamp/store/jdbc/migrations")
                    .sqlMigrationPrefix("V")
                    .load()
                    .migrate();
            if (!result.success) {
                throw new IllegalStateException("the database " + file + " could not be migrated");
            }
            Reserve reserve = new Reserve(file.toAbsolutePath().resolveSibling("reserve"));
            reserve.hold();
            return new JdbcStore(writerPool, pool(file, READERS, "reader", new SQLiteConfig()), reserve);
        } catch (RuntimeException e) {
            writerPool.close();
            throw e;
        }
    }

    private static HikariDataSource pool(Path file, int connections, String name, SQLiteConfig config) {
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        if (config.getBusyTimeout() == new SQLiteConfig().getBusyTimeout()) {
            config.setBusyTimeout((int) BUSY.toMillis());
        }
        config.enforceForeignKeys(true);
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
        SQLiteDataSource sqlite = new SQLiteDataSource(config);
        sqlite.setUrl("jdbc:sqlite:" + file);
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(sqlite);
        pool.setMaximumPoolSize(connections);
        pool.setPoolName("sqlite-" + name);
        pool.setMaxLifetime(0);
        return new HikariDataSource(pool);
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return written(() -> writer.inTransaction(handle -> work.apply(new HandleTx(handle))));
    }

    private <T> T written(Supplier<T> transaction) {
        writing.lock();
        try {
            T result = transaction.get();
            trouble = null;
            return result;
        } catch (RuntimeException e) {
            StoreException known = known(e);
            if (known == null) {
                throw e;
            }
            trouble = known.getMessage();
            throw known;
        } finally {
            writing.unlock();
        }
    }

    /** What is wrong with the database, rather than with what was asked of it; null when it is the latter. */
    private static StoreException known(RuntimeException e) {
        if (e instanceof StoreException known) {
            return known;
        }
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return new StoreException(StoreException.Kind.BUSY, e);
            }
            if (cause instanceof SQLiteException sqlite) {
                StoreException.Kind kind = kind(sqlite.getResultCode());
                return kind == null ? null : new StoreException(kind, e);
            }
        }
        return null;
    }

    /** The low byte of SQLite's codes says what, the rest which of it. */
    private static StoreException.Kind kind(SQLiteErrorCode code) {
        int primary = code.code & 0xff;
        if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
            return StoreException.Kind.FULL;
        }
        if (primary == SQLiteErrorCode.SQLITE_READONLY.code || primary == SQLiteErrorCode.SQLITE_PERM.code) {
            return StoreException.Kind.READ_ONLY;
        }
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return StoreException.Kind.BUSY;
        }
        return primary == SQLiteErrorCode.SQLITE_IOERR.code
                        || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                        || primary == SQLiteErrorCode.SQLITE_CORRUPT.code
                        || primary == SQLiteErrorCode.SQLITE_NOTADB.code
                ? StoreException.Kind.BROKEN
                : null;
    }

    @Override
    public <T> T writeToFree(Function<Tx, T> work) {
        try {
            return write(work);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.FULL || !reserve.release()) {
                throw e;
            }
            return write(work);
        }
    }

    /** For tests: something on the writer's connection. */
    void execute(String sql) {
        writer.useHandle(handle -> handle.execute(sql));
    }

    @Override
    public void holdBack() {
        reserve.hold();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public <T> T writeSoon(Function<Tx, T> work) {
        return written(() -> writer.withHandle(handle -> {
            handle.execute("PRAGMA synchronous=NORMAL");
            try {
                return handle.inTransaction(tx -> work.apply(new HandleTx(tx)));
            } finally {
                handle.execute("PRAGMA synchronous=FULL");
            }
        }));
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        try {
            return reader.inTransaction(handle -> work.apply(new HandleTx(handle)));
        } catch (RuntimeException e) {
            StoreException known = known(e);
            throw known == null ? e : known;
        }
    }

    @Override
    public void close() {
        readerPool.close();
        writerPool.close();
    }

    private record HandleTx(Handle handle) implements Tx {
        @Override
        public InstanceRows instances() {
            return new Instances(handle);
        }

        @Override
        public TaskRows tasks() {
            return new TaskTable(handle);
        }

        @Override
        public AssignmentRows assignments() {
            return new Assignments(handle);
        }

        @Override
        public FileRows files() {
            return new FileTable(handle);
        }
    }

    private record FileTable(Handle handle) implements FileRows {
        private static final RowMapper<OpenedFile> ROW = (row, ctx) -> new OpenedFile(
                row.getString("id"),
                row.getString("name"),
                row.getLong("size_bytes"),
                row.getInt("ready") == 1,
                row.getInt("kept") == 1,
                row.getLong("opened"),
                row.getLong("looked_at"));

        @Override
        public void put(OpenedFile file) {
            handle.createUpdate("""
                            INSERT INTO opened_file (id, name, size_bytes, ready, kept, opened, looked_at)
                            VALUES (:id, :name, :size, :ready, :kept, :opened, :lookedAt)
                            ON CONFLICT (id) DO UPDATE SET name = excluded.name, size_bytes = excluded.size_bytes,
                              ready = excluded.ready, kept = excluded.kept, looked_at = excluded.looked_at
                            """)
                    .bind("id", file.id())
                    .bind("name", file.name())
                    .bind("size", file.sizeBytes())
                    .bind("ready", file.ready() ? 1 : 0)
                    .bind("kept", file.kept() ? 1 : 0)
                    .bind("opened", file.openedMillis())
                    .bind("lookedAt", file.lookedAtMillis())
                    .execute();
        }

        @Override
        public void lookedAt(String id, long nowMillis) {
            handle.createUpdate("UPDATE opened_file SET looked_at = :now WHERE id = :id")
                    .bind("now", nowMillis)
                    .bind("id", id)
                    .execute();
        }

        @Override
        public Optional<OpenedFile> byId(String id) {
            return handle.createQuery("SELECT * FROM opened_file WHERE id = :id")
                    .bind("id", id)
                    .map(ROW)
                    .findOne();
        }

        @Override
        public List<OpenedFile> newest() {
            return handle.createQuery("SELECT * FROM opened_file ORDER BY opened DESC, id DESC")
                    .map(ROW)
                    .list();
        }

        @Override
        public void delete(String id) {
            handle.createUpdate("DELETE FROM opened_file WHERE id = :id")
                    .bind("id", id)
                    .execute();
        }
    }

    private record Instances(Handle handle) implements InstanceRows {
        private static final RowMapper<Instance> ROW = (row, ctx) -> new Instance(
                row.getString("id"),
                row.getString("service"),
                row.getString("name"),
                Texts.map(row.getString("properties")),
                row.getString("unable"),
                row.getString("life"),
                new Abilities(
                        row.getInt("reports") == 1,
                        Texts.map(row.getString("lacks")),
                        Texts.map(row.getString("unsure")),
                        row.getInt("max_seconds")),
                row.getLong("first_seen"),
                row.getLong("last_seen"));

        @Override
        public void put(Instance instance) {
            handle.createUpdate("""
                            INSERT INTO instance (id, service, name, properties, unable, life, reports, lacks, unsure, max_seconds,
                              first_seen, last_seen)
                            VALUES (:id, :service, :name, :properties, :unable, :life, :reports, :lacks, :unsure, :maxSeconds,
                              :firstSeen, :lastSeen)
                            ON CONFLICT (id) DO UPDATE SET properties = excluded.properties, unable = excluded.unable,
                              life = excluded.life, reports = excluded.reports, lacks = excluded.lacks,
                              unsure = excluded.unsure, max_seconds = excluded.max_seconds, last_seen = excluded.last_seen
                            """)
                    .bind("id", instance.id())
                    .bind("service", instance.service())
                    .bind("name", instance.name())
                    .bind("properties", Texts.of(instance.properties()))
                    .bind("unable", instance.unable())
                    .bind("life", instance.life())
                    .bind("reports", instance.abilities().reports() ? 1 : 0)
                    .bind("lacks", Texts.of(instance.abilities().lacks()))
                    .bind("unsure", Texts.of(instance.abilities().unsure()))
                    .bind("maxSeconds", instance.abilities().maxSeconds())
                    .bind("firstSeen", instance.firstSeenMillis())
                    .bind("lastSeen", instance.lastSeenMillis())
                    .execute();
        }

        @Override
        public void seen(String id, long nowMillis) {
            handle.createUpdate("UPDATE instance SET last_seen = :now WHERE id = :id AND last_seen < :now")
                    .bind("now", nowMillis)
                    .bind("id", id)
                    .execute();
        }

        @Override
        public Optional<Instance> find(String service, String name) {
            return handle.createQuery("SELECT * FROM instance WHERE service = :service AND name = :name")
                    .bind("service", service)
                    .bind("name", name)
                    .map(ROW)
                    .findOne();
        }

        @Override
        public Optional<Instance> byId(String id) {
            return handle.createQuery("SELECT * FROM instance WHERE id = :id")
                    .bind("id", id)
                    .map(ROW)
                    .findOne();
        }

        @Override
        public List<Instance> ofService(String service) {
            return handle.createQuery("SELECT * FROM instance WHERE service = :service ORDER BY name")
                    .bind("service", service)
                    .map(ROW)
                    .list();
        }

        @Override
        public List<Instance> all() {
            return handle.createQuery("SELECT * FROM instance ORDER BY service, name")
                    .map(ROW)
                    .list();
        }

        @Override
        public int count(String service) {
            return handle.createQuery("SELECT count(*) FROM instance WHERE service = :service")
                    .bind("service", service)
                    .mapTo(Integer.class)
                    .one();
        }

        @Override
        public int count() {
            return handle.createQuery("SELECT count(*) FROM instance")
                    .mapTo(Integer.class)
                    .one();
        }

        @Override
        public int deleteUnseenSince(long millis) {
            return handle.createUpdate("""
                            DELETE FROM instance WHERE last_seen < :millis
                              AND NOT EXISTS (SELECT 1 FROM assignment WHERE instance_id = instance.id)
                            """).bind("millis", millis).execute();
        }
    }

    private record TaskTable(Handle handle) implements TaskRows {
        private static final RowMapper<TaskRow> ROW = (row, ctx) -> new TaskRow(
                row.getString("id"),
                new TaskSpec(
                        row.getString("service"),
                        Texts.list(row.getString("instances")),
                        Duration.ofSeconds(row.getLong("duration_seconds")),
                        events(row.getString("events")),
                        Texts.map(row.getString("options")),
                        row.getString("options_text")),
                row.getLong("created"));

        private static Set<ProfilerEvent> events(String words) {
            return Arrays.stream(words.split(","))
                    .map(ProfilerEvent::ofWord)
                    .collect(Collectors.toCollection(() -> EnumSet.noneOf(ProfilerEvent.class)));
        }

        @Override
        public void insert(TaskRow task) {
            TaskSpec spec = task.spec();
            handle.createUpdate("""
                            INSERT INTO task (id, service, duration_seconds, events, options, options_text, instances, created)
                            VALUES (:id, :service, :duration, :events, :options, :optionsText, :instances, :created)
                            """)
                    .bind("id", task.id())
                    .bind("service", spec.service())
                    .bind("duration", spec.duration().toSeconds())
                    .bind(
                            "events",
                            spec.events().stream().map(ProfilerEvent::word).collect(Collectors.joining(",")))
                    .bind("options", Texts.of(spec.options()))
                    .bind("optionsText", spec.optionsText())
                    .bind("instances", Texts.of(spec.instances()))
                    .bind("created", task.createdMillis())
                    .execute();
        }

        @Override
        public Optional<TaskRow> byId(String id) {
            return handle.createQuery("SELECT * FROM task WHERE id = :id")
                    .bind("id", id)
                    .map(ROW)
                    .findOne();
        }

        @Override
        public List<TaskRow> newest(String service, int limit) {
            return handle.createQuery("""
                            SELECT * FROM task WHERE :service IS NULL OR service = :service
                            ORDER BY created DESC, id DESC LIMIT :limit
                            """)
                    .bind("service", service)
                    .bind("limit", limit)
                    .map(ROW)
                    .list();
        }

        @Override
        public List<String> createdBefore(long millis, int limit) {
            return handle.createQuery("SELECT id FROM task WHERE created < :millis ORDER BY created LIMIT :limit")
                    .bind("millis", millis)
                    .bind("limit", limit)
                    .mapTo(String.class)
                    .list();
        }

        @Override
        public void delete(String id) {
            handle.createUpdate("DELETE FROM task WHERE id = :id")
                    .bind("id", id)
                    .execute();
        }
    }

    private record Assignments(Handle handle) implements AssignmentRows {
        private static final RowMapper<Assignment> ROW = (row, ctx) -> new Assignment(
                row.getString("id"),
                row.getString("task_id"),
                row.getString("instance_id"),
                row.getString("instance_name"),
                AssignmentState.valueOf(row.getString("state")),
                row.getInt("version"),
                row.getLong("created"),
                row.getLong("window_end"),
                row.getLong("deadline"),
                row.getInt("blocking") == 1,
                row.getString("resume_state") == null ? null : AssignmentState.valueOf(row.getString("resume_state")),
                row.getString("life"),
                row.getString("reason"),
                row.getLong("state_since"),
                row.getLong("running_since"),
                row.getLong("declared_bytes"),
                row.getLong("recording_bytes"),
                row.getString("recording_sha256"),
                row.getLong("profile_bytes"),
                row.getString("engine"),
                row.getString("note"));

        @Override
        public boolean insert(Assignment assignment) {
            int inserted = bound(assignment, """
                            INSERT INTO assignment (id, task_id, instance_id, instance_name, state, version, created, window_end,
                              deadline, blocking, resume_state, life, reason, state_since, running_since, declared_bytes,
                              recording_bytes, recording_sha256, profile_bytes, engine, note)
                            VALUES (:id, :taskId, :instanceId, :instanceName, :state, :version, :created, :windowEnd,
                              :deadline, :blocking, :resumeState, :life, :reason, :stateSince, :runningSince, :declaredBytes,
                              :recordingBytes, :recordingSha256, :profileBytes, :engine, :note)
                            ON CONFLICT (instance_id) WHERE blocking = 1 DO NOTHING
                            """).execute();
            if (inserted == 1) {
                note(assignment);
            }
            return inserted == 1;
        }

        private Update bound(Assignment a, String sql) {
            return handle.createUpdate(sql)
                    .bind("id", a.id())
                    .bind("taskId", a.taskId())
                    .bind("instanceId", a.instanceId())
                    .bind("instanceName", a.instanceName())
                    .bind("state", a.state().name())
                    .bind("version", a.version())
                    .bind("created", a.createdMillis())
                    .bind("windowEnd", a.windowEndMillis())
                    .bind("deadline", a.deadlineMillis())
                    .bind("blocking", a.blocking() ? 1 : 0)
                    .bind(
                            "resumeState",
                            a.resumeState() == null ? null : a.resumeState().name())
                    .bind("life", a.life())
                    .bind("reason", a.reason())
                    .bind("stateSince", a.stateMillis())
                    .bind("runningSince", a.runningMillis())
                    .bind("declaredBytes", a.declaredBytes())
                    .bind("recordingBytes", a.recordingBytes())
                    .bind("recordingSha256", a.recordingSha256())
                    .bind("profileBytes", a.profileBytes())
                    .bind("engine", a.engine())
                    .bind("note", a.note());
        }

        private void note(Assignment assignment) {
            handle.createUpdate("""
                            INSERT INTO history (assignment_id, version, at, state, reason)
                            VALUES (:id, :version, :at, :state, :reason)
                            """)
                    .bind("id", assignment.id())
                    .bind("version", assignment.version())
                    .bind("at", assignment.stateMillis())
                    .bind("state", assignment.state().name())
                    .bind("reason", assignment.reason())
                    .execute();
        }

        @Override
        public Optional<Assignment> byId(String id) {
            return handle.createQuery("SELECT * FROM assignment WHERE id = :id")
                    .bind("id", id)
                    .map(ROW)
                    .findOne();
        }

        @Override
        public List<Assignment> ofTask(String taskId) {
            return ofTasks(List.of(taskId));
        }

        @Override
        public List<Assignment> ofTasks(Collection<String> taskIds) {
            return taskIds.isEmpty()
                    ? List.of()
                    : handle.createQuery("SELECT * FROM assignment WHERE task_id IN (<tasks>) ORDER BY created, id")
                            .bindList("tasks", List.copyOf(taskIds))
                            .map(ROW)
                            .list();
        }

        @Override
        public List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states) {
            return handle.createQuery("""
                            SELECT * FROM assignment WHERE instance_id = :instance AND state IN (<states>)
                            ORDER BY created, id
                            """)
                    .bind("instance", instanceId)
                    .bindList("states", names(states))
                    .map(ROW)
                    .list();
        }

        @Override
        public List<Assignment> inStates(Collection<AssignmentState> states) {
            return handle.createQuery("SELECT * FROM assignment WHERE state IN (<states>) ORDER BY created, id")
                    .bindList("states", names(states))
                    .map(ROW)
                    .list();
        }

        @Override
        public List<Assignment> overdue(Collection<AssignmentState> states, long nowMillis) {
            return handle.createQuery("""
                            SELECT * FROM assignment WHERE state IN (<states>) AND deadline <= :now
                            ORDER BY created, id
                            """)
                    .bindList("states", names(states))
                    .bind("now", nowMillis)
                    .map(ROW)
                    .list();
        }

        private static List<String> names(Collection<AssignmentState> states) {
            return states.stream().map(AssignmentState::name).toList();
        }

        @Override
        public void unblock(long nowMillis) {
            handle.createUpdate("""
                            UPDATE assignment SET blocking = 0, version = version + 1
                            WHERE blocking = 1 AND window_end <= :now
                            """).bind("now", nowMillis).execute();
        }

        @Override
        public long lastCreatedMillis(String instanceId) {
            return handle.createQuery("SELECT coalesce(max(created), 0) FROM assignment WHERE instance_id = :instance")
                    .bind("instance", instanceId)
                    .mapTo(Long.class)
                    .one();
        }

        @Override
        public boolean compareAndSet(Assignment next) {
            Optional<String> before = handle.createQuery(
                            "SELECT state FROM assignment WHERE id = :id AND version = :version - 1")
                    .bind("id", next.id())
                    .bind("version", next.version())
                    .mapTo(String.class)
                    .findOne();
            if (before.isEmpty()) {
                return false;
            }
            bound(next, """
                            UPDATE assignment SET state = :state, version = :version, created = :created, window_end = :windowEnd,
                              deadline = :deadline, blocking = :blocking, resume_state = :resumeState, life = :life,
                              reason = :reason, state_since = :stateSince, running_since = :runningSince,
                              declared_bytes = :declaredBytes, recording_bytes = :recordingBytes,
                              recording_sha256 = :recordingSha256, profile_bytes = :profileBytes, engine = :engine, note = :note
                            WHERE id = :id AND version = :version - 1
                            """).execute();
            if (!before.get().equals(next.state().name())) {
                note(next);
            }
            return true;
        }

        @Override
        public AssignmentTotals totals() {
            return handle.createQuery("""
                            SELECT (SELECT count(*) FROM task) AS tasks,
                              coalesce(sum(CASE WHEN state = 'STORED' THEN 1 ELSE 0 END), 0) AS unread,
                              coalesce(sum(recording_bytes), 0) AS recordings, coalesce(sum(profile_bytes), 0) AS profiles
                            FROM assignment
                            """)
                    .map((row, ctx) -> new AssignmentTotals(
                            row.getLong("tasks"),
                            row.getLong("unread"),
                            row.getLong("recordings"),
                            row.getLong("profiles")))
                    .one();
        }

        @Override
        public List<HistoryRow> history(String assignmentId) {
            return handle.createQuery(
                            "SELECT at, state, reason FROM history WHERE assignment_id = :id ORDER BY version")
                    .bind("id", assignmentId)
                    .map((row, ctx) -> new HistoryRow(
                            row.getLong("at"),
                            AssignmentState.valueOf(row.getString("state")),
                            row.getString("reason")))
                    .list();
        }
    }
}
