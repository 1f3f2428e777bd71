package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PostgresClockTest {
    private final Own own = new Own();
    private final PostgresClock clock = new PostgresClock(own);

    private static final class Own extends Clock {
        private long now = 1_000_000;

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(now);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /** The database answers after {@code trip} ms, in the middle of which it looks at its clock. */
    private void measure(long databaseAhead, long trip) {
        clock.measure(() -> {
            long there = own.now + trip / 2 + databaseAhead;
            own.now += trip;
            return there;
        });
    }

    @Test
    void tellsTheDatabasesTime() {
        measure(300_000, 10);

        assertThat(clock.millis()).isEqualTo(own.now + 300_000);
        assertThat(clock.instant()).isEqualTo(Instant.ofEpochMilli(own.now + 300_000));

        measure(-120_000, 10);
        assertThat(clock.millis()).isEqualTo(own.now - 120_000);
    }

    @Test
    void aSlowAnswerMovesNothingThatItDoesNotKnow() {
        measure(300_000, 2);
        long before = clock.millis() - own.now;

        measure(300_040, 100);
        assertThat(clock.millis() - own.now).isEqualTo(before);

        measure(400_000, 60_000);
        assertThat(clock.millis() - own.now).isEqualTo(before);
    }
}
