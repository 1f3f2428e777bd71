package io.davylamp.store.jdbc;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.store.StoreException.Kind;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * PostgreSQL: writers are SERIALIZABLE and are repeated by the store, readers see one snapshot. Nothing waits for ever: connecting,
 * statements, locks and answers have limits. Thread-safe.
 */
final class PostgresDialect implements Dialect {
    private static final Logger log = LoggerFactory.getLogger(PostgresDialect.class);
    static final Schema SCHEMA = new Schema("postgresql", "TEXT COLLATE \"C\"");
    private static final int OLDEST_VERSION = 13;
    private static final Duration CLOCK_EVERY = Duration.ofSeconds(15);
    private static final Duration RENEWED_AT_MOST_EVERY = Duration.ofSeconds(1);
    static final String NOW = "SELECT CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    private final PostgresAccess access;
    private final HikariDataSource writerPool;
    private final HikariDataSource readerPool;
    private final Jdbi writer;
    private final Jdbi reader;
    private final PostgresClock clock = new PostgresClock(Clock.systemUTC());
    private final ScheduledExecutorService ticking;

    private final SchemaVersion schema;
    private final AtomicLong renewed = new AtomicLong(System.nanoTime() - RENEWED_AT_MOST_EVERY.toNanos());

    private PostgresDialect(PostgresAccess access, SchemaVersion schema) {
        this.access = access;
        this.schema = schema;
        int writers = access.connections() / 2;
        writerPool = pool(access, writers, "writer");
        readerPool = pool(access, access.connections() - writers, "reader");
        writer = jdbi(writerPool);
        reader = jdbi(readerPool);
        measureClock();
        ticking = Executors.newSingleThreadScheduledExecutor(work -> {
            Thread thread = new Thread(work, "database-clock");
            thread.setDaemon(true);
            return thread;
        });
        ticking.scheduleWithFixedDelay(
                this::measureClock, CLOCK_EVERY.toMillis(), CLOCK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Jdbi jdbi(HikariDataSource pool) {
        return Jdbi.create(pool).registerArgument(new PostgresText());
    }

    /** @throws StoreException saying what was tried and what is missing */
    static PostgresDialect open(PostgresAccess access) {
        requireUsable(access);
        PGSimpleDataSource migrating = source(access);
        // Migrations may take their time, and another server that migrates is waited for.
        migrating.setSocketTimeout(0);
        SchemaVersion schema;
        try {
            schema = SCHEMA.migrate(migrating);
        } catch (StoreException e) {
            throw new StoreException(e.kind(), access + ": " + e.getMessage(), e);
        } catch (FlywayException e) {
            throw new StoreException(Kind.BROKEN, access + ": the schema cannot be made: " + firstLine(e), e);
        }
        return new PostgresDialect(access, schema);
    }

    static PGSimpleDataSource source(PostgresAccess access) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setURL(access.url());
        } catch (IllegalArgumentException e) {
            throw new StoreException(
                    Kind.AWAY, "\"" + access.url() + "\" is no address: jdbc:postgresql://host:port/database is", e);
        }
        if (source.getPassword() != null) {
            throw new StoreException(Kind.AWAY, "the database's address must hold no password", null);
        }
        source.setUser(access.user());
        if (!access.password().isEmpty()) {
            source.setPassword(access.password());
        }
        if (!access.tls().isEmpty() && !access.url().contains("sslmode=")) {
            source.setSslMode(access.tls());
        }
        source.setConnectTimeout(seconds(access.connectWithin()));
        source.setSocketTimeout(giveUpSeconds(access));
        source.setTcpKeepAlive(true);
        source.setApplicationName("davylamp");
        if (source.getServerNames().length > 1 && !access.url().contains("targetServerType")) {
            source.setTargetServerType("primary");
        }
        return source;
    }

    /** The socket gives up after the statement's own limit, which the database may have no way left to tell. */
    private static int giveUpSeconds(PostgresAccess access) {
        return seconds(access.answerWithin().multipliedBy(3).dividedBy(2).plusMillis(999));
    }

    private static int seconds(Duration duration) {
        return Math.max(1, (int) duration.toSeconds());
    }

    private static HikariDataSource pool(PostgresAccess access, int connections, String name) {
        boolean reads = name.equals("reader");
        HikariConfig pool = new HikariConfig();
        pool.setDataSource(source(access));
        pool.setMaximumPoolSize(connections);
        pool.setPoolName("postgres-" + name);
        pool.setConnectionTimeout(access.connectWithin().toMillis());
        pool.setValidationTimeout(Math.max(250, access.connectWithin().toMillis() / 2));
        pool.setInitializationFailTimeout(-1);
        pool.setReadOnly(reads);
        long limit = access.answerWithin().toMillis();
        pool.setConnectionInitSql("SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL "
                + (reads ? "REPEATABLE READ" : "SERIALIZABLE")
                + "; SET statement_timeout = " + limit
                + "; SET lock_timeout = " + limit
                // A server that hangs in a transaction holds nothing for long.
                + "; SET idle_in_transaction_session_timeout = " + 3 * limit);
        return new HikariDataSource(pool);
    }

