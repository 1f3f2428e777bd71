package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeriodicTest {
    private static final Duration OFTEN = Duration.ofMillis(1);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Periodic periodic = new Periodic(2, metrics);

    @AfterEach
    void close() {
        periodic.close();
    }

    @Test
    void aJobThatEndsWithAnErrorIsDoneAgain() throws InterruptedException {
        CountDownLatch times = new CountDownLatch(3);

        periodic.repeat("broken", OFTEN, () -> {
            times.countDown();
            throw new NoClassDefFoundError("gone");
        });

        assertThat(times.await(2, TimeUnit.MINUTES)).isTrue();
        assertThat(metrics.get("davylamp.jobs.failed")
                        .tag("name", "broken")
                        .counter()
                        .count())
                .isGreaterThanOrEqualTo(2);
    }

    @Test
    void aJobThatHangsHoldsUpNoOther() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch times = new CountDownLatch(3);
        periodic.repeat("hanging", OFTEN, () -> {
            hangs.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(hangs.await(2, TimeUnit.MINUTES)).isTrue();

        periodic.repeat("other", OFTEN, times::countDown);

        assertThat(times.await(2, TimeUnit.MINUTES)).isTrue();
    }
}
