package io.davylamp.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;

/** Moments as people think of them: how long ago; those of other days with their date. */
final class Ago {
    private static final long SOON_SECONDS = 5;

    private Ago() {}

    static String of(String time) {
        try {
            return of(Instant.parse(time), Instant.now());
        } catch (DateTimeParseException e) {
            return time;
        }
    }

    static String of(Instant time, Instant now) {
        long seconds = Duration.between(time, now).toSeconds();
        if (seconds < -SOON_SECONDS || seconds >= Duration.ofDays(1).toSeconds()) {
            return time.truncatedTo(ChronoUnit.SECONDS).toString();
        }
        return seconds < SOON_SECONDS
                ? "now"
                : seconds < 120
                        ? seconds + " s ago"
                        : seconds < 7200 ? seconds / 60 + " min ago" : seconds / 3600 + " h ago";
    }
}
