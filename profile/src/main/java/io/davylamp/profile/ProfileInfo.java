package io.davylamp.profile;

import java.util.List;
import java.util.SortedMap;

/**
 * What a profile says of its own making.
 *
 * @param source program that wrote the recording: {@code async-profiler} or {@code JDK}
 * @param startNanos first moment, nanoseconds since the epoch
 * @param endNanos last moment, nanoseconds since the epoch
 * @param settings the profiler's active settings that tell how it measured (engine, intervals); nothing of the host's
 *     environment, properties or command line
 * @param rulesVersion version of the {@link NameRules} that normalised the names; 0 for raw names
 * @param warnings what could not be read, in words
 */
public record ProfileInfo(
        String source,
        long startNanos,
        long endNanos,
        SortedMap<String, String> settings,
        int rulesVersion,
        List<String> warnings) {}
