package io.davylamp.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.profile.Recordings;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.jfr.ScrubbedRecording;
import io.davylamp.testbed.Api;
import io.davylamp.testbed.Cluster;
import io.davylamp.testbed.Node;
import io.davylamp.testbed.Processors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Three servers of the distribution on PostgreSQL and S3, agents of both protocols, uploads while a server is killed, and
 * questions. Everything shares the machine; the table at the end has a row for each goal and each unit cost of docs/scale.md.
 */
final class ClusterBench {
    private static final int SERVERS = 3;
    private static final int AGENTS_PER_SECOND = 250;
    /** In this window each agent has polled; all of them are quick in it once the burst of connecting is worked off. */
    private static final int SETTLED_SECONDS = 10;

    private static final int SETTLED_MILLIS = 100;
    private static final int LONGEST_SETTLING_SECONDS = 180;

    private static final int CLICKS = 60;
    private static final int CLICKS_WITHOUT = 20;
    private static final int AFTER_CLICKS_SECONDS = 10;
    private static final int UPLOADS = 100;
    /** Which part of all bytes is on its way when the server is killed. */
    private static final double KILLED_AFTER = 0.5;

    private static final int LARGE_BYTES = 64 << 20;
    private static final int COPIES = 9;
    private static final int QUESTION_SECONDS = 10;
    private static final int ASKING = 6;
    private static final int MAX_MINUTES = 10;

    private final Path folder;
    private final Cluster cluster;
    private final List<String[]> table = new ArrayList<>();
    private final Map<String, Long> commandNanos = new ConcurrentHashMap<>();
    private final Map<String, Long> storedNanos = new ConcurrentHashMap<>();
    private final List<String> refused = new ArrayList<>();
    private final OwnAgent.Listener listener = new OwnAgent.Listener() {
        @Override
        public void commanded(OwnAgent agent, long atNanos) {
            commandNanos.putIfAbsent(agent.instance(), atNanos);
        }

        @Override
        public void stored(OwnAgent agent, long atNanos) {
            storedNanos.putIfAbsent(agent.instance(), atNanos);
        }

        @Override
        public void refused(OwnAgent agent, String reason) {
            synchronized (refused) {
                refused.add(agent.instance() + ": " + reason);
            }
        }
    };

