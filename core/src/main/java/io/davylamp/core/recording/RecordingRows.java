package io.davylamp.core.recording;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Recordings. */
public interface RecordingRows {
    void insert(Recording recording);

    Optional<Recording> byId(String id);

    /** The one whose profile is in that blob. */
    Optional<Recording> byProfileKey(String profileKey);

    List<Recording> ofTasks(Collection<String> taskIds);

    /** Newest first. */
    List<Recording> ofOrigin(Origin origin);

    /** Finds the recordings in one of {@code states}, in the order of their arrival. */
    List<Recording> inStates(Collection<RecordingState> states);

    /** Finds the recordings that a reader may take, as {@link Recording#isFree} says, in the order of their arrival. */
    List<Recording> free(long nowMillis, int limit);

    /** Finds the recordings that may be removed, the longest overdue first. */
    List<Recording> keptUntilBefore(long millis, int limit);

    /**
     * Replaces all of the row of {@code next.id()} but {@code keptUntilMillis} if its version is still {@code next.version() - 1}.
     * A state that is not READING also becomes a line of history.
     *
     * @return false, without a change, when another thread or server changed the row meanwhile
     */
    boolean compareAndSet(Recording next);

    /** Extends the retention of the recording to {@code millis}; a time before the stored one changes nothing. */
    void keepUntil(String id, long millis);

    /** Removes the row and its history; its blobs are for the caller to remove. */
    void delete(String id);

    RecordingTotals totals(Origin origin);

    /** Oldest first. */
    List<RecordingStep> history(String id);
}
