package io.davylamp.profile;

/**
 * One quantity of the whole JVM over time, such as its heap or its share of the processors: what stands under the timeline.
 *
 * @param name one of {@code cpu-user}, {@code cpu-system}, {@code cpu-machine}, {@code heap-used}, {@code heap-committed},
 *     {@code gc-pause}
 * @param unit of the values; shares are in {@link Unit#MILLIONTHS}
 * @param timeNanos since the profile's start, not necessarily ascending
 * @param value same length as {@code timeNanos}
 */
public record Series(String name, Unit unit, long[] timeNanos, long[] value) {}
