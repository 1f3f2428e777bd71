package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** SkyWalking's own agent, unmodified, in a JVM of its own, against the built server. */
@Execution(ExecutionMode.CONCURRENT)
class SkyWalkingAgentTest {
    private static final Path AGENT =
            Path.of(System.getProperty("skywalking.agent")).toAbsolutePath().normalize();

    /**
     * An agent that is not connected when its task ends throws the recording away. By default it needs up to a minute to come
     * back: every 30 s it looks whether it is connected, and only what its second look asked for is there at the third.
     */
    private static final int BACK_SECONDS = 60;

    /** A task that goes on when the agent is back. */
    private static final int TASK_SECONDS = 2 * BACK_SECONDS;

    /** Enough for the next poll, which tells that it was accepted, and a restart of the server. */
    private static final int FORGOTTEN_SECONDS = 60;

    /** An agent that is back after seconds. */
    private static final String HASTY = "-Dskywalking.collector.grpc_channel_check_interval=2";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    /** The agent's folder as it is shipped, but for its plugins: nothing is traced. */
    private Path agentFolder(String instance) throws IOException {
        Path home = folder.resolve("skywalking-" + instance.hashCode());
        Files.createDirectories(home.resolve("config"));
        Files.createDirectories(home.resolve("plugins"));
        Files.createDirectories(home.resolve("activations"));
        Files.writeString(home.resolve("config/agent.config"), "");
        Files.copy(AGENT, home.resolve("skywalking-agent.jar"), StandardCopyOption.REPLACE_EXISTING);
        return home;
    }

