package io.davylamp.core.instance;

import java.util.Collections;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the agent of an instance can do.
 *
 * @param reports whether it tells how far a task is and why it failed, keeps its recording until it was taken, and stops when a
 *     task is cancelled; one that does not can only take a task and deliver once
 * @param lacks words of the events and options that its profiler does not know
 * @param maxSeconds longest time it profiles, cutting longer ones without a word; 0 when it has no limit of its own
 */
public record Abilities(boolean reports, SortedSet<String> lacks, int maxSeconds) {
    /** Of our own agent. */
    public static final Abilities ALL = new Abilities(true, Set.of(), 0);

    public Abilities(boolean reports, Set<String> lacks, int maxSeconds) {
        this(reports, Collections.unmodifiableSortedSet(new TreeSet<>(lacks)), maxSeconds);
    }
}
