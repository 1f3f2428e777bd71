package io.davylamp.core.server;

/**
 * What one database and its blobs are together. Its id is also written beside the blobs, so that a database which meets the blobs
 * of another one notices.
 *
 * @param id of the installation, for people
 * @param secret known to the servers of this database only, never shown: they compare other secrets with it
 * @param isMarked whether the id was written beside the blobs
 * @param claimedMillis when a server last set out to write it there, by the store's clock
 */
public record InstallationRow(String id, String secret, boolean isMarked, long claimedMillis) {
    /** Returns the row of a server that sets out to write the mark now. */
    public InstallationRow claimed(long nowMillis) {
        return new InstallationRow(id, secret, isMarked, Math.max(claimedMillis + 1, nowMillis));
    }

    /** Returns the row of an installation whose blobs have its mark. */
    public InstallationRow marked() {
        return new InstallationRow(id, secret, true, claimedMillis);
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return id;
    }
}
