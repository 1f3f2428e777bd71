package io.davylamp.agent;

import io.davylamp.wire.v1.Accepted;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.Ended;
import io.davylamp.wire.v1.Failed;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The connection to the server and what goes over it: commands in, reports and recordings out. All state belongs to the one
 * thread of {@link #main}; gRPC's callbacks only hand over to it.
 */
final class TaskLink {
    private static final long FIRST_RETRY_MILLIS = 200;
    private static final long LAST_RETRY_MILLIS = 3_000;
    private static final long UPLOAD_RETRY_MILLIS = 5_000;
    /** Held strongly: a logger that is collected forgets that it is off. */
    private static final Logger GRPC_LOGGER = Logger.getLogger("io.grpc");

    private final AgentConfig config;
    private final String life;
    private final Outbox outbox;
    private final NativeLibrary library;
    private final AgentLog log;
    private final ScheduledThreadPoolExecutor main;
    private final ThreadPoolExecutor transport;
    private final Random random = new Random();

    private ManagedChannel channel;
    private StreamObserver<AgentMessage> link;
    /** Counts connections, so that what a dead one still says is not heard. */
    private int connection;

    private long retryMillis = FIRST_RETRY_MILLIS;
    private ScheduledFuture<?> heartbeat;
    private ProfilerSession session;
    private ScheduledFuture<?> sessionEnd;
    private final Set<String> uploading = new HashSet<>();
    private boolean stopped;

    TaskLink(AgentConfig config, String life, Outbox outbox, NativeLibrary library, AgentLog log) {
        this.config = config;
        this.life = life;
        this.outbox = outbox;
        this.library = library;
        this.log = log;
        this.main = new ScheduledThreadPoolExecutor(1, daemons("davylamp"));
        main.setRemoveOnCancelPolicy(true);
        this.transport = new ThreadPoolExecutor(
                0,
                8,
                5,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                daemons("davylamp-io"),
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    void start() {
        GRPC_LOGGER.setLevel(Level.OFF);
        log.info("agent " + AgentVersion.VERSION + " for " + config.service + " / " + config.instance + ", server "
                + config.host + ":" + config.port);
        onMain("connect", this::connect);
    }

    private void onMain(String what, Quietly.Work work) {
        if (!main.isShutdown()) {
            main.execute(Quietly.task(log, what, work));
        }
    }

    private void later(long millis, String what, Quietly.Work work) {
        if (!main.isShutdown()) {
            main.schedule(Quietly.task(log, what, work), millis, TimeUnit.MILLISECONDS);
        }
    }

    private void connect() {
        if (stopped) {
            return;
        }
        ChannelCredentials credentials;
        try {
            credentials = config.tls.credentials();
        } catch (IOException e) {
            // It may be being rotated.
            log.error("cannot read the files for TLS", e);
            later(LAST_RETRY_MILLIS, "connect", this::connect);
            return;
        }
        channel = OkHttpChannelBuilder.forAddress(config.host, config.port, credentials)
                .executor(main)
                .transportExecutor(transport)
                .scheduledExecutorService(main)
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .disableRetry()
                .build();
        int mine = ++connection;
        link = AgentServiceGrpc.newStub(TokenHeader.on(channel, config.token))
                .link(new StreamObserver<ServerMessage>() {
                    @Override
                    public void onNext(ServerMessage message) {
                        onMain("message", () -> {
                            if (mine == connection) {
                                received(message);
                            }
                        });
                    }

                    @Override
                    public void onError(Throwable e) {
                        onMain("connection lost", () -> lost(mine, String.valueOf(e.getMessage())));
                    }

                    @Override
                    public void onCompleted() {
                        onMain("connection ended", () -> lost(mine, "the server ended the connection"));
                    }
                });
        List<String> holding = new ArrayList<>(outbox.waiting());
        if (session != null) {
            holding.add(session.assignment());
        }
        send(AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setService(config.service)
                        .setInstance(config.instance)
                        .setAgentVersion(AgentVersion.VERSION)
                        .putAllProperties(HostProperties.read())
                        .addAllHolding(holding)
                        .setUnable(library.unable())
                        .setLife(life)
                        .build())
                .build());
    }

    private void lost(int which, String reason) {
        if (which != connection || stopped) {
            return;
        }
        connection++;
        link = null;
        if (heartbeat != null) {
            heartbeat.cancel(false);
            heartbeat = null;
        }
        log.info("no connection to " + config.host + ":" + config.port + ": " + reason);
        // A channel that failed waits by a clock of its own, up to minutes; a new one tries at once.
        channel.shutdownNow();
        channel = null;
        // A little chance, so that a fleet does not come back at one moment.
        later(retryMillis / 2 + random.nextInt((int) retryMillis), "connect", this::connect);
        retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
    }

    private void send(AgentMessage message) {
        if (link != null) {
            link.onNext(message);
        }
    }

    private void report(String assignment, Report.Builder report) {
        send(AgentMessage.newBuilder()
                .setReport(report.setAssignmentId(assignment))
                .build());
    }

    private void received(ServerMessage message) throws IOException {
        switch (message.getMessageCase()) {
            case WELCOME:
                log.info("connected to server " + message.getWelcome().getServerVersion());
                retryMillis = FIRST_RETRY_MILLIS;
                int seconds = Math.max(1, message.getWelcome().getHeartbeatSeconds());
                heartbeat = main.scheduleAtFixedRate(
                        Quietly.task(
                                log,
                                "heartbeat",
                                () -> send(AgentMessage.newBuilder()
                                        .setHeartbeat(Heartbeat.getDefaultInstance())
                                        .build())),
                        seconds,
                        seconds,
                        TimeUnit.SECONDS);
                deliverWaiting();
                break;
            case COMMAND:
                run(message.getCommand());
                break;
            case CANCEL:
                cancel(message.getCancel().getAssignmentId());
                break;
            default:
                break;
        }
    }

    private void run(Command command) {
        String assignment = command.getAssignmentId();
        if (session != null && session.assignment().equals(assignment)) {
            return;
        }
        if (session != null) {
            failed(assignment, "the agent is still busy with assignment " + session.assignment());
            return;
        }
        report(assignment, Report.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        try {
            AllowedOptions.requireDuration(command.getDurationSeconds());
            AllowedOptions.require(command.getOptions());
            session = ProfilerSession.start(
                    library, outbox, assignment, command.getOptions(), command.getDurationSeconds());
        } catch (Throwable e) {
            log.error("the profiler did not start for " + assignment, e);
            Quietly.run(log, "clean up", () -> outbox.remove(assignment));
            failed(assignment, e.getMessage() == null ? e.toString() : e.getMessage());
            return;
        }
        log.info("profiling for " + command.getDurationSeconds() + " s: " + command.getOptions());
        report(assignment, Report.newBuilder().setRunning(Running.getDefaultInstance()));
        sessionEnd = main.schedule(
                Quietly.task(log, "end of profiling", this::finish), command.getDurationSeconds(), TimeUnit.SECONDS);
    }

    private void failed(String assignment, String reason) {
        report(assignment, Report.newBuilder().setFailed(Failed.newBuilder().setReason(reason)));
    }

    private void finish() {
        ProfilerSession ending = session;
        if (ending == null) {
            return;
        }
        session = null;
        try {
            File recording = ending.finish();
            report(
                    ending.assignment(),
                    Report.newBuilder().setEnded(Ended.newBuilder().setSizeBytes(recording.length())));
            deliver(ending.assignment());
        } catch (Throwable e) {
            log.error("the profiler did not stop for " + ending.assignment(), e);
            Quietly.run(log, "clean up", () -> outbox.remove(ending.assignment()));
            failed(ending.assignment(), e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    private void cancel(String assignment) throws IOException {
        if (session != null && session.assignment().equals(assignment)) {
            ProfilerSession cancelled = session;
            session = null;
            sessionEnd.cancel(false);
            cancelled.abandon();
            log.info("cancelled " + assignment);
        }
    }

    private void deliverWaiting() {
        for (String assignment : outbox.waiting()) {
            deliver(assignment);
        }
    }

    private void deliver(String assignment) {
        if (link == null || !uploading.add(assignment)) {
            return;
        }
        Quietly.Work retry = () -> {
            uploading.remove(assignment);
            deliver(assignment);
        };
        try {
            Uploader.upload(
                    AgentServiceGrpc.newStub(TokenHeader.on(channel, config.token)),
                    config,
                    assignment,
                    outbox.recording(assignment),
                    new Uploader.Outcome() {
                        @Override
                        public void stored() {
                            log.info("delivered " + assignment);
                            forget();
                        }

                        @Override
                        public void refused(String reason) {
                            log.info("recording " + assignment + " is refused for good: " + reason);
                            forget();
                        }

                        private void forget() {
                            onMain("forget", () -> {
                                outbox.remove(assignment);
                                uploading.remove(assignment);
                            });
                        }

                        @Override
                        public void later(String reason) {
                            log.info("recording " + assignment + " is kept: " + reason);
                            TaskLink.this.later(UPLOAD_RETRY_MILLIS, "deliver again", retry);
                        }
                    });
        } catch (Throwable e) {
            log.error("cannot deliver " + assignment, e);
            later(UPLOAD_RETRY_MILLIS, "deliver again", retry);
        }
    }

    /** The JVM ends: keep what the profiler has, for the next JVM of this name to deliver. */
    void stop() {
        Quietly.run(
                log,
                "stop",
                () -> main.submit(Quietly.task(log, "stop", () -> {
                            stopped = true;
                            if (session != null) {
                                ProfilerSession ending = session;
                                session = null;
                                ending.finish();
                            }
                            if (channel != null) {
                                channel.shutdownNow();
                            }
                        }))
                        .get(2, TimeUnit.SECONDS));
    }
}
