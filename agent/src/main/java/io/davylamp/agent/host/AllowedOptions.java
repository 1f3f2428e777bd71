package io.davylamp.agent.host;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What this agent lets the profiler do, whatever a server says: nothing that writes another file, opens a socket, or does
 * anything but record. The server has the same list; it may be another server.
 */
public final class AllowedOptions {
    /** Counted by the processor. */
    public static final Set<String> HARDWARE = set(
            "cycles",
            "instructions",
            "cache-references",
            "cache-misses",
            "branch-instructions",
            "branch-misses",
            "bus-cycles",
            "L1-dcache-load-misses",
            "LLC-load-misses",
            "dTLB-load-misses");
    /** Counted by the kernel. */
    public static final Set<String> SOFTWARE = set("page-faults", "context-switches");

    private static final Set<String> ENGINES = union(set("cpu", "ctimer", "itimer", "wall"), HARDWARE, SOFTWARE);
    private static final Set<String> RIDERS = set("wall", "alloc", "live", "lock", "nativemem", "nativelock", "trace");
    /** The options that a task may set. */
    public static final Set<String> EVENTS = union(ENGINES, RIDERS);

    private static final Set<String> WORDS = set(
            "interval",
            "nofree",
            "jstackdepth",
            "memlimit",
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
            "clock",
            "nobatch");
    /** Those that would change what is recorded, and that no other profiler obeys. */
    public static final Set<String> ASYNC_PROFILER_ONLY = set(
            "nofree",
            "cstack",
            "sched",
            "features",
            "safemode",
            "signal",
            "mcache",
            "include",
            "exclude",
            "filter",
            "allkernel",
            "alluser",
            "clock",
            "nobatch");

    private static final int MAX_CHARACTERS = 8_000;
    private static final Pattern VALUE = Pattern.compile("[^,\\p{Cntrl}]{0,400}");
    private static final Pattern DEPTH =
            Pattern.compile("[1-9][0-9]{0,2}|[1-7][0-9]{3}|80[0-9]{2}|81[0-8][0-9]|819[0-2]");

    private AllowedOptions() {}

    private static Set<String> set(String... words) {
        return Collections.unmodifiableSet(new LinkedHashSet<>(Arrays.asList(words)));
    }

    @SafeVarargs
    private static Set<String> union(Set<String>... sets) {
        Set<String> all = new LinkedHashSet<>();
        for (Set<String> each : sets) {
            all.addAll(each);
        }
        return Collections.unmodifiableSet(all);
    }

    /**
     * Looks at every option.
     *
     * @return the events that are asked for
     * @throws IllegalArgumentException naming the option that is not allowed
     */
    public static Set<String> require(String options) {
        if (options.length() > MAX_CHARACTERS) {
            throw new IllegalArgumentException(
                    "the options have " + options.length() + " characters; the agent takes " + MAX_CHARACTERS);
        }
        Set<String> events = new HashSet<>();
        boolean hasEngine = false;
        for (String option : options.split(",", -1)) {
            int equals = option.indexOf('=');
            String word = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            boolean allowed;
            if (word.equals("event")) {
                allowed = !hasEngine && ENGINES.contains(value);
                hasEngine = true;
                events.add(value);
            } else if (word.equals("jstackdepth")) {
                allowed = DEPTH.matcher(value).matches();
            } else {
                allowed = (WORDS.contains(word) || RIDERS.contains(word))
                        && VALUE.matcher(value).matches();
                if (RIDERS.contains(word)) {
                    events.add(word);
                }
            }
            if (!allowed) {
                throw new IllegalArgumentException("the agent does not allow the option \"" + option + "\"");
            }
        }
        return events;
    }
}
