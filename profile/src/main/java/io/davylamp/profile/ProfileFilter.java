package io.davylamp.profile;

import java.util.function.Predicate;

/**
 * Which samples a view counts.
 *
 * @param fromNanos first moment, nanoseconds since the profile's start, inclusive
 * @param toNanos last moment, exclusive
 * @param threadName accepts the names of the threads that count
 */
public record ProfileFilter(long fromNanos, long toNanos, Predicate<String> threadName) {
    public static final ProfileFilter ALL = new ProfileFilter(Long.MIN_VALUE, Long.MAX_VALUE, name -> true);
}
