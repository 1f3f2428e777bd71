package io.davylamp.benchmarks;

import io.davylamp.profile.Recordings;
import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Simulated agents, each with a connection of its own, spread over servers. Thread-safe. */
final class Fleet implements AutoCloseable {
    static final String OWN = "fleet";
    static final String STOCK = "legacy";

    private final List<Integer> ports;
    private final EventLoopGroup io = new NioEventLoopGroup(1);
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
    private final List<OwnAgent> own = new ArrayList<>();
    private final List<StockAgent> stock = new ArrayList<>();
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();
    private final OwnAgent.Listener listener;
    private volatile boolean measuring;

    /** @param listener hears what the agents of ours do */
    Fleet(List<Integer> ports, OwnAgent.Listener listener) {
        this.ports = ports;
        this.listener = listener;
    }

    private ManagedChannel channel(int server) {
        return NettyChannelBuilder.forAddress("127.0.0.1", ports.get(server))
                .usePlaintext()
                .disableRetry()
                .directExecutor()
                .eventLoopGroup(io)
                .channelType(NioSocketChannel.class)
                .flowControlWindow(1 << 16)
                .build();
    }

    /** Adds an agent of ours that turns to {@code server} after {@code delay}. */
    OwnAgent addOwn(String service, String instance, int server, OwnAgent.File file, Duration delay) {
        OwnAgent agent = new OwnAgent(
                service, instance, server, ports.size(), this::channel, timers, file, new OwnAgent.Listener() {
                    @Override
                    public void heartbeat(int to, long nanos) {
                        measured("server " + (to + 1) + ", our agents: heartbeats", nanos);
                    }

                    @Override
                    public void commanded(OwnAgent of, long atNanos) {
                        listener.commanded(of, atNanos);
                    }

                    @Override
                    public void stored(OwnAgent of, long atNanos) {
                        listener.stored(of, atNanos);
                    }

                    @Override
                    public void refused(OwnAgent of, String reason) {
                        listener.refused(of, reason);
                    }
                });
        own.add(agent);
        agent.start(delay);
        return agent;
    }

    /** Adds agents of ours that connect within some seconds. */
    void addOwn(int count, int seconds) {
        OwnAgent.File file = OwnAgent.File.of(Recordings.bytes("tiny_demo.jfr"));
        Random random = new Random(1);
        for (int i = 0; i < count; i++) {
            addOwn(OWN, "jvm-" + i, i % ports.size(), file, Duration.ofMillis(random.nextInt(seconds * 1_000)));
        }
    }

    /** Adds agents of SkyWalking that connect within some seconds. */
    void addStock(int count, int seconds) {
        byte[] recording = Recordings.bytes("tiny_demo.jfr");
        Random random = new Random(2);
        for (int i = 0; i < count; i++) {
            int server = i % ports.size();
            ManagedChannel channel = channel(server);
            channels.add(channel);
            StockAgent agent = new StockAgent(
                    StockAgent.Settings.of(STOCK, "jvm-" + i),
                    channel,
                    timers,
                    options -> () -> recording,
                    (method, nanos, status) -> called(server, method, nanos, status));
            stock.add(agent);
            agent.start(Duration.ofMillis(random.nextInt(seconds * 1_000)));
        }
    }

    private void called(int server, String method, long nanos, Status status) {
        if (status.isOk()) {
            measured(
                    "server " + (server + 1) + ", SkyWalking's: " + method.substring(method.lastIndexOf('.') + 1),
                    nanos);
        } else {
            errors.computeIfAbsent(method + " " + status.getCode(), key -> new AtomicLong())
                    .incrementAndGet();
        }
    }

    private void measured(String what, long nanos) {
        if (measuring) {
            latencies.computeIfAbsent(what, key -> new Latencies()).add(nanos);
        }
    }

    List<OwnAgent> own() {
        return own;
    }

    /** Agents of ours that are connected. */
    long connected() {
        return own.stream().filter(OwnAgent::isConnected).count();
    }

    /** Latencies and failures of calls from here on, by server and call. */
    void measure() {
        latencies.clear();
        errors.clear();
        measuring = true;
    }

    /** The latencies since {@link #measure}. */
    Map<String, Latencies> measured() {
        measuring = false;
        return new TreeMap<>(latencies);
    }

    /** Failed calls of SkyWalking's agents since {@link #measure}. */
    Map<String, AtomicLong> errors() {
        return errors;
    }

    @Override
    public void close() throws InterruptedException {
        stock.forEach(StockAgent::close);
        own.forEach(OwnAgent::close);
        channels.forEach(ManagedChannel::shutdownNow);
        io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
        timers.shutdownNow();
    }
}
