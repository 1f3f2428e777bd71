package io.davylamp.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says whether the clock can be trusted to delete by. A clock that jumps forward makes everything look old: after such a jump
 * nothing is deleted by its age for a day, time enough to set the clock right. The same after a start that comes more than a day
 * after the last sign of life of the server, because nobody can tell the one from the other. A mark in the data folder carries
 * this over restarts. Thread-safe.
 */
final class ClockGuard {
    private static final Logger log = LoggerFactory.getLogger(ClockGuard.class);
    private static final Duration HOLD = Duration.ofDays(1);
    /** Daylight saving does not move a clock of UTC; what is set right by hand or by NTP is less. */
    private static final Duration JUMP = Duration.ofHours(1);

    private final Clock clock;
    private final LongSupplier nanos;
    private final Path mark;
    private long lastMillis;
    private long lastNanos;
    private long heldNanos;
    private boolean held;
    /** Why, in words; of no meaning while nothing is held. */
    private String trouble = "";

    /**
     * @param nanos a clock that never jumps
     * @param mark file that is there while nothing is deleted
     * @param witnessedMillis last time that the server is known to have run; 0 for never
     */
    ClockGuard(Clock clock, LongSupplier nanos, Path mark, long witnessedMillis) {
        this.clock = clock;
        this.nanos = nanos;
        this.mark = mark;
        lastMillis = clock.millis();
        lastNanos = nanos.getAsLong();
        if (Files.exists(mark)) {
            hold("an earlier run of the server saw it jump");
        } else if (witnessedMillis > 0 && lastMillis - witnessedMillis > HOLD.toMillis()) {
            hold("the server last ran at " + Instant.ofEpochMilli(witnessedMillis));
        }
    }

    private void hold(String why) {
        held = true;
        heldNanos = lastNanos;
        trouble = "the clock said " + Instant.ofEpochMilli(lastMillis) + ", but " + why
                + ": nothing is deleted by its age for " + HOLD.toHours()
                + " hours; set the clock right if it is wrong";
        log.warn(trouble);
        try {
            Files.writeString(mark, why + "\n");
        } catch (IOException e) {
            log.warn("the mark {} cannot be written: {}", mark, e.toString());
        }
    }

    /** Why nothing is deleted by its age; empty when the clock is trusted. As of the last {@link #isTrusted}. */
    synchronized Optional<String> trouble() {
        return held ? Optional.of(trouble) : Optional.empty();
    }

    /** Whether what is old by the clock may be deleted. To be asked every minute or so. */
    synchronized boolean isTrusted() {
        long now = clock.millis();
        long nanosNow = nanos.getAsLong();
        long jumpedMillis =
                now - lastMillis - Duration.ofNanos(nanosNow - lastNanos).toMillis();
        long before = lastMillis;
        lastMillis = now;
        lastNanos = nanosNow;
        if (jumpedMillis > JUMP.toMillis()) {
            hold("a moment before it said " + Instant.ofEpochMilli(before));
        }
        if (held && nanosNow - heldNanos >= HOLD.toNanos()) {
            held = false;
            try {
                Files.deleteIfExists(mark);
            } catch (IOException e) {
                log.warn("the mark {} cannot be removed: {}", mark, e.toString());
            }
        }
        return !held;
    }
}
