package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Workers workers = new Workers(2, nanos::get, metrics);
    private final CountDownLatch end = new CountDownLatch(1);

    @AfterEach
    void close() {
        end.countDown();
        workers.close();
    }

    private void hang(int tasks) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(2);
        for (int i = 0; i < tasks; i++) {
            workers.tasks().execute(() -> {
                begun.countDown();
                try {
                    end.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        begun.await();
    }

    @Test
    void aQueueThatMovesTakesRequests() throws ExecutionException, InterruptedException {
        workers.probe();
        workers.tasks().submit(() -> {}).get();
        nanos.addAndGet(Duration.ofHours(1).toNanos());

        assertThat(workers.refuses()).isFalse();
        assertThat(workers.finding().well()).isTrue();
    }

    @Test
    void aQueueThatStandsTurnsRequestsAwayUntilItMovesAgain() throws ExecutionException, InterruptedException {
        hang(5);
        workers.probe();
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        assertThat(workers.finding().well()).isFalse();
        assertThat(workers.finding().detail()).startsWith("requests wait 3000 ms for one of 2 threads; 4 waiting");
        assertThat(workers.refuses()).isFalse();

        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        workers.probe();
        assertThat(workers.refuses()).isTrue();
        assertThat(metrics.get("davylamp.workers.refused").counter().count()).isOne();

        end.countDown();
        workers.tasks().submit(() -> {}).get();
        workers.tasks().submit(() -> {}).get();
        workers.probe();
        workers.tasks().submit(() -> {}).get();
        workers.tasks().submit(() -> {}).get();
        assertThat(workers.refuses()).isFalse();
        assertThat(workers.finding().well()).isTrue();
    }
}
