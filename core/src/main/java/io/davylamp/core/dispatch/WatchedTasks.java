package io.davylamp.core.dispatch;

import io.davylamp.core.access.Principal;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The tasks that people look at through this server while they change. All who look at one task share what is read of it, and one
 * question to the store finds what other servers changed of all of them. Thread-safe.
 */
public final class WatchedTasks implements Changes.Listener {
    /** How often {@link #look} is to be called. */
    public static final Duration INTERVAL = Duration.ofSeconds(2);
    /** Tasks that one statement asks for. */
    private static final int BATCH = 1_000;

    private final Store store;
    private final Tasks tasks;
    private final Map<String, Watched> byTask = new ConcurrentHashMap<>();

    public WatchedTasks(Store store, Tasks tasks) {
        this.store = store;
        this.tasks = tasks;
    }

    private static final class Watched {
        /** Those who look; changes only within the map's own steps. */
        private int viewers;

        private final AtomicLong changes = new AtomicLong(1);
        /** What {@link #look} found last; null before. */
        private volatile String version;

        private long readChanges;
        private Optional<Task> task = Optional.empty();
    }

    /** One who looks at a task, until it is closed. For one thread at a time. */
    public final class Watch implements AutoCloseable {
        private final String taskId;
        private final Watched watched;
        private final Supplier<Principal> who;
        private long seenChanges;
        private boolean closed;

        private Watch(Supplier<Principal> who, String taskId, Watched watched) {
            this.who = who;
            this.taskId = taskId;
            this.watched = watched;
        }

        /** Whether the task may have changed since the last {@link #task}; true before the first. */
        public boolean hasChanged() {
            return watched.changes.get() != seenChanges;
        }

        /** Returns the task as it is now; empty when there is none any more that the caller may see. */
        public Optional<Task> task() {
            synchronized (watched) {
                long now = watched.changes.get(); // first: what changes while it is read is read again
                if (watched.readChanges != now) {
                    watched.task = tasks.find(Principal.SYSTEM, taskId);
                    watched.readChanges = now;
                }
                seenChanges = now;
                return watched.task.filter(task -> who.get().maySee(task.spec().service()));
            }
        }

        @Override
        public synchronized void close() {
            if (!closed) {
                closed = true;
                byTask.computeIfPresent(taskId, (id, each) -> --each.viewers == 0 ? null : each);
            }
        }
    }

    /**
     * Begins to look at a task, whether it exists or not.
     *
     * @param who asked each time: what the caller may see can change meanwhile
     */
    public Watch watch(Supplier<Principal> who, String taskId) {
        return new Watch(who, taskId, byTask.compute(taskId, (id, known) -> {
            Watched watched = known == null ? new Watched() : known;
            watched.viewers++;
            return watched;
        }));
    }

    @Override
    public void task(String taskId) {
        Watched watched = byTask.get(taskId);
        if (watched != null) {
            watched.changes.incrementAndGet();
        }
    }

    /** Looks in the store for what changed of the tasks that are watched. */
    public void look() {
        List<String> ids = new ArrayList<>(byTask.keySet());
        for (int done = 0; done < ids.size(); done += BATCH) {
            List<String> some = ids.subList(done, Math.min(ids.size(), done + BATCH));
            Map<String, String> versions = store.read(tx -> tx.tasks().versions(some));
            for (String id : some) {
                Watched watched = byTask.get(id);
                String version = versions.getOrDefault(id, "");
                if (watched != null && !version.equals(watched.version)) {
                    watched.version = version;
                    watched.changes.incrementAndGet();
                }
            }
        }
    }
}
