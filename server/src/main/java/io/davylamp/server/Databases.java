package io.davylamp.server;

import io.davylamp.core.store.StoreException;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.StoreFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the database that the settings name, and shows its work as metrics. */
final class Databases {
    private static final Logger log = LoggerFactory.getLogger(Databases.class);

    private Databases() {}

    /**
     * The lock of the data folder is the caller's affair: other programs may use the database beside a server.
     *
     * @throws StartException if it cannot be used, in words
     */
    static JdbcStore open(ServerConfig config) {
        JdbcStore store = config.database() == null ? sqlite(config.dataFolder()) : postgres(config);
        if (store.isBeingCopied()) {
            store.close();
            throw new StartException((config.database() == null ? config.dataFolder() : config.database())
                    + " was the target of a davy copy that has not ended: run the same command again, it goes on"
                    + " where it stopped");
        }
        if (store.schema().isNewer()) {
            log.warn(
                    "a newer version of Davylamp has changed the database: {}; this server can work with it",
                    store.schema());
        }
        return store;
    }

    private static JdbcStore sqlite(Path dataFolder) {
        try {
            return JdbcStore.sqlite(dataFolder.resolve("davylamp.db"));
        } catch (StoreException e) {
            throw new StartException(dataFolder + ": " + e.getMessage());
        }
    }

    private static JdbcStore postgres(ServerConfig config) {
        try {
            return JdbcStore.postgres(config.database());
        } catch (StoreException e) {
            throw new StartException(e.getMessage() + "; the settings are data.database and those that begin with it");
        }
    }

    static void measure(JdbcStore store, MeterRegistry metrics) {
        FunctionTimer.builder(
                        "davylamp.store.statements",
                        store,
                        each -> each.figures().statements(),
                        each -> each.figures().inStatements().toNanos(),
                        TimeUnit.NANOSECONDS)
                .description("statements to the database, and the time that threads spent in them")
                .register(metrics);
        counter(metrics, store, "statements.failed", "statements that the database refused", f -> f.failedStatements());
        counter(
                metrics,
                store,
                "transactions.repeated",
                "transactions that ran again because another one was in the way",
                f -> f.repeated());
        gauge(metrics, store, "connections", "connections to the database", f -> f.connections());
        gauge(metrics, store, "connections.used", "connections in use", f -> f.used());
        gauge(metrics, store, "connections.waiting", "threads that wait for a connection", f -> f.waiting());
        gauge(
                metrics,
                store,
                "listening",
                "1 if changes of other servers are heard of at once",
                f -> f.listening() ? 1 : 0);
        counter(metrics, store, "notices.sent", "notices of changes to other servers", f -> f.noticesSent());
        counter(metrics, store, "changes.heard", "changes that other servers told", f -> f.changesHeard());
        counter(
                metrics,
                store,
                "changes.dropped",
                "changes that other servers were not told of, because too many waited",
                f -> f.changesDropped());
    }

    private static void counter(
            MeterRegistry metrics,
            JdbcStore store,
            String name,
            String meaning,
            ToDoubleFunction<StoreFigures> figure) {
        FunctionCounter.builder("davylamp.store." + name, store, each -> figure.applyAsDouble(each.figures()))
                .description(meaning)
                .register(metrics);
    }

    private static void gauge(
            MeterRegistry metrics,
            JdbcStore store,
            String name,
            String meaning,
            ToDoubleFunction<StoreFigures> figure) {
        Gauge.builder("davylamp.store." + name, store, each -> figure.applyAsDouble(each.figures()))
                .description(meaning)
                .register(metrics);
    }
}
