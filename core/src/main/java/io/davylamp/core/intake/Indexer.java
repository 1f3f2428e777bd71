package io.davylamp.core.intake;

import io.davylamp.core.Seldom;
import io.davylamp.core.access.DeniedException;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.profile.NoSamplesException;
import io.davylamp.profile.UnreadableRecordingException;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes profiles of stored recordings, on a few threads of its own. Whoever reads a recording has a lease on it, which is
 * extended while the process lives: what a process was reading when it died is read again, by any, when the lease runs out.
 * Thread-safe.
 */
public final class Indexer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Indexer.class);

    /** How far a server looks ahead; others take the rest. */
    private static final int AT_A_TIME = 100;

    private final Store store;
    private final Seldom seldom = new Seldom();
    private final RecordingReader reader;
    private final Changes changes;
    private final Clock clock;
    private final ExecutorService workers;
    /** Ids of recordings that a worker has or will have. */
    private final Set<String> taken = new HashSet<>();
    /** By id. */
    private final Map<String, Lease> leases = new ConcurrentHashMap<>();

    public Indexer(Store store, RecordingReader reader, Changes changes, Clock clock, int threads) {
        this.store = store;
        this.reader = reader;
        this.changes = changes;
        this.clock = clock;
        this.workers = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "indexer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Looks for recordings that nobody reads, and extends the leases of those that are read here. Called every two seconds. */
    public void wake() {
        leases.values().forEach(Lease::extend);
        long now = clock.millis();
        for (Recording unread : store.read(tx -> tx.recordings().free(now, AT_A_TIME))) {
            synchronized (taken) {
                if (!leases.containsKey(unread.id()) && !workers.isShutdown() && taken.add(unread.id())) {
                    workers.execute(() -> index(unread.id()));
                }
            }
        }
    }

    /** Whether a recording is being read, or waits for it. */
    public boolean isBusy() {
        synchronized (taken) {
            return !taken.isEmpty();
        }
    }

    /**
     * The bytes of a recording as they may be given out, without secrets; the caller closes them. Empty when there are none.
     *
     * @throws UnreadableRecordingException if they may have secrets that nobody can find
     */
    public Optional<Blobs.Blob> bytes(Recording recording) throws IOException {
        return reader.bytes(recording);
    }

    /**
     * Has a recording read once more that could not be read; empty when there is no such one that the caller may see.
     *
     * @throws DeniedException if the caller may only look at its service
     */
    public Optional<Recording> readAgain(Principal who, String id) {
        Optional<Recording> known =
                store.read(tx -> tx.recordings().byId(id)).filter(recording -> who.maySee(recording.service()));
        if (known.isEmpty()) {
            return known;
        }
        who.require(Role.PROFILER, known.get().service(), "having a recording read again");
        Optional<Recording> again = change(id, recording -> recording.readAgain(clock.millis()));
        again.ifPresent(stored -> wake());
        return again;
    }

    /** Applies a change by compare-and-set, trying again when somebody was faster. */
    private Optional<Recording> change(String id, Function<Recording, Optional<Recording>> change) {
        while (true) {
            Optional<Recording> next =
                    store.read(tx -> tx.recordings().byId(id)).flatMap(change);
            if (next.isEmpty() || set(next.get())) {
                return next;
            }
        }
    }

    private boolean set(Recording next) {
        boolean set = store.write(tx -> tx.recordings().compareAndSet(next));
        if (set && !next.taskId().isEmpty()) {
            changes.task(next.taskId());
        }
        return set;
    }

    /** A reader's lease of a recording. The row changes only through it, until it ends or another reader takes the recording. */
    private final class Lease implements AutoCloseable {
        private Recording now;
        private boolean over;

        Lease(Recording taken) {
            now = taken;
            leases.put(taken.id(), this);
        }

        /** If a third of it is over. */
        synchronized void extend() {
            long millis = clock.millis();
            if (!over && now.leaseMillis() - millis < Recording.LEASE.toMillis() * 2 / 3) {
                now.renewed(millis).ifPresent(this::become);
            }
        }

        private boolean become(Recording next) {
            over = !set(next);
            if (over) {
                log.warn("the reader of recording {} was too slow: another one took it", now.id());
            } else {
                now = next;
            }
            return !over;
        }

        /** The bytes are replaced; the reader's next word says it. Until then another one would replace them by the same. */
        synchronized Recording scrubbed(RecordingReader.Clean clean) {
            now = now.scrubbed(clean.bytes(), clean.sha256(), clean.original(), clean.name());
            return now;
        }

        /** @return whether it was still this reader's */
        synchronized boolean end(Function<Recording, Optional<Recording>> change) {
            boolean ended = !over && change.apply(now).filter(this::become).isPresent();
            over = true;
            return ended;
        }

        @Override
        public synchronized void close() {
            over = true;
            leases.remove(now.id(), this);
        }
    }

    private void index(String id) {
        try {
            Optional<Recording> own = change(id, recording -> recording.taken(clock.millis()));
            if (own.isPresent()) {
                read(own.get());
            }
        } catch (UnreadableRecordingException e) {
            log.warn("recording {} is unreadable: {}", id, e.getMessage());
        } catch (IOException | StoreException e) {
            // What is away says so in its message, and for as long as it lasts.
            seldom.log(
                    "away",
                    more -> log.warn(
                            "cannot read recording {} now; it is tried again: {}{}", id, e.getMessage(), more));
        } catch (RuntimeException | OutOfMemoryError e) {
            log.error("reading of recording {} failed", id, e);
        } finally {
            synchronized (taken) {
                taken.remove(id);
            }
        }
    }

    /**
     * Reads a recording that the caller has just {@linkplain Recording#taken taken}, on the caller's thread.
     *
     * @return the recording as it is then: READY, or whatever another reader made of it that had to take over
     * @throws UnreadableRecordingException if it cannot be read; it is UNREADABLE then
     * @throws IOException if that cannot be said now; it will be read again
     */
    Recording read(Recording own) throws IOException {
        try (Lease lease = new Lease(own)) {
            try {
                Optional<RecordingReader.Clean> clean = reader.scrub(own);
                Recording scrubbed = clean.isEmpty() ? own : lease.scrubbed(clean.get());
                RecordingReader.Made made = reader.make(scrubbed);
                lease.end(now -> now.finished(clock.millis(), made.profileBytes(), made.warnings()));
            } catch (NoSamplesException e) {
                refuse(lease, "the recording " + e.getMessage());
                throw e;
            } catch (UnreadableRecordingException e) {
                refuse(lease, "the recording cannot be read: " + e.getMessage());
                throw e;
            } catch (StoreException e) {
                throw e; // says nothing of the recording
            } catch (RuntimeException | OutOfMemoryError e) {
                refuse(lease, "the server failed to read the recording: " + e);
                throw e;
            }
        }
        Optional<Recording> now = store.read(tx -> tx.recordings().byId(own.id()));
        if (now.isEmpty()) {
            reader.discard(own);
        }
        return now.orElse(own);
    }

    private void refuse(Lease lease, String reason) {
        lease.end(now -> now.refused(clock.millis(), reason));
    }

    /** Waits a little for what is being read; the rest is done after the next start. */
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