    private ClusterBench(Path folder, Cluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    /**
     * @param agents half of them ours, half SkyWalking's
     * @param seconds of each measurement of quiet agents
     * @param recording what is asked about; null for one of the tests', several times in one file
     */
    static void run(int agents, int seconds, Path recording) throws Exception {
        Logger.getLogger("io.grpc").setLevel(Level.OFF); // what is cut is no news
        Path folder = Files.createTempDirectory("davylamp-cluster-bench");
        System.out.println("data and logs: " + folder);
        Path home = Path.of(System.getProperty("davylamp.home"));
        try (Cluster cluster = new Cluster(home, folder, SERVERS, new Random(1), List.of(), Cluster.Stores.PLAIN)) {
            ClusterBench bench = new ClusterBench(folder, cluster);
            bench.agents(agents, seconds);
            bench.uploads();
            bench.takeover();
            bench.cold(home, recording == null ? repeated(13, folder) : recording);
            bench.throughput();
            bench.print();
        }
        delete(folder); // after a failure its logs tell more
    }

    private static Path repeated(int times, Path folder) throws IOException {
        return Files.write(folder.resolve("repeated.jfr"), repeated("small_spring_multi45.jfr", times));
    }

    /** A recording of several chunks. */
    private static byte[] repeated(String name, int times) {
        byte[] one = Recordings.bytes(name);
        ByteArrayOutputStream all = new ByteArrayOutputStream(one.length * times);
        for (int i = 0; i < times; i++) {
            all.writeBytes(one);
        }
        return all.toByteArray();
    }

    private void row(String what, String goal, String reached) {
        table.add(new String[] {what, goal, reached});
        System.out.println("  " + what + ": " + reached + (goal.isEmpty() ? "" : " (goal " + goal + ")"));
    }

    private void print() {
        System.out.println();
        System.out.println("| what | goal | reached |");
        System.out.println("|---|---|---|");
        table.forEach(row -> System.out.println("| " + String.join(" | ", row) + " |"));
    }

    // Agents.

    private void agents(int agents, int seconds) throws Exception {
        List<Integer> ports = cluster.nodes().stream().map(Node::agentPort).toList();
        TimeUnit.SECONDS.sleep(5);
        Costs alone = quiet("no agents", seconds, null);
        row("database statements a second, three servers without agents", "", format("%.1f", alone.statements));
        try (Fleet fleet = new Fleet(ports, listener)) {
            int own = agents / 2;
            int connecting = Math.max(5, own / AGENTS_PER_SECOND);
            System.out.printf("%d agents of ours connect within %d s%n", own, connecting);
            fleet.addOwn(own, connecting);
            TimeUnit.SECONDS.sleep(connecting);
            settle(fleet);
            Costs ours = quiet(own + " agents of ours", seconds, fleet);
            System.out.printf("%d agents of SkyWalking connect within %d s%n", agents - own, connecting);
            fleet.addStock(agents - own, connecting);
            TimeUnit.SECONDS.sleep(connecting);
            settle(fleet);
            Costs all = quiet(agents + " agents of both kinds", seconds, fleet);
            System.out.println("  errors of SkyWalking's agents: " + fleet.errors());
            row(
                    agents + " agents of both protocols: processors of the three servers",
                    "1 a server of 10,000",
                    format("%.2f (%s)", sum(all.processors), join(all.processors)));
            row("calls of agents, p50 and p99 by server", "p99 ≤ 100 ms", all.latencies);
            row("the same with " + own + " of ours alone", "", ours.latencies);
            row(
                    "threads that could run and waited for a processor: servers; generator",
                    "",
                    format("%s s a second; %.2f", join(all.waited), all.generatorWaited));
            row(
                    "database statements a second for these agents",
                    "≤ 5",
                    format("%.1f (and %.1f without agents)", all.statements - alone.statements, alone.statements));
            row(
                    "unit: an agent of ours, processor",
                    "",
                    format("%.1f µs a second", (sum(ours.processors) - sum(alone.processors)) / own * 1e6));
            row(
                    "unit: an agent of SkyWalking, processor",
                    "",
                    format("%.1f µs a second", (sum(all.processors) - sum(ours.processors)) / (agents - own) * 1e6));
            row(
                    "unit: an agent's connection, memory of the server",
                    "",
                    format("%.0f KB", (all.residentBytes - alone.residentBytes) / 1024.0 / agents));
            row(
                    "unit: PostgreSQL, processor for an agent",
                    "",
                    format("%.1f µs a second", (all.database - alone.database) / agents * 1e6));
            row(
                    "unit: PostgreSQL, write-ahead log for an agent",
                    "",
                    format("%.0f bytes a second", (all.walBytes - alone.walBytes) / agents));
            clicks(fleet, all.statements);
        }
    }

    /** Waits until the burst of connecting is worked off: what follows is about agents at rest. */
    private static void settle(Fleet fleet) throws InterruptedException {
        long start = System.nanoTime();
        boolean settled = false;
        while (!settled && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(LONGEST_SETTLING_SECONDS)) {
            fleet.measure();
            TimeUnit.SECONDS.sleep(SETTLED_SECONDS);
            settled = fleet.errors().isEmpty()
                    && fleet.measured().values().stream().allMatch(times -> times.quantile(0.5) < SETTLED_MILLIS);
        }
        System.out.printf(
                "the burst of connecting is %s after %d s%n",
                settled ? "worked off" : "not worked off", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start));
    }

    /** What servers and database cost, a second. */
    private static final class Costs {
        private double[] processors = {};
        private double[] waited = {};
        private double generatorWaited;
        private double statements;
        private double database;
        private double walBytes;
        private long residentBytes;
        private String latencies = "";
    }

    /** Of each server, and of this process. */
    private long[] waited() throws IOException {
        long[] waited = new long[cluster.nodes().size() + 1];
        for (int i = 0; i < waited.length - 1; i++) {
            waited[i] = cluster.nodes().get(i).waitedMillis();
        }
        waited[waited.length - 1] =
                Processors.waitedMillis(ProcessHandle.current().pid());
        return waited;
    }

