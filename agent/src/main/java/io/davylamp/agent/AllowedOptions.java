package io.davylamp.agent;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What this agent lets the profiler do, whatever a server says: nothing that writes another file, opens a socket, or does
 * anything but record. The server has the same list; it may be another server.
 */
final class AllowedOptions {
    private static final int MAX_SECONDS = 24 * 3_600;
    private static final int MAX_CHARACTERS = 4_000;
    private static final Set<String> EVENTS = set(
            "cpu",
            "ctimer",
            "itimer",
            "wall",
            "alloc",
            "lock",
            "cache-misses",
            "branch-misses",
            "page-faults",
            "context-switches",
            "cycles",
            "instructions");
    private static final Set<String> WORDS = set(
            "interval",
            "wall",
            "alloc",
            "live",
            "lock",
            "nativemem",
            "nofree",
            "nativelock",
            "jstackdepth",
            "cstack",
            "sched",
            "threads",
            "jfr",
            "features",
            "safemode",
            "signal",
            "mcache",
            "chunksize",
            "chunktime",
            "include",
            "exclude",
            "filter",
            "allkernel",
            "alluser",
            "clock");
    private static final Pattern VALUE = Pattern.compile("[^,\\p{Cntrl}]{0,200}");

    private AllowedOptions() {}

    private static Set<String> set(String... words) {
        return new HashSet<>(Arrays.asList(words));
    }

    /** @throws IllegalArgumentException naming the option that is not allowed */
    static void require(String options) {
        if (options.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "the options have " + options.length() + " characters; the agent takes " + MAX_CHARACTERS);
        }
        boolean hasEvent = false;
        for (String option : options.split(",", -1)) {
            int equals = option.indexOf('=');
            String word = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            boolean allowed = word.equals("event")
                    ? !hasEvent && EVENTS.contains(value)
                    : WORDS.contains(word) && VALUE.matcher(value).matches();
            if (!allowed) {
                throw new IllegalArgumentException("the agent does not allow the option \"" + option + "\"");
            }
            hasEvent |= word.equals("event");
        }
    }

    /** @throws IllegalArgumentException if a task would take too long, or no time */
    static void requireDuration(int seconds) {
        if (seconds < 1 || seconds > MAX_SECONDS) {
            throw new IllegalArgumentException(
                    "the agent does not profile for " + seconds + " s; allowed are 1 to " + MAX_SECONDS);
        }
    }
}
