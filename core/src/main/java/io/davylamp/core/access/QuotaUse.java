package io.davylamp.core.access;

/**
 * What somebody used of a limit. It outlives the task or the file, so that deleting these frees nothing. Immutable.
 *
 * @param id of the task or file
 * @param who id of the {@link Principal}
 * @param atMillis since the epoch
 * @param amount tasks, or bytes
 */
public record QuotaUse(String id, String who, Kind kind, long atMillis, long amount) {
    /** What is counted. */
    public enum Kind {
        TASK,
        OPENED_BYTES
    }
}
