package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.TestClock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClockGuardTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private ClockGuard guard;

    @BeforeEach
    void start() {
        guard = started(clock.millis());
    }

    private ClockGuard started(long witnessedMillis) {
        return new ClockGuard(clock, nanos::get, folder.resolve("mark"), witnessedMillis);
    }

    private boolean trustedAfter(Duration time) {
        clock.advance(time);
        nanos.addAndGet(time.toNanos());
        return guard.isTrusted();
    }

    @Test
    void timeThatPassesIsTrusted() {
        assertThat(started(0).isTrusted()).isTrue();
        assertThat(guard.isTrusted()).isTrue();
        assertThat(trustedAfter(Duration.ofMinutes(1))).isTrue();
        assertThat(trustedAfter(Duration.ofDays(3))).isTrue();
    }

    @Test
    void afterAJumpForwardNothingIsDeletedForADay() {
        clock.advance(Duration.ofDays(40));

        assertThat(guard.trouble()).isEmpty();
        assertThat(guard.isTrusted()).isFalse();
        assertThat(guard.trouble())
                .hasValueSatisfying(trouble -> assertThat(trouble)
                        .contains("a moment before it said", "nothing is deleted by its age for 24 hours"));
        assertThat(trustedAfter(Duration.ofHours(23))).isFalse();
        assertThat(trustedAfter(Duration.ofHours(1))).isTrue();
        assertThat(guard.trouble()).isEmpty();
        assertThat(folder.resolve("mark")).doesNotExist();
    }

    @Test
    void aJumpIsRememberedOverARestart() {
        clock.advance(Duration.ofDays(40));
        assertThat(guard.isTrusted()).isFalse();

        guard = started(clock.millis());

        assertThat(guard.isTrusted()).isFalse();
        assertThat(trustedAfter(Duration.ofDays(1))).isTrue();
    }

    @Test
    void aStartLongAfterTheLastSignOfLifeWaitsADay() {
        guard = started(clock.millis() - Duration.ofDays(40).toMillis());

        assertThat(guard.isTrusted()).isFalse();
        assertThat(trustedAfter(Duration.ofDays(1))).isTrue();
    }

    @Test
    void aClockThatIsSetBackOrALittleForwardIsTrusted() {
        clock.advance(Duration.ofDays(-40));
        assertThat(guard.isTrusted()).isTrue();
        clock.advance(Duration.ofMinutes(30));
        assertThat(guard.isTrusted()).isTrue();
    }
}
