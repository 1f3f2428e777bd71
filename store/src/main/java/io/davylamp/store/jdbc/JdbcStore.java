package io.davylamp.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.recording.RecordingRows;
import io.davylamp.core.server.ServerRows;
import io.davylamp.core.store.LeftoverRows;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.TaskRows;
import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.output.MigrateResult;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
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
    private static final String MIGRATIONS = "classpath:io/davylamp/store/jdbc/migrations/";
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

    /** Whether the database in {@code file} has the form of this version; it is not changed. */
    public static boolean isCurrent(Path file) {
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:" + file);
        MigrationInfoService info = flyway(sqlite).info();
        return info.pending().length == 0
                && Arrays.stream(info.all()).noneMatch(each -> each.getState().isFailed());
    }

    /** Opens a store with additional pragmas, for tests. */
    static JdbcStore sqlite(Path file, SQLiteConfig config) {
        HikariDataSource writerPool = pool(file, 1, "writer", config);
        try {
            MigrateResult result = flyway(writerPool).migrate();
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

    private static Flyway flyway(DataSource database) {
        return Flyway.configure(JdbcStore.class.getClassLoader())
                .dataSource(database)
                .locations(MIGRATIONS + "sqlite", MIGRATIONS + "both")
                .placeholders(Map.of("text", "TEXT"))
                // Numbers are given to parts of the work that are finished in any order.
                .outOfOrder(true)
                .sqlMigrationPrefix("V")
                .load();
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

    /** Returns the fault of the database; null when the statement itself was at fault. */
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

    /** Runs something on the writer's connection, for tests. */
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

    /** The connection of a transaction of this class. */
    static Handle handle(Tx tx) {
        return ((HandleTx) tx).handle();
    }

    private record HandleTx(Handle handle) implements Tx {
        @Override
        public InstanceRows instances() {
            return new InstanceTable(handle);
        }

        @Override
        public TaskRows tasks() {
            return new TaskTable(handle);
        }

        @Override
        public AssignmentRows assignments() {
            return new AssignmentTable(handle);
        }

        @Override
        public RecordingRows recordings() {
            return new RecordingTable(handle);
        }

        @Override
        public LeftoverRows leftovers() {
            return new LeftoverTable(handle);
        }

        @Override
        public ServerRows servers() {
            return new ServerTable(handle);
        }
    }
}
