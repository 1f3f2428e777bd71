package io.davylamp.agent.run;

import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.AllowedOptions;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import io.davylamp.wire.v1.Accepted;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.Ended;
import io.davylamp.wire.v1.Failed;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import java.io.File;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Runs what the server asks for, one session at a time, within what the {@link Guard} allows and the disk takes. Not thread-safe:
 * the agent's one thread uses it.
 */
public final class TaskRunner {
    /** Looking costs the host a little, which shows in the profile of one that is idle: it is not done oftener than needed. */
    private static final long LOOK_MIN_MILLIS = 1_000;

    private static final long LOOK_MAX_MILLIS = 10_000;
    /** A recording is taken to grow by so much a second, if it has not grown faster. */
    private static final long GROWTH_BYTES = 16L << 20;

    private final Engine engine;
    private final Outbox outbox;
    private final Journal journal;
    private final Guard guard;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Consumer<Report> reports;
    /** Called when something came into the outbox, or when what is possible has changed. */
    private final Runnable changed;

    private long maxBytes;
    private Session session;
    private long startedNanos;
    private ScheduledFuture<?> end;
    private ScheduledFuture<?> look;
    private long recordedBytes;
    private long lookedNanos;

    public TaskRunner(
            Engine engine,
            Outbox outbox,
            Journal journal,
            Guard guard,
            long maxBytes,
            ScheduledThreadPoolExecutor main,
            AgentLog log,
            Consumer<Report> reports,
            Runnable changed) {
        this.engine = engine;
        this.outbox = outbox;
        this.journal = journal;
        this.guard = guard;
        this.maxBytes = maxBytes;
        this.main = main;
        this.log = log;
        this.reports = reports;
        this.changed = changed;
    }

    /** No server takes more. */
    public void limit(long bytes) {
        maxBytes = Math.min(maxBytes, bytes);
    }

    /** The assignment that is being recorded; empty when none is. */
    public String running() {
        return session == null ? "" : session.assignment();
    }

    private boolean isRunning(String assignment) {
        return session != null && session.assignment().equals(assignment);
    }

    public void run(Command command) {
        String assignment = command.getAssignmentId();
        if (isRunning(assignment)) {
            return;
        }
        if (session != null) {
            failed(assignment, "the agent is still busy with assignment " + session.assignment());
            return;
        }
        long seconds = command.getDurationSeconds();
        Map<String, String> impossible = new HashMap<>();
        try {
            Outbox.requireName(assignment);
            guard.require(command.getOptions(), seconds);
            if (!journal.refusal().isEmpty()) {
                throw new IllegalStateException(journal.refusal().reason);
            }
            if (outbox.freeBytes() < engine.minFreeBytes()) {
                throw new IOException("the disk of the agent's folder has only " + outbox.freeBytes()
                        + " bytes free; nothing is recorded below " + engine.minFreeBytes());
            }
            if (!journal.take(assignment)) {
                throw new IllegalStateException("this instance has taken the task before; it is not repeated by itself,"
                        + " because the profiler may have been the cause of a restart");
            }
            report(assignment, Report.newBuilder().setAccepted(Accepted.getDefaultInstance()));
            session = engine.start(outbox, journal, assignment, command.getOptions(), seconds, impossible::put);
        } catch (Throwable e) {
            log.error("nothing is recorded for " + assignment, e);
            String words = e.getMessage() == null ? e.toString() : e.getMessage();
            failed(assignment, words);
            learn(command.getOptions(), event -> words);
            return;
        }
        guard.use(seconds);
        startedNanos = System.nanoTime();
        log.info("profiling " + assignment + " for " + seconds + " s"
                + (session.engine().isEmpty() ? "" : " with " + session.engine()) + ": " + command.getOptions());
        report(
                assignment,
                Report.newBuilder()
                        .setRunning(
                                Running.newBuilder().setEngine(session.engine()).setNote(session.note())));
        learn(command.getOptions(), event -> impossible.getOrDefault(event, ""));
        end = main.schedule(Quietly.task(log, "end of profiling", () -> finish("")), seconds, TimeUnit.SECONDS);
        recordedBytes = 0;
        lookedNanos = startedNanos;
        lookIn(LOOK_MIN_MILLIS);
    }

