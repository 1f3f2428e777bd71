package io.davylamp.core.intake;

import io.davylamp.core.access.Audited;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.TaskRow;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what nobody wants any more, always in this order: one transaction removes the rows and notes the keys of their blobs,
 * then the blobs go, then the notes. What is left by a crash in between is found by the notes, on any server. A profile that
 * somebody is making at that time is noted for later: its reader may write it after its row is gone, and die. Thread-safe.
 */
public final class Retention {
    private static final Logger log = LoggerFactory.getLogger(Retention.class);
    private static final int AT_A_TIME = 100;
    /** A reader whose recording was removed notices it within this time, or is dead. */
    private static final Duration STILL_READING = Duration.ofMinutes(30);

    private final Store store;
    private final Blobs blobs;
    private final Changes changes;
    private final Clock clock;
    private final Supplier<Duration> tasksKept;
    private final Audited audit;

    /** @param tasksKept how long a task and its recordings stay after it was created */
    public Retention(Store store, Blobs blobs, Changes changes, Clock clock, Duration tasksKept) {
        this(store, blobs, changes, clock, () -> tasksKept);
    }

    /** @param tasksKept asked each time: another server may keep them longer */
    public Retention(Store store, Blobs blobs, Changes changes, Clock clock, Supplier<Duration> tasksKept) {
        this(store, blobs, changes, clock, tasksKept, Audited.NONE);
    }

    /** @param audit takes note of who did what */
    public Retention(
            Store store, Blobs blobs, Changes changes, Clock clock, Supplier<Duration> tasksKept, Audited audit) {
        this.audit = audit;
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

    /**
     * Removes a task with its recordings and profiles.
     *
     * @throws DeniedException if the caller sees it and may not delete it
     */
    public Deletion deleteTask(Principal who, String taskId) {
        Optional<TaskRow> task = store.read(tx -> tx.tasks().byId(taskId))
                .filter(row -> who.maySee(row.spec().service()));
        if (task.isEmpty()) {
            return Deletion.UNKNOWN;
        }
        boolean own = !who.id().isEmpty() && task.get().author().id().equals(who.id());
        String service = task.get().spec().service();
        audit.require(
                who,
                own ? Role.PROFILER : Role.ADMIN,
                service,
                "task.delete",
                taskId,
                own ? "deleting a task" : "deleting a task of somebody else");
        Deletion deletion = deleteTask(taskId);
        if (deletion == Deletion.DELETED) {
            audit.done(who, "task.delete", service, task.get().spec().instances(), taskId);
        }
        return deletion;
    }

    private Deletion deleteTask(String taskId) {
        Deletion deletion = remove((tx, doomed) -> removeTask(tx, taskId, doomed));
        if (deletion == Deletion.DELETED) {
            changes.task(taskId);
        }
        return deletion;
    }

    private static Deletion removeTask(Store.Tx tx, String taskId, Doomed doomed) {
        if (tx.tasks().byId(taskId).isEmpty()) {
            return Deletion.UNKNOWN;
        }
        List<Assignment> assignments = tx.assignments().ofTask(taskId);
        Map<String, Recording> recordings = tx.recordings().ofTasks(List.of(taskId)).stream()
                .collect(Collectors.toMap(Recording::id, Function.identity()));
        for (Assignment assignment : assignments) {
            Optional<Recording> recording = Optional.ofNullable(recordings.get(assignment.id()));
            if (new Part(assignment, recording).progress().isLive()) {
                doomed.clear();
                return Deletion.LIVE;
            }
            // Also of one whose upload never ended: something of it may be there.
            doomed.keys.add(assignment.recordingKey());
            doomed.keys.add(assignment.profileKey());
            recording.ifPresent(each -> removeRow(tx, each, doomed));
        }
        tx.uploads().delete(assignments.stream().map(Assignment::id).toList());
        tx.tasks().delete(taskId);
        return Deletion.DELETED;
    }

    private static void removeRow(Store.Tx tx, Recording recording, Doomed doomed) {
        List<String> made = List.of(recording.profileKey(), recording.unpackedKey());
        doomed.keys.add(recording.bytesKey());
        doomed.keys.addAll(made);
        if (recording.state() == RecordingState.READING) {
            doomed.beingMade.addAll(made);
        }
        tx.recordings().delete(recording.id());
    }

    /**
     * Removes a recording with its profile.
     *
     * @return false when there was none
     */
    public boolean deleteRecording(String id) {
        return remove((tx, doomed) -> {
            Optional<Recording> found = tx.recordings().byId(id);
            found.ifPresent(recording -> removeRow(tx, recording, doomed));
            return found.isPresent();
        });
    }

    /** Keys of blobs whose rows go. */
    private static final class Doomed {
        final List<String> keys = new ArrayList<>();
        /** Those of them that a reader may still write. */
        final Set<String> beingMade = new HashSet<>();

        void clear() {
            keys.clear();
            beingMade.clear();
        }
    }

    /** @param rows removes rows, and adds the keys of their blobs; may run more than once */
    private <T> T remove(BiFunction<Store.Tx, Doomed, T> rows) {
        Doomed doomed = new Doomed();
        List<String> keys = doomed.keys;
        Function<Store.Tx, T> work = tx -> {
            doomed.clear();
            T result = rows.apply(tx, doomed);
            tx.leftovers().put(keys, clock.millis());
            tx.leftovers().put(doomed.beingMade, clock.millis() + STILL_READING.toMillis());
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
        removeBlobs(keys, doomed.beingMade);
        return result;
    }

    /** @param noted these stay noted, though they are removed now */
    private void removeBlobs(List<String> keys, Set<String> noted) {
        List<String> gone = keys.stream()
                .filter(this::deleteBlob)
                .filter(key -> !noted.contains(key))
                .toList();
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
        removeBlobs(keys, Set.of());
    }

    /** Removes what was left by a crash, or could not be removed before. Called now and then. */
    public void removeLeftovers() {
        removeBlobs(store.read(tx -> tx.leftovers().due(clock.millis(), AT_A_TIME)), Set.of());
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