    /** With the timers that the agent comes with: what it does when it is given others is not what our users see. */
    private Process start(String service, String instance, String... settings) throws IOException {
        Path home = agentFolder(instance);
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-javaagent:" + home.resolve("skywalking-agent.jar"),
                "-Dskywalking.agent.service_name=" + service,
                "-Dskywalking.agent.instance_name=" + instance,
                "-Dskywalking.collector.backend_service=localhost:" + rig.agentPort,
                "-Dskywalking.logging.dir=" + home.resolve("logs"),
                "-Dskywalking.logging.level=INFO"));
        command.addAll(Arrays.asList(settings));
        command.addAll(List.of("-cp", Rig.HOME.resolve("demo/davylamp-demo.jar").toString(), "io.davylamp.demo.Demo"));
        return rig.start("jvm-" + instance.hashCode(), Map.of(), command);
    }

    private void awaitInstance(String service, String instance) {
        Rig.await()
                .until(() -> graphql(
                                "query($i: String!){i: getInstance(instanceId: $i){id}}",
                                Map.of("i", serviceId(service) + "_" + base64(instance)))
                        .hasNonNull("i"));
    }

    private Path log(String instance) {
        return folder.resolve("skywalking-" + instance.hashCode()).resolve("logs/skywalking-api.log");
    }

    private List<String> complaints(String instance) throws IOException {
        Path log = log(instance);
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith("ERROR") || line.startsWith("WARN"))
                    .toList();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String serviceId(String service) {
        return base64(service) + ".1";
    }

    private JsonNode graphql(String query, Map<String, ?> variables) {
        ObjectNode body = Rig.JSON.createObjectNode().put("query", query);
        body.set("variables", Rig.JSON.valueToTree(variables));
        JsonNode answer = Rig.json(rig.post("/graphql", body.toString()));
        assertThat(answer.path("errors")).as(answer.toString()).isEmpty();
        return answer.get("data");
    }

    private String create(String service, String instance, int seconds, String... events) {
        JsonNode created = graphql(
                        "mutation($request: AsyncProfilerTaskCreationRequest!){r: createAsyncProfilerTask("
                                + "asyncProfilerTaskCreationRequest: $request){errorReason code id}}",
                        Map.of(
                                "request",
                                Map.of(
                                        "serviceId", serviceId(service),
                                        "serviceInstanceIds", List.of(serviceId(service) + "_" + base64(instance)),
                                        "duration", seconds,
                                        "events", List.of(events))))
                .get("r");
        assertThat(created.get("code").asText()).as(created.toString()).isEqualTo("SUCCESS");
        return created.get("id").asText();
    }

    private List<String> codeSignatures(String task, String type) {
        return graphql(
                        "query($request: AsyncProfilerAnalyzationRequest!){a: queryAsyncProfilerAnalyze(request:"
                                + " $request){tree{type elements{id parentId codeSignature total self}}}}",
                        Map.of("request", Map.of("taskId", task, "instanceIds", List.of(), "eventType", type)))
                .at("/a/tree/elements")
                .findValuesAsText("codeSignature");
    }

    @ParameterizedTest
    @ValueSource(strings = {"order-service", "政务服务", "demo::a-service-name-of-fifty-characters-and-not-o"})
    void isProfiledWithinSecondsAndFindsNothingToComplainOf(String service) throws Exception {
        rig.startServer();
        Process jvm = start(service, "i-1");
        awaitInstance(service, "i-1");

        String task = create(service, "i-1", 2, "CPU", "ALLOC", "LOCK");
        rig.awaitState(task, "READY");

        assertThat(codeSignatures(task, "EXECUTION_SAMPLE"))
                .anyMatch(text -> text.startsWith("io.davylamp.demo.Pricing.discount:"));
        assertThat(codeSignatures(task, "OBJECT_ALLOCATION_IN_NEW_TLAB"))
                .anyMatch(text -> text.startsWith("io.davylamp.demo.Cart.copyItems:"));
        assertThat(codeSignatures(task, "LOCK")).contains("io.davylamp.demo.Stock");
        assertThat(rig.historyStates(task)).startsWith("PENDING", "OFFERED").endsWith("STORED", "READY");
        assertThat(complaints("i-1")).isEmpty();
        jvm.destroy();
        assertThat(jvm.waitFor(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void runsTwoTasksOneAfterTheOther() throws Exception {
        rig.startServer();
        start("shop", "i-1");
        awaitInstance("shop", "i-1");

        String first = create("shop", "i-1", 1, "CPU");
        rig.awaitState(first, "READY");
        String second = create("shop", "i-1", 1, "WALL");
        rig.awaitState(second, "READY");

        assertThat(codeSignatures(second, "EXECUTION_SAMPLE")).hasSizeGreaterThan(10);
        assertThat(complaints("i-1")).isEmpty();
    }

    @Test
    void isToldThatItsRecordingIsTooLarge() throws Exception {
        rig.startServer("--set", "upload.max-size=1B");
        start("shop", "i-1");
        awaitInstance("shop", "i-1");

        String task = create("shop", "i-1", 1, "CPU");
        rig.awaitState(task, "TOO_LARGE");

        Rig.await().until(() -> complaints("i-1").stream().anyMatch(line -> line.contains("too large")));
        assertThat(graphql(
                                "query($t: String!){p: queryAsyncProfilerTaskProgress(taskId: $t){logs{operationType}}}",
                                Map.of("t", task))
                        .findValuesAsText("operationType"))
                .containsExactly("JFR_UPLOAD_FILE_TOO_LARGE_ERROR", "NOTIFIED");
    }

    private boolean isLive(String instance) {
        try {
            return rig.instance("shop", instance).path("live").asBoolean();
        } catch (UncheckedIOException e) {
            return false;
        }
    }

    private long lastSeenMillis(String instance) {
        return Instant.parse(rig.instance("shop", instance).path("lastSeen").asText())
                .toEpochMilli();
    }

    private static ConditionFactory awaitComeback() {
        return Rig.await().atMost(Duration.ofSeconds(BACK_SECONDS * 5));
    }

    /** Lets the agents come back to a server that was away for so long; how many milliseconds each needed. */
    private Map<String, Long> comebacks(List<String> instances, Duration away) throws Exception {
        rig.stopServer();
        long stoppedNanos = System.nanoTime();
        Rig.await().atMost(away.plusSeconds(60)).until(() -> System.nanoTime() - stoppedNanos >= away.toNanos());
        rig.startServer();
        long upMillis = System.currentTimeMillis();
        Map<String, Long> back = new TreeMap<>();
        awaitComeback().until(() -> {
            for (String instance : instances) {
                if (!back.containsKey(instance) && isLive(instance) && lastSeenMillis(instance) > upMillis) {
                    back.put(instance, lastSeenMillis(instance) - upMillis);
                }
            }
            return back.size() == instances.size();
        });
        return back;
    }

    /**
     * Whether the agent can still have the recording of a task of so many seconds: on a machine on which the server takes longer
     * to start, it has thrown it away.
     */
    private static boolean isBefore(long createdNanos, int seconds) {
        return System.nanoTime() - createdNanos < Duration.ofSeconds(seconds).toNanos();
    }

    @Test
    void allComeBackToAServerThatWasRestartedAndTheirTaskIsDelivered() throws Exception {
        rig.startServer();
        List<String> instances = List.of("i-1", "i-2", "i-3");
        for (String instance : instances) {
            start("shop", instance);
        }
        instances.forEach(instance -> awaitInstance("shop", instance));
        long createdNanos = System.nanoTime();
        String task = create("shop", "i-1", TASK_SECONDS, "CPU");
        rig.awaitState(task, "ACCEPTED");

        comebacks(instances, Duration.ZERO);
        boolean isBackBeforeItsEnd = isBefore(createdNanos, TASK_SECONDS);

        String next = create("shop", "i-2", 1, "CPU");
        rig.awaitState(next, "READY");
        if (isBackBeforeItsEnd) {
            awaitComeback().until(() -> rig.state(task).equals("READY"));
        }
        for (String instance : instances) {
            assertThat(complaints(instance))
                    .noneMatch(line -> line.contains("UNIMPLEMENTED") || line.contains("not support"));
        }
    }

    /**
     * The figures of docs/reference/skywalking.md, which take a quarter of an hour: {@code -Dskywalking.outages=true}.
     */
    @Test
    @EnabledIfSystemProperty(named = "skywalking.outages", matches = "true")
    void comeBackAfterEveryOutage() throws Exception {
        rig.startServer();
        List<String> instances = List.of("i-1", "i-2", "i-3", "i-4");
        for (String instance : instances) {
            start("shop", instance);
        }
        instances.forEach(instance -> awaitInstance("shop", instance));
        for (int seconds : new int[] {0, 5, 15, 30, 60, 90, 120}) {
            Map<String, Long> back = comebacks(instances, Duration.ofSeconds(seconds));
            System.out.println(seconds + " s away: back after "
                    + back.values().stream()
                            .map(millis -> millis / 1_000)
                            .sorted()
                            .map(String::valueOf)
                            .collect(Collectors.joining(", "))
                    + " s");
        }
    }

    @Test
    void staysConnectedToAServerThatForgotItsTask() throws Exception {
        rig.startServer();
        start("shop", "i-1", HASTY); // what is looked at comes after its return
        awaitInstance("shop", "i-1");
        long createdNanos = System.nanoTime();
        String forgotten = create("shop", "i-1", FORGOTTEN_SECONDS, "CPU");
        rig.awaitState(forgotten, "ACCEPTED");
        long acceptedNanos = System.nanoTime();

        rig.stopServer();
        Files.move(rig.data(), folder.resolve("old-data"));
        rig.startServer();
        awaitInstance("shop", "i-1");

        if (isBefore(createdNanos, FORGOTTEN_SECONDS)) {
            Rig.await()
                    .until(() -> rig.text("/metrics")
                            .contains("davylamp_skywalking_refused_total{reason=\"unknown_task\"} 1.0"));
        } else {
            // It began the task when it polled, up to twenty seconds later, and takes no other one before its end.
            Rig.await().until(() -> !isBefore(acceptedNanos, FORGOTTEN_SECONDS + 30));
        }
        String next = create("shop", "i-1", 1, "CPU");
        rig.awaitState(next, "READY");
    }

    /** Status of a GraphQL request as swctl and a proxy before Booster UI send it. */
    private int statusWith(String authorization) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(rig.url() + "/graphql"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"query\": \"{version}\"}"));
        if (!authorization.isEmpty()) {
            request.header("Authorization", authorization);
        }
        return Rig.HTTP
                .send(request.build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void bringsTheTokenOfItsServiceAndIsAskedForByThoseWhoBringTheirs() throws Exception {
        rig.addUser("anna", "admin *");
        rig.startServer(Map.of("DAVY_AGENT_TOKEN", "of-all-services"), "--set", "access.users=true");
        String ofShop = rig.token("anna", "agents of shop", "AGENT", "viewer shop");
        String people = rig.token("anna", "swctl", "API", "profiler shop");
        start("shop", "wrong", "-Dskywalking.agent.authentication=guess");
        start("search", "stolen", "-Dskywalking.agent.authentication=" + ofShop);
        start("shop", "shared", "-Dskywalking.agent.authentication=of-all-services");
        start("shop", "right", "-Dskywalking.agent.authentication=" + ofShop);
        String basic = "Basic " + base64("any name:" + people);
        rig.bring(basic);
        awaitInstance("shop", "right");
        awaitInstance("shop", "shared");

        String task = create("shop", "right", 1, "CPU");
        rig.awaitState(task, "READY");

        assertThat(codeSignatures(task, "EXECUTION_SAMPLE"))
                .anyMatch(text -> text.startsWith("io.davylamp.demo.Pricing.discount:"));
        assertThat(complaints("right")).isEmpty();
        Rig.await().until(() -> Files.readString(log("wrong")).contains("PERMISSION_DENIED: wrong token"));
        Rig.await().until(() -> Files.readString(log("stolen")).contains("not for service \"search\""));
        rig.bring("Bearer " + rig.token("anna", "all", "API", "admin *"));
        assertThat(rig.get("/api/v1/services").at("/services").findValuesAsText("name"))
                .containsExactly("shop");
        assertThat(rig.get("/api/v1/services/shop/instances").at("/instances").findValuesAsText("name"))
                .containsExactlyInAnyOrder("right", "shared");
        assertThat(statusWith(basic)).isEqualTo(200);
        assertThat(statusWith("Bearer " + people)).isEqualTo(200);
        assertThat(statusWith("Bearer " + ofShop)).as("the token of an agent").isEqualTo(401);
        assertThat(statusWith("")).isEqualTo(401);
    }

    private Path write(Path home, String name, String pem) throws IOException {
        Files.createDirectories(home.resolve("ca"));
        return Files.writeString(home.resolve("ca").resolve(name), pem);
    }

    @Test
    void speaksTlsWithACertificateOfItsOwn() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .rsa2048()
                .buildSelfSigned();
        X509Bundle server = new CertificateBuilder()
                .subject("CN=localhost")
                .addSanDnsName("localhost")
                .rsa2048()
                .buildIssuedBy(authority);
        X509Bundle client =
                new CertificateBuilder().subject("CN=agent").rsa2048().buildIssuedBy(authority);
        Path home = agentFolder("tls-1");
        write(home, "ca.crt", authority.getCertificatePEM());
        write(home, "client.crt", client.getCertificatePathPEM());
        write(home, "client.pem", client.getPrivateKeyPEM());
        rig.startServer(
                "--set", "agent.tls.certificate=" + write(home, "server.crt", server.getCertificatePathPEM()),
                "--set", "agent.tls.key=" + write(home, "server.pem", server.getPrivateKeyPEM()),
                "--set", "agent.tls.client-ca=" + home.resolve("ca/ca.crt"));

        start(
                "shop",
                "tls-1",
                "-Dskywalking.agent.ssl_cert_chain_path=ca/client.crt",
                "-Dskywalking.agent.ssl_key_path=ca/client.pem");
        awaitInstance("shop", "tls-1");
        String task = create("shop", "tls-1", 1, "CPU");

        rig.awaitState(task, "READY");
    }
}
