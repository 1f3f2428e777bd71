package io.davylamp.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What a profile says of its own making.
 *
 * @param source program that wrote the recording: {@code async-profiler}, {@code JDK} or {@code collapsed}
 * @param startNanos first moment, nanoseconds since the epoch
 * @param endNanos last moment, nanoseconds since the epoch
 * @param settings the profiler's active settings that tell how it measured (engine, intervals); nothing of the host's
 *     environment, properties or command line
 * @param host what ran, from the recording: {@code jvm}, {@code os}, {@code cpu}, {@code cores}; keys that are unknown are absent
 * @param rulesVersion version of the {@link NameRules} that normalised the names; 0 for raw names
 * @param warnings what could not be read, and what the profiler itself warned of, in words
 */
public record ProfileInfo(
        String source,
        long startNanos,
        long endNanos,
        SortedMap<String, String> settings,
        SortedMap<String, String> host,
        int rulesVersion,
        List<String> warnings) {

    public boolean isAsyncProfiler() {
        return source.equals("async-profiler");
    }

    /** With one more warning before all others. */
    public ProfileInfo withWarning(String first) {
        List<String> all = new ArrayList<>();
        all.add(first);
        all.addAll(warnings);
        return new ProfileInfo(source, startNanos, endNanos, settings, host, rulesVersion, List.copyOf(all));
    }

    public long durationNanos() {
        return endNanos - startNanos;
    }
}