    private Costs quiet(String what, int seconds, Fleet fleet) throws Exception {
        long[] cpu = cluster.nodes().stream().mapToLong(Node::cpuMillis).toArray();
        long[] waited = waited();
        double statements = statements();
        long database = cluster.database().cpuMillis();
        double wal = number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')");
        long start = System.nanoTime();
        if (fleet != null) {
            fleet.measure();
        }
        TimeUnit.SECONDS.sleep(seconds);
        Map<String, Latencies> latencies = fleet == null ? Map.of() : fleet.measured();
        double passed = (System.nanoTime() - start) / 1e9;
        Costs costs = new Costs();
        costs.processors = IntStream.range(0, cpu.length)
                .mapToDouble(i -> (cluster.nodes().get(i).cpuMillis() - cpu[i]) / 1e3 / passed)
                .toArray();
        long[] waitedNow = waited();
        double[] waitedPerSecond = IntStream.range(0, waited.length)
                .mapToDouble(i -> (waitedNow[i] - waited[i]) / 1e3 / passed)
                .toArray();
        costs.waited = Arrays.copyOf(waitedPerSecond, cpu.length);
        costs.generatorWaited = waitedPerSecond[cpu.length];
        costs.statements = (statements() - statements) / passed;
        costs.database = (cluster.database().cpuMillis() - database) / 1e3 / passed;
        costs.walBytes = (number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')") - wal) / passed;
        for (Node node : cluster.nodes()) {
            costs.residentBytes += node.residentBytes();
        }
        System.out.printf(
                "%s: servers %s processors, PostgreSQL %.2f; %.1f statements a second; %d MB resident%s%n",
                what,
                join(costs.processors),
                costs.database,
                costs.statements,
                costs.residentBytes >> 20,
                fleet == null ? "" : "; " + fleet.connected() + " of ours are connected");
        latencies.forEach((call, times) -> System.out.printf(
                "  %-60s %8d calls  p50 %6.1f ms  p99 %6.1f ms  max %6.1f ms%n",
                call, times.count(), times.quantile(0.5), times.quantile(0.99), times.quantile(1)));
        costs.latencies = IntStream.rangeClosed(1, SERVERS)
                .mapToObj(server -> {
                    List<Latencies> of = latencies.entrySet().stream()
                            .filter(each -> each.getKey().startsWith("server " + server + ","))
                            .map(Map.Entry::getValue)
                            .toList();
                    return of.isEmpty()
                            ? ""
                            : format(
                                    "%.1f, %.0f ms",
                                    of.stream()
                                            .mapToDouble(each -> each.quantile(0.5))
                                            .max()
                                            .orElse(0),
                                    of.stream()
                                            .mapToDouble(each -> each.quantile(0.99))
                                            .max()
                                            .orElse(0));
                })
                .collect(Collectors.joining("; "));
        return costs;
    }

    /** Statements of all servers to the database so far. */
    private double statements() throws Exception {
        double all = 0;
        for (Node node : cluster.nodes()) {
            all += metric(node, "davylamp_store_statements_seconds_count");
        }
        return all;
    }

    private double metric(Node node, String name) throws Exception {
        return cluster.api(node)
                .get("/metrics")
                .text()
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    private double number(String sql) throws SQLException {
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }

    private void execute(String... sql) throws SQLException {
        try (Connection connection = cluster.database().connect();
                Statement statement = connection.createStatement()) {
            for (String each : sql) {
                statement.execute(each);
            }
        }
    }

    // From click to command.

    /** @param quietStatements statements a second without any task */
    private void clicks(Fleet fleet, double quietStatements) throws Exception {
        List<OwnAgent> ofSecond = fleet.own().stream()
                .filter(agent -> agent.isConnected() && agent.server() == 1)
                .toList();
        int most = ofSecond.size() * 3 / 4; // a small fleet has fewer
        double statements = statements();
        long began = System.nanoTime();
        double[] with = clicks(ofSecond, 0, Math.min(CLICKS, most));
        TimeUnit.SECONDS.sleep(AFTER_CLICKS_SECONDS); // until the last recording is read
        double own = statements() - statements - quietStatements * (System.nanoTime() - began) / 1e9;
        row(
                "unit: database statements of a task of one JVM, from click to profile",
                "",
                format("%.0f", own / Math.max(1, with.length)));
        row(
                "click on server 1 → command at an agent of server 2, with notifications",
                "median ≤ 250 ms",
                format("median %.0f ms, p99 %.0f ms", quantile(with, 0.5), quantile(with, 0.99)));
        // As behind a pooler that swallows them: nothing is sent any more, on any connection.
        double sent = noticesSent();
        execute(
                "ALTER FUNCTION pg_catalog.pg_notify(text, text) RENAME TO pg_notify_not",
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                        + " AND backend_type = 'client backend'");
        try {
            TimeUnit.SECONDS.sleep(10);
            double before = noticesSent();
            double[] without = clicks(ofSecond, Math.min(CLICKS, most), CLICKS_WITHOUT);
            row(
                    "the same without notifications",
                    "≤ 2 s",
                    format(
                            "median %.0f ms, slowest %.0f ms (notices before and then: %.0f, %.0f)",
                            quantile(without, 0.5), quantile(without, 1), sent, noticesSent() - before));
        } finally {
            execute("ALTER FUNCTION pg_catalog.pg_notify_not(text, text) RENAME TO pg_notify");
        }
    }

    private double noticesSent() throws Exception {
        double all = 0;
        for (Node node : cluster.nodes()) {
            all += metric(node, "davylamp_store_notices_sent_total");
        }
        return all;
    }

    private double[] clicks(List<OwnAgent> agents, int from, int most) throws Exception {
        Api first = cluster.api(cluster.nodes().get(0));
        List<Double> millis = new ArrayList<>();
        for (OwnAgent agent : agents.subList(Math.min(from, agents.size()), Math.min(from + most, agents.size()))) {
            commandNanos.remove(agent.instance());
            long start = System.nanoTime();
            create(first, Fleet.OWN, List.of(agent.instance()));
            await("the command of " + agent.instance(), () -> commandNanos.containsKey(agent.instance()));
            millis.add((commandNanos.get(agent.instance()) - start) / 1e6);
            TimeUnit.MILLISECONDS.sleep(100 + (long) (Math.random() * 200)); // at no beat of the servers
        }
        return millis.stream().mapToDouble(each -> each).sorted().toArray();
    }

    private static String create(Api api, String service, List<String> instances) throws Exception {
        String names = instances.stream().map(name -> '"' + name + '"').collect(Collectors.joining(","));
        Api.Answer created = api.post(
                "/api/v1/tasks",
                "{\"service\": \"" + service + "\", \"instances\": [" + names
                        + "], \"durationSeconds\": 1, \"events\": [\"cpu\"], \"options\": {}}");
        if (created.status() != 201) {
            throw new IllegalStateException(created.text());
        }
        return created.json().path("id").asText();
    }

    // Uploads.

    private void uploads() throws Exception {
        List<Integer> ports = cluster.nodes().stream().map(Node::agentPort).toList();
        List<OwnAgent.File> files = List.of(
                OwnAgent.File.of(Recordings.bytes("small_spring_sw30.jfr")),
                OwnAgent.File.of(repeated("small_spring_sw30.jfr", 4)),
                OwnAgent.File.of(repeated("small_spring_sw30.jfr", 8)));
        Node killed = cluster.nodes().get(SERVERS - 1);
        Api api = cluster.api(cluster.nodes().get(0));
        long writes = cluster.bucket().writes();
        try (Fleet fleet = new Fleet(ports, listener)) {
            List<OwnAgent> agents = new ArrayList<>();
            List<String> names = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < UPLOADS; i++) {
                OwnAgent.File file = files.get(i % files.size());
                bytes += file.bytes().length;
                names.add("up-" + i);
                agents.add(fleet.addOwn("uploads", "up-" + i, i / files.size() % SERVERS, file, Duration.ZERO));
            }
            await("the agents are connected", () -> fleet.connected() == UPLOADS);
            long all = bytes;
            long start = System.nanoTime();
            String task = create(api, "uploads", names);
            await("uploads are under way", () -> sent(agents) > all * KILLED_AFTER);
            List<OwnAgent> hit = agents.stream()
                    .filter(agent -> agent.server() == SERVERS - 1 && !storedNanos.containsKey(agent.instance()))
                    .toList();
            long under = hit.stream().filter(agent -> agent.sentBytes() > 0).count();
            long kill = System.nanoTime();
            killed.kill();
            System.out.printf(
                    "a server is killed after %.1f s, %d uploads to it are under way%n", (kill - start) / 1e9, under);
            await("all are stored", () -> names.stream().allMatch(storedNanos::containsKey));
            long last = names.stream().mapToLong(storedNanos::get).max().orElse(0);
            awaitReady(api, task, UPLOADS);
            long ready = System.nanoTime();
            row(
                    "100 uploads (" + (bytes >> 20)
                            + " MB; 1.7, 7 and 14 MB), a server is killed: all stored after the kill, all readable",
                    "",
                    format("%.1f s, %.1f s", (last - kill) / 1e9, (ready - kill) / 1e9));
            long again = sent(agents) - bytes;
            row(
                    "uploads that broke; that went on behind what was kept; bytes sent again",
                    "from the last whole part",
                    format(
                            "%d; %d; %.1f MB of %d MB (%.1f MB at most of one)",
                            hit.stream()
                                    .filter(agent -> agent.sentBytes() > 0 && agent.broken() > 0)
                                    .count(),
                            agents.stream()
                                    .filter(agent -> agent.continued() > 0)
                                    .count(),
                            again / 1e6,
                            bytes / 1_000_000,
                            agents.stream()
                                            .mapToLong(agent -> agent.sentBytes()
                                                    - agent.file().bytes().length)
                                            .max()
                                            .orElse(0)
                                    / 1e6));
            judge(api, task, agents);
            row(
                    "unit: requests to the bucket that write, a recording with its profile",
                    "",
                    format("%.1f", (cluster.bucket().writes() - writes) / (double) UPLOADS));
        }
        killed.start();
        cluster.awaitReady(killed);
    }

    private static long sent(List<OwnAgent> agents) {
        return agents.stream().mapToLong(OwnAgent::sentBytes).sum();
    }

    /** Hash of what a server keeps of a recording. */
    private static String withoutSecrets(OwnAgent.File sent) throws Exception {
        ScrubbedRecording kept = ScrubbedRecording.of(SeekableBytes.of(sent.bytes()));
        byte[] bytes = new byte[sent.bytes().length];
        for (int at = 0, read; at < bytes.length; at += read) {
            read = kept.read(at, bytes, at, bytes.length - at);
        }
        return hash(bytes);
    }

    private static String hash(byte[] bytes) throws NoSuchAlgorithmException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private void judge(Api api, String task, List<OwnAgent> agents) throws Exception {
        Map<String, OwnAgent> byName = new HashMap<>();
        agents.forEach(agent -> byName.put(agent.instance(), agent));
        Map<OwnAgent.File, String> kept = new HashMap<>();
        for (OwnAgent agent : agents) {
            if (!kept.containsKey(agent.file())) {
                kept.put(agent.file(), withoutSecrets(agent.file()));
            }
        }
        int lost = 0;
        for (JsonNode each : api.get("/api/v1/tasks/" + task).json().path("assignments")) {
            OwnAgent.File sent = byName.get(each.path("instance").asText()).file();
            String id = each.path("id").asText();
            Api.Answer recording = api.get("/api/v1/tasks/" + task + "/assignments/" + id + "/recording");
            boolean there = recording.status() == 200
                    && kept.get(sent).equals(hash(recording.body()))
                    && kept.get(sent).equals(each.path("recordingSha256").asText())
                    && number("SELECT count(*) FROM recording WHERE id = '" + id + "' AND '"
                                    + HexFormat.of().formatHex(sent.sha256()) + "' IN (sha256, original_sha256)")
                            == 1;
            lost += there ? 0 : 1;
        }
        String of = " FROM recording WHERE task_id = '" + task + "'";
        double rows = number("SELECT count(*)" + of);
        double twice = number("SELECT count(*) FROM (SELECT recording_id FROM recording_history WHERE state = 'READY'"
                + " AND recording_id IN (SELECT id" + of + ") GROUP BY recording_id HAVING count(*) > 1) AS twice");
        row(
                "acknowledged and lost or changed; rows of recordings; indexed twice; refused for good",
                "0; 100; 0; 0",
                format("%d; %.0f; %.0f; %d", lost, rows, twice, refused.size()));
    }

    private void awaitReady(Api api, String task, int instances) throws Exception {
        await(instances + " profiles are there", () -> {
            int ready = 0;
            for (JsonNode each : api.get("/api/v1/tasks/" + task).json().path("assignments")) {
                String state = each.path("state").asText();
                if (state.matches("FAILED|EXPIRED|UNREADABLE|TOO_LARGE")) {
                    throw new IllegalStateException(each.toString());
                }
                ready += state.equals("READY") ? 1 : 0;
            }
            return ready == instances;
        });
    }

    /** Dies while it reads a recording; how long until another server has read it. */
    private void takeover() throws Exception {
        List<Integer> ports = cluster.nodes().stream().map(Node::agentPort).toList();
        byte[] one = Recordings.bytes("small_spring_sw30.jfr");
        OwnAgent.File file = OwnAgent.File.of(repeated("small_spring_sw30.jfr", LARGE_BYTES / one.length));
        Node killed = cluster.nodes().get(1);
        Api api = cluster.api(cluster.nodes().get(0));
        try (Fleet fleet = new Fleet(ports, listener)) {
            fleet.addOwn("large", "undisturbed", 1, file, Duration.ZERO);
            fleet.addOwn("large", "killed", 1, file, Duration.ZERO);
            await("the agents are connected", () -> fleet.connected() == 2);
            long before = killed.cpuMillis();
            String quiet = create(api, "large", List.of("undisturbed"));
            await("it is stored", () -> storedNanos.containsKey("undisturbed"));
            long stored = killed.cpuMillis();
            awaitReady(api, quiet, 1);
            double reading = (System.nanoTime() - storedNanos.get("undisturbed")) / 1e9;
            double megabytes = file.bytes().length / 1e6;
            row("unit: receiving a recording, processor a MB", "", format("%.1f ms", (stored - before) / megabytes));
            row(
                    "unit: reading a recording, processor a MB",
                    "",
                    format("%.1f ms", (killed.cpuMillis() - stored) / megabytes));
            String task = create(api, "large", List.of("killed"));
            await("it is stored", () -> storedNanos.containsKey("killed"));
            await(
                    "it is read",
                    () -> number("SELECT count(*) FROM recording WHERE task_id = '" + task
                                    + "' AND state IN ('READING', 'READY')")
                            == 1);
            boolean atWork =
                    number("SELECT count(*) FROM recording WHERE task_id = '" + task + "' AND state = 'READING'") == 1;
            long kill = System.nanoTime();
            killed.kill();
            awaitReady(api, task, 1);
            row(
                    "the server that reads a recording of " + (file.bytes().length >> 20)
                            + " MB dies: until another has read it",
                    "≤ 30 s",
                    atWork
                            ? format("%.1f s (undisturbed %.1f s)", (System.nanoTime() - kill) / 1e9, reading)
                            : "it had read it already");
        }
        killed.start();
        cluster.awaitReady(killed);
    }

    // Questions.

    /** Copies of a recording, each asked about for the first time, by turns with a server on a local disk. */
    private void cold(Path home, Path recording) throws Exception {
        Path unpacked = Corpus.unpacked(Corpus.bytes(recording));
        try (Cluster local =
                new Cluster(home, folder.resolve("local"), 0, new Random(1), List.of(), Cluster.Stores.PLAIN)) {
            Api remote = cluster.api(cluster.nodes().get(0));
            Api disk = local.api(local.nodes().get(0));
            Map<String, double[]> times = new HashMap<>();
            for (String kind :
                    List.of("cold s3", "cold disk", "warm s3", "warm disk", "timeline s3", "timeline disk")) {
                times.put(kind, new double[COPIES]);
            }
            long reads = 0;
            for (int i = -6; i < COPIES; i++) { // the first ones compile
                String there = open(remote, unpacked);
                String here = open(disk, unpacked);
                long before = cluster.bucket().reads();
                double[] s3 = ask(remote, there);
                reads = cluster.bucket().reads() - before;
                double[] files = ask(disk, here);
                for (int each = 0; each < 3 && i >= 0; each++) {
                    String kind = List.of("cold", "warm", "timeline").get(each);
                    times.get(kind + " s3")[i] = s3[each];
                    times.get(kind + " disk")[i] = files[each];
                }
            }
            times.values().forEach(Arrays::sort);
            for (String kind : List.of("cold", "warm", "timeline")) {
                double s3 = quantile(times.get(kind + " s3"), 0.5);
                double files = quantile(times.get(kind + " disk"), 0.5);
                row(
                        (kind.equals("timeline") ? "timeline" : "flame graph, " + kind)
                                + ", from S3 beside a local disk (" + (Files.size(unpacked) >> 20) + " MB recording)",
                        kind.equals("cold") ? "≤ 2 ×" : "",
                        format("%.0f ms, %.0f ms: %.2f ×", s3, files, s3 / files));
            }
            row("unit: requests to the bucket that read, for these three questions", "", String.valueOf(reads));
        }
    }

    private static String open(Api api, Path file) throws Exception {
        Api.Answer opened = api.upload("/api/v1/files?name=bench", file);
        if (opened.status() != 201) {
            throw new IllegalStateException(opened.text());
        }
        return opened.json().path("id").asText();
    }

    /** Milliseconds: flame graph for the first time, again, timeline. */
    private static double[] ask(Api api, String file) throws Exception {
        double[] millis = new double[3];
        String flame = "/api/v1/files/" + file + "/flame?nodes=20000&measure=cpu";
        String[] paths = {flame, flame, "/api/v1/files/" + file + "/timeline?measure=cpu"};
        for (int i = 0; i < paths.length; i++) {
            long start = System.nanoTime();
            Api.Answer answer = api.get(paths[i]);
            millis[i] = (System.nanoTime() - start) / 1e6;
            if (answer.status() != 200) {
                throw new IllegalStateException(answer.text());
            }
        }
        return millis;
    }

    /** Questions that nobody asked before, to one, two and three servers. */
    private void throughput() throws Exception {
        String file =
                open(cluster.api(), Files.write(folder.resolve("asked.jfr"), repeated("small_spring_multi45.jfr", 4)));
        double one = 0;
        for (int servers = 1; servers <= SERVERS; servers++) {
            List<Api> apis = cluster.nodes().subList(0, servers).stream()
                    .map(cluster::api)
                    .toList();
            ask(apis, file, QUESTION_SECONDS / 2); // compiles
            long cpu = cluster.nodes().stream().mapToLong(Node::cpuMillis).sum();
            long start = System.nanoTime();
            long questions = ask(apis, file, QUESTION_SECONDS);
            double seconds = (System.nanoTime() - start) / 1e9;
            double processor =
                    (cluster.nodes().stream().mapToLong(Node::cpuMillis).sum() - cpu) / 1e3;
            one = servers == 1 ? questions / seconds : one;
            row(
                    "flame graphs of a part of the time a second, " + servers + (servers == 1 ? " server" : " servers"),
                    servers == 1 ? "" : "grows as far as two processors allow",
                    format(
                            "%.0f a second (%.2f ×), %.1f ms of a processor each, %.2f processors",
                            questions / seconds,
                            questions / seconds / one,
                            processor / questions * 1e3,
                            processor / seconds));
        }
    }

    private static long ask(List<Api> apis, String file, int seconds) throws Exception {
        AtomicLong questions = new AtomicLong();
        AtomicLong number = new AtomicLong(System.nanoTime() % 1_000_000);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
        List<Thread> threads = new ArrayList<>();
        Map<String, String> failed = new ConcurrentHashMap<>();
        for (int i = 0; i < ASKING; i++) {
            Api api = apis.get(i % apis.size());
            Thread thread = new Thread(() -> {
                try {
                    while (System.nanoTime() < end) {
                        Api.Answer answer = api.get("/api/v1/files/" + file + "/flame?nodes=5000&measure=cpu&from="
                                + number.incrementAndGet() % 1_000 + "ms&to=20s");
                        if (answer.status() != 200) {
                            throw new IOException(answer.text());
                        }
                        questions.incrementAndGet();
                    }
                } catch (IOException | InterruptedException e) {
                    failed.put("why", e.toString());
                }
            });
            threads.add(thread);
            thread.start();
        }
        for (Thread thread : threads) {
            thread.join();
        }
        if (!failed.isEmpty()) {
            throw new IllegalStateException(failed.get("why"));
        }
        return questions.get();
    }

    // Words and waiting.

    private interface There {
        boolean is() throws Exception;
    }

    private static void await(String what, There there) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(MAX_MINUTES);
        while (!there.is()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not within " + MAX_MINUTES + " minutes: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(5);
        }
    }

    private static double quantile(double[] sorted, double share) {
        return sorted.length == 0
                ? Double.NaN
                : sorted[(int) Math.min(sorted.length - 1, Math.round(share * (sorted.length - 1)))];
    }

    private static double sum(double[] values) {
        return Arrays.stream(values).sum();
    }

    private static String join(double[] values) {
        return Arrays.stream(values).mapToObj(each -> format("%.2f", each)).collect(Collectors.joining(" + "));
    }

    private static String format(String text, Object... values) {
        return String.format(text, values);
    }

    private static void delete(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
        }
    }
}
