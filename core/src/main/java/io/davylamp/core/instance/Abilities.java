package io.davylamp.core.instance;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The abilities of the agent of an instance.
 *
 * @param reports whether it tells how far a task is and why it failed, keeps its recording until it was taken, and stops when a
 *     task is cancelled; one that does not can only take a task and deliver once
 * @param lacks what its profiler cannot record here: words of events and options, each with the reason
 * @param unsure what it may not be able to record, and why that is not known before the first task; nothing that is in {@code lacks}
 * @param maxSeconds longest time it profiles; 0 when it has no limit of its own
 */
public record Abilities(
        boolean reports, SortedMap<String, String> lacks, SortedMap<String, String> unsure, int maxSeconds) {
    /** The abilities of a Davylamp agent that can do everything. */
    public static final Abilities ALL = new Abilities(true, Map.of(), Map.of(), 0);

    public Abilities(boolean reports, Map<String, String> lacks, Map<String, String> unsure, int maxSeconds) {
        this(reports, sorted(lacks), sorted(unsure), maxSeconds);
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return Collections.unmodifiableSortedMap(new TreeMap<>(map));
    }
}
