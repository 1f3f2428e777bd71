package io.davylamp.core.identity;

import java.time.Duration;

/**
 * How long a session lasts.
 *
 * @param idle unused it ends after this
 * @param whole it ends after this, however much it is used
 */
public record SessionLimits(Duration idle, Duration whole) {
    public static final SessionLimits DEFAULT = new SessionLimits(Duration.ofHours(8), Duration.ofDays(7));
}
