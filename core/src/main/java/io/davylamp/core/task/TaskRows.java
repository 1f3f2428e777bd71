package io.davylamp.core.task;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tasks. */
public interface TaskRows {
    void insert(TaskRow task);

    Optional<TaskRow> byId(String id);

    /** Newest first; of all services when {@code service} is null. */
    List<TaskRow> newest(String service, int limit);

    long count();

    /** Those of a service that were created from one moment on and before another, newest first. */
    List<TaskRow> createdIn(String service, long sinceMillis, long untilMillis, int limit);

    /** Ids of tasks that were created before a moment, oldest first. */
    List<String> createdBefore(long millis, int limit);

    /**
     * When the windows end of the tasks of an author that have an assignment in one of {@code states}: one moment per task, the
     * first of them first.
     */
    List<Long> windowEnds(String authorId, Collection<AssignmentState> states);

    /** Gives a task another title; false when it is not there. */
    boolean retitle(String id, String title);

    /** A text per task that changes whenever its title or one of its assignments or recordings does; none for a task that is not there. */
    Map<String, String> versions(Collection<String> ids);

    /** Removes the task, its assignments and their history. */
    void delete(String id);
}
