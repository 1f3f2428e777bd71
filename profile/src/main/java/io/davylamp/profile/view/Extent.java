package io.davylamp.profile.view;

/**
 * How much was recorded of what an answer sums up: what its values are measured by.
 *
 * @param intervalNanos time that each sample is worth; 0 when it is no time, or not the same everywhere
 * @param lengthNanos time that was recorded and selected, of all profiles together: two instances for ten seconds are twenty
 * @param coreNanos the same, each second counted once for each processor of its host; 0 when one of them did not tell
 * @param profiles how many have the measure
 */
public record Extent(long intervalNanos, long lengthNanos, long coreNanos, int profiles) {
    public static final Extent NONE = new Extent(0, 0, 0, 0);

    /** Returns the number of samples in a value; -1 when samples are not all worth the same. */
    public long samples(long value) {
        return intervalNanos > 0 ? value / intervalNanos : -1;
    }
}
