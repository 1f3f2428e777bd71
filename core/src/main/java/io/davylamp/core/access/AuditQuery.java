package io.davylamp.core.access;

/**
 * Which entries of the audit log somebody wants to read. All that is given holds at once. Immutable.
 *
 * @param name of the principal; null for any
 * @param service null for any
 * @param action null for any
 * @param sinceMillis the first moment
 * @param untilMillis the first moment after that
 * @param beforeId only entries with smaller ids, for the next page; null for the first page
 * @param limit at most so many
 */
public record AuditQuery(
        String name, String service, String action, long sinceMillis, long untilMillis, String beforeId, int limit) {

    /** All entries, newest first. */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(null, null, null, Long.MIN_VALUE, Long.MAX_VALUE, null, limit);
    }
}
