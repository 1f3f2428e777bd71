package io.davylamp.core.task;

import java.time.Duration;

/**
 * The limits of a task.
 *
 * @param minDuration shortest time to profile
 * @param maxDuration longest time to profile
 * @param instances instances of one task
 * @param options options of one task
 * @param grace how long after its window an assignment may take to deliver before it expires
 * @param unreportedGrace the same for agents that deliver once or never
 * @param kept how long a task and its recordings are kept
 */
public record TaskLimits(
        Duration minDuration,
        Duration maxDuration,
        int instances,
        int options,
        Duration grace,
        Duration unreportedGrace,
        Duration kept) {
    public static final TaskLimits DEFAULT = new TaskLimits(
            Duration.ofSeconds(1),
            Duration.ofHours(1),
            1_000,
            20,
            Duration.ofMinutes(5),
            Duration.ofMinutes(1),
            Duration.ofDays(30));
}
