package io.davylamp.core.recording;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Uploads that have not ended. */
public interface UploadRows {
    Optional<UploadRow> byId(String assignmentId);

    List<UploadRow> byIds(Collection<String> assignmentIds);

    /** Inserts; false, and nothing happened, when there is one of the assignment. */
    boolean insert(UploadRow upload);

    /**
     * Replaces the row of the same assignment if {@code owner} is its owner; empty for nobody.
     *
     * @return false, and nothing happened, when somebody else has it or it is gone
     */
    boolean replace(UploadRow next, String owner);

    /**
     * Writes {@code receivedBytes} and {@code leaseMillis} of those whose owner is still the same.
     *
     * @return the assignments of the others
     */
    Set<String> renew(Collection<UploadRow> renewed);

    /** Finds those with an owner whose lease has ended, the longest ago first. */
    List<UploadRow> abandoned(long nowMillis, int limit);

    /** Finds those that nobody has received since {@code millis}, the longest ago first. */
    List<UploadRow> idleSince(long millis, int limit);

    /** Removes one if {@code owner} is its owner; false when somebody else has it or it is gone. */
    boolean delete(String assignmentId, String owner);

    /** Removes those of the assignments, whoever has them. */
    void delete(Collection<String> assignmentIds);
}
