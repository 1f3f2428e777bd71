package io.davylamp.server;

import io.davylamp.core.store.StoreException;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.StoreFigures;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/** Opens the database that the settings name, and shows its work as metrics. */
final class Databases {
    private Databases() {}

    /** @throws StartException if it cannot be used, in words */
    static JdbcStore open(ServerConfig config, DataFolder data) {
        if (config.database() == null) {
            return JdbcStore.sqlite(data.resolve("davylamp.db"));
        }
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
