package io.davylamp.benchmarks;

import io.davylamp.stockagent.StockAgent;
import io.davylamp.testbed.Bucket;
import io.davylamp.testbed.Database;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The whole server in a small heap, with each kind of store: recordings come in over an agent's connection, then they are asked
 * about over HTTP. All three servers run at the same time and do each step by turns.
 */
final class ServerBench {
    private static final Duration LONG = Duration.ofMinutes(5);
    private static final int RECORDINGS = 5;
    private static final int WARM = 15;
    private static final int PARTS = 10;
    private static final int MOST_TRIES = 600;

    private final List<Contender> contenders = new ArrayList<>();

    private ServerBench() {}

    static void run(Path recording, int heapMegabytes) throws Exception {
        byte[] bytes = Corpus.bytes(recording);
        Path folder = Files.createTempDirectory("davylamp-stores");
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
        String heap = "-Xmx" + heapMegabytes + "m";
        try (Database database = new Database(folder.resolve("postgresql"));
                Bucket bucket = new Bucket(new Random(1), folder.resolve("bucket"))) {
            try (Connection connection = database.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("CREATE DATABASE with_files");
            }
            List<String> onS3 = new ArrayList<>(Database.settings(database.port()));
            onS3.addAll(Bucket.settings(bucket.port()));
            List<String> onFiles = Database.settings(database.port()).stream()
                    .map(setting -> setting.replaceFirst("/postgres$", "/with_files"))
                    .toList();
            try (Contender sqlite = new Contender("SQLite and files", heap, Map.of(), List.of(), bytes, timers);
                    Contender files = new Contender("PostgreSQL and files", heap, Map.of(), onFiles, bytes, timers);
                    Contender s3 =
                            new Contender("PostgreSQL and S3", heap, Bucket.credentials(), onS3, bytes, timers)) {
                ServerBench bench = new ServerBench();
                bench.contenders.addAll(List.of(sqlite, files, s3));
                bench.measure(bytes.length >> 20);
            }
        } finally {
            timers.shutdownNow();
        }
    }

    private interface Step {
        /** @return what it took, or how much it is */
        double of(Contender contender) throws Exception;
    }

    private void measure(int megabytes) throws Exception {
        System.out.println("| | "
                + String.join(" | ", contenders.stream().map(Contender::heading).toList()) + " |");
        System.out.println("|---|---|---|---|---|---|");
        row("start to ready, s", 1, Contender::startSeconds);
        row("idle resident size, MB", 1, contender -> contender.megabytes("VmRSS"));
        row("upload of " + megabytes + " MB → queryable, s, first of the server", 1, Contender::upload);
        row("the same, later ones", RECORDINGS - 1, Contender::upload);
        row("first flame graph of the server, ms", 1, contender -> contender.askNext("/flame?nodes=20000"));
        row("flame graph, cold, ms", RECORDINGS - 1, contender -> contender.askNext("/flame?nodes=20000"));
        for (String measure : List.of("cpu", "alloc")) {
            String flame = "/flame?nodes=20000&measure=" + measure;
            row("flame graph of " + measure + ", warm, ms", WARM, contender -> contender.ask(flame));
            row("a tenth of the time of " + measure + ", ms", 2 * WARM, contender -> {
                int part = contender.part++ % PARTS;
                return contender.ask(flame + "&from=" + part * 2 + "s&to=" + (part * 2 + 3) + "s");
            });
        }
        row("hot methods, ms", WARM, contender -> contender.ask("/hot?limit=100"));
        row("list of tasks, ms", WARM, contender -> contender.millis("/api/v1/tasks?limit=100"));
        row("largest resident size, MB", 1, contender -> contender.megabytes("VmHWM"));
    }

    /** Medians of several times, in which another contender begins each time, and their ratios to the first contender. */
    private void row(String what, int times, Step step) throws Exception {
        int count = contenders.size();
        double[][] values = new double[count][times];
        for (int time = 0; time < times; time++) {
            for (int turn = 0; turn < count; turn++) {
                int which = (time + turn) % count;
                values[which][time] = step.of(contenders.get(which));
            }
        }
        StringBuilder line = new StringBuilder("| ").append(what).append(" |");
        for (int i = 0; i < count; i++) {
            Arrays.sort(values[i]);
            double median = values[i][times / 2];
            line.append(String.format(median < 10 ? " %.2f |" : " %.0f |", median));
            if (i > 0) {
                line.append(String.format(" %.2f |", median / values[0][times / 2]));
            }
        }
        System.out.println(line);
    }

    /** A server with one kind of store, and an agent that delivers to it. */
    static final class Contender implements AutoCloseable {
        private final String name;
        private final List<String> settings;
        private final ServerProcess server;
        private final ManagedChannel channel;
        private final StockAgent agent;
        private final List<String> tasks = new ArrayList<>();
        private volatile long uploadNanos;
        private int asked;
        private int part;

        Contender(
                String name,
                String javaOptions,
                Map<String, String> environment,
                List<String> settings,
                byte[] recording,
                ScheduledExecutorService timers)
                throws Exception {
            this.name = name;
            this.settings = settings;
            server = ServerProcess.start(javaOptions, environment, settings);
            channel = NettyChannelBuilder.forAddress("127.0.0.1", server.agentPort())
                    .usePlaintext()
                    .build();
            agent = new StockAgent(
                    StockAgent.Settings.of("bench", "jvm").withDeadline(LONG),
                    channel,
                    timers,
                    options -> () -> {
                        uploadNanos = System.nanoTime();
                        return recording;
                    },
                    (method, nanos, status) -> {});
            agent.poll().get();
        }

        /** Of its columns; only the first has no ratio. */
        String heading() {
            return settings.isEmpty() ? name : name + " | ratio";
        }

        double startSeconds() {
            return server.startSeconds();
        }

        double processorSeconds() {
            return server.cpuMillis() / 1e3;
        }

        double megabytes(String line) throws IOException {
            return Long.parseLong(server.status(line).replaceAll("[^0-9]", "")) / 1024.0;
        }

        /** Seconds from the first byte of a recording until its profile can be asked about. */
        double upload() throws Exception {
            String task = createTask();
            agent.keepAlive().get();
            String states = "";
            while (!states.contains("READY")) {
                TimeUnit.MILLISECONDS.sleep(5);
                states = server.states(task);
                if (states.matches(".*(FAILED|EXPIRED|UNREADABLE|TOO_LARGE).*")) {
                    throw new IllegalStateException(server.get("/api/v1/tasks/" + task));
                }
            }
            tasks.add(task);
            return (System.nanoTime() - uploadNanos) / 1e9;
        }

        /** The instance is free a moment after its last task. */
        private String createTask() throws Exception {
            for (int tries = 0; ; tries++) {
                try {
                    return server.createTask("bench", List.of("jvm"), 1, "CPU, ALLOC");
                } catch (IllegalStateException e) {
                    if (tries == MOST_TRIES) {
                        throw e;
                    }
                    TimeUnit.MILLISECONDS.sleep(100);
                }
            }
        }

        /** Asks about a recording that nobody asked about yet. */
        double askNext(String view) throws Exception {
            return millis("/api/v1/tasks/" + tasks.get(asked++) + view);
        }

        double ask(String view) throws Exception {
            return millis("/api/v1/tasks/" + tasks.get(0) + view);
        }

        double millis(String path) throws Exception {
            long start = System.nanoTime();
            server.get(path);
            return (System.nanoTime() - start) / 1e6;
        }

        @Override
        public void close() throws Exception {
            channel.shutdownNow();
            server.close();
        }
    }
}
