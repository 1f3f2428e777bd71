package io.davylamp.core.intake;

import io.davylamp.core.recording.Recording;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Part;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nobody wants any more, always in this order: one transaction removes the rows and notes the keys of their blobs,
 * then the blobs go, then the notes. What is left by a crash in between is found by the notes. Thread-safe.
 */
public final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int AT_A_TIME = 100;

    private final Store store;
    private final Blobs blobs;
    private final Changes changes;
    private final Clock clock;
    private final Supplier<Duration> tasksKept;

    /** @param tasksKept how long a task and its recordings stay after it was created */
    public Retention(Store store, Blobs blobs, Changes changes, Clock clock, Duration tasksKept) {
        this(store, blobs, changes, clock, () -> tasksKept);
    }

    /** @param tasksKept asked each time: another server may keep them longer */
    public Retention(Store store, Blobs blobs, Changes changes, Clock clock, Supplier<Duration> tasksKept) {
        this.store = store;
        this.blobs = blobs;
        this.changes = changes;
        this.clock = clock;
        this.tasksKept = tasksKept;
    }

    /** The result of a request to delete a task. */
    public enum Deletion {
        DELETED,
        UNKNOWN,
        /** Something of it is still with an agent or on its way; cancel it first. */
        LIVE
    }

    /** Removes a task with its recordings and profiles. */
    public Deletion deleteTask(String taskId) {
        Deletion deletion = remove((tx, keys) -> removeTask(tx, taskId, keys));
        if (deletion == Deletion.DELETED) {
            changes.task(taskId);
        }
        return deletion;
    }

    private static Deletion removeTask(Store.Tx tx, String taskId, List<String> keys) {
        if (tx.tasks().byId(taskId).isEmpty()) {
            return Deletion.UNKNOWN;
        }
        List<Assignment> assignments = tx.assignments().ofTask(taskId);
        Map<String, Recording> recordings = tx.recordings().ofTasks(List.of(taskId)).stream()
                .collect(Collectors.toMap(Recording::id, Function.identity()));
        for (Assignment assignment : assignments) {
            Optional<Recording> recording = Optional.ofNullable(recordings.get(assignment.id()));
            if (new Part(assignment, recording).progress().isLive()) {
                keys.clear();
                return Deletion.LIVE;
            }
            // Also of one whose upload never ended: something of it may be there.
            keys.add(assignment.recordingKey());
            keys.add(assignment.profileKey());
            recording.ifPresent(each -> removeRow(tx, each, keys));
        }
        tx.uploads().delete(assignments.stream().map(Assignment::id).toList());
        tx.tasks().delete(taskId);
        return Deletion.DELETED;
    }

    private static void removeRow(Store.Tx tx, Recording recording, List<String> keys) {
        keys.add(recording.bytesKey());
        keys.add(recording.profileKey());
        keys.add(recording.unpackedKey());
        tx.recordings().delete(recording.id());
    }

    /**
     * Removes a recording with its profile.
     *
     * @return false when there was none
     */
    public boolean deleteRecording(String id) {
        return remove((tx, keys) -> {
            Optional<Recording> found = tx.recordings().byId(id);
            found.ifPresent(recording -> removeRow(tx, recording, keys));
            return found.isPresent();
        });
    }

    /** @param rows removes rows, and adds the keys of their blobs; may run more than once */
    private <T> T remove(BiFunction<Store.Tx, List<String>, T> rows) {
        List<String> keys = new ArrayList<>();
        Function<Store.Tx, T> work = tx -> {
            keys.clear();
            T result = rows.apply(tx, keys);
            tx.leftovers().put(keys, clock.millis());
            return result;
        };
        T result;
        try {
            result = store.writeToFree(work);
        } catch (StoreException e) {
            if (e.kind() != StoreException.Kind.FULL || keys.isEmpty()) {
                throw e;
            }
            // The blobs are what fills the disk. Were we to die in between, the rows would be there without them.
            keys.forEach(this::deleteBlob);
            result = store.writeToFree(work);
        }
        removeBlobs(keys);
        return result;
    }

    private void removeBlobs(List<String> keys) {
        List<String> gone = keys.stream().filter(this::deleteBlob).toList();
        if (gone.isEmpty()) {
            return;
        }
        try {
            store.writeToFree(tx -> {
                tx.leftovers().remove(gone);
                return null;
            });
        } catch (StoreException e) {
            log.warn(
                    "{} blobs are gone and noted as left over; they are looked for again: {}",
                    gone.size(),
                    e.getMessage());
        }
    }

    private boolean deleteBlob(String key) {
        try {
            blobs.delete(key);
            return true;
        } catch (IOException e) {
            log.warn("the blob {} cannot be removed now; it is tried again", key, e);
            return false;
        }
    }

    /** Notes blobs that are about to be written and have no row yet: unless they get one by then, they go. */
    void expect(List<String> keys, Duration within) {
        store.write(tx -> {
            tx.leftovers().put(keys, clock.millis() + within.toMillis());
            return null;
        });
    }

    /** Removes blobs that were {@linkplain #expect expected} and will get no row; later, if it cannot be done now. */
    void giveUp(List<String> keys) {
        removeBlobs(keys);
    }

    /** Removes what was left by a crash, or could not be removed before. Called now and then. */
    public void removeLeftovers() {
        removeBlobs(store.read(tx -> tx.leftovers().due(clock.millis(), AT_A_TIME)));
    }

    /** Removes what was kept for as long as it is kept; a task that still goes on stays. Called now and then. */
    public void deleteOld() {
        long now = clock.millis();
        Duration kept = tasksKept.get();
        long before = now - kept.toMillis();
        for (String taskId : store.read(tx -> tx.tasks().createdBefore(before, AT_A_TIME))) {
            if (deleteTask(taskId) == Deletion.DELETED) {
                log.info("task {} is older than {} and was removed", taskId, kept);
            }
        }
        for (Recording old : store.read(tx -> tx.recordings().keptUntilBefore(now, AT_A_TIME))) {
            deleteRecording(old.id());
        }
    }
}
