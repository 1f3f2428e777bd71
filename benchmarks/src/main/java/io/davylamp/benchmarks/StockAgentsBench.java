package io.davylamp.benchmarks;

import io.davylamp.profile.Recordings;
import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.netty.channel.EventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.nio.NioEventLoopGroup;
import io.grpc.netty.shaded.io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Thousands of SkyWalking's agents, each with a connection and its timers of its own, against a server that was started for it;
 * and, while they go on, one task for a hundred of them. Agents and server share the machine.
 */
final class StockAgentsBench {
    private static final String SERVICE = "fleet";
    private static final int TASK_INSTANCES = 100;
    private static final int CONNECTING_SECONDS = 30;

    private final Map<String, Latencies> latencies = new ConcurrentHashMap<>();
    private final Map<String, AtomicLong> errors = new ConcurrentHashMap<>();
    private final Map<String, Long> commandNanos = new ConcurrentHashMap<>();
    private volatile boolean measuring;
    private final byte[] recording = Recordings.bytes("small_spring_sw30.jfr");

    /** Microseconds in buckets of 2 %. */
    private static final class Latencies {
        private static final double BASE = Math.log(1.02);
        private final AtomicLong[] buckets = new AtomicLong[1_000];
        private final AtomicLong count = new AtomicLong();

        Latencies() {
            Arrays.setAll(buckets, i -> new AtomicLong());
        }

        void add(long nanos) {
            double micros = Math.max(1, nanos / 1e3);
            buckets[(int) Math.min(buckets.length - 1, Math.log(micros) / BASE)].incrementAndGet();
            count.incrementAndGet();
        }

        /** Milliseconds below which a share of all is. */
        double quantile(double share) {
            long rest = (long) Math.ceil(count.get() * share);
            for (int i = 0; i < buckets.length; i++) {
                rest -= buckets[i].get();
                if (rest <= 0) {
                    return Math.exp((i + 1) * BASE) / 1e3;
                }
            }
            return Double.NaN;
        }
    }

    static void run(int agents, int seconds) throws Exception {
        new StockAgentsBench().measure(agents, seconds);
    }

    private void measure(int agents, int seconds) throws Exception {
        Path home = Path.of(System.getProperty("davylamp.home", ""));
        if (!Files.isExecutable(home.resolve("bin/davy"))) {
            throw new IllegalStateException("run it as ./davy bench stock-agents: it needs the built distribution");
        }
        Path folder = Files.createTempDirectory("davylamp-load");
        int agentPort = freePort();
        int httpPort = freePort();
        Process server = new ProcessBuilder(
                        home.resolve("bin/davy").toString(),
                        "server",
                        "--stop-with-stdin",
                        "--set",
                        "agent.port=" + agentPort,
                        "--set",
                        "http.port=" + httpPort,
                        "--set",
                        "data.folder=" + folder.resolve("data"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("server.log").toFile())
                .start();
        EventLoopGroup io = new NioEventLoopGroup(1);
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
        List<ManagedChannel> channels = new ArrayList<>();
        try {
            awaitServer(httpPort);
            System.out.printf("%d agents connect within %d s ...%n", agents, CONNECTING_SECONDS);
            Random random = new Random(1);
            for (int i = 0; i < agents; i++) {
                ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", agentPort)
                        .usePlaintext()
                        .disableRetry()
                        .directExecutor()
                        .eventLoopGroup(io)
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
            long cpuBefore = cpuMillis(server.pid());
            measuring = true;
            long start = System.nanoTime();
            TimeUnit.SECONDS.sleep(seconds / 2);
            long created = System.nanoTime();
            String task = createTask(httpPort);
            TimeUnit.SECONDS.sleep(seconds - seconds / 2);
            double took = (System.nanoTime() - start) / 1e9;
            measuring = false;
            report(took, cpuMillis(server.pid()) - cpuBefore, server.pid(), created);
            System.out.println("  task: " + states(httpPort, task));
        } finally {
            timers.shutdownNow();
            channels.forEach(ManagedChannel::shutdownNow);
            io.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            server.getOutputStream().close();
            server.waitFor(20, TimeUnit.SECONDS);
            server.destroyForcibly();
        }
    }

    private void called(String method, long nanos, Status status) {
        if (!status.isOk()) {
            errors.computeIfAbsent(method + " " + status.getCode(), key -> new AtomicLong())
                    .incrementAndGet();
        } else if (measuring) {
            latencies.computeIfAbsent(method, key -> new Latencies()).add(nanos);
        }
    }

    private void report(double seconds, long cpuMillis, long pid, long createdNanos) throws IOException {
        long calls =
                latencies.values().stream().mapToLong(each -> each.count.get()).sum();
        System.out.printf(
                "%.0f calls a second for %.0f s; server: %.2f processors, %s, %s%n",
                calls / seconds, seconds, cpuMillis / 1e3 / seconds, status(pid, "VmRSS"), status(pid, "VmHWM"));
        latencies.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> System.out.printf(
                        "  %-66s %8d calls  p50 %6.1f ms  p99 %6.1f ms  max %6.1f ms%n",
                        each.getKey(),
                        each.getValue().count.get(),
                        each.getValue().quantile(0.5),
                        each.getValue().quantile(0.99),
                        each.getValue().quantile(1)));
        System.out.println("  errors: " + (errors.isEmpty() ? "none" : errors));
        long[] delivery = commandNanos.values().stream()
                .mapToLong(at -> (at - createdNanos) / 1_000_000)
                .sorted()
                .toArray();
        if (delivery.length > 0) {
            System.out.printf(
                    "  a task for %d of them: %d had its command, after %d ms (median), %d ms (last)%n",
                    TASK_INSTANCES, delivery.length, delivery[delivery.length / 2], delivery[delivery.length - 1]);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static void awaitServer(int port) throws Exception {
        for (int tries = 0; tries < 300; tries++) {
            try {
                send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/healthcheck")));
                return;
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("the server does not start");
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String createTask(int port) throws Exception {
        String service = base64(SERVICE) + ".1";
        List<String> instances = new ArrayList<>();
        for (int i = 0; i < TASK_INSTANCES; i++) {
            instances.add("\\\"" + service + "_" + base64("jvm-" + i * 7) + "\\\"");
        }
        String body =
                "{\"query\": \"mutation {t: createAsyncProfilerTask(asyncProfilerTaskCreationRequest: {serviceId: \\\""
                        + service + "\\\", serviceInstanceIds: ["
                        + String.join(",", instances)
                        + "], duration: 5, events: [CPU, ALLOC]}) {id code errorReason}}\"}";
        String answer = send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/graphql"))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(body)))
                .body();
        Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(answer);
        if (!id.find()) {
            throw new IllegalStateException(answer);
        }
        return id.group(1);
    }

    private static String states(int port, String task) throws Exception {
        Matcher states = Pattern.compile("\"state\":\"([A-Z_]+)\"")
                .matcher(send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/tasks/" + task)))
                        .body());
        return states.results()
                .collect(Collectors.groupingBy(state -> state.group(1), Collectors.counting()))
                .toString();
    }

    private static long cpuMillis(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(process -> process.info().totalCpuDuration())
                .map(Duration::toMillis)
                .orElse(0L);
    }

    private static String status(long pid, String line) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(each -> each.startsWith(line + ":"))
                .map(each -> each.replaceAll("\\s+", " "))
                .findFirst()
                .orElse("");
    }
}
