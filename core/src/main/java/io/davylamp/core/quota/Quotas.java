package io.davylamp.core.quota;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.PersonLimits;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.QuotaUse;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.AssignmentState;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Keeps people, and programs with a token, within {@link PersonLimits}: administrators too. What nobody signs in for has no limit of
 * a person, because all would share it. Tasks and files are counted in the store, over all servers; queries by each server.
 * Thread-safe.
 */
public final class Quotas {
    /** Limits nobody. */
    public static final Quotas NONE = new Quotas(PersonLimits.NONE, null, Clock.systemUTC(), Audited.NONE);

    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);
    /** A turn of a query comes soon. */
    private static final Duration SOON = Duration.ofSeconds(1);
    /** Bytes that are taken at a time while nobody knows how long a file is: each takes a transaction. */
    private static final long STEP_BYTES = 16L << 20;

    private static final int AT_A_TIME = 1_000;
    private static final int NOTED = 10_000;

    private final PersonLimits limits;
    private final Store store;
    private final Clock clock;
    private final Audited audit;
    /** Queries that are worked on or wait, by who asked; none of whom none is. */
    private final Map<String, Integer> queries = new ConcurrentHashMap<>();
    /** Refusals that the audit log has: a program that tries again and again must not fill it. */
    private final Cache<String, Boolean> noted;

    /** @param store null when nothing is counted there */
    public Quotas(PersonLimits limits, Store store, Clock clock, Audited audit) {
        this.limits = limits;
        this.store = store;
        this.clock = clock;
        this.audit = audit;
        this.noted = Caffeine.newBuilder()
                .maximumSize(NOTED)
                .expireAfterWrite(Duration.ofMinutes(1))
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .build();
    }

    private static boolean isLimited(Principal who) {
        return switch (who.kind()) {
            case PERSON, TOKEN -> true;
            case AGENT, SYSTEM, ANYONE -> false;
        };
    }

    /**
     * Takes note of a refusal in the audit log: of those of one kind the first in a minute.
     *
     * @param service empty when it concerns none
     */
    public void refused(Principal who, String action, String service, LimitReachedException why) {
        if (noted.asMap().putIfAbsent(who.id() + " " + action, true) == null) {
            audit.note(who, action, service, List.of(), "", AuditEntry.Result.REFUSED, why.getMessage());
        }
    }

    /**
     * Looks whether somebody may start one more task now.
     *
     * @throws LimitReachedException if not
     */
    public void requireTask(Store.Tx tx, Principal who) {
        if (!isLimited(who)) {
            return;
        }
        long now = clock.millis();
        if (limits.runningTasks() > 0) {
            List<Long> ends = tx.tasks().windowEnds(who.id(), AssignmentState.UNDELIVERED);
            if (ends.size() >= limits.runningTasks()) {
                throw reached(
                        who,
                        "has " + ends.size() + " of " + limits.runningTasks()
                                + " running tasks (access.max-running-tasks)",
                        Duration.ofMillis(ends.get(ends.size() - limits.runningTasks()) - now));
            }
        }
        if (limits.tasksPerHour() > 0) {
            requireRoom(tx, who, QuotaUse.Kind.TASK, now, 0, 1);
        }
    }

    /**
     * Takes a task that is stored in this transaction.
     *
     * @throws LimitReachedException if somebody may not start one more now
     */
    public void takeTask(Store.Tx tx, Principal who, String taskId) {
        requireTask(tx, who);
        if (isLimited(who) && limits.tasksPerHour() > 0) {
            tx.quotaUses().put(new QuotaUse(taskId, who.id(), QuotaUse.Kind.TASK, clock.millis(), 1));
        }
    }

    /**
     * Requires room for what somebody wants to have used altogether of one id.
     *
     * @param own what of the sum is of that id already
     * @return what may be taken at the most
     */
    private long requireRoom(Store.Tx tx, Principal who, QuotaUse.Kind kind, long now, long own, long wanted) {
        boolean tasks = kind == QuotaUse.Kind.TASK;
        long limit = tasks ? limits.tasksPerHour() : limits.openedBytesPerDay();
        Duration within = tasks ? HOUR : DAY;
        long after = now - within.toMillis();
        long others = tx.quotaUses().sum(who.id(), kind, after) - own;
        if (others + wanted <= limit) {
            return limit - others;
        }
        if (wanted > limit) {
            throw new LimitReachedException(
                    "the file has " + wanted + " bytes, and access.max-opened-per-day lets one person open " + limit
                            + " bytes in 24 hours; an administrator can raise it",
                    within);
        }
        long excess = others + wanted - limit;
        long freedMillis = now;
        for (QuotaUse use : tx.quotaUses().oldest(who.id(), kind, after, AT_A_TIME)) {
            freedMillis = use.atMillis() + within.toMillis();
            excess -= use.amount();
            if (excess <= 0) {
                break;
            }
        }
        throw reached(
                who,
                tasks
                        ? "started " + others + " of " + limit + " tasks in the last hour (access.max-tasks-per-hour)"
                        : "opened " + others + " of " + limit + " bytes of files in the last 24 hours"
                                + " (access.max-opened-per-day), and this file has " + wanted + " or more",
                Duration.ofMillis(freedMillis - now));
    }

    private static LimitReachedException reached(Principal who, String why, Duration after) {
        // What has to end may be late, so the time is not past.
        Duration atLeast = after.compareTo(SOON) < 0 ? SOON : after;
        return new LimitReachedException(who.name() + " " + why + "; try again in " + words(atLeast), atLeast);
    }

    /** Rounded up, in the unit that people would take. */
    private static String words(Duration time) {
        long seconds = (time.toMillis() + 999) / 1_000;
        long minutes = (seconds + 59) / 60;
        return seconds < 180 ? seconds + " s" : minutes < 180 ? minutes + " min" : (minutes + 59) / 60 + " h";
    }

    /** A query that is worked on or waits, until it is closed. */
    public interface Query extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Takes a query.
     *
     * @throws LimitReachedException if somebody has as many already
     */
    public Query query(Principal who) {
        if (!isLimited(who) || limits.queries() == 0) {
            return () -> {};
        }
        String id = who.id();
        int most = limits.queries();
        // The count stays what it is when it is the most, so what is returned says nothing.
        boolean[] taken = new boolean[1];
        queries.compute(id, (same, before) -> {
            int now = before == null ? 0 : before;
            taken[0] = now < most;
            return taken[0] ? Integer.valueOf(now + 1) : before;
        });
        if (!taken[0]) {
            LimitReachedException why = reached(
                    who, "has " + most + " of " + most + " views computed at the same time (access.max-queries)", SOON);
            refused(who, "profile.view", "", why);
            throw why;
        }
        return () -> queries.compute(id, (same, now) -> now == null || now == 1 ? null : Integer.valueOf(now - 1));
    }

    /** How many people have queries now, for tests: this must not grow. */
    int querying() {
        return queries.size();
    }

    /** Begins to take the bytes of a file. */
    public Bytes opening(Principal who, String fileId) {
        return new Bytes(who, fileId, isLimited(who) && limits.openedBytesPerDay() > 0, clock.millis());
    }

    /** The bytes of one file that comes. Not thread-safe. */
    public final class Bytes {
        private final Principal who;
        private final String fileId;
        private final boolean limited;
        private final long sinceMillis;
        private long taken;

        private Bytes(Principal who, String fileId, boolean limited, long sinceMillis) {
            this.who = who;
            this.fileId = fileId;
            this.limited = limited;
            this.sinceMillis = sinceMillis;
        }

        /**
         * Takes what a file is said to have, before its first byte.
         *
         * @param bytes negative when nobody said it
         * @throws LimitReachedException if that is more than somebody may open now
         */
        public void announced(long bytes) {
            if (limited) {
                take(Math.max(1, bytes), Math.max(1, bytes));
            }
        }

        /**
         * Takes what has come, all together.
         *
         * @throws LimitReachedException if that is more than somebody may open now
         */
        public void came(long bytes) {
            if (limited && bytes > taken) {
                take(bytes, bytes + STEP_BYTES);
            }
        }

        /** Counts what came, and no more; also of a file that was not taken in the end, for that is work too. */
        public void ended(long bytes) {
            if (limited && taken > 0 && bytes != taken) {
                store.write(tx -> {
                    put(tx, bytes);
                    return null;
                });
            }
        }

        private void take(long least, long wanted) {
            try {
                taken = store.write(tx -> {
                    long most = requireRoom(tx, who, QuotaUse.Kind.OPENED_BYTES, clock.millis(), taken, least);
                    long next = Math.min(most, wanted);
                    put(tx, next);
                    return next;
                });
            } catch (LimitReachedException e) {
                refused(who, "file.open", "", e);
                throw e;
            }
        }

        private void put(Store.Tx tx, long bytes) {
            tx.quotaUses().put(new QuotaUse(fileId, who.id(), QuotaUse.Kind.OPENED_BYTES, sinceMillis, bytes));
        }
    }

    /** Removes what no limit counts any more. Called now and then. */
    public void removeOld() {
        long before = clock.millis() - DAY.toMillis();
        while (store.<Integer>write(tx -> tx.quotaUses().deleteBefore(before, AT_A_TIME)) == AT_A_TIME) {
            // more to remove
        }
    }
}
