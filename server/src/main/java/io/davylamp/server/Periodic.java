package io.davylamp.server;

import io.davylamp.core.Seldom;
import io.davylamp.core.store.StoreException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what is to be done now and then. A job that fails, however it fails, is done again at its next time; one that takes long
 * or hangs holds up no other, as long as fewer hang than there are threads. A job never runs twice at once. Thread-safe.
 */
final class Periodic implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Periodic.class);

    private final ScheduledExecutorService threads;
    private final Seldom seldom = new Seldom();

    private final MeterRegistry metrics;

    Periodic(int threads, MeterRegistry metrics) {
        this.metrics = metrics;
        this.threads = Executors.newScheduledThreadPool(threads, work -> {
            Thread thread = new Thread(work, "scheduler");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** From now on does {@code work}, with this time between its end and its next beginning. */
    void repeat(String job, Duration every, Runnable work) {
        Timer took = Timer.builder("davylamp.jobs")
                .tag("name", job)
                .description("periodic jobs, how often and how long")
                .register(metrics);
        Counter failed = Counter.builder("davylamp.jobs.failed")
                .tag("name", job)
                .description("periodic jobs that failed; each is done again at its next time")
                .register(metrics);
        threads.scheduleWithFixedDelay(
                () -> {
                    try {
                        took.record(work);
                    } catch (Throwable e) { // one that got out would end the job for ever, without a word
                        failed.increment();
                        failed(job, every, e);
                    }
                },
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void failed(String job, Duration every, Throwable e) {
        try {
            if (e instanceof StoreException known) {
                seldom.log(known.kind().name(), more -> log.warn("job {} failed: {}{}", job, e.getMessage(), more));
            } else {
                seldom.log(job, more -> log.error("job {} failed; it is done again in {}{}", job, every, more, e));
            }
        } catch (Throwable unsaid) {
            // There may be no memory to say it.
        }
    }

    /** Ends all jobs. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
