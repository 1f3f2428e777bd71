package io.davylamp.core;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Limits the log messages that others can cause: logs one now and then and counts the rest, so that a flood cannot fill the disk.
 * Thread-safe.
 */
public final class Seldom {
    private static final Duration QUIET = Duration.ofSeconds(10);
    /** Messages of further kinds share one entry. */
    private static final int MAX_KINDS = 100;

    private final LongSupplier nanos;
    private final long quietNanos;
    private final Map<String, Kind> kinds = new ConcurrentHashMap<>();

    private static final class Kind {
        private boolean begun;
        private long lastNanos;
        private long unsaid;
    }

    public Seldom() {
        this(System::nanoTime, QUIET);
    }

    /** @param nanos a clock that never goes back */
    public Seldom(LongSupplier nanos, Duration quiet) {
        this.nanos = nanos;
        this.quietNanos = quiet.toNanos();
    }

    /**
     * Calls {@code log} if nothing of this kind was logged lately.
     *
     * @param kind one of a few
     * @param log gets what to add to the message: empty, or how many of the kind were not logged
     */
    public void log(String kind, Consumer<String> log) {
        Kind of = kinds.size() < MAX_KINDS ? kinds.computeIfAbsent(kind, k -> new Kind()) : kinds.get(kind);
        if (of == null) {
            of = kinds.computeIfAbsent("", k -> new Kind());
        }
        long unsaid;
        synchronized (of) {
            long now = nanos.getAsLong();
            if (of.begun && now - of.lastNanos < quietNanos) {
                of.unsaid++;
                return;
            }
            of.begun = true;
            of.lastNanos = now;
            unsaid = of.unsaid;
            of.unsaid = 0;
        }
        log.accept(unsaid == 0 ? "" : " (and " + unsaid + " more of this kind before)");
    }
}
