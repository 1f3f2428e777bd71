package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** A profile that a query may need, and how to get at it. Thread-safe. */
public interface ProfileSource {
    /**
     * A measure and what its samples come to.
     *
     * @param events number of rows
     * @param samples samples of the profiler that they stand for
     * @param intervalNanos time that each of those is worth; 0 when it is no time, or not the same for all
     * @param total sum of their values
     */
    record Totals(Measure measure, long events, long samples, long intervalNanos, long total) {}

    /** What tells this profile from others, also over restarts. */
    String key();

    /** Name of the instance it came from. */
    String instance();

    /** Name of the service whose instance it is; empty when there is none. */
    default String service() {
        return "";
    }

    /** Labels of the instance, as they were when it was recorded. */
    default Map<String, String> labels() {
        return Map.of();
    }

    ProfileInfo info();

    /** What it can be asked for. */
    List<Totals> measures();

    /**
     * The profile with at least the samples of {@code measure} in {@code range}.
     *
     * @param range nanoseconds since the epoch
     */
    Profile load(Measure measure, TimeRange range) throws IOException;

    /** A profile that is in memory. */
    static ProfileSource of(String instance, Profile profile) {
        List<Totals> totals = profile.summaries().stream()
                .map(summary -> new Totals(
                        summary.measure(),
                        summary.events(),
                        summary.samples(),
                        summary.intervalNanos(),
                        summary.total()))
                .toList();
        return new ProfileSource() {
            @Override
            public String key() {
                return instance;
            }

            @Override
            public String instance() {
                return instance;
            }

            @Override
            public ProfileInfo info() {
                return profile.info();
            }

            @Override
            public List<Totals> measures() {
                return totals;
            }

            @Override
            public Profile load(Measure measure, TimeRange range) {
                return profile;
            }
        };
    }
}
