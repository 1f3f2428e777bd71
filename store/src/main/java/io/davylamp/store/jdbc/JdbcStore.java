package io.davylamp.store.jdbc;

import io.davylamp.core.access.AuditRows;
import io.davylamp.core.access.LoginCodeRows;
import io.davylamp.core.access.QuotaUseRows;
import io.davylamp.core.access.SessionRows;
import io.davylamp.core.access.TokenRows;
import io.davylamp.core.access.UsedStateRows;
import io.davylamp.core.access.UserRows;
import io.davylamp.core.instance.InstanceRows;
import io.davylamp.core.recording.RecordingRows;
import io.davylamp.core.recording.UploadRows;
import io.davylamp.core.server.InstallationRows;
import io.davylamp.core.server.ServerRows;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.LeftoverRows;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.TaskRows;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.sqlite.SQLiteConfig;

/**
 * The store in a database: one SQL text for SQLite and PostgreSQL. What {@link #write} returns from is on disk; what goes through
 * {@link #writeSoon} survives a crash of the process, not one of the machine. Thread-safe.
 *
 * <p>Other servers write to the same PostgreSQL: a transaction that another one got in the way of is repeated, so its work may run
 * several times and must do nothing outside of the transaction.
 */
public final class JdbcStore implements Store {
    /** Attempts of one transaction. With the pauses between them they take a few seconds at the most. */
    private static final int ATTEMPTS = 15;
    /** From this attempt on, transactions of this process that are repeated follow each other. */
    private static final int PATIENT = 4;

    private static final int MAX_PAUSE_MILLIS = 250;

    private final Dialect dialect;
    private final ReentrantLock repeating = new ReentrantLock(true);
    private final StatementCounts counts = new StatementCounts();
    private volatile String trouble;
    /** Null while nothing is shared. */
    private volatile ChangeFeed feed;

    private JdbcStore(Dialect dialect) {
        this.dialect = dialect;
        dialect.jdbis().forEach(jdbi -> jdbi.setSqlLogger(counts));
    }

    /** Opens the database in {@code file}, creating it or bringing it to the current form. */
    public static JdbcStore sqlite(Path file) {
        return sqlite(file, new SQLiteConfig());
    }

    /** Whether the database in {@code file} has the form of this version; it is not changed. */
    public static boolean isCurrent(Path file) {
        return SqliteDialect.isCurrent(file);
    }

    /** Opens a store with additional pragmas, for tests. */
    static JdbcStore sqlite(Path file, SQLiteConfig config) {
        return new JdbcStore(SqliteDialect.open(file, config));
    }

    /**
     * Opens a database of a PostgreSQL server, bringing it to the current form.
     *
     * @throws StoreException if it cannot be used; the message says what was tried and what is missing
     */
    public static JdbcStore postgres(PostgresAccess access) {
        return new JdbcStore(PostgresDialect.open(access));
    }

    /** The schema of the database as it was when it was opened. */
    public SchemaVersion schema() {
        return dialect.schema();
    }

    @Override
    public Clock clock() {
        return dialect.clock();
    }

    @Override
    public <T> T write(Function<Tx, T> work) {
        return written(() -> dialect.write(handle -> work.apply(new HandleTx(handle))));
    }

    @Override
    public <T> T writeSoon(Function<Tx, T> work) {
        return written(() -> dialect.writeSoon(handle -> work.apply(new HandleTx(handle))));
    }

    private <T> T written(Supplier<T> transaction) {
        for (int attempt = 1; ; attempt++) {
            boolean patient = attempt >= PATIENT;
            if (patient) {
                repeating.lock();
            }
            try {
                T result = transaction.get();
                trouble = null;
                return result;
            } catch (RuntimeException e) {
                Dialect.Fault fault = e instanceof StoreException known ? new Dialect.Outside(known) : dialect.fault(e);
                if (fault instanceof Dialect.Own) {
                    throw e;
                }
                if (fault instanceof Dialect.Outside outside) {
                    throw known(outside.reason());
                }
                if (fault instanceof Dialect.Again again && attempt == ATTEMPTS) {
                    throw known(again.whenAlways());
                }
                counts.repeated();
            } finally {
                if (patient) {
                    repeating.unlock();
                }
            }
            pause(attempt);
        }
    }

