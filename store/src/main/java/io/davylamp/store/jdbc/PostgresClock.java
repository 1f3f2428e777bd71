package io.davylamp.store.jdbc;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The clock of the database, told by this machine's clock and the measured difference: so all servers of one database agree about
 * deadlines and leases, whatever their own clocks say. Thread-safe.
 */
final class PostgresClock extends Clock {
    private static final Logger log = LoggerFactory.getLogger(PostgresClock.class);
    /** A difference above this one is worth a line in the log. */
    private static final Duration WORTH_TELLING = Duration.ofSeconds(2);
    /** An answer that took longer says too little. */
    private static final long MAX_TRIP_MILLIS = 2_000;

    private final Clock own;
    private volatile long aheadMillis;
    private boolean told;

    PostgresClock(Clock own) {
        this.own = own;
    }

    /** @param database asks the database for its time, in ms since the epoch */
    synchronized void measure(LongSupplier database) {
        long before = own.millis();
        long there = database.getAsLong();
        long trip = Math.max(0, own.millis() - before);
        if (trip > MAX_TRIP_MILLIS) {
            return;
        }
        long measured = there - (before + trip / 2);
        // What may be the way of the question and the answer moves no clock.
        if (Math.abs(measured - aheadMillis) > trip / 2 + 1) {
            aheadMillis = measured;
        }
        boolean far = Math.abs(aheadMillis) > WORTH_TELLING.toMillis();
        if (far != told) {
            told = far;
            if (far) {
                log.warn(
                        "this machine's clock is {} ms {} the database's, which counts: set it right",
                        Math.abs(aheadMillis),
                        aheadMillis > 0 ? "behind" : "ahead of");
            } else {
                log.info("this machine's clock agrees with the database's again");
            }
        }
    }

    @Override
    public long millis() {
        return own.millis() + aheadMillis;
    }

    @Override
    public Instant instant() {
        return own.instant().plusMillis(aheadMillis);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("it is always UTC");
    }
}
