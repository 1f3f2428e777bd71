package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Servers on one PostgreSQL database and one bucket, with a balancer for agents and one for people before them, and a proxy
 * before the database and the bucket; or one server on SQLite and files, with the same before it. Everything is a process or a
 * thread of this machine and ends with this.
 */
public final class Cluster implements AutoCloseable {
    /** What has to come comes in seconds, and in minutes where other processes take the machine. */
    public static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final int POLL_MILLIS = 100;
    /** async-profiler cuts longer ones; so many are a recording of 11 MB, three parts of a bucket. */
    private static final int PROPERTY_CHARACTERS = 8_000;

    private static final int PROPERTIES = 1_400;
    /** Tries to start a server that ends: what it needs may be away, or too slow for its start. */
    private static final int STARTS = 10;

    private final Path home;
    private final Path folder;
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<Process> jvms = new ArrayList<>();
    /** These four are null for one server on SQLite and files, the lines also where the stores are plain. */
    private Database database;

    private TcpProxy databaseLine;
    private Bucket bucket;
    private TcpProxy bucketLine;
    private final List<Node> nodes = new ArrayList<>();
    private final TcpProxy agentBalancer;
    private final TcpProxy httpBalancer;
    private Api api;
    /** Empty while the servers ask nobody who comes. */
    private String adminToken = "";

    private String agentToken = "";
    private Api outside;

    /** What stands between the servers and their stores. */
    public enum Stores {
        /** Proxies that can cut and delay; objects in memory. */
        FAULTY,
        /** Nothing that costs time; objects in a folder. */
        PLAIN
    }

    /**
     * Starts database, bucket and servers, and waits until every server is ready.
     *
     * @param home the built distribution
     * @param folder for data and logs
     * @param servers how many; 0 for one server on SQLite and files, without database and bucket
     * @param more settings of the servers, {@code name=value}
     */
    public Cluster(Path home, Path folder, int servers, Random random, List<String> more) throws Exception {
        this(home, folder, servers, random, more, Stores.FAULTY);
    }

    /** The same with a choice of what stands before the stores; {@code PLAIN} has no lines to cut. */
    public Cluster(Path home, Path folder, int servers, Random random, List<String> more, Stores stores)
            throws Exception {
        this.home = home;
        this.folder = folder;
        Files.createDirectories(folder);
        try {
            List<String> settings = new ArrayList<>(more);
            Map<String, String> credentials = Map.of();
            if (servers > 0) {
                database = add(new Database(folder.resolve("postgresql")));
                bucket = add(new Bucket(random, folder.resolve("bucket")));
                if (stores == Stores.FAULTY) {
                    databaseLine = add(new TcpProxy(List.of(database.port()), random));
                    bucketLine = add(new TcpProxy(List.of(bucket.port()), random));
                }
                settings.addAll(Database.settings(databaseLine == null ? database.port() : databaseLine.port()));
                settings.addAll(Bucket.settings(bucketLine == null ? bucket.port() : bucketLine.port()));
                credentials = Bucket.credentials();
            }
            for (int i = 1; i <= Math.max(1, servers); i++) {
                nodes.add(add(new Node(home, folder, "server-" + i, credentials, settings)));
            }
            agentBalancer = add(new TcpProxy(nodes.stream().map(Node::agentPort).toList(), random));
            httpBalancer = add(new TcpProxy(nodes.stream().map(Node::httpPort).toList(), random));
            api = new Api("http://127.0.0.1:" + httpBalancer.port());
            for (Node node : nodes) {
                node.start();
                awaitReady(node);
            }
        } catch (Exception | Error e) {
            close();
            throw e;
        }
    }

    /**
     * Makes tokens and uses them from now on, for {@link #api} and for the agents of {@link #startJvm}. The servers need {@code
     * access.users=true}.
     */
    void signIn() throws Exception {
        String password = UUID.randomUUID().toString();
        nodes.get(0).addUser("root", password, "admin *");
        Tokens tokens = Tokens.signIn(api(nodes.get(0)).address(), "root", password);
        adminToken = tokens.make("people", "API", "admin *");
        agentToken = tokens.make("agents", "AGENT", "viewer *");
        outside = new Api(api.address(), tokens.make("outside", "API", "viewer elsewhere"));
        api = new Api(api.address(), adminToken);
    }

    /** REST of any server for somebody who may see none of the services here. */
    Api outside() {
        return outside;
    }

    /** What agents show to the servers; empty before {@link #signIn}. */
    String agentToken() {
        return agentToken;
    }

    private <T extends AutoCloseable> T add(T part) {
        parts.add(part);
        return part;
    }

    /** Whether there is a database and a bucket. */
    public boolean isShared() {
        return database != null;
    }

    public Database database() {
        return database;
    }

    public TcpProxy databaseLine() {
        return databaseLine;
    }

    public Bucket bucket() {
        return bucket;
    }

    public TcpProxy bucketLine() {
        return bucketLine;
    }

    public List<Node> nodes() {
        return nodes;
    }

    public TcpProxy agentBalancer() {
        return agentBalancer;
    }

    public TcpProxy httpBalancer() {
        return httpBalancer;
    }

    /** REST of any server. */
    public Api api() {
        return api;
    }

    /** REST of one server. */
    public Api api(Node node) {
        return new Api("http://127.0.0.1:" + node.httpPort(), adminToken);
    }

