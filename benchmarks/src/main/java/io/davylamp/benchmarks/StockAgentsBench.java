package io.davylamp.benchmarks;

import io.davylamp.profile.Recordings;
import io.davylamp.stockagent.StockAgent;
import io.davylamp.testbed.Database;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Thousands of SkyWalking's agents, each with a connection and its timers of its own, against a server that was started for it;
 * and, while they go on, one task for a hundred of them. Agents and server share the machine.
 */
final class StockAgentsBench {
    private static final String SERVICE = "fleet";
    private static final int TASK_INSTANCES = 100;
    private static final int TASK_STRIDE = 7;
    private static final int TASK_SECONDS = 15;
    private static final int CONNECTING_SECONDS = 30;

    private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();
    private final Map<String, Long> commandNanos = new ConcurrentHashMap<>();
    private volatile boolean measuring;
    private final byte[] recording = Recordings.bytes("small_spring_sw30.jfr");

    /** @param postgresql whether the server keeps its rows there, instead of in SQLite */
    static void run(int agents, int seconds, boolean postgresql) throws Exception {
        try (Database database = postgresql
                ? new Database(Files.createTempDirectory("davylamp-stock").resolve("postgresql"))
                : null) {
            List<String> settings = postgresql ? Database.settings(database.port()) : List.of();
            new StockAgentsBench().measure(agents, seconds, settings.toArray(String[]::new));
        }
    }

    private void measure(int agents, int seconds, String... settings) throws Exception {
        Logger.getLogger("io.grpc").setLevel(Level.OFF); // what is cut at the end is no news
        EventLoopGroup io = new NioEventLoopGroup(1);
        EventLoopGroup taskIo = new NioEventLoopGroup(1); // who uploads must not hold up those who are timed
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
        List<ManagedChannel> channels = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start("", settings)) {
            System.out.printf("%d agents connect within %d s ...%n", agents, CONNECTING_SECONDS);
            Random random = new Random(1);
            for (int i = 0; i < agents; i++) {
                ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.agentPort())
                        .usePlaintext()
                        .disableRetry()
                        .directExecutor()
                        .eventLoopGroup(i % TASK_STRIDE == 0 && i < TASK_STRIDE * TASK_INSTANCES ? taskIo : io)
                        .channelType(NioSocketChannel.class)
                        .flowControlWindow(1 << 16)
                        .build();
                channels.add(channel);
                String instance = "jvm-" + i;
                new StockAgent(
                                StockAgent.Settings.of(SERVICE, instance),
                                channel,
                                timers,
                                options -> {
                                    commandNanos.putIfAbsent(instance, System.nanoTime());
                                    return () -> recording;
                                },
                                this::called)
                        .start(Duration.ofMillis(random.nextInt(CONNECTING_SECONDS * 1_000)));
            }
            TimeUnit.SECONDS.sleep(CONNECTING_SECONDS + 25); // until each has polled
            awaitQuiet(server);
            measure("all of them quiet", seconds, server);
            long created = System.nanoTime();
            List<String> instances = new ArrayList<>();
            for (int i = 0; i < TASK_INSTANCES; i++) {
                instances.add("jvm-" + i * TASK_STRIDE);
            }
            String task = server.createTask(SERVICE, instances, 5, "CPU, ALLOC");
            measure("a task of 5 s for " + TASK_INSTANCES + " of them", TASK_SECONDS, server);
            delivery(created);
            System.out.println("  states then: " + server.states(task));
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
            io.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
            taskIo.shutdownGracefully(0, 1, TimeUnit.SECONDS).await();
            timers.shutdownNow();
        }
    }

    /** Until the server has worked off that all connected to it while it was not compiled yet. */
    private static void awaitQuiet(ServerProcess server) throws InterruptedException {
        for (int tries = 0; tries < 30; tries++) {
            long before = server.cpuMillis();
            TimeUnit.SECONDS.sleep(5);
            if (server.cpuMillis() - before < 5_000) {
                return;
            }
        }
        System.out.println("the server is still busy with connecting");
    }

    private void called(String method, long nanos, Status status) {
        if (!status.isOk()) {
            errors.computeIfAbsent(method + " " + status.getCode(), key -> new AtomicLong())
                    .incrementAndGet();
        } else if (measuring) {
            latencies.computeIfAbsent(method, key -> new Latencies()).add(nanos);
        }
    }

    private void measure(String what, int seconds, ServerProcess server) throws Exception {
        latencies.clear();
        long cpu = server.cpuMillis();
        long start = System.nanoTime();
        measuring = true;
        TimeUnit.SECONDS.sleep(seconds);
        measuring = false;
        System.out.println(what + ":");
        report((System.nanoTime() - start) / 1e9, server.cpuMillis() - cpu, server);
    }

    private void report(double seconds, long cpuMillis, ServerProcess server) throws IOException {
        long calls = latencies.values().stream().mapToLong(each -> each.count()).sum();
        System.out.printf(
                "  %.0f calls a second for %.0f s; server: %.2f processors, %s, %s%n",
                calls / seconds, seconds, cpuMillis / 1e3 / seconds, server.status("VmRSS"), server.status("VmHWM"));
        latencies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> System.out.printf(
                        "  %-66s %8d calls  p50 %6.1f ms  p99 %6.1f ms  max %6.1f ms%n",
                        each.getKey(),
                        each.getValue().count(),
                        each.getValue().quantile(0.5),
                        each.getValue().quantile(0.99),
                        each.getValue().quantile(1)));
        System.out.println("  errors: " + (errors.isEmpty() ? "none" : errors));
    }

    private void delivery(long createdNanos) {
        long[] delivery = commandNanos.values().stream()
                .mapToLong(at -> (at - createdNanos) / 1_000_000)
                .sorted()
                .toArray();
        if (delivery.length > 0) {
            System.out.printf(
                    "  %d had their command, after %d ms (median), %d ms (last)%n",
                    delivery.length, delivery[delivery.length / 2], delivery[delivery.length - 1]);
        }
    }
}
