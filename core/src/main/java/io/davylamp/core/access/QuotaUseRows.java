package io.davylamp.core.access;

import java.util.List;

/** What people used of their limits. */
public interface QuotaUseRows {
    /** Inserts, or replaces the amount of the one of that id. */
    void put(QuotaUse use);

    /** Adds up what somebody used after a moment. */
    long sum(String who, QuotaUse.Kind kind, long afterMillis);

    /** The same one by one, oldest first. */
    List<QuotaUse> oldest(String who, QuotaUse.Kind kind, long afterMillis, int limit);

    /** Removes the oldest of those that are older; returns how many. */
    int deleteBefore(long millis, int limit);
}
