package io.davylamp.store.jdbc;

/**
 * The schema of a database, by the number of its last migration, as it was when this server opened it.
 *
 * @param known to this version of Davylamp
 * @param there in the database; greater than {@code known} when a newer version has changed it
 */
public record SchemaVersion(long known, long there) {
    public boolean isNewer() {
        return there > known;
    }

    /** In words. */
    @Override
    public String toString() {
        return "schema " + there + (isNewer() ? ", newer than this server's " + known : "");
    }
}
