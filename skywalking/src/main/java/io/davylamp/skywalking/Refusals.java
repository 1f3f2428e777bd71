package io.davylamp.skywalking;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what strangers get wrong and logs it, of each kind one line in a while: a flood must not fill the disk. */
final class Refusals {
    private static final Logger log = LoggerFactory.getLogger(Refusals.class);
    /** The reasons for a refusal; the metric's {@code reason}. */
    enum Reason {
        TOKEN(1_000),
        NAME(1_000),
        MESSAGE(1_000),
        FLOOD(10_000),
        UNKNOWN_TASK(1_000),
        ORDER(1_000),
        SIZE(1_000),
        INTERRUPTED(1_000),
        GRAPHQL(1_000),
        UPSTREAM(60_000);

        private final long quietMillis;

        Reason(long quietMillis) {
            this.quietMillis = quietMillis;
        }
    }

    private final MeterRegistry metrics;
    private final Clock clock;
    private final Map<Reason, Kind> kinds = new ConcurrentHashMap<>();

    private static final class Kind {
        final Counter counter;
        final AtomicLong loggedMillis = new AtomicLong(Long.MIN_VALUE / 2);
        final AtomicLong unlogged = new AtomicLong();

        Kind(Counter counter) {
            this.counter = counter;
        }
    }

    Refusals(MeterRegistry metrics, Clock clock) {
        this.metrics = metrics;
        this.clock = clock;
    }

    void note(Reason reason, String text) {
        Kind kind = kinds.computeIfAbsent(
                reason,
                r -> new Kind(Counter.builder("davylamp.skywalking.refused")
                        .description("calls of SkyWalking's agents and clients that were refused")
                        .tag("reason", r.name().toLowerCase(Locale.ROOT))
                        .register(metrics)));
        kind.counter.increment();
        long now = clock.millis();
        long last = kind.loggedMillis.get();
        if (now - last >= reason.quietMillis && kind.loggedMillis.compareAndSet(last, now)) {
            long more = kind.unlogged.getAndSet(0);
            log.warn("{}{}", Plain.text(text), more == 0 ? "" : " (and " + more + " more of this kind before)");
        } else {
            kind.unlogged.incrementAndGet();
        }
    }
}
