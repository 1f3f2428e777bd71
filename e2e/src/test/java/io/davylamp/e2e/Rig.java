package io.davylamp.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.davylamp.testbed.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** The built distribution as processes: a server that can be killed and started again, JVMs with the agent, the command line. */
final class Rig implements AutoCloseable {
    static final Path HOME =
            Path.of(System.getProperty("davylamp.home")).toAbsolutePath().normalize();
    static final Path ROOT =
            Path.of(System.getProperty("davylamp.root")).toAbsolutePath().normalize();
    static final ObjectMapper JSON = new ObjectMapper();

    /**
     * How long a test waits for what has to come: it comes in a second, and in minutes where other processes take the machine. What
     * must not come in time is never told by a wait, and a process that ended is not waited for.
     */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Of everybody whom a test adds. */
    static final String PASSWORD = "correct horse battery";

    /** HTTP/1.1: the JDK's client loses bytes now and then when it upgrades to HTTP/2 with a large answer. */
    static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    static {
        prepare();
    }

    /** Returns when the distribution is prepared, which is once for all tests. */
    static void prepared() {}

    final Path folder;
    final int agentPort = freePort();
    final int httpPort = freePort();
    private final List<Process> processes = new ArrayList<>();
    private Process server;
    /** What the requests of this test bring as {@code Authorization}; empty for nothing. */
    private String authorization = "";

    Rig(Path folder) {
        this.folder = folder;
    }

    /** Once, as an operator does: a hundred servers start here. */
    private static void prepare() {
        // Jars have the time of the release, not of the build; the file that they are packed into has that.
        File built = new File(HOME.getParent() + ".tar.gz");
        if (HOME.resolve("lib/davy.jsa").toFile().lastModified() >= built.lastModified()) {
            return;
        }
        try {
            Process davy = new ProcessBuilder(HOME.resolve("bin/davy").toString(), "prepare")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            if (davy.waitFor() != 0) {
                throw new IllegalStateException("davy prepare failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    static int freePort() {
        return Ports.free();
    }

    /** Whether the tests run as root, as in most containers. */
    static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50));
    }

    Path data() {
        return folder.resolve("data");
    }

    String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    /** Starts the server and waits until it is ready. */
    void startServer(String... more) throws IOException {
        startServer(Map.of(), more);
    }

