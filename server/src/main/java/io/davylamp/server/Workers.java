package io.davylamp.server;

import com.linecorp.armeria.common.util.BlockingTaskExecutor;
import io.davylamp.server.Conditions.Finding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * The threads that may wait for disk or database, of both ports together, and the queue before them. While the queue is slow, new
 * requests are turned away at once: a database that hangs then costs a bounded number of threads and requests, and who asks
 * learns it in a moment. Thread-safe.
 */
final class Workers implements AutoCloseable {
    /** The library's own pool makes a thread per task until it has 200, and then keeps them. */
    static final int THREADS = 32;
    /** From this wait on it is a trouble. */
    private static final Duration SLOW = Duration.ofSeconds(2);
    /** From this wait on, new requests are refused. */
    private static final Duration TOO_SLOW = Duration.ofSeconds(5);
    /** Each agent has at most a few messages on their way; more than this is a flood. */
    private static final int MOST_WAITING = 20_000;

    private static final Duration IDLE = Duration.ofMinutes(1);

    private final ScheduledThreadPoolExecutor pool;
    private final BlockingTaskExecutor tasks;
    private final LongSupplier nanos;
    private final Counter refused;
    /** Whether a probe is in the queue, and since when. */
    private final AtomicBoolean probing = new AtomicBoolean();

    private volatile long probedNanos;
    private volatile long lastWaitNanos;

    /** @param nanos a clock that never jumps */
    Workers(int threads, LongSupplier nanos, MeterRegistry metrics) {
        this.nanos = nanos;
        AtomicInteger number = new AtomicInteger();
        pool = new ScheduledThreadPoolExecutor(threads, work -> {
            Thread thread = new Thread(work, "worker-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
        pool.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        pool.allowCoreThreadTimeOut(true);
        pool.setRemoveOnCancelPolicy(true);
        tasks = BlockingTaskExecutor.of(pool);
        Gauge.builder("davylamp.workers.busy", pool, ScheduledThreadPoolExecutor::getActiveCount)
                .description("threads that work on requests; " + threads + " at most")
                .register(metrics);
        Gauge.builder("davylamp.workers.waiting", this, Workers::waiting)
                .description("requests and messages of agents that wait for a thread")
                .register(metrics);
        Gauge.builder("davylamp.workers.wait", this, workers -> workers.waitNanos() / 1e9)
                .baseUnit("seconds")
                .description("how long a request waits for a thread")
                .register(metrics);
        refused = Counter.builder("davylamp.workers.refused")
                .description("requests that were turned away because the queue was slow")
                .register(metrics);
    }

    BlockingTaskExecutor tasks() {
        return tasks;
    }

    int waiting() {
        return pool.getQueue().size();
    }

    /** Measures how long the queue is in time. To be called every second or so, by one thread. */
    void probe() {
        long now = nanos.getAsLong();
        if (!pool.isShutdown() && !probing.get()) {
            probedNanos = now;
            probing.set(true);
            pool.execute(() -> {
                lastWaitNanos = nanos.getAsLong() - now;
                probing.set(false);
            });
        }
    }

    /** Returns how long a task waits for a thread, as the last probe found or the present one shows. */
    long waitNanos() {
        return probing.get() ? Math.max(lastWaitNanos, nanos.getAsLong() - probedNanos) : lastWaitNanos;
    }

    /** Returns whether new requests are to be turned away. Counts those that are. */
    boolean refuses() {
        boolean refuses = waitNanos() > TOO_SLOW.toNanos() || waiting() > MOST_WAITING;
        if (refuses) {
            refused.increment();
        }
        return refuses;
    }

    Finding finding() {
        long wait = Duration.ofNanos(waitNanos()).toMillis();
        String words = "requests wait " + wait + " ms for one of " + pool.getCorePoolSize() + " threads; " + waiting()
                + " waiting";
        return wait < SLOW.toMillis()
                ? Finding.well(words)
                : Finding.trouble(words + ": the database, the storage or the processors are too slow for this load");
    }

    @Override
    public void close() {
        tasks.shutdown();
    }
}
