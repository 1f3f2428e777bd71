package io.davylamp.core.task;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * The events that a task may record. At most one of them is an engine, which takes the samples; the others are recorded
 * beside it.
 *
 * <p>Source: async-profiler's {@code perfEvents_linux.cpp} for the counters, {@code arguments.cpp} for the others.
 */
public enum ProfilerEvent {
    CPU("cpu", true),
    CTIMER("ctimer", true),
    ITIMER("itimer", true),
    CYCLES("cycles", true),
    INSTRUCTIONS("instructions", true),
    CACHE_REFERENCES("cache-references", true),
    CACHE_MISSES("cache-misses", true),
    BRANCH_INSTRUCTIONS("branch-instructions", true),
    BRANCH_MISSES("branch-misses", true),
    BUS_CYCLES("bus-cycles", true),
    L1_DCACHE_LOAD_MISSES("L1-dcache-load-misses", true),
    LLC_LOAD_MISSES("LLC-load-misses", true),
    DTLB_LOAD_MISSES("dTLB-load-misses", true),
    PAGE_FAULTS("page-faults", true),
    CONTEXT_SWITCHES("context-switches", true),
    WALL("wall", false),
    ALLOC("alloc", false),
    /** Allocations that survive to the end, in place of all. */
    LIVE("live", false),
    LOCK("lock", false),
    NATIVEMEM("nativemem", false),
    NATIVELOCK("nativelock", false),
    /** Calls of the methods that the option of this name lists, above a latency. */
    TRACE("trace", false);

    private final String word;
    private final boolean engine;

    ProfilerEvent(String word, boolean engine) {
        this.word = word;
        this.engine = engine;
    }

    /** True: there can be only one of this kind in a task. */
    public boolean isEngine() {
        return engine;
    }

    /** The word that people, REST and the profiler use: {@code cpu}, {@code cache-misses}. */
    public String word() {
        return word;
    }

    /** All words, for messages. */
    public static String words() {
        return Arrays.stream(values()).map(ProfilerEvent::word).collect(Collectors.joining(", "));
    }

    /** The event of that word, or null. */
    public static ProfilerEvent ofWord(String word) {
        for (ProfilerEvent event : values()) {
            if (event.word().equals(word)) {
                return event;
            }
        }
        return null;
    }
}