    void startServer(Map<String, String> environment, String... more) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                HOME.resolve("bin/davy").toString(),
                "server",
                "--set",
                "agent.port=" + agentPort,
                "--set",
                "http.port=" + httpPort,
                "--set",
                "data.folder=" + data()));
        command.addAll(Arrays.asList(more));
        Path log = folder.resolve("server.log");
        int before = Files.exists(log) ? log("server").length() : 0;
        server = start("server", environment, command);
        Process started = server;
        await().until(() -> {
            if (!started.isAlive()) {
                throw new IllegalStateException("the server ended: " + log("server"));
            }
            // An answer on its port could be another's.
            return log("server").substring(before).contains(" is ready after ");
        });
    }

    /** As a power cut would: no shutdown hook runs. */
    void killServer() throws InterruptedException {
        server.destroyForcibly().waitFor();
    }

    /** As a restart would. */
    int stopServer() throws InterruptedException {
        server.destroy();
        return server.waitFor();
    }

    /** Starts a demo JVM with the agent, which connects to {@code port}, and waits until the server knows it. */
    Process startDemo(String service, String instance, int port, String... jvmOptions) throws IOException {
        return startDemo(service, instance, "127.0.0.1:" + port, "", jvmOptions);
    }

    /** The same with arguments for the agent. */
    Process startDemo(String service, String instance, String server, String arguments, String... jvmOptions)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC"));
        command.addAll(Arrays.asList(jvmOptions));
        command.add("-javaagent:" + HOME.resolve("agent/davylamp-agent.jar") + "=" + arguments);
        command.addAll(List.of("-cp", HOME.resolve("demo/davylamp-demo.jar").toString(), "io.davylamp.demo.Demo"));
        Process process = start(
                instance,
                Map.of(
                        "DAVY_SERVICE",
                        service,
                        "DAVY_INSTANCE",
                        instance,
                        "DAVY_SERVER",
                        server,
                        "DAVY_FOLDER",
                        folder.resolve("agents").toString()),
                command);
        await().until(() -> get("/api/v1/services/" + service + "/instances")
                .path("instances")
                .findValuesAsText("name")
                .contains(instance));
        return process;
    }

    Process start(String name, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve(name + ".log").toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        // A hundred servers start here, two at a time; most end before anybody waits for them.
        builder.environment().put("DAVY_JAVA_OPTS", "-Ddavy.warm-up=off");
        builder.environment().putAll(environment);
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    String log(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".log"));
    }

    /** Adds somebody who may sign in, as an administrator does beside the server. */
    void addUser(String name, String grant) throws IOException, InterruptedException {
        Process davy = new ProcessBuilder(
                        HOME.resolve("bin/davy").toString(),
                        "user",
                        "add",
                        name,
                        "--grant",
                        grant,
                        "--set",
                        "data.folder=" + data())
                .redirectErrorStream(true)
                .start();
        davy.getOutputStream().write((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        davy.getOutputStream().close();
        String said = new String(davy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (davy.waitFor() != 0) {
            throw new IllegalStateException(said);
        }
    }

    /**
     * Makes a token.
     *
     * @param administrator who signs in for that
     * @param kind {@code API} or {@code AGENT}
     */
    String token(String administrator, String name, String kind, String grant) {
        HttpResponse<String> in = ask(HttpRequest.newBuilder(URI.create(url() + "/api/v1/login"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"name\": \"" + administrator + "\", \"password\": \"" + PASSWORD + "\"}")));
        String cookie = in.headers()
                .firstValue("set-cookie")
                .orElseThrow(() -> new IllegalStateException(in.body()))
                .split(";")[0];
        HttpResponse<String> made = ask(HttpRequest.newBuilder(URI.create(url() + "/api/v1/tokens"))
                .header("Content-Type", "application/json")
                .header("Cookie", cookie)
                .POST(HttpRequest.BodyPublishers.ofString(JSON.createObjectNode()
                        .put("name", name)
                        .put("kind", kind)
                        .set("grants", JSON.createArrayNode().add(grant))
                        .toString())));
        if (made.statusCode() != 201) {
            throw new IllegalStateException(made.body());
        }
        return json(made).get("secret").asText();
    }

    String authorization() {
        return authorization;
    }

    /** From now on all requests of this test bring this, such as {@code Bearer davy_...}. */
    void bring(String newAuthorization) {
        authorization = newAuthorization;
    }

    /** What a command printed and how it ended. */
    record Ran(int exitCode, String out, String err) {
        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }
    }

    /** Runs the command line to its end, against this server. */
    Ran davy(String... arguments) throws IOException, InterruptedException {
        return run(folder, Map.of("DAVY_SERVER", url()), HOME.resolve("bin/davy"), arguments);
    }

    static Ran run(Path folder, Map<String, String> environment, Path program, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(Arrays.asList(arguments));
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException(
                    command + " does not end: " + Files.readString(out) + Files.readString(err));
        }
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) {
        return ask(authorization.isEmpty() ? request : request.header("Authorization", authorization));
    }

    private static HttpResponse<String> ask(HttpRequest.Builder request) {
        try {
            return HTTP.send(
                    request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    JsonNode get(String path) {
        return json(send(HttpRequest.newBuilder(URI.create(url() + path)).GET()));
    }

    String text(String path) {
        return send(HttpRequest.newBuilder(URI.create(url() + path)).GET()).body();
    }

    HttpResponse<String> post(String path, String json) {
        return send(HttpRequest.newBuilder(URI.create(url() + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)));
    }

    static JsonNode json(HttpResponse<String> response) {
        try {
            return JSON.readTree(response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(response.body(), e);
        }
    }

    /** Creates a task, which must be possible; returns its id. */
    String createTask(String service, String instances, int seconds, String events, String options) {
        HttpResponse<String> created = post(
                "/api/v1/tasks",
                String.format(
                        "{\"service\": \"%s\", \"instances\": %s, \"durationSeconds\": %d, \"events\": %s, \"options\": %s}",
                        service, instances, seconds, events, options));
        if (created.statusCode() != 201) {
            throw new IllegalStateException(created.body());
        }
        return json(created).get("id").asText();
    }

    JsonNode task(String id) {
        return get("/api/v1/tasks/" + id);
    }

    /** The state of the task's first assignment; empty while the server is down. */
    String state(String id) {
        try {
            return task(id).path("assignments").path(0).path("state").asText();
        } catch (UncheckedIOException e) {
            return "";
        }
    }

    void awaitState(String id, String state) {
        await().until(() -> {
            String now = state(id);
            if (!now.equals(state)
                    && List.of("FAILED", "TOO_LARGE", "UNREADABLE", "EXPIRED", "CANCELLED")
                            .contains(now)) {
                throw new IllegalStateException("the assignment is not " + state + ": " + task(id));
            }
            return now.equals(state);
        });
    }

    /** Waits until the task of one instance has run for a second: one that is ended sooner may have no sample. */
    void awaitSamples(String id) {
        awaitState(id, "RUNNING");
        Instant running = Instant.parse(assignment(id).path("runningSince").asText());
        await().until(() -> running.plusSeconds(1).isBefore(Instant.now()));
    }

    /** As a part of a path. */
    static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** What the server knows of an instance; missing while it knows nothing. */
    JsonNode instance(String service, String name) {
        for (JsonNode instance :
                get("/api/v1/services/" + encode(service) + "/instances").path("instances")) {
            if (instance.path("name").asText().equals(name)) {
                return instance;
            }
        }
        return MissingNode.getInstance();
    }

    /** Waits until the server knows the instance and it is connected. */
    JsonNode awaitInstance(String service, String name) {
        await().until(() -> instance(service, name).path("live").asBoolean());
        return instance(service, name);
    }

    /** The task's first assignment. */
    JsonNode assignment(String id) {
        return task(id).path("assignments").path(0);
    }

    /** What comes out of asking for a task that cannot be. */
    String refusal(String service, String instances, int seconds, String events, String options) {
        HttpResponse<String> refused = post(
                "/api/v1/tasks",
                String.format(
                        "{\"service\": \"%s\", \"instances\": %s, \"durationSeconds\": %d, \"events\": %s, \"options\": %s}",
                        service, instances, seconds, events, options));
        if (refused.statusCode() != 400) {
            throw new IllegalStateException("not refused: " + refused.body());
        }
        return json(refused).path("detail").asText();
    }

    List<String> historyStates(String id) {
        String assignment = task(id).path("assignments").path(0).path("id").asText();
        return get("/api/v1/tasks/" + id + "/assignments/" + assignment + "/history")
                .findValuesAsText("state");
    }

    @Override
    public void close() throws InterruptedException {
        for (Process process : processes) {
            process.destroyForcibly().waitFor();
        }
    }
}
