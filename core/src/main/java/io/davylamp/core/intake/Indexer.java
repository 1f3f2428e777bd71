package io.davylamp.core.intake;

import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentState.Event;
import io.davylamp.profile.NoSamplesException;
import io.davylamp.profile.Profile;
import io.davylamp.profile.UnreadableRecordingException;
import io.davylamp.profile.codec.ProfileCodec;
import io.davylamp.profile.jfr.JfrImport;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes profiles of stored recordings, on a few threads of its own. What it was doing when the process died is STORED still and
 * is done again after the start. Thread-safe.
 */
public final class Indexer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Indexer.class);
    /**
     * Chunks of one recording that are read at the same time. One processor is left to those who wait for an answer, and more
     * readers would multiply what an import holds in memory.
     */
    private static final int CHUNK_READERS =
            Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() - 1));

    private final Store store;
    private final Blobs blobs;
    private final Assignments assignments;
    private final ExecutorService workers;
    private final Set<String> taken = new HashSet<>();

    public Indexer(Store store, Blobs blobs, Assignments assignments, int threads) {
        this.store = store;
        this.blobs = blobs;
        this.assignments = assignments;
        this.workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "indexer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Looks for stored recordings; returns at once. */
    public void wake() {
        for (Assignment stored : store.read(tx -> tx.assignments().inStates(EnumSet.of(AssignmentState.STORED)))) {
            synchronized (taken) {
                if (!workers.isShutdown() && taken.add(stored.id())) {
                    workers.execute(() -> index(stored));
                }
            }
        }
    }

    /** Reads a recording once more that could not be read; empty when there is no such one. */
    public Optional<Assignment> readAgain(String assignmentId) {
        Optional<Assignment> again = assignments.on(assignmentId, Event.READ_AGAIN, change -> change.reason(""));
        again.ifPresent(stored -> wake());
        return again;
    }

    private void index(Assignment assignment) {
        try {
            Optional<Blobs.Blob> recording = blobs.open(assignment.recordingKey());
            if (recording.isEmpty()) {
                refuse(assignment, "the recording is missing from the server's disk");
                return;
            }
            Profile profile;
            try (Blobs.Blob bytes = recording.get()) {
                profile = NoSamplesException.requireSamples(JfrImport.read(bytes, CHUNK_READERS));
            }
            long bytes = write(assignment.profileKey(), profile);
            assignments.on(
                    assignment.id(),
                    Event.INDEX,
                    change -> change.profile(bytes)
                            .reason(String.join("; ", profile.info().warnings())));
        } catch (NoSamplesException e) {
            refuse(assignment, "the recording " + e.getMessage());
        } catch (UnreadableRecordingException e) {
            refuse(assignment, "the recording cannot be read: " + e.getMessage());
        } catch (IOException e) {
            log.error("cannot index assignment {}; it stays STORED", assignment.id(), e);
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("indexing of assignment {} failed", assignment.id(), e);
            refuse(assignment, "the server failed to read the recording: " + e);
        } finally {
            synchronized (taken) {
                taken.remove(assignment.id());
            }
        }
    }

    private void refuse(Assignment assignment, String reason) {
        log.warn("assignment {} is unreadable: {}", assignment.id(), reason);
        assignments.on(assignment.id(), Event.REFUSE, change -> change.reason(reason));
    }

    private long write(String key, Profile profile) throws IOException {
        try (Blobs.Writer writer = blobs.writer(key)) {
            OutputStream buffered = new BufferedOutputStream(writer.stream(), 64 << 10);
            ProfileCodec.write(profile, buffered);
            buffered.flush();
            writer.commit();
        }
        try (Blobs.Blob written = blobs.open(key).orElseThrow()) {
            return written.sizeBytes();
        }
    }

    /** Waits a little for what is being indexed; the rest is done after the next start. */
    @Override
    public void close() {
        synchronized (taken) {
            workers.shutdown();
        }
        try {
            if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
