package io.davylamp.profile;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/**
 * What a profile says of its own making.
 *
 * @param source program that wrote the recording: {@code async-profiler}, {@code Datadog} or {@code JDK} of a JFR file;
 *     otherwise the format: {@code collapsed}, {@code pprof}, …
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

    private static final int MAX_CORES = 1 << 16;

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

    /** Processors of the host, as the JVM counts them; 0 when the recording does not tell. */
    public int cores() {
        try {
            return Math.max(0, Math.min(MAX_CORES, Integer.parseInt(host.getOrDefault("cores", "0"))));
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    public long durationNanos() {
        return endNanos - startNanos;
    }
}
