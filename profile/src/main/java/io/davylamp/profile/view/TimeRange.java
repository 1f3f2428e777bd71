package io.davylamp.profile.view;

import io.davylamp.profile.ProfileInfo;
import java.util.Collection;

/** From the first moment, inclusive, to the last, exclusive; nanoseconds since the epoch. */
public record TimeRange(long fromNanos, long toNanos) {
    public static final TimeRange ALL = new TimeRange(Long.MIN_VALUE, Long.MAX_VALUE);

    /**
     * What a filter means for a set of recordings: its relative moments count from the first start and the last end.
     *
     * @throws InvalidQueryException if the end is before the start
     */
    public static TimeRange of(ProfileFilter filter, Collection<ProfileInfo> infos) {
        long start = infos.stream().mapToLong(ProfileInfo::startNanos).min().orElse(0);
        long end = infos.stream().mapToLong(ProfileInfo::endNanos).max().orElse(0);
        TimeRange range = new TimeRange(
                filter.from() == null ? Long.MIN_VALUE : filter.from().epochNanos(start, end),
                filter.to() == null ? Long.MAX_VALUE : filter.to().epochNanos(start, end));
        if (range.toNanos < range.fromNanos) {
            throw new InvalidQueryException("to", "to is before from: the time range is empty");
        }
        return range;
    }
}
