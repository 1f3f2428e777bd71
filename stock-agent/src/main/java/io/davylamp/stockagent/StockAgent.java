package io.davylamp.stockagent;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.ForwardingClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * One JVM with SkyWalking's agent, seen from its server: the calls that it makes and when, how it takes commands and uploads, and
 * what each status does to it. One connection state for all features; commands are taken from the replies of most calls; at most
 * one profiling at a time, a second command is dropped; an upload is tried once, and whatever comes of it the file is gone.
 *
 * <p>All of it runs on the executor that it is given and on gRPC's threads; thread-safe.
 */
public final class StockAgent implements AutoCloseable {
    private static final Set<Status.Code> DISCONNECTING = EnumSet.of(
            Status.Code.UNAVAILABLE,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.UNKNOWN);

    private static final int SERIAL_NUMBERS = 64;
    private static final int CHUNK = 1 << 20;
    private static final int SUCCESS = 0;
    private static final int OVERSIZE = 2;
    private static final long MAX_SECONDS = 1_200;
    private static final Metadata.Key<String> VERSION =
            Metadata.Key.of("agent-version", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHENTICATION =
            Metadata.Key.of("authentication", Metadata.ASCII_STRING_MARSHALLER);

    /**
     * The agent's settings.
     *
     * @param token null for none
     * @param poll time between two questions for tasks, 20 s by default
     * @param heartbeat time between two signs of life, 30 s
     * @param metrics time between two reports of JVM metrics, 1 s
     * @param configuration time between two questions for settings, 20 s
     * @param meters time between two reports of meters, 20 s; zero for an application that was never traced
     * @param channelCheck time between two looks whether a lost connection is there again, 30 s
     * @param deadline of every call, 30 s
     */
    public record Settings(
            String service,
            String instance,
            String token,
            Duration poll,
            Duration heartbeat,
            Duration metrics,
            Duration configuration,
            Duration meters,
            Duration channelCheck,
            Duration deadline) {

        /** The defaults of the agent. */
        public static Settings of(String service, String instance) {
            return new Settings(
                    service,
                    instance,
                    null,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(30));
        }

        public Settings withToken(String newToken) {
            return new Settings(
                    service,
                    instance,
                    newToken,
                    poll,
                    heartbeat,
                    metrics,
                    configuration,
                    meters,
                    channelCheck,
                    deadline);
        }

        public Settings withPoll(Duration newPoll) {
            return new Settings(
                    service,
                    instance,
                    token,
                    newPoll,
                    heartbeat,
                    metrics,
                    configuration,
                    meters,
                    channelCheck,
                    deadline);
        }

        public Settings withDeadline(Duration newDeadline) {
            return new Settings(
                    service,
                    instance,
                    token,
                    poll,
                    heartbeat,
                    metrics,
                    configuration,
                    meters,
                    channelCheck,
                    newDeadline);
        }

        public Settings withChannelCheck(Duration newCheck) {
            return new Settings(
                    service, instance, token, poll, heartbeat, metrics, configuration, meters, newCheck, deadline);
        }
    }

    /** Runs async-profiler, or a substitute for it. */
    public interface Profiler {
        /** Starts with these options, or throws. */
        Session start(String options) throws Exception;
    }

    /** A profiler at work. */
    public interface Session {
        /** Ends it; what it recorded. */
        byte[] stop() throws Exception;
    }

    /** Told of each call: its name, how long it took, and how it ended. */
    public interface Listener {
        void called(String method, long nanos, Status status);
    }

    /** A command that was run. */
    public record Ran(String taskId, String options, long seconds) {}

    private final Settings settings;
    private final ManagedChannel channel;
    private final Calls calls;
    private final ScheduledExecutorService timers;
    private final Profiler profiler;
    private final Listener listener;
    private final List<ScheduledFuture<?>> timed = new ArrayList<>();

    private final Deque<String> serialNumbers = new ArrayDeque<>();
    private final ConcurrentLinkedQueue<String> errors = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<Ran> ran = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
    private final String startEvent = UUID.randomUUID().toString();
    private final long startMillis = System.currentTimeMillis();
    private volatile boolean connected = true;
    private volatile boolean profilingSwitchedOff;
    private long lastCommandTime = -1;
    private boolean profiling;
    private int ticks;

    /** @param channel one connection of its own, without retries */
    public StockAgent(
            Settings settings,
            ManagedChannel channel,
            ScheduledExecutorService timers,
            Profiler profiler,
            Listener listener) {
        this.settings = settings;
        this.channel = channel;
        this.calls = new Calls(
                io.grpc.ClientInterceptors.intercept(channel, new Headers(settings.token())), settings.deadline());
        this.timers = timers;
        this.profiler = profiler;
        this.listener = listener;
    }

    /** All features fall silent until {@link #look} finds a connection. */
    private synchronized void disconnect() {
        if (connected) {
            connected = false;
            look(0);
        }
    }

    /**
     * The agent makes no call to find out whether its server is back: once in each period it looks whether its channel happens to
     * be connected at that moment. The first look is only that, each later one asks for a connection too, which nobody waits for
     * and which carries nothing until the next look.
     */
    private void look(int before) {
        timers.schedule(
                () -> {
                    if (channel.getState(before > 0) == ConnectivityState.READY) {
                        connected = true;
                    } else {
                        look(before + 1);
                    }
                },
                settings.channelCheck().toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private record Headers(String token) implements ClientInterceptor {
        @Override
        public <Q, P> ClientCall<Q, P> interceptCall(MethodDescriptor<Q, P> method, CallOptions options, Channel next) {
            return new ForwardingClientCall.SimpleForwardingClientCall<>(next.newCall(method, options)) {
                @Override
                public void start(Listener<P> responses, Metadata headers) {
                    headers.put(VERSION, "9.4.0");
                    if (token != null) {
                        headers.put(AUTHENTICATION, token);
                    }
                    super.start(responses, headers);
                }
            };
        }
    }

    /** Starts all timers; each first tick comes after {@code delay}. */
    public void start(Duration delay) {
        timers.schedule(this::reportStart, delay.toMillis(), TimeUnit.MILLISECONDS);
        repeat(delay, settings.heartbeat(), this::beat);
        repeat(delay, settings.metrics(), this::reportMetrics);
        repeat(delay, settings.poll(), this::poll);
        repeat(delay, settings.poll(), this::pollTraceProfiling);
        repeat(delay, settings.configuration(), this::fetchConfiguration);
        if (!settings.meters().isZero()) {
            repeat(delay, settings.meters(), this::reportMeters);
        }
    }

    private void repeat(Duration delay, Duration period, Runnable tick) {
        timed.add(timers.scheduleAtFixedRate(
                () -> {
                    if (connected) {
                        tick.run();
                    }
                },
                delay.toMillis(),
                period.toMillis(),
                TimeUnit.MILLISECONDS));
    }

    /** Returns the errors and warnings that the agent's log would show. */
    public List<String> errors() {
        return List.copyOf(errors);
    }

    /** Returns the commands that the agent ran, in order. */
    public List<Ran> ran() {
        return List.copyOf(ran);
    }

    /** Returns the ids of the tasks whose recordings the server took and acknowledged, in order. */
    public List<String> acknowledged() {
        return List.copyOf(acknowledged);
    }

    public boolean isConnected() {
        return connected;
    }

    /** Whether the server once said that it does not know the profiling calls: then none are made any more. */
    public boolean isProfilingSwitchedOff() {
        return profilingSwitchedOff;
    }

    /** The uncooked calls, for those who want to make them wrong. */
    public Calls calls() {
        return calls;
    }

    // Each of the agent's calls.

    public CompletableFuture<Status> reportStart() {
        return stream(
                Calls.EVENTS,
                List.of(Wire.event(startEvent, settings.service(), settings.instance(), "Start", startMillis)),
                true);
    }

    /** The JVM ends when this has ended. */
    public CompletableFuture<Status> reportShutdown() {
        return stream(
                Calls.EVENTS,
                List.of(Wire.event(
                        UUID.randomUUID().toString(),
                        settings.service(),
                        settings.instance(),
                        "Shutdown",
                        startMillis)),
                true);
    }

    /** Properties at the first, eleventh, ... tick, a sign of life at all others. */
    public CompletableFuture<Status> beat() {
        return ticks++ % 10 == 0 ? reportProperties() : keepAlive();
    }

    public CompletableFuture<Status> reportProperties() {
        List<Map.Entry<String, String>> properties = List.of(
                Map.entry("OS Name", "Linux"),
                Map.entry("hostname", "host-1"),
                Map.entry("ipv4", "10.0.0.7"),
                Map.entry("ipv4", "10.0.0.8"),
                Map.entry("Process No.", "4711"),
                Map.entry("language", "java"),
                Map.entry("namespace", ""),
                Map.entry("cluster", ""),
                Map.entry("version", "9.4.0"),
                Map.entry("Start Time", "2026-11-25 00:00:00." + startMillis),
                Map.entry("JVM Arguments", "[\"-Xmx1g\"]"),
                Map.entry("Jar Dependencies", "[\"a.jar\",\"b.jar\"]"));
        return unary(Calls.PROPERTIES, Wire.properties(settings.service(), settings.instance(), properties), false);
    }

    public CompletableFuture<Status> keepAlive() {
        return unary(Calls.KEEP_ALIVE, Wire.ping(settings.service(), settings.instance()), true);
    }

    public CompletableFuture<Status> reportMetrics() {
        return unary(
                Calls.JVM_METRICS,
                Wire.jvmMetrics(settings.service(), settings.instance(), System.currentTimeMillis()),
                true);
    }

    public CompletableFuture<Status> fetchConfiguration() {
        return unary(Calls.CONFIGURATION, Wire.configuration(settings.service()), true);
    }

    public CompletableFuture<Status> reportMeters() {
        return stream(
                Calls.METERS,
                List.of(
                        Wire.meter(settings.service(), settings.instance(), System.currentTimeMillis()),
                        Wire.meter("", "", 0)),
                false);
    }

    public CompletableFuture<Status> reportTraces(int segments) {
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < segments; i++) {
            messages.add(Wire.segment(
                    settings.service(), settings.instance(), UUID.randomUUID().toString()));
        }
        return stream(Calls.TRACES, messages, true);
    }

    public CompletableFuture<Status> pollTraceProfiling() {
        return unary(Calls.TRACE_PROFILING, Wire.poll(settings.service(), settings.instance(), -1), true);
    }

    public CompletableFuture<Status> poll() {
        if (profilingSwitchedOff) {
            return CompletableFuture.completedFuture(Status.UNIMPLEMENTED);
        }
        long accepted;
        synchronized (this) {
            accepted = lastCommandTime;
        }
        return unary(Calls.POLL, Wire.poll(settings.service(), settings.instance(), accepted), true)
                .whenComplete((status, error) -> {
                    if (status.getCode() == Status.Code.UNIMPLEMENTED) {
                        profilingSwitchedOff = true;
                        errors.add("the backend does not support async profiling");
                    }
                });
    }

    private CompletableFuture<Status> unary(String method, byte[] request, boolean takesCommands) {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        long start = System.nanoTime();
        calls.unary(method, request, (reply, status) -> ended(method, start, reply, status, takesCommands, ended));
        return ended;
    }

    private CompletableFuture<Status> stream(String method, List<byte[]> requests, boolean takesCommands) {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        long start = System.nanoTime();
        calls.stream(method, requests, (reply, status) -> ended(method, start, reply, status, takesCommands, ended));
        return ended;
    }

    private void ended(
            String method,
            long startNanos,
            byte[] reply,
            Status status,
            boolean takesCommands,
            CompletableFuture<Status> ended) {
        listener.called(method, System.nanoTime() - startNanos, status);
        if (!status.isOk()) {
            failed(method, status);
        } else if (takesCommands) {
            take(reply);
        }
        ended.complete(status);
    }

    private void failed(String what, Status status) {
        errors.add(what + ": " + status);
        if (DISCONNECTING.contains(status.getCode())) {
            disconnect();
        }
    }

    private void take(byte[] reply) {
        try {
            for (Wire.Command command : Wire.commands(reply)) {
                if (command.name().equals("AsyncProfilerTaskQuery")) {
                    take(command.args());
                } else {
                    errors.add("unknown command " + command.name());
                }
            }
        } catch (IOException | NumberFormatException e) {
            errors.add("a reply was dropped: " + e);
        }
    }

    private void take(Map<String, String> args) {
        for (String name : List.of("SerialNumber", "TaskId", "Duration", "ExecArgs", "CreateTime")) {
            if (!args.containsKey(name)) {
                errors.add("a command lacks " + name);
                return;
            }
        }
        long created = Long.parseLong(args.get("CreateTime"));
        long seconds = Math.min(MAX_SECONDS, Integer.parseInt(args.get("Duration")));
        String taskId = args.get("TaskId");
        synchronized (this) {
            if (serialNumbers.contains(args.get("SerialNumber"))) {
                return;
            }
            serialNumbers.add(args.get("SerialNumber"));
            if (serialNumbers.size() > SERIAL_NUMBERS) {
                serialNumbers.remove();
            }
            if (created <= lastCommandTime) {
                errors.add("command " + taskId + " is older than the last");
                return;
            }
            lastCommandTime = created;
            if (profiling) {
                return; // dropped, and nobody is told
            }
            profiling = true;
        }
        timers.execute(() -> profile(taskId, args.get("ExecArgs"), seconds));
    }

    private void profile(String taskId, String options, long seconds) {
        ran.add(new Ran(taskId, options, seconds));
        Session session;
        try {
            if (taskId.contains("/")) {
                throw new IllegalArgumentException("Invalid prefix or suffix");
            }
            session = profiler.start(options);
        } catch (Exception e) {
            profilingEnds(); // swallowed: the server hears nothing of it
            return;
        }
        timers.schedule(() -> end(taskId, session), seconds * 1_000, TimeUnit.MILLISECONDS);
    }

    private void end(String taskId, Session session) {
        try {
            upload(taskId, session.stop());
        } catch (Exception e) {
            profilingEnds();
        }
    }

    private synchronized void profilingEnds() {
        profiling = false;
    }

    private void upload(String taskId, byte[] recording) {
        if (!connected) {
            errors.add("not connected when the profiling of " + taskId + " ended; the recording is gone");
            profilingEnds();
            return;
        }
        upload(taskId, SUCCESS, recording.length, null, recording).whenComplete((status, error) -> profilingEnds());
    }

    /** Tells that the profiler did not start, which agents with an older profiler nearly never do. */
    public CompletableFuture<Status> reportFailure(String taskId, String error) {
        return upload(taskId, 1, -1, error, new byte[0]);
    }

    /** Uploads as the agent does; what is told of the size and outcome may be a lie. */
    public CompletableFuture<Status> upload(String taskId, int type, int size, String error, byte[] recording) {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        long start = System.nanoTime();
        Upload upload = new Upload(recording, (status, sent) -> {
            listener.called(Calls.COLLECT, System.nanoTime() - start, status);
            if (!status.isOk()) {
                failed(Calls.COLLECT, status);
            } else if (sent) {
                acknowledged.add(taskId);
            }
            ended.complete(status);
        });
        upload.out = calls.both(Calls.COLLECT, upload);
        upload.out.onNext(Wire.metadata(settings.service(), settings.instance(), taskId, type, size, error));
        if (type != SUCCESS) {
            upload.out.onCompleted();
        }
        return ended;
    }

    private interface UploadEnd {
        /** @param sent whether the server wanted the recording and all of it was sent */
        void ended(Status status, boolean sent);
    }

    private final class Upload implements StreamObserver<byte[]> {
        private final byte[] recording;
        private final UploadEnd end;
        private volatile StreamObserver<byte[]> out;
        private volatile boolean sent;

        Upload(byte[] recording, UploadEnd end) {
            this.recording = recording;
            this.end = end;
        }

        @Override
        public void onNext(byte[] response) {
            int type;
            try {
                type = Wire.collectionType(response);
            } catch (IOException e) {
                errors.add("an answer to an upload was no message: " + e);
                return;
            }
            if (type == OVERSIZE) {
                errors.add("the recording is too large to be received by the server");
            } else {
                // All at once, ready or not.
                for (int at = 0; at < recording.length; at += CHUNK) {
                    out.onNext(Wire.content(recording, at, Math.min(CHUNK, recording.length - at)));
                }
                sent = true;
            }
            out.onCompleted();
        }

        @Override
        public void onError(Throwable e) {
            end.ended(Status.fromThrowable(e), sent);
        }

        @Override
        public void onCompleted() {
            end.ended(Status.OK, sent);
        }
    }

    @Override
    public void close() {
        timed.forEach(each -> each.cancel(false));
    }
}
