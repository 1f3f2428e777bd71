package io.davylamp.benchmarks;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.davylamp.wire.v1.Accepted;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.End;
import io.davylamp.wire.v1.Ended;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * One JVM with Davylamp's agent, seen from its servers: a link with heartbeats, commands, and recordings that go on behind what a
 * server has of them. When a server goes away it turns to the next one, as behind a load balancer. All of it runs on the timers
 * that it is given and on gRPC's threads; thread-safe.
 */
final class OwnAgent implements AutoCloseable {
    private static final int HEARTBEAT_SECONDS = 5;
    private static final int AGAIN_MILLIS = 1_000;
    private static final int PIECE_BYTES = 64 << 10;

    /** Told of what happens, on threads that must not wait. */
    interface Listener {
        /** A server answered a heartbeat. */
        default void heartbeat(int server, long nanos) {}

        /** A command came. */
        default void commanded(OwnAgent agent, long atNanos) {}

        /** A recording is durable. */
        default void stored(OwnAgent agent, long atNanos) {}

        /** A server refused a recording for good. */
        default void refused(OwnAgent agent, String reason) {}
    }

    /** A recording with its hash. */
    record File(byte[] bytes, byte[] sha256) {
        static File of(byte[] bytes) {
            try {
                return new File(bytes, MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private final String service;
    private final String instance;
    private final String life = Long.toHexString(System.nanoTime());
    private final File file;
    private final int servers;
    private final IntFunction<ManagedChannel> connect;
    private final ScheduledExecutorService timers;
    private final Listener listener;

    private int server;
    private ManagedChannel channel;
    private StreamObserver<AgentMessage> out;
    private ScheduledFuture<?> heartbeats;
    private boolean closed;
    private volatile long beatNanos;
    private volatile boolean connected;
    /** Assignments that were taken and whose recording no server has yet. */
    private final Set<String> holding = ConcurrentHashMap.newKeySet();

    private final AtomicLong sent = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();
    private final AtomicLong skipped = new AtomicLong();
    private final AtomicLong continued = new AtomicLong();

    /**
     * @param server the first server that it turns to, of {@code servers}
     * @param connect opens a channel to a server
     * @param file what its profiler records
     */
    OwnAgent(
            String service,
            String instance,
            int server,
            int servers,
            IntFunction<ManagedChannel> connect,
            ScheduledExecutorService timers,
            File file,
            Listener listener) {
        this.service = service;
        this.instance = instance;
        this.server = server;
        this.servers = servers;
        this.connect = connect;
        this.timers = timers;
        this.file = file;
        this.listener = listener;
    }

    String instance() {
        return instance;
    }

    synchronized int server() {
        return server;
    }

    boolean isConnected() {
        return connected;
    }

    File file() {
        return file;
    }

    /** Bytes of recordings that went out, in all attempts. */
    long sentBytes() {
        return sent.get();
    }

    /** Attempts to send a recording that broke or were put off. */
    long broken() {
        return broken.get();
    }

    /** Attempts that began behind the first byte. */
    long continued() {
        return continued.get();
    }

    /** Bytes that need not be sent again. */
    long skippedBytes() {
        return skipped.get();
    }

    void start(Duration delay) {
        timers.schedule(this::link, delay.toMillis(), TimeUnit.MILLISECONDS);
        heartbeats = timers.scheduleAtFixedRate(
                this::beat,
                delay.toMillis() + TimeUnit.SECONDS.toMillis(HEARTBEAT_SECONDS),
                TimeUnit.SECONDS.toMillis(HEARTBEAT_SECONDS),
                TimeUnit.MILLISECONDS);
    }

    private synchronized void link() {
        if (closed) {
            return;
        }
        if (channel == null) {
            channel = connect.apply(server);
        }
        Link link = new Link(server);
        out = AgentServiceGrpc.newStub(channel).link(link);
        link.own = out;
        out.onNext(AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setService(service)
                        .setInstance(instance)
                        .setAgentVersion("bench")
                        .setLife(life)
                        .putProperties("host", "host-" + instance)
                        .putProperties("pid", "1")
                        .addAllHolding(holding))
                .build());
    }

    private synchronized void beat() {
        if (connected) {
            beatNanos = System.nanoTime();
            out.onNext(AgentMessage.newBuilder()
                    .setHeartbeat(Heartbeat.getDefaultInstance())
                    .build());
        }
    }

    private synchronized void report(String assignment, Report.Builder what) {
        if (connected) {
            out.onNext(AgentMessage.newBuilder()
                    .setReport(what.setAssignmentId(assignment))
                    .build());
        }
    }

    /** The server is away: the next one, after a moment. */
    private synchronized void turn(Link link) {
        if (out != link.own || closed) {
            return;
        }
        connected = false;
        out = null;
        channel.shutdownNow();
        channel = null;
        server = (server + 1) % servers;
        timers.schedule(this::link, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }

    private final class Link implements StreamObserver<ServerMessage> {
        private final int to;
        private volatile StreamObserver<AgentMessage> own;

        Link(int to) {
            this.to = to;
        }

        @Override
        public void onNext(ServerMessage message) {
            switch (message.getMessageCase()) {
                case WELCOME -> connected = true;
                case HEARTBEAT -> listener.heartbeat(to, System.nanoTime() - beatNanos);
                case COMMAND -> take(message.getCommand());
                default -> {}
            }
        }

        @Override
        public void onError(Throwable e) {
            turn(this);
        }

        @Override
        public void onCompleted() {
            turn(this);
        }
    }

    private void take(Command command) {
        listener.commanded(this, System.nanoTime());
        String assignment = command.getAssignmentId();
        if (!holding.add(assignment)) {
            return;
        }
        report(assignment, Report.newBuilder().setAccepted(Accepted.getDefaultInstance()));
        report(assignment, Report.newBuilder().setRunning(Running.newBuilder().setEngine("bench")));
        timers.schedule(
                () -> {
                    report(
                            assignment,
                            Report.newBuilder().setEnded(Ended.newBuilder().setSizeBytes(file.bytes().length)));
                    deliver(assignment);
                },
                command.getDurationSeconds(),
                TimeUnit.SECONDS);
    }

    private synchronized void deliver(String assignment) {
        if (closed) {
            return;
        }
        if (channel == null || !connected) {
            timers.schedule(() -> deliver(assignment), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            return;
        }
        Delivery delivery = new Delivery(assignment);
        AgentServiceGrpc.newStub(channel).deliver(delivery);
        delivery.begin();
    }

    /** One attempt to send a recording. */
    private final class Delivery implements ClientResponseObserver<DeliverRequest, DeliverReply> {
        private final String assignment;
        private ClientCallStreamObserver<DeliverRequest> requests;
        private int at = -1;
        private boolean allSent;
        private boolean over;

        Delivery(String assignment) {
            this.assignment = assignment;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<DeliverRequest> stream) {
            requests = stream;
            stream.setOnReadyHandler(this::pump);
        }

        void begin() {
            requests.onNext(DeliverRequest.newBuilder()
                    .setBegin(Begin.newBuilder()
                            .setService(service)
                            .setInstance(instance)
                            .setAssignmentId(assignment)
                            .setSizeBytes(file.bytes().length))
                    .build());
        }

        private synchronized void pump() {
            byte[] bytes = file.bytes();
            while (at >= 0 && !over && !allSent && requests.isReady()) {
                int length = Math.min(PIECE_BYTES, bytes.length - at);
                if (length > 0) {
                    requests.onNext(DeliverRequest.newBuilder()
                            .setContent(UnsafeByteOperations.unsafeWrap(bytes, at, length))
                            .build());
                    at += length;
                    sent.addAndGet(length);
                } else {
                    allSent = true;
                    requests.onNext(DeliverRequest.newBuilder()
                            .setEnd(End.newBuilder().setSha256(ByteString.copyFrom(file.sha256())))
                            .build());
                    requests.onCompleted();
                }
            }
        }

        @Override
        public synchronized void onNext(DeliverReply reply) {
            switch (reply.getMessageCase()) {
                case PROCEED -> {
                    at = (int) reply.getProceed().getOffset();
                    if (at > 0) {
                        continued.incrementAndGet();
                        skipped.addAndGet(at);
                    }
                    pump();
                }
                case STORED -> {
                    over = true;
                    holding.remove(assignment);
                    listener.stored(OwnAgent.this, System.nanoTime());
                }
                case REFUSED -> {
                    if (reply.getRefused().getKeep()) {
                        again();
                    } else {
                        over = true;
                        holding.remove(assignment);
                        listener.refused(OwnAgent.this, reply.getRefused().getReason());
                    }
                }
                default -> {}
            }
        }

        private synchronized void again() {
            if (!over) {
                over = true;
                broken.incrementAndGet();
                timers.schedule(() -> deliver(assignment), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        @Override
        public void onError(Throwable e) {
            again();
        }

        @Override
        public void onCompleted() {
            again();
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        connected = false;
        if (heartbeats != null) {
            heartbeats.cancel(false);
        }
        if (channel != null) {
            channel.shutdownNow();
        }
    }
}
