package io.davylamp.core.store;

import java.util.Collection;
import java.util.List;

/**
 * Keys of blobs that belong to no row: of what is being deleted, and of what comes and has no row yet. They are noted in the
 * transaction that removes the row, or before the first byte is written, so that a crash in between leaves nothing for ever.
 */
public interface LeftoverRows {
    /** Notes keys; the blobs are to be deleted at {@code dueMillis} or later. Replaces an earlier note of the same key. */
    void put(Collection<String> keys, long dueMillis);

    /** Keys that are to be deleted. */
    List<String> due(long nowMillis, int limit);

    /** The blobs are gone, or belong to a row. */
    void remove(Collection<String> keys);
}
