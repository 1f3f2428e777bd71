package io.davylamp.agent.link;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.AllowedOptions;
import io.davylamp.agent.host.HostProperties;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.host.Threads;
import io.davylamp.agent.host.Unable;
import io.davylamp.agent.keep.Folder;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import io.davylamp.agent.run.Engine;
import io.davylamp.agent.run.Guard;
import io.davylamp.agent.run.TaskRunner;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.Failed;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Welcome;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What the agent and the server say to each other: who we are and what is possible, commands in, reports and recordings out. All
 * state belongs to the one thread of {@link #main}.
 */
public final class TaskLink {
    private static final long LOOK_AROUND_SECONDS = 10;
    /** While it profiles the agent looks around so many times less: what it does would be in the profile. */
    private static final int LESS = 6;

    /** A JVM that was killed is noticed so soon by another of its service on the host. */
    private static final long ORPHANS_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** A JVM that ends waits so long for its last recording to be delivered. */
    private static final long LAST_DELIVERY_MILLIS = 3_000;

    private static final int UNCONFIRMED = 100;

    private final AgentConfig config;
    private final String life;
    private final Engine engine;
    private final AgentLog log;
    private final Consumer<String> publish;
    private final Guard guard;
    private final ScheduledThreadPoolExecutor main;
    private final Lines lines;
    /** Null, as the next four, when the folder cannot be used: then the agent only says so. */
    private final Journal journal;

    private final Outbox outbox;
    private final Deliveries deliveries;
    private final TaskRunner runner;

    private Line line;
    private long lineNanos;
    private boolean welcome;
    private ScheduledFuture<?> heartbeat;
    private Hello said = Hello.getDefaultInstance();
    /** Reports that may not have arrived; the next Hello repeats them. */
    private final List<Report> unconfirmed = new ArrayList<>();

    private int beforeHeartbeat;
    private int profiling;
    private long orphansNanos = System.nanoTime() - ORPHANS_NANOS;
    private boolean stopped;

    public TaskLink(
            AgentConfig config,
            String life,
            Folder folder,
            Journal journal,
            Engine engine,
            AgentLog log,
            Consumer<String> publish) {
        this.config = config;
        this.life = life;
        this.journal = journal;
        this.engine = engine;
        this.log = log;
        this.publish = publish;
        this.guard = new Guard(config, Clock.systemUTC());
        this.main = new ScheduledThreadPoolExecutor(1, Threads.daemons("davylamp"));
        main.setRemoveOnCancelPolicy(true);
        main.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
        this.lines = new Lines(config, main, log);
        this.outbox = folder == null ? null : new Outbox(folder, config.outboxBytes, config.outboxMillis);
        this.deliveries = folder == null ? null : new Deliveries(outbox, main, log);
        this.runner = folder == null
                ? null
                : new TaskRunner(
                        engine,
                        outbox,
                        journal,
                        guard,
                        config.maxRecordingBytes,
                        main,
                        log,
                        this::report,
                        this::changed);
        if (folder != null) {
            Quietly.run(log, "look back", () -> tell(journal.bury(folder)));
        }
    }

    public void start() {
        log.info("agent " + AgentVersion.VERSION + " for " + config.service + " / " + config.instance + ", server "
                + config.servers + (unable().isEmpty() ? "" : "; cannot profile: " + unable().reason)
                + (engine.why().isEmpty() ? "" : "; records with the JDK's Flight Recorder: " + engine.why()));
        onMain("connect", this::connect);
        main.scheduleWithFixedDelay(
                Quietly.task(log, "look around", this::lookAround),
                LOOK_AROUND_SECONDS,
                LOOK_AROUND_SECONDS,
                TimeUnit.SECONDS);
    }

    private void onMain(String what, Quietly.Work work) {
        main.execute(Quietly.task(log, what, work));
    }

    /** Returns why the JVM cannot be profiled now; empty when it can. */
    private Unable unable() {
        Unable deaths = journal == null ? Unable.NO : journal.refusal();
        return engine.unable().or(deaths).or(guard.off());
    }

    private void connect() {
        if (stopped) {
            return;
        }
        adoptOrphans();
        try {
            lineNanos = System.nanoTime();
            line = lines.next(new Line.Listener() {
                @Override
                public void received(ServerMessage message) {
                    Quietly.run(log, "message", () -> TaskLink.this.received(message));
                }

                @Override
                public void lost(Line.Loss loss, String reason) {
                    Quietly.run(log, "connection lost", () -> TaskLink.this.lost(loss, reason));
                }
            });
        } catch (IOException e) {
            log.error("cannot read what the connection needs", e);
            lost(Line.Loss.BROKEN, String.valueOf(e.getMessage()));
            return;
        }
        said = hello();
        line.open(said);
    }

    private Map<String, String> lacks() {
        Map<String, String> lacks = new LinkedHashMap<>(engine.preFlight().lacks());
        if (!config.events.isEmpty()) {
            for (String event : AllowedOptions.EVENTS) {
                if (!config.events.contains(event)) {
                    lacks.put(event, "this agent is set to record " + String.join(", ", config.events) + " only");
                }
            }
        }
        return lacks;
    }

    private Map<String, String> unsure() {
        Map<String, String> unsure = new LinkedHashMap<>(engine.preFlight().unsure());
        unsure.keySet().removeAll(lacks().keySet());
        return unsure;
    }

    private Hello hello() {
        List<String> holding = new ArrayList<>();
        if (outbox != null) {
            outbox.waiting().forEach(recording -> holding.add(recording.assignment));
        }
        if (runner != null && !runner.running().isEmpty()) {
            holding.add(runner.running());
        }
        Map<String, String> properties = new LinkedHashMap<>(HostProperties.read());
        properties.putAll(engine.preFlight().findings());
        Unable unable = unable();
        return Hello.newBuilder()
                .setService(config.service)
                .setInstance(config.instance)
                .setAgentVersion(AgentVersion.VERSION)
                .putAllProperties(properties)
                .putAllLabels(config.labels)
                .addAllHolding(holding)
                .setUnable(unable.reason)
                .setUnableCode(unable.code)
                .setLife(life)
                .putAllLacks(lacks())
                .putAllUnsure(unsure())
                .setMaxSeconds((int) Math.min(Integer.MAX_VALUE, config.maxSeconds))
                .addAllReports(unconfirmed)
                .build();
    }

    private void lost(Line.Loss loss, String reason) {
        if (stopped) {
            return;
        }
        line = null;
        if (heartbeat != null) {
            heartbeat.cancel(false);
            heartbeat = null;
        }
        if (deliveries != null) {
            deliveries.lost();
        }
        log.info("no connection to " + lines.server() + ": " + reason);
        publish.accept("no connection to " + lines.server() + ": " + reason);
        long livedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lineNanos);
        long wait = lines.lost(welcome, livedMillis, loss);
        welcome = false;
        main.schedule(Quietly.task(log, "connect", this::connect), wait, TimeUnit.MILLISECONDS);
    }

    private void report(Report report) {
        unconfirmed.add(report);
        if (unconfirmed.size() > UNCONFIRMED) {
            unconfirmed.remove(0);
        }
        if (welcome) {
            line.send(AgentMessage.newBuilder().setReport(report).build());
        }
    }

    private void tell(List<Journal.Death> deaths) {
        for (Journal.Death death : deaths) {
            log.info(death.assignment + " of " + death.instance + ": " + death.reason);
            report(Report.newBuilder()
                    .setAssignmentId(death.assignment)
                    .setInstance(death.instance)
                    .setFailed(Failed.newBuilder().setReason(death.reason))
                    .build());
        }
    }

    private void adoptOrphans() {
        if (outbox == null || System.nanoTime() - orphansNanos < ORPHANS_NANOS) {
            return;
        }
        orphansNanos = System.nanoTime();
        for (Folder orphan : Folder.orphans(config)) {
            Quietly.run(log, "adopt", () -> {
                outbox.adopt(orphan);
                tell(journal.bury(orphan));
            });
        }
        outbox.release(System.currentTimeMillis());
    }

    private void lookAround() {
        if (outbox == null || !runner.running().isEmpty() && ++profiling % LESS != 0) {
            return;
        }
        for (Outbox.Dropped dropped : outbox.trim(System.currentTimeMillis())) {
            log.info(dropped.assignment + " of " + dropped.instance + ": " + dropped.reason);
            report(Report.newBuilder()
                    .setAssignmentId(dropped.assignment)
                    .setInstance(dropped.instance)
                    .setFailed(Failed.newBuilder().setReason(dropped.reason))
                    .build());
        }
        adoptOrphans();
        deliveries.next();
        sayAgain();
        if (welcome && lines.mayDoBetter() && runner.running().isEmpty()) {
            line.close();
            lost(Line.Loss.BROKEN, "trying a better way to speak");
        }
    }

    /** Sends a new Hello when the abilities changed: a file switched the agent off, a task showed something, somebody trusted it. */
    private void sayAgain() {
        // Compared before a Hello is made of it: this runs every few seconds in a host that may be idle.
        if (welcome
                && (!unable().reason.equals(said.getUnable())
                        || !lacks().equals(said.getLacksMap())
                        || !unsure().equals(said.getUnsureMap()))) {
            said = hello();
            line.send(AgentMessage.newBuilder().setHello(said).build());
        }
    }

    private void changed() {
        deliveries.next();
        sayAgain();
    }

    private void received(ServerMessage message) throws IOException {
        switch (message.getMessageCase()) {
            case WELCOME:
                welcome(message.getWelcome());
                break;
            case HEARTBEAT:
                unconfirmed
                        .subList(0, Math.min(beforeHeartbeat, unconfirmed.size()))
                        .clear();
                beforeHeartbeat = 0;
                break;
            case COMMAND:
                run(message.getCommand());
                break;
            case CANCEL:
                if (runner != null) {
                    runner.cancel(message.getCancel().getAssignmentId());
                }
                break;
            case STOP:
                if (runner != null) {
                    runner.stop(message.getStop().getAssignmentId());
                }
                break;
            case TRUST:
                if (journal != null) {
                    journal.trust();
                    sayAgain();
                }
                break;
            default:
                break;
        }
    }

    private void welcome(Welcome from) {
        log.info("connected to " + lines.server() + ", server " + from.getServerVersion());
        publish.accept(
                unable().isEmpty()
                        ? "connected to " + lines.server()
                        : "connected to " + lines.server() + ", but cannot profile: " + unable().reason);
        lines.welcome();
        welcome = true;
        // They were in Hello; what was reported since then is still to be said.
        List<Report> since = new ArrayList<>(
                unconfirmed.subList(Math.min(said.getReportsCount(), unconfirmed.size()), unconfirmed.size()));
        unconfirmed.clear();
        beforeHeartbeat = 0;
        since.forEach(this::report);
        int seconds = Math.max(1, Math.min(60, from.getHeartbeatSeconds()));
        // After a pause of the JVM one is enough.
        heartbeat = main.scheduleWithFixedDelay(
                Quietly.task(log, "heartbeat", () -> {
                    beforeHeartbeat = unconfirmed.size();
                    line.send(AgentMessage.newBuilder()
                            .setHeartbeat(Heartbeat.getDefaultInstance())
                            .build());
                }),
                seconds,
                seconds,
                TimeUnit.SECONDS);
        if (deliveries != null) {
            if (from.getMaxRecordingBytes() > 0) {
                runner.limit(from.getMaxRecordingBytes());
            }
            deliveries.connected(line);
        }
    }

    private void run(Command command) {
        if (runner == null || !engine.unable().isEmpty()) {
            report(Report.newBuilder()
                    .setAssignmentId(command.getAssignmentId())
                    .setFailed(Failed.newBuilder().setReason(unable().reason))
                    .build());
        } else {
            runner.run(command);
        }
    }

    /** The JVM ends, or the agent is to go: delivers what the profiler has, or keeps it for the next JVM of the service. */
    public void stop() {
        CountDownLatch delivered = new CountDownLatch(1);
        onMain("stop", () -> {
            if (stopped || runner == null) {
                delivered.countDown();
            } else {
                runner.stopAll("the JVM stops");
                deliveries.whenIdle(delivered::countDown);
            }
        });
        Quietly.run(log, "last delivery", () -> delivered.await(LAST_DELIVERY_MILLIS, TimeUnit.MILLISECONDS));
        CountDownLatch ended = new CountDownLatch(1);
        onMain("end", () -> {
            stopped = true;
            if (line != null) {
                line.close();
            }
            lines.end();
            if (outbox != null) {
                Quietly.run(log, "close", outbox::close);
            }
            ended.countDown();
        });
        Quietly.run(log, "end", () -> ended.await(1, TimeUnit.SECONDS));
        main.shutdownNow();
    }

    /**
     * Waits for what {@link #stop} did not wait for: a slow disk, a profiler that ends slowly.
     *
     * @return whether nothing of the agent's work runs any more
     */
    boolean awaitEnd(long millis) throws InterruptedException {
        return main.awaitTermination(millis, TimeUnit.MILLISECONDS);
    }
}
