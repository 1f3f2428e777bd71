package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.ProfileInfo;
import java.util.List;

/** The profiles of a question, or those of its baseline: what they know of a measure, and how long they were recorded. */
record Side(List<ProfileSource> sources) {
    Side {
        sources = List.copyOf(sources);
    }

    List<ProfileInfo> infos() {
        return sources.stream().map(ProfileSource::info).toList();
    }

    /** Resolves the moments of a filter for all profiles of this side. */
    TimeRange range(ProfileFilter filter) {
        return TimeRange.of(filter, infos());
    }

    boolean anyKnows(Measure measure) {
        return sources.stream().anyMatch(source -> knows(source, measure));
    }

    private List<ProfileSource> knowing(Measure measure) {
        return sources.stream().filter(source -> knows(source, measure)).toList();
    }

    /** Whether the profile says anything of a measure: without samples of it, because nothing happened. */
    private static boolean knows(ProfileSource source, Measure measure) {
        return source.measures().stream()
                        .anyMatch(totals -> totals.measure().name().equals(measure.name()))
                || Recorded.isSaidBy(source.info(), measure);
    }

    /** The instances that did not record a measure: a sum over all says nothing of them. */
    List<String> lacking(Measure measure) {
        return sources.stream()
                .filter(source -> !knows(source, measure))
                .map(ProfileSource::instance)
                .distinct()
                .sorted()
                .toList();
    }

    /**
     * How long the profiles that say something of a measure were recorded within the time of a filter, added up: instances that did
     * not record the measure add neither to it nor to the time.
     */
    long recordedNanos(Measure measure, ProfileFilter filter) {
        return Comparison.recordedNanos(knowing(measure), range(filter));
    }

    /** Returns the extent of a measure, over the profiles that recorded it. */
    Extent extent(Measure measure, ProfileFilter filter) {
        TimeRange range = range(filter);
        long interval = -1;
        long length = 0;
        long cores = 0;
        boolean coresKnown = true;
        List<ProfileSource> knowing = knowing(measure);
        for (ProfileSource source : knowing) {
            ProfileInfo info = source.info();
            long from = Math.max(info.startNanos(), range.fromNanos());
            long to = Math.min(info.endNanos(), range.toNanos());
            long own = Math.max(0, to - from);
            length += own;
            coresKnown &= info.cores() > 0;
            cores += own * info.cores();
            for (ProfileSource.Totals each : source.measures()) {
                if (each.measure().name().equals(measure.name())) {
                    long worth = each.measure().equals(measure) ? each.intervalNanos() : 0;
                    interval = interval < 0 || interval == worth ? worth : 0;
                }
            }
        }
        return new Extent(Math.max(0, interval), length, coresKnown ? cores : 0, knowing.size());
    }
}