    /** Waits until a server takes work. One that ends is started again, as a service manager does. */
    public void awaitReady(Node node) throws Exception {
        Api own = api(node);
        int[] starts = new int[1];
        await(node.name() + " is ready", () -> {
            if (!node.isAlive()) {
                if (++starts[0] > STARTS) {
                    throw new IllegalStateException(node.name() + " ended: " + tail(node.log()));
                }
                node.start();
            }
            int status = own.get("/ready").status();
            return status == 200 || status == 404 && own.get("/healthcheck").status() == 200;
        });
    }

    /** Waits, over answers that do not come. */
    public static void await(String what, Callable<Boolean> there) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < end) {
            try {
                if (there.call()) {
                    return;
                }
            } catch (IOException e) {
                last = ": " + e;
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        throw new IllegalStateException("not within " + PATIENCE.toSeconds() + " s: " + what + last);
    }

    /** Starts a JVM of the demo with our agent, which finds the servers through the balancer. */
    public Process startJvm(String service, String instance) throws IOException {
        return startJvm(service, instance, agentBalancer.port());
    }

    /** The same through another port. */
    public Process startJvm(String service, String instance, int port) throws IOException {
        return startDemo(instance, List.of(agent()), agentSettings(service, instance, port));
    }

    /**
     * Starts a JVM of the demo with our agent whose recordings are large, whatever the machine does meanwhile: a recording begins
     * with the system properties, and this JVM has many long ones.
     */
    public Process startLarge(String service, String instance) throws IOException {
        Path arguments = folder.resolve(instance + ".args");
        try (BufferedWriter out = Files.newBufferedWriter(arguments)) {
            for (int i = 0; i < PROPERTIES; i++) {
                out.write("-Dproperty." + i + "=" + Integer.toString(i % 10).repeat(PROPERTY_CHARACTERS) + "\n");
            }
        }
        return startDemo(
                instance, List.of(agent(), "@" + arguments), agentSettings(service, instance, agentBalancer.port()));
    }

    private String agent() {
        return "-javaagent:" + home.resolve("agent/davylamp-agent.jar");
    }

    private Map<String, String> agentSettings(String service, String instance, int port) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "DAVY_SERVICE",
                service,
                "DAVY_INSTANCE",
                instance,
                "DAVY_SERVER",
                "127.0.0.1:" + port,
                "DAVY_FOLDER",
                agentFolder(instance).toString()));
        if (!agentToken.isEmpty()) {
            settings.put("DAVY_TOKEN", agentToken);
        }
        return settings;
    }

    /** Starts a JVM of the demo; it ends with this. */
    Process startDemo(String name, List<String> options, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx128m", "-XX:+UseSerialGC"));
        command.addAll(options);
        command.addAll(List.of(
                "-cp",
                home.resolve("demo/davylamp-demo.jar").toString(),
                "io.davylamp.demo.Demo",
                "--calm",
                "--until-stdin-ends"));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        jvms.add(process);
        return process;
    }

    /** Connections that were cut so far, by between whom. */
    public Map<String, Long> cuts() {
        Map<String, Long> cuts = new TreeMap<>();
        cuts.put("agents", agentBalancer.cuts());
        cuts.put("people", httpBalancer.cuts());
        if (databaseLine != null) {
            cuts.put("database", databaseLine.cuts());
            cuts.put("bucket", bucketLine.cuts());
        }
        return cuts;
    }

    /** Names of all blobs but the installation's mark, and of what is unfinished of some. */
    public List<String> blobs() throws IOException {
        List<String> names = new ArrayList<>();
        if (isShared()) {
            names.addAll(bucket.names());
            if (bucket.unfinished() > 0) {
                names.add(bucket.unfinished() + " unfinished uploads");
            }
        } else {
            try (Stream<Path> files =
                    Files.walk(folder.resolve(nodes.get(0).name()).resolve("blobs"))) {
                files.filter(Files::isRegularFile).forEach(file -> names.add(file.toString()));
            }
        }
        names.removeIf(name -> name.endsWith("/installation"));
        return names;
    }

    /** Where the agent of a JVM of {@link #startJvm} works. */
    public Path agentFolder(String instance) {
        return folder.resolve("agents").resolve(instance);
    }

    /** Waits until so many instances of a service are connected. */
    public void awaitInstances(String service, int instances) throws Exception {
        await(instances + " instances of " + service, () -> {
            int live = 0;
            Api.Answer answer = api.get("/api/v1/services/" + service + "/instances");
            if (answer.status() == 200) {
                for (JsonNode each : answer.json().path("instances")) {
                    live += each.path("live").asBoolean() ? 1 : 0;
                }
            }
            return live >= instances;
        });
    }

    private static String tail(Path log) throws IOException {
        List<String> lines = Files.readAllLines(log);
        return log + " ends with: " + String.join(" | ", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
    }

    @Override
    public synchronized void close() throws Exception {
        // Agents first, so that the servers see them go; then in the order opposite to that of the start.
        jvms.forEach(Process::destroyForcibly);
        Exception failed = null;
        while (!parts.isEmpty()) {
            try {
                parts.remove(parts.size() - 1).close();
            } catch (Exception e) {
                failed = e;
            }
        }
        if (failed != null) {
            throw failed;
        }
    }
}
