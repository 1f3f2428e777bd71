package io.davylamp.store.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;

/** Counts statements and what they cost. Thread-safe. */
final class StatementCounts implements SqlLogger {
    private final LongAdder statements = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder repeated = new LongAdder();

    @Override
    public void logAfterExecution(StatementContext context) {
        statements.increment();
        nanos.add(context.getElapsedTime(ChronoUnit.NANOS));
    }

    @Override
    public void logException(StatementContext context, SQLException e) {
        statements.increment();
        failed.increment();
    }

    void repeated() {
        repeated.increment();
    }

    StoreFigures figures(Dialect.Connections connections, ChangeFeed.Figures feed, Duration clockAhead) {
        return new StoreFigures(
                statements.sum(),
                Duration.ofNanos(nanos.sum()),
                failed.sum(),
                repeated.sum(),
                connections.all(),
                connections.used(),
                connections.waiting(),
                feed.listening(),
                feed.sent(),
                feed.received(),
                feed.dropped(),
                clockAhead);
    }
}
