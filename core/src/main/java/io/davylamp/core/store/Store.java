package io.davylamp.core.store;

import io.davylamp.core.instance.Instance;
import io.davylamp.core.recording.OpenedFile;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.TaskSpec;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Where instances, tasks and assignments are kept. Thread-safe. {@code StoreContract} in the tests of this module says what
 * every implementation must do.
 */
public interface Store extends AutoCloseable {

    /**
     * Runs {@code work} in one transaction: all of it is durable when this returns, or, if {@code work} throws, nothing of it
     * happened. Writers follow each other.
     *
     * @throws StoreException when it cannot be written for a reason outside of this program, as all methods here do
     */
    <T> T write(Function<Tx, T> work);

    /** Runs {@code work} on one consistent state, beside writers. */
    <T> T read(Function<Tx, T> work);

    /** Like {@link #write}, for what may be lost when the machine crashes: who is there. */
    default <T> T writeSoon(Function<Tx, T> work) {
        return write(work);
    }

    /** Like {@link #write}, for what makes room or ends work: it may use what is held back for a full disk. */
    default <T> T writeToFree(Function<Tx, T> work) {
        return write(work);
    }

    /** Holds room back again for {@link #writeToFree}, if it was used and there is room. Called now and then. */
    default void holdBack() {}

    /** Why the last write failed; empty when it did not. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    @Override
    void close();

    /** One transaction; not to be kept beyond it. */
    interface Tx {
        InstanceRows instances();

        TaskRows tasks();

        AssignmentRows assignments();

        FileRows files();
    }

    /** Files that people opened. */
    interface FileRows {
        /** Inserts, or replaces the one of the same id. */
        void put(OpenedFile file);

        void lookedAt(String id, long nowMillis);

        Optional<OpenedFile> byId(String id);

        /** All, newest first. */
        List<OpenedFile> newest();

        void delete(String id);
    }

    /** Instances, unique by service and name. */
    interface InstanceRows {
        /** Inserts, or replaces the one of the same id. */
        void put(Instance instance);

        /** Notes when the instance was heard of; a time before the one that is known changes nothing. */
        void seen(String id, long nowMillis);

        Optional<Instance> find(String service, String name);

        Optional<Instance> byId(String id);

        List<Instance> ofService(String service);

        List<Instance> all();

        int count(String service);

        int count();

        /** Removes instances that were not seen since a moment and have no assignments; answers how many. */
        int deleteUnseenSince(long millis);
    }

    /** A task without its assignments. */
    record TaskRow(String id, TaskSpec spec, long createdMillis) {}

    /** Tasks. */
    interface TaskRows {
        void insert(TaskRow task);

        Optional<TaskRow> byId(String id);

        /** Newest first; of all services when {@code service} is null. */
        List<TaskRow> newest(String service, int limit);

        /** Ids of tasks that were created before a moment, oldest first. */
        List<String> createdBefore(long millis, int limit);

        /** Removes the task, its assignments and their history. */
        void delete(String id);
    }

    /** One line of an assignment's history. */
    record HistoryRow(long atMillis, AssignmentState state, String reason) {}

    /**
     * Sums over all that is kept.
     *
     * @param unread recordings that are stored and wait to be read
     */
    record AssignmentTotals(long tasks, long unread, long recordingBytes, long profileBytes) {}

    /** Assignments. Every insert and update also writes a line of history when the state is new. */
    interface AssignmentRows {
        /** Inserts; false, and nothing happened, when another blocking assignment holds the instance. */
        boolean insert(Assignment assignment);

        Optional<Assignment> byId(String id);

        List<Assignment> ofTask(String taskId);

        List<Assignment> ofTasks(Collection<String> taskIds);

        /** In creation order, those in one of {@code states}. */
        List<Assignment> ofInstance(String instanceId, Collection<AssignmentState> states);

        /** In creation order. */
        List<Assignment> inStates(Collection<AssignmentState> states);

        /** Those in one of {@code states} whose deadline is at or before {@code nowMillis}. */
        List<Assignment> overdue(Collection<AssignmentState> states, long nowMillis);

        /** Lets go of instances whose assignments' windows are over. */
        void unblock(long nowMillis);

        /** The largest creation time of the instance's assignments; 0 when it has none. */
        long lastCreatedMillis(String instanceId);

        /**
         * Replaces the row of {@code next.id()} if its version is still {@code next.version() - 1}.
         *
         * @return false, and nothing happened, when somebody else changed it meanwhile
         */
        boolean compareAndSet(Assignment next);

        AssignmentTotals totals();

        /** Oldest first. */
        List<HistoryRow> history(String assignmentId);
    }
}
