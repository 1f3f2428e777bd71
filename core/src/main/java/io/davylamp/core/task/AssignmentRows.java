package io.davylamp.core.task;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Assignments. Every insert and update also writes a line of history when the state is new. */
public interface AssignmentRows {
    /** Inserts; false, and nothing happened, when another blocking assignment holds the instance. */
    boolean insert(Assignment assignment);

    Optional<Assignment> byId(String id);

    List<Assignment> ofTask(String taskId);

    List<Assignment> ofTasks(Collection<String> taskIds);

    /** In creation order, those in one of {@code states}. */
    List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states);

    /**
     * In creation order, those in one of {@code states}, and of those in one of {@code over} only the ones whose window ends after
     * a moment: what is over piles up.
     */
    List<Assignment> ofInstance(
            String instanceId,
            Collection<AssignmentState> states,
            Collection<AssignmentState> over,
            long windowEndsAfterMillis);

    /** Whether one of the instance is in one of {@code states} and came into it after a moment. */
    boolean hasChangedSince(String instanceId, Collection<AssignmentState> states, long millis);

    /** Finds the assignments in one of {@code states}, in creation order. */
    List<Assignment> inStates(Collection<AssignmentState> states);

    /** Finds the assignments in one of {@code states} whose deadline is at or before {@code nowMillis}. */
    List<Assignment> overdue(Collection<AssignmentState> states, long nowMillis);

    /** Releases the instances of assignments whose windows are over, so that they can get other tasks. */
    void unblock(long nowMillis);

    /** The largest creation time of the instance's assignments; 0 when it has none. */
    long lastCreatedMillis(String instanceId);

    /**
     * Replaces the row of {@code next.id()} if its version is still {@code next.version() - 1}.
     *
     * @return false, and nothing happened, when somebody else changed it meanwhile
     */
    boolean compareAndSet(Assignment next);

    /** Oldest first. */
    List<HistoryRow> history(String assignmentId);
}
