package io.davylamp.core.access;

import java.util.List;

/** The audit log: entries come and grow old, and nobody changes one. */
public interface AuditRows {
    void insert(AuditEntry entry);

    /** Newest first. */
    List<AuditEntry> find(AuditQuery query);

    /** Removes the oldest of those that are older; returns how many. */
    int deleteBefore(long millis, int limit);
}
