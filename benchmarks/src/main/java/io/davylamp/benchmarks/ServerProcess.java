package io.davylamp.benchmarks;

import io.davylamp.testbed.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The built server as a process of its own, on free ports and with an empty data folder. */
final class ServerProcess implements AutoCloseable {
    /** Speaks HTTP/1.1: over HTTP/2 a request is lost when the server ends an idle connection. */
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Process process;
    private final int agentPort;
    private final int httpPort;
    private final double startSeconds;

    private ServerProcess(Process process, int agentPort, int httpPort, double startSeconds) {
        this.process = process;
        this.agentPort = agentPort;
        this.httpPort = httpPort;
        this.startSeconds = startSeconds;
    }

    /**
     * @param javaOptions for its JVM, split at spaces
     * @param settings {@code name=value}
     */
    static ServerProcess start(String javaOptions, String... settings) throws Exception {
        return start(javaOptions, Map.of(), List.of(settings));
    }

    /** The same with more variables in its environment. */
    static ServerProcess start(String javaOptions, Map<String, String> environment, List<String> settings)
            throws Exception {
        Path home = Path.of(System.getProperty("davylamp.home", ""));
        if (!Files.isExecutable(home.resolve("bin/davy"))) {
            throw new IllegalStateException("run it as ./davy bench ...: it needs the built distribution");
        }
        Path folder = Files.createTempDirectory("davylamp-server");
        int agentPort = Ports.free();
        int httpPort = Ports.free();
        ProcessBuilder builder = new ProcessBuilder(
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
                .redirectOutput(folder.resolve("server.log").toFile());
        for (String setting : settings) {
            builder.command().addAll(List.of("--set", setting));
        }
        builder.environment().put("DAVY_JAVA_OPTS", javaOptions);
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        for (int tries = 0; tries < 3_000; tries++) {
            try {
                HTTP.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + httpPort + "/healthcheck"))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
                return new ServerProcess(process, agentPort, httpPort, (System.nanoTime() - start) / 1e9);
            } catch (IOException e) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
        }
        process.destroyForcibly();
        throw new IllegalStateException("the server does not start: " + folder.resolve("server.log"));
    }

    int agentPort() {
        return agentPort;
    }

    /** From the launcher's start to the first answer. */
    double startSeconds() {
        return startSeconds;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path));
    }

    String url() {
        return "http://127.0.0.1:" + httpPort;
    }

    /** Opens a file to look at; its id. */
    String open(Path file) throws Exception {
        String answer = HTTP.send(
                        request("/api/v1/files?name=" + file.getFileName())
                                .header("Content-Type", "application/octet-stream")
                                .POST(HttpRequest.BodyPublishers.ofFile(file))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return id(answer);
    }

    String get(String path) throws Exception {
        return HTTP.send(request(path).build(), HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String id(String answer) {
        Matcher id = Pattern.compile("\"id\":\"([^\"]+)\"").matcher(answer);
        if (!id.find()) {
            throw new IllegalStateException(answer);
        }
        return id.group(1);
    }

    /** Creates a task through SkyWalking's GraphQL; its id. */
    String createTask(String service, List<String> instances, int seconds, String events) throws Exception {
        String serviceId = base64(service) + ".1";
        String ids = instances.stream()
                .map(name -> "\\\"" + serviceId + "_" + base64(name) + "\\\"")
                .collect(Collectors.joining(","));
        String body =
                "{\"query\": \"mutation {t: createAsyncProfilerTask(asyncProfilerTaskCreationRequest: {serviceId: \\\""
                        + serviceId + "\\\", serviceInstanceIds: [" + ids + "], duration: " + seconds + ", events: ["
                        + events
                        + "]}) {id code errorReason}}\"}";
        String answer = HTTP.send(
                        request("/graphql")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return id(answer);
    }

    /** Creates a task for one instance of ours; its id. */
    String record(String service, String instance, int seconds, String events) throws Exception {
        String body = String.format(
                "{\"service\": \"%s\", \"instances\": [\"%s\"], \"durationSeconds\": %d, \"events\": [%s]}",
                service, instance, seconds, events);
        String answer = HTTP.send(
                        request("/api/v1/tasks")
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return id(answer);
    }

    /** Waits until all assignments of a task are in a state. */
    void await(String task, String state) throws Exception {
        for (int tries = 0; tries < 6_000; tries++) {
            String states = states(task);
            if (states.startsWith("{" + state + "=") && states.indexOf(',') < 0) {
                return;
            }
            if (states.contains("FAILED") || states.contains("EXPIRED")) {
                break;
            }
            TimeUnit.MILLISECONDS.sleep(10);
        }
        throw new IllegalStateException(get("/api/v1/tasks/" + task));
    }

    /** Counts the assignments of a task by state. */
    String states(String task) throws Exception {
        return Pattern.compile("\"state\":\"([A-Z_]+)\"")
                .matcher(get("/api/v1/tasks/" + task))
                .results()
                .collect(Collectors.groupingBy(state -> state.group(1), Collectors.counting()))
                .toString();
    }

    long cpuMillis() {
        return process.toHandle()
                .info()
                .totalCpuDuration()
                .map(Duration::toMillis)
                .orElse(0L);
    }

    /** A line of its /proc/PID/status. */
    String status(String line) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                .filter(each -> each.startsWith(line + ":"))
                .map(each -> each.replaceAll("\\s+", " "))
                .findFirst()
                .orElse("");
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(20, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