    private StoreException known(StoreException e) {
        trouble = e.getMessage();
        return e;
    }

    /** Waits for a random while, longer from attempt to attempt, so that those who met do not meet again. */
    private static void pause(int attempt) {
        long millis = Math.min(MAX_PAUSE_MILLIS, 4L << Math.min(attempt, 10));
        LockSupport.parkNanos(
                ThreadLocalRandom.current().nextLong(Duration.ofMillis(millis).toNanos()));
    }

    @Override
    public <T> T writeToFree(Function<Tx, T> work) {
        try {
            return write(work);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.FULL || !dialect.release()) {
                throw e;
            }
            return write(work);
        }
    }

    /** Runs something on a writer's connection, for tests. */
    void execute(String sql) {
        dialect.jdbis().get(0).useHandle(handle -> handle.execute(sql));
    }

    /** Tells every statement that runs, as the database gets it, for tests. */
    void observe(Consumer<String> statements) {
        dialect.jdbis()
                .forEach(jdbi -> jdbi.setSqlLogger(new SqlLogger() {
                    @Override
                    public void logBeforeExecution(StatementContext context) {
                        statements.accept(context.getParsedSql().getSql());
                    }
                }));
    }

    @Override
    public void holdBack() {
        dialect.holdBack();
    }

    @Override
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @Override
    public <T> T read(Function<Tx, T> work) {
        try {
            return dialect.read(handle -> work.apply(new HandleTx(handle)));
        } catch (StoreException e) {
            throw e;
        } catch (RuntimeException e) {
            Dialect.Fault fault = dialect.fault(e);
            if (fault instanceof Dialect.Outside outside) {
                throw outside.reason();
            }
            throw fault instanceof Dialect.Again again ? again.whenAlways() : e;
        }
    }

    /**
     * From now on other servers of the database are told what changes here, and {@code changes} what changes there, until the store
     * is closed. It may be lost, so those who listen also look now and then. Nothing happens in a database of one server.
     */
    public void share(Changes changes) {
        feed = dialect.share(changes).orElse(null);
    }

    /** Counts of statements and connections, from the start of the process on. */
    public StoreFigures figures() {
        Dialect.Connections now = dialect.connections();
        ChangeFeed shared = feed;
        return counts.figures(
                now,
                shared == null ? ChangeFeed.Figures.NONE : shared.figures(),
                Duration.ofMillis(dialect.clock().millis() - Clock.systemUTC().millis()));
    }

    @Override
    public boolean isShared() {
        return dialect.isShared();
    }

    @Override
    public void close() {
        ChangeFeed shared = feed;
        if (shared != null) {
            shared.close();
        }
        dialect.close();
    }

    /** Whether a copy into this database began and did not end; its rows are of no use then. */
    public boolean isBeingCopied() {
        return read(tx -> handle(tx)
                        .createQuery("SELECT count(*) FROM copying")
                        .mapTo(Integer.class)
                        .one()
                > 0);
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
        public UploadRows uploads() {
            return new UploadTable(handle);
        }

        @Override
        public ServerRows servers() {
            return new ServerTable(handle);
        }

        @Override
        public InstallationRows installation() {
            return new InstallationTable(handle);
        }

        @Override
        public UserRows users() {
            return new UserTable(handle);
        }

        @Override
        public SessionRows sessions() {
            return new SessionTable(handle);
        }

        @Override
        public TokenRows tokens() {
            return new TokenTable(handle);
        }

        @Override
        public AuditRows audit() {
            return new AuditTable(handle);
        }

        @Override
        public UsedStateRows usedStates() {
            return new UsedStateTable(handle);
        }

        @Override
        public LoginCodeRows loginCodes() {
            return new LoginCodeTable(handle);
        }

        @Override
        public QuotaUseRows quotaUses() {
            return new QuotaUseTable(handle);
        }
    }
}
