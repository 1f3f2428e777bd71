package io.davylamp.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.store.StoreException.Kind;
import java.nio.file.Path;
import java.sql.SQLTransientConnectionException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite: write-ahead log, one writer connection, a few readers, and a file that holds room for a full disk. Thread-safe. */
final class SqliteDialect implements Dialect {
    static final Schema SCHEMA = new Schema("sqlite", "TEXT");
    private static final int READERS = 4;
    private static final Duration BUSY = Duration.ofSeconds(10);

    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;
    private final Jdbi reader;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Reserve reserve;
    private final SchemaVersion schema;

    private SqliteDialect(
            HikariDataSource writerPool, HikariDataSource readerPool, Reserve reserve, SchemaVersion schema) {
        this.schema = schema;
        this.reserve = reserve;
        this.writerPool = writerPool;
        this.readerPool = readerPool;
        this.writer = Jdbi.create(writerPool);
        this.reader = Jdbi.create(readerPool);
    }

    static SqliteDialect open(Path file, SQLiteConfig config) {
        // A writer waits for other handles at its beginning, where nothing needs to be repeated.
        HikariDataSource writerPool = pool(file, 1, "writer", config, TransactionMode.IMMEDIATE);
        try {
            SchemaVersion schema = SCHEMA.migrate(writerPool);
            Reserve reserve = new Reserve(file.toAbsolutePath().resolveSibling("reserve"));
            reserve.hold();
            return new SqliteDialect(
                    writerPool,
                    pool(file, READERS, "reader", new SQLiteConfig(), TransactionMode.DEFERRED),
                    reserve,
                    schema);
        } catch (RuntimeException e) {
            writerPool.close();
            throw e;
        }
    }

    static boolean isCurrent(Path file) {
        SQLiteDataSource sqlite = new SQLiteDataSource();
        sqlite.setUrl("jdbc:sqlite:" + file);
        return SCHEMA.isCurrent(sqlite);
    }

    private static HikariDataSource pool(
            Path file, int connections, String name, SQLiteConfig config, TransactionMode mode) {
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        if (config.getBusyTimeout() == new SQLiteConfig().getBusyTimeout()) {
            config.setBusyTimeout((int) BUSY.toMillis());
        }
        config.enforceForeignKeys(true);
        config.setTransactionMode(mode);
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
    public <T> T write(Function<Handle, T> work) {
        writing.lock();
        try {
            return writer.inTransaction(work::apply);
        } finally {
            writing.unlock();
        }
    }

    @Override
    public <T> T writeSoon(Function<Handle, T> work) {
        writing.lock();
        try {
            return writer.withHandle(handle -> {
                handle.execute("PRAGMA synchronous=NORMAL");
                try {
                    return handle.inTransaction(work::apply);
                } finally {
                    handle.execute("PRAGMA synchronous=FULL");
                }
            });
        } finally {
            writing.unlock();
        }
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return reader.inTransaction(work::apply);
    }

    @Override
    public Fault fault(RuntimeException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return new Outside(new StoreException(Kind.BUSY, e));
            }
            if (cause instanceof SQLiteException sqlite) {
                Kind kind = kind(sqlite.getResultCode());
                return kind == null ? new Own() : new Outside(new StoreException(kind, e));
            }
        }
        return new Own();
    }

    /** The low byte of SQLite's codes says what, the rest which of it. */
    private static Kind kind(SQLiteErrorCode code) {
        int primary = code.code & 0xff;
        if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
            return Kind.FULL;
        }
        if (primary == SQLiteErrorCode.SQLITE_READONLY.code || primary == SQLiteErrorCode.SQLITE_PERM.code) {
            return Kind.READ_ONLY;
        }
        if (primary == SQLiteErrorCode.SQLITE_BUSY.code || primary == SQLiteErrorCode.SQLITE_LOCKED.code) {
            return Kind.BUSY;
        }
        return primary == SQLiteErrorCode.SQLITE_IOERR.code
                        || primary == SQLiteErrorCode.SQLITE_CANTOPEN.code
                        || primary == SQLiteErrorCode.SQLITE_CORRUPT.code
                        || primary == SQLiteErrorCode.SQLITE_NOTADB.code
                ? Kind.BROKEN
                : null;
    }

    @Override
    public SchemaVersion schema() {
        return schema;
    }

    @Override
    public Clock clock() {
        return Clock.systemUTC();
    }

    @Override
    public boolean release() {
        return reserve.release();
    }

    @Override
    public void holdBack() {
        reserve.hold();
    }

    @Override
    public List<Jdbi> jdbis() {
        return List.of(writer, reader);
    }

    @Override
    public Connections connections() {
        return Pools.connections(writerPool, readerPool);
    }

    @Override
    public void close() {
        readerPool.close();
        writerPool.close();
    }
}