    /** Tries what the server needs before anything else is started. */
    private static void requireUsable(PostgresAccess access) {
        try (Connection connection = source(access).getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT current_setting('server_version_num')::int / 10000, current_setting('transaction_read_only'),
                          coalesce(current_schema(), ''), coalesce(has_schema_privilege(current_schema(), 'CREATE'), false),
                          current_setting('server_encoding')
                        """)) {
            row.next();
            if (row.getInt(1) < OLDEST_VERSION) {
                throw new StoreException(
                        Kind.BROKEN,
                        access + ": it is PostgreSQL " + row.getInt(1) + "; " + OLDEST_VERSION + " or newer is needed",
                        null);
            }
            if (row.getString(2).equals("on")) {
                throw new StoreException(
                        Kind.READ_ONLY,
                        access + ": it takes no changes, as a standby does: name the primary, or all hosts",
                        null);
            }
            if (row.getString(3).isEmpty() || !row.getBoolean(4)) {
                throw new StoreException(
                        Kind.READ_ONLY,
                        access + ": the role may not create tables: ALTER DATABASE … OWNER TO " + access.user()
                                + ", or GRANT CREATE ON SCHEMA public TO " + access.user(),
                        null);
            }
            if (!row.getString(5).equals("UTF8")) {
                throw new StoreException(
                        Kind.BROKEN,
                        access + ": its encoding is " + row.getString(5) + "; make one with ENCODING 'UTF8'",
                        null);
            }
        } catch (SQLException e) {
            throw new StoreException(Kind.AWAY, access + ": " + whyNot(access, e), e);
        }
    }

    private static String whyNot(PostgresAccess access, SQLException e) {
        String state = String.valueOf(e.getSQLState());
        String words = firstLine(e);
        return switch (state) {
            case "28P01" -> "the password is wrong, or there is no such role (" + words + ")";
            case "28000" -> "the server refuses this role from this machine; see its pg_hba.conf (" + words + ")";
            case "3D000" ->
                "there is no such database; make it: CREATE DATABASE … OWNER " + access.user() + " (" + words + ")";
            default ->
                "no answer within " + seconds(access.connectWithin()) + " s to connect and " + giveUpSeconds(access)
                        + " s to answer, or none at all (" + words + ")";
        };
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).strip().lines().findFirst().orElse("");
    }

    private void measureClock() {
        try {
            reader.useHandle(handle -> clock.measure(
                    () -> handle.createQuery(NOW).mapTo(Long.class).one()));
        } catch (RuntimeException e) {
            log.debug("the database's time cannot be asked for now", e);
        }
    }

    @Override
    public <T> T write(Function<Handle, T> work) {
        return writer.inTransaction(work::apply);
    }

    @Override
    public <T> T writeSoon(Function<Handle, T> work) {
        return writer.inTransaction(handle -> {
            handle.execute("SET LOCAL synchronous_commit = off");
            return work.apply(handle);
        });
    }

    @Override
    public <T> T read(Function<Handle, T> work) {
        return reader.inTransaction(work::apply);
    }

    @Override
    public Fault fault(RuntimeException e) {
        SQLException sql = null;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            // The innermost says why: a pool's exception holds that of the last attempt to connect.
            if (cause instanceof SQLException found) {
                sql = found;
            }
        }
        if (sql == null) {
            return new Own();
        }
        String state = String.valueOf(sql.getSQLState());
        String words = firstLine(sql);
        if (sql instanceof SQLTransientConnectionException) {
            return new Outside(new StoreException(Kind.BUSY, e));
        }
        switch (state) {
            case "40001", "40P01" -> {
                return new Again(new StoreException(Kind.BUSY, e));
            }
            case "25006" -> {
                // After a failover the name may lead to the new primary, but open connections lead to the old one.
                writerPool.getHikariPoolMXBean().softEvictConnections();
                return outside(
                        Kind.READ_ONLY, "the database takes no changes: it is a standby, or read-only", words, e);
            }
            case "53100" -> {
                return outside(
                        Kind.FULL,
                        "the database's disk is full: delete tasks or opened files, or make room on it",
                        words,
                        e);
            }
            case "53000", "53200", "53300", "55P03", "57014" -> {
                return outside(Kind.BUSY, "the database has no time for this now; try again in a moment", words, e);
            }
            case "57P01", "57P02", "57P03", "57P05", "25P03" -> {
                renewConnections();
                return outside(Kind.AWAY, "the database stops or starts; try again in a moment", words, e);
            }
            case "3D000", "28P01", "28000" -> {
                return outside(Kind.AWAY, "the database lets this server in no more", words, e);
            }
            default -> {
                return switch (state.substring(0, Math.min(2, state.length()))) {
                    case "08" -> {
                        renewConnections();
                        yield outside(Kind.AWAY, "the database cannot be reached; try again in a moment", words, e);
                    }
                    case "58", "XX" -> outside(Kind.BROKEN, "the database fails; its log says more", words, e);
                    default -> new Own();
                };
            }
        }
    }

    /**
     * What cut one connection cut most likely all. Those that wait in the pools would each be found dead by whoever is given it,
     * sometimes only after a time-out.
     */
    private void renewConnections() {
        long now = System.nanoTime();
        long last = renewed.get();
        if (now - last > RENEWED_AT_MOST_EVERY.toNanos() && renewed.compareAndSet(last, now)) {
            writerPool.getHikariPoolMXBean().softEvictConnections();
            readerPool.getHikariPoolMXBean().softEvictConnections();
        }
    }

    private static Fault outside(Kind kind, String what, String words, RuntimeException e) {
        return new Outside(new StoreException(kind, what + " (" + words + ")", e));
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public SchemaVersion schema() {
        return schema;
    }

    @Override
    public Clock clock() {
        return clock;
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
    public Optional<ChangeFeed> share(Changes changes) {
        return Optional.of(new ChangeFeed(access, writer, changes));
    }

    @Override
    public void close() {
        ticking.shutdownNow();
        readerPool.close();
        writerPool.close();
    }
}
