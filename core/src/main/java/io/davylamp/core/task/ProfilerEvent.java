package io.davylamp.core.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a task may measure. Exactly one engine drives the samples of a recording; the others ride along. */
public enum ProfilerEvent {
    CPU(true),
    CTIMER(true),
    ITIMER(true),
    CACHE_MISSES(true),
    BRANCH_MISSES(true),
    PAGE_FAULTS(true),
    CONTEXT_SWITCHES(true),
    CYCLES(true),
    INSTRUCTIONS(true),
    WALL(false),
    ALLOC(false),
    LOCK(false),
    NATIVEMEM(false);

    private final boolean engine;

    ProfilerEvent(boolean engine) {
        this.engine = engine;
    }

    /** True: there can be only one of this kind in a task. */
    public boolean isEngine() {
        return engine;
    }

    /** The word that people, REST and the profiler use: {@code cpu}, {@code cache-misses}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
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
