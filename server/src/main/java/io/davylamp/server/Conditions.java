package io.davylamp.server;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How the parts are that the server depends on. Looks at each of them every few seconds, on a thread of the part's own: one that
 * hangs is a trouble like one that fails, and holds up no other. A trouble is logged when it begins, once a minute while it
 * lasts, and when it ends; it is also the metric {@code davylamp_trouble}. Thread-safe.
 */
final class Conditions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Conditions.class);
    private static final Duration HANGS = Duration.ofSeconds(10);
    private static final Duration REPEATED = Duration.ofMinutes(1);

    private final LongSupplier nanos;
    private final List<Part> parts = new ArrayList<>();
    private ScheduledExecutorService threads;

    /**
     * @param well whether the part is as it should be
     * @param usable whether the server can do with the part as it is
     * @param detail how it is, and when it is not well what to do
     */
    record Finding(boolean well, boolean usable, String detail) {
        static Finding well(String detail) {
            return new Finding(true, true, detail);
        }

        static Finding trouble(String detail) {
            return new Finding(false, true, detail);
        }

        static Finding outage(String detail) {
            return new Finding(false, false, detail);
        }
    }

    /**
     * @param usable whether the server can do its work with the part as it is
     * @param forSeconds how long it has been well, or not
     */
    record Condition(String part, boolean well, boolean usable, String detail, long forSeconds) {}

    private static final class Part {
        private final String name;
        private final boolean needed;
        private final Duration period;
        private final Callable<Finding> look;
        private Finding last = Finding.well("not looked at yet");
        private boolean looking;
        private long beganNanos;
        /** What was told last, and since when it is so. */
        private boolean toldWell = true;

        private long sinceNanos;
        private long toldNanos;

        Part(String name, boolean needed, Duration period, Callable<Finding> look, long nowNanos) {
            this.name = name;
            this.needed = needed;
            this.period = period;
            this.look = look;
            this.sinceNanos = nowNanos;
        }
    }

    /** @param nanos a clock that never jumps */
    Conditions(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /**
     * Looks at a part from {@link #start} on.
     *
     * @param needed whether the server can do nothing while the part hangs or fails: then it is not {@link #isReady ready}
     * @param look what it throws is a failure in the words of its message
     */
    synchronized void watch(
            String part, boolean needed, Duration period, Callable<Finding> look, MeterRegistry metrics) {
        Part watched = new Part(part, needed, period, look, nanos.getAsLong());
        parts.add(watched);
        Gauge.builder("davylamp.trouble", () -> finding(watched).well() ? 0 : 1)
                .tag("part", part)
                .description("1 while the server cannot use this part as it should; its log and its page say why")
                .register(metrics);
    }

    synchronized void start() {
        threads = Executors.newScheduledThreadPool(parts.size() + 1, work -> {
            Thread thread = new Thread(work, "conditions");
            thread.setDaemon(true);
            return thread;
        });
        for (Part part : parts) {
            threads.scheduleWithFixedDelay(() -> look(part), 0, part.period.toMillis(), TimeUnit.MILLISECONDS);
        }
        threads.scheduleWithFixedDelay(this::tell, 1, 1, TimeUnit.SECONDS);
    }

    /** Looks at all parts, one after the other. */
    void look() {
        List<Part> all;
        synchronized (this) {
            all = List.copyOf(parts);
        }
        all.forEach(this::look);
    }

    private void look(Part part) {
        synchronized (this) {
            part.looking = true;
            part.beganNanos = nanos.getAsLong();
        }
        Finding found;
        try {
            found = part.look.call();
        } catch (Throwable e) { // one that got out would end the looking for ever, without a word
            found = failure(part, e.getMessage() == null ? e.toString() : e.getMessage());
        }
        synchronized (this) {
            part.last = found;
            part.looking = false;
        }
    }

    private synchronized Finding finding(Part part) {
        long lookingNanos = part.looking ? nanos.getAsLong() - part.beganNanos : 0;
        if (lookingNanos < HANGS.toNanos()) {
            return part.last;
        }
        return failure(
                part,
                "no answer for " + words(Duration.ofNanos(lookingNanos))
                        + (part.last.well() ? "" : "; before that: " + part.last.detail()));
    }

    private static Finding failure(Part part, String detail) {
        return new Finding(false, !part.needed, detail);
    }

    /** Logs what began, what lasts and what ended. To be called every second or so. */
    void tell() {
        List<Runnable> lines = new ArrayList<>();
        synchronized (this) {
            long now = nanos.getAsLong();
            for (Part part : parts) {
                Finding found = finding(part);
                boolean changed = found.well() != part.toldWell;
                Duration lasted = Duration.ofNanos(now - part.sinceNanos);
                if (changed) {
                    part.toldWell = found.well();
                    part.sinceNanos = now;
                    part.toldNanos = now;
                    lines.add(
                            found.well()
                                    ? () -> log.info("{}: well again after {}", part.name, words(lasted))
                                    : () -> log.warn("{}: {}", part.name, found.detail()));
                } else if (!found.well() && now - part.toldNanos >= REPEATED.toNanos()) {
                    part.toldNanos = now;
                    lines.add(() -> log.warn("{}, for {} now: {}", part.name, words(lasted), found.detail()));
                }
            }
        }
        lines.forEach(Runnable::run);
    }

    /** Returns how each part is, in the order in which they were given. */
    synchronized List<Condition> now() {
        long now = nanos.getAsLong();
        List<Condition> conditions = new ArrayList<>();
        for (Part part : parts) {
            Finding found = finding(part);
            boolean lasts = found.well() == part.toldWell;
            conditions.add(new Condition(
                    part.name,
                    found.well(),
                    found.usable(),
                    found.detail(),
                    lasts ? Duration.ofNanos(now - part.sinceNanos).toSeconds() : 0));
        }
        return conditions;
    }

    /** Returns whether the server can do its work: it can use all parts that it needs. */
    boolean isReady() {
        return now().stream().allMatch(Condition::usable);
    }

    private static String words(Duration time) {
        long seconds = time.toSeconds();
        return seconds < 120 ? seconds + " s" : seconds / 60 + " min";
    }

    @Override
    public synchronized void close() {
        if (threads != null) {
            threads.shutdownNow();
        }
    }
}
