package io.davylamp.agent.link;

import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.keep.Outbox;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Brings the recordings that wait to the server: one at a time, the oldest first, each again after a growing while until it is
 * taken. Not thread-safe: the agent's one thread uses it.
 */
final class Deliveries {
    private static final long FIRST_RETRY_MILLIS = 1_000;
    private static final long LAST_RETRY_MILLIS = 60_000;

    private final Outbox outbox;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Random random = new Random();
    private final Map<String, Attempts> attempts = new HashMap<>();
    private Line line;
    private String uploading = "";
    private ScheduledFuture<?> later;
    private Runnable whenIdle = () -> {};

    private static final class Attempts {
        long waitMillis = FIRST_RETRY_MILLIS;
        long notBeforeNanos = System.nanoTime();
    }

    Deliveries(Outbox outbox, ScheduledThreadPoolExecutor main, AgentLog log) {
        this.outbox = outbox;
        this.main = main;
        this.log = log;
    }

    /** Called when a server is connected: tries all waiting recordings at once. */
    void connected(Line to) {
        line = to;
        uploading = "";
        attempts.clear();
        next();
    }

    void lost() {
        line = null;
        uploading = "";
    }

    /** Something may have come to be delivered. */
    void next() {
        if (line == null || !uploading.isEmpty()) {
            return;
        }
        long soonestNanos = Long.MAX_VALUE;
        long now = System.nanoTime();
        boolean any = false;
        for (Outbox.Waiting recording : outbox.waiting()) {
            any = true;
            Attempts made = attempts.computeIfAbsent(recording.assignment, a -> new Attempts());
            if (made.notBeforeNanos - now <= 0) {
                deliver(recording, made);
                return;
            }
            soonestNanos = Math.min(soonestNanos, made.notBeforeNanos - now);
        }
        if (!any) {
            attempts.clear();
            outbox.release(System.currentTimeMillis());
            whenIdle.run();
            return;
        }
        if (later != null) {
            later.cancel(false);
        }
        later = main.schedule(Quietly.task(log, "deliver", this::next), soonestNanos, TimeUnit.NANOSECONDS);
    }

    /** Runs {@code work} as soon as nothing waits, or there is no server to bring it to. */
    void whenIdle(Runnable work) {
        if (line == null || outbox.waiting().isEmpty()) {
            work.run();
        } else {
            whenIdle = work;
            next();
        }
    }

    private void deliver(Outbox.Waiting recording, Attempts made) {
        uploading = recording.assignment;
        Line over = line;
        Line.Outcome outcome = new Line.Outcome() {
            @Override
            public void stored() {
                log.info("delivered " + recording.assignment + " of " + recording.instance);
                outbox.remove(recording);
                done();
            }

            @Override
            public void refused(String reason) {
                log.info("the server refuses " + recording.assignment + " for good: " + reason);
                outbox.remove(recording);
                done();
            }

            @Override
            public void later(String reason) {
                log.info("recording " + recording.assignment + " is kept: " + reason);
                made.notBeforeNanos = System.nanoTime()
                        + TimeUnit.MILLISECONDS.toNanos(made.waitMillis / 2 + random.nextInt((int) made.waitMillis));
                made.waitMillis = Math.min(LAST_RETRY_MILLIS, made.waitMillis * 2);
                done();
            }

            private void done() {
                if (over == line) {
                    uploading = "";
                    next();
                }
            }
        };
        try {
            line.deliver(recording, outcome);
        } catch (Throwable e) {
            outcome.later("cannot read it: " + e);
        }
    }
}
