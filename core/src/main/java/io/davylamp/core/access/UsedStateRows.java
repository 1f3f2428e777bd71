package io.davylamp.core.access;

/** What counts once, and did. */
public interface UsedStateRows {
    /**
     * Notes a use.
     *
     * @param hash SHA-256 of it, in hex
     * @param endsMillis when it would not count any more anyway
     * @return false if it was noted before
     */
    boolean insert(String hash, long endsMillis);

    /** Removes those that end at {@code nowMillis} or before; returns how many. */
    int deleteEnded(long nowMillis);
}