    /** @param trouble the profiler's words of why it does not record an event; empty when it does */
    private void learn(String options, Function<String, String> trouble) {
        try {
            boolean isNew = false;
            for (String event : AllowedOptions.require(options)) {
                String words = trouble.apply(event);
                isNew |= words.isEmpty()
                        ? engine.preFlight().confirm(event)
                        : engine.preFlight().learn(event, words);
            }
            if (isNew) {
                changed.run();
            }
        } catch (IllegalArgumentException e) {
            // Options that are not allowed teach nothing.
        }
    }

    private void lookIn(long millis) {
        look = main.schedule(Quietly.task(log, "look", this::look), millis, TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (session == null) {
            return;
        }
        long recorded = session.recordedBytes();
        long free = outbox.freeBytes();
        if (!guard.off().isEmpty()) {
            finish(early() + guard.off().reason);
        } else if (recorded > maxBytes) {
            finish(early() + "the recording has " + recorded + " bytes; the limit is " + maxBytes);
        } else if (free < engine.minFreeBytes()) {
            finish(early() + "the disk of the agent's folder has only " + free + " bytes free");
        } else {
            long now = System.nanoTime();
            long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(now - lookedNanos));
            long grewPerSecond = (recorded - recordedBytes) / millis * 1_000;
            recordedBytes = recorded;
            lookedNanos = now;
            lookIn(nextLookMillis(Math.min(maxBytes - recorded, free - engine.minFreeBytes()), grewPerSecond));
        }
    }

    /** When half of the room that is left may be used up, within limits. */
    static long nextLookMillis(long roomBytes, long grewBytesPerSecond) {
        long perSecond = Math.max(GROWTH_BYTES, grewBytesPerSecond);
        return Math.max(LOOK_MIN_MILLIS, Math.min(LOOK_MAX_MILLIS, roomBytes / 2 / (perSecond / 1_000)));
    }

    private String early() {
        return "ended after " + TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos) + " s: ";
    }

    private void report(String assignment, Report.Builder report) {
        reports.accept(report.setAssignmentId(assignment).build());
    }

    private void failed(String assignment, String reason) {
        report(assignment, Report.newBuilder().setFailed(Failed.newBuilder().setReason(reason)));
    }

    /** Ends an assignment now and keeps its recording. */
    public void stop(String assignment) {
        if (isRunning(assignment)) {
            finish("");
        }
    }

    /** Ends whatever is being recorded, and keeps it. */
    public void stopAll(String why) {
        if (session != null) {
            finish(early() + why);
        }
    }

    private Session take() {
        Session ending = session;
        session = null;
        if (ending != null) {
            end.cancel(false);
            look.cancel(false);
        }
        return ending;
    }

    private void finish(String early) {
        Session ending = take();
        if (ending == null) {
            return;
        }
        try {
            File recording = ending.finish();
            String warnings = ending.warnings();
            report(
                    ending.assignment(),
                    Report.newBuilder()
                            .setEnded(Ended.newBuilder()
                                    .setSizeBytes(recording.length())
                                    .setNote(
                                            early.isEmpty() || warnings.isEmpty()
                                                    ? early + warnings
                                                    : early + "; " + warnings)));
        } catch (Throwable e) {
            log.error("the profiler did not stop for " + ending.assignment(), e);
            outbox.abandon(ending.assignment());
            failed(ending.assignment(), e.getMessage() == null ? e.toString() : e.getMessage());
        }
        changed.run();
    }

    public void cancel(String assignment) throws IOException {
        if (isRunning(assignment)) {
            take().abandon();
            log.info("cancelled " + assignment);
        }
    }
}
