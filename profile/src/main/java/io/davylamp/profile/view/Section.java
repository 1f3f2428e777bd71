package io.davylamp.profile.view;

/** A part of a stored profile that a view may need; what no view asks for is not read. */
public enum Section {
    /** The info of a profile: host, times, measures and their sums. */
    HEAD,
    /** Names, frames, stacks, threads, series and spans. */
    STACKS,
    /** The samples of one measure. */
    SAMPLES
}
