package io.davylamp.core.server;

import java.util.Optional;

/** The one row that says which installation this store is. */
public interface InstallationRows {
    /** Returns the row; empty before the first server started. */
    Optional<InstallationRow> find();

    /** Inserts the row. @return false when there is one */
    boolean insert(InstallationRow first);

    /** Replaces the row if its claim is still of {@code claimedMillis}. @return whether it was */
    boolean compareAndSet(InstallationRow next, long claimedMillis);
}
