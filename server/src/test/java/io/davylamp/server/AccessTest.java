package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.wire.skywalking.v3.InstancePingPkg;
import io.davylamp.wire.skywalking.v3.ManagementServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server at which people sign in, with users, tokens and agents of two services. */
final class AccessTest {
    private static final String[] JSON = {"Content-Type", "application/json"};
    private static final String PASSWORD = "correct horse battery";
    /** More than one of these tests starts. */
    private static final int TASKS_PER_HOUR = 8;

    @TempDir
    static Path folder;

    private static ServerRig rig;
    private static String admin;
    private static Path audit;
    private static ManagedChannel channel;

    @BeforeAll
    static void start() throws Exception {
        audit = folder.resolve("audit.jsonl");
        rig = new ServerRig(
                folder,
                "access.users=true",
                "agent.token=shared-secret",
                "audit.file=" + audit,
                "access.max-tasks-per-hour=" + TASKS_PER_HOUR,
                "access.max-opened-per-day=10KB");
        user(PASSWORD, "add", "root", "--grant", "admin *");
        admin = cookie(login("root", PASSWORD));
        channel = NettyChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .build();
    }

    @BeforeEach
    void twoServicesAreLive() {
        for (String service : List.of("shop", "search")) {
            assertThat(reported(service, service + "-1", "shared-secret")).isEmpty();
        }
    }

    /** Has an agent report an instance, and returns why that was refused. */
    private static String reported(String service, String instance, String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authentication", Metadata.ASCII_STRING_MARSHALLER), token);
        try {
            var unused = ManagementServiceGrpc.newBlockingStub(channel)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                    .keepAlive(InstancePingPkg.newBuilder()
                            .setService(service)
                            .setServiceInstance(instance)
                            .build());
            return "";
        } catch (StatusRuntimeException e) {
            return e.getMessage();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        channel.shutdownNow();
        rig.close();
    }

    private static String user(String password, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<String> all = Stream.concat(
                        Stream.of(arguments), Stream.of("--set", "data.folder=" + folder.resolve("data")))
                .toList();
        int code = UserMain.run(
                all.toArray(String[]::new),
                Map.of(),
                new ByteArrayInputStream(password.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out),
                new PrintStream(out));
        return code + " " + out.toString(StandardCharsets.UTF_8).strip();
    }

    private static HttpResponse<String> login(String name, String password) throws Exception {
        return rig.send(
                "POST", "/api/v1/login", "{\"name\": \"" + name + "\", \"password\": \"" + password + "\"}", JSON);
    }

    private static String cookie(HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(204);
        return response.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
    }

    private static HttpResponse<String> as(String cookie, String method, String path, String body) throws Exception {
        return body == null
                ? rig.send(method, path, null, "Cookie", cookie)
                : rig.send(method, path, body, "Cookie", cookie, "Content-Type", "application/json");
    }

    /** The secret of a new token. */
    private static String token(String name, String kind, String grant) throws Exception {
        HttpResponse<String> made = as(
                admin,
                "POST",
                "/api/v1/tokens",
                "{\"name\": \"%s\", \"kind\": \"%s\", \"grants\": [\"%s\"]}".formatted(name, kind, grant));
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return ServerRig.json(made).get("secret").asText();
    }

    private static HttpResponse<String> with(String token, String method, String path, String body) throws Exception {
        return body == null
                ? rig.send(method, path, null, "Authorization", "Bearer " + token)
                : rig.send(method, path, body, "Authorization", "Bearer " + token, "Content-Type", "application/json");
    }

    @Test
    void nobodyGetsAnythingButThePageAndTheWayIn() throws Exception {
        for (String path : List.of("/api/v1/services", "/api/v1/tasks", "/api/v1/status", "/api/v1/me2", "/metrics")) {
            assertThat(rig.get(path).statusCode()).as(path).isEqualTo(401);
        }
        assertThat(rig.send("POST", "/graphql", "{\"query\": \"{version}\"}", JSON)
                        .statusCode())
                .isEqualTo(401);
        assertThat(rig.get("/").statusCode()).isEqualTo(200);
        assertThat(rig.get("/healthcheck").statusCode()).isEqualTo(200);
        JsonNode me = ServerRig.json(rig.get("/api/v1/me"));
        assertThat(me.get("signIn").asText()).isEqualTo("password");
        assertThat(me.get("signedIn").asBoolean()).isFalse();
        assertThat(me.get("grants")).isEmpty();
    }

    @Test
    void whoSignsInHasACookieThatScriptsDoNotSeeUntilHeSignsOut() throws Exception {
        HttpResponse<String> in = login("root", PASSWORD);
        String cookie = cookie(in);

        assertThat(in.headers().firstValue("set-cookie").orElseThrow())
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Lax")
                .doesNotContain("Domain");
        assertThat(ServerRig.json(as(cookie, "GET", "/api/v1/me", null))
                        .get("name")
                        .asText())
                .isEqualTo("root");
        assertThat(as(cookie, "POST", "/api/v1/logout", "{}").statusCode()).isEqualTo(204);
        assertThat(as(cookie, "GET", "/api/v1/services", null).statusCode()).isEqualTo(401);
    }

    @Test
    void aCookieThatSomebodyPlantedIsWorthNothingAfterwards() throws Exception {
        String planted = cookie(login("root", PASSWORD));
        HttpResponse<String> in = rig.send(
                "POST",
                "/api/v1/login",
                "{\"name\": \"root\", \"password\": \"" + PASSWORD + "\"}",
                "Cookie",
                planted,
                "Content-Type",
                "application/json");

        assertThat(cookie(in)).isNotEqualTo(planted);
        assertThat(as(planted, "GET", "/api/v1/services", null).statusCode()).isEqualTo(401);
    }

    @Test
    void wrongPasswordsAreSlowedAndSayNotWhatIsWrong() throws Exception {
        user(PASSWORD, "add", "victim", "--grant", "viewer *");
        TreeSet<String> answers = new TreeSet<>();
        answers.add(login("nobody-at-all", "wrong password").body());
        for (int i = 0; i < 5; i++) {
            answers.add(login("victim", "wrong password " + i).body());
        }

        HttpResponse<String> slowed = login("victim", PASSWORD);

        assertThat(answers).hasSize(1);
        assertThat(slowed.statusCode()).isEqualTo(429);
        assertThat(Integer.parseInt(slowed.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(1, 300);
        // So that the other tests, which come from the same address, need not wait.
        await().atMost(Duration.ofSeconds(30))
                .until(() -> login("root", PASSWORD).statusCode() == 204);
    }

    @Test
    void aServiceOutOfScopeAppearsNowhere() throws Exception {
        String shop = token("only shop", "API", "profiler shop");
        String task = ServerRig.json(
                        as(
                                admin,
                                "POST",
                                "/api/v1/tasks",
                                "{\"service\": \"search\", \"instances\": \"all\", \"durationSeconds\": 1, \"events\": [\"cpu\"]}"))
                .get("id")
                .asText();

        assertThat(with(shop, "GET", "/api/v1/services", null).body())
                .contains("\"shop\"")
                .doesNotContain("search");
        assertThat(with(shop, "GET", "/api/v1/tasks", null).body()).doesNotContain("search");
        assertThat(with(shop, "GET", "/api/v1/services/search/instances", null).statusCode())
                .isEqualTo(404);
        for (String rest : List.of("", "/changes", "/flame", "/measures")) {
            assertThat(with(shop, "GET", "/api/v1/tasks/" + task + rest, null).statusCode())
                    .as(rest)
                    .isEqualTo(404);
        }
        for (String rest : List.of("/stop", "/cancel")) {
            assertThat(with(shop, "POST", "/api/v1/tasks/" + task + rest, "{}").statusCode())
                    .isEqualTo(404);
        }
        assertThat(with(shop, "PUT", "/api/v1/tasks/" + task + "/title", "{\"title\": \"mine\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(with(shop, "DELETE", "/api/v1/tasks/" + task, null).statusCode())
                .isEqualTo(404);
        String graphql = with(
                        shop,
                        "POST",
                        "/graphql",
                        "{\"query\": \"{getAllServices(duration: {start: \\\"2020-01-01\\\", end: \\\"2030-01-01\\\", step: DAY}) {name}}\"}")
                .body();
        assertThat(graphql).contains("shop").doesNotContain("search");
        String same = with(shop, "GET", "/api/v1/tasks/" + task, null).body();
        assertThat(with(shop, "GET", "/api/v1/tasks/none", null).body().replace("none", task))
                .isEqualTo(same);
        as(admin, "POST", "/api/v1/tasks/" + task + "/cancel", "{}");
    }

    @Test
    void aViewersTokenIsRefusedOnEveryWritingRoute() throws Exception {
        String viewer = token("looks", "API", "viewer *");
        String task = ServerRig.json(
                        as(
                                admin,
                                "POST",
                                "/api/v1/tasks",
                                "{\"service\": \"shop\", \"instances\": \"all\", \"durationSeconds\": 1, \"events\": [\"cpu\"]}"))
                .get("id")
                .asText();
        Map<String, String> refused = new TreeMap<>();
        refused.put(
                "POST /api/v1/tasks",
                "{\"service\": \"shop\", \"instances\": \"all\", \"durationSeconds\": 1, \"events\": [\"cpu\"]}");
        refused.put("POST /api/v1/tasks/" + task + "/stop", "{}");
        refused.put("POST /api/v1/tasks/" + task + "/cancel", "{}");
        refused.put("PUT /api/v1/tasks/" + task + "/title", "{\"title\": \"mine\"}");
        refused.put("DELETE /api/v1/tasks/" + task, null);
        refused.put("POST /api/v1/stop-all", "{}");
        refused.put(
                "POST /api/v1/users",
                "{\"name\": \"x\", \"password\": \"" + PASSWORD + "\", \"grants\": [\"admin *\"]}");
        refused.put("POST /api/v1/users/root", "{\"grants\": []}");
        refused.put("DELETE /api/v1/users/root", null);
        refused.put("POST /api/v1/tokens", "{\"name\": \"x\", \"kind\": \"API\", \"grants\": [\"admin *\"]}");
        refused.put("DELETE /api/v1/tokens/x", null);
        refused.put("GET /api/v1/users", null);
        refused.put("GET /api/v1/tokens", null);
        refused.put("GET /api/v1/audit", null);

        refused.forEach((route, body) -> {
            String[] words = route.split(" ");
            try {
                assertThat(with(viewer, words[0], words[1], body).statusCode())
                        .as(route)
                        .isEqualTo(403);
            } catch (Exception e) {
                throw new AssertionError(route, e);
            }
        });
        as(admin, "POST", "/api/v1/tasks/" + task + "/cancel", "{}");
        assertThat(as(admin, "GET", "/api/v1/audit?action=task.create", null).body())
                .contains("\"result\":\"REFUSED\"")
                .contains("\"name\":\"looks\"");
    }

    @Test
    void whoMayProfileGivesATaskATitleWhichTheAuditLogNotes() throws Exception {
        String profiler = token("names tasks", "API", "profiler shop");
        String task = ServerRig.json(
                        as(
                                admin,
                                "POST",
                                "/api/v1/tasks",
                                "{\"service\": \"shop\", \"instances\": \"all\", \"durationSeconds\": 1, \"events\": [\"cpu\"]}"))
                .get("id")
                .asText();
        String path = "/api/v1/tasks/" + task + "/title";

        HttpResponse<String> named = with(profiler, "PUT", path, "{\"title\": \" <b>before</b> the cache \"}");
        HttpResponse<String> refused = with(profiler, "PUT", path, "{\"title\": \"two\\nlines\"}");
        HttpResponse<String> untitled = with(profiler, "PUT", path, "{}");
        HttpResponse<String> unknown = with(profiler, "PUT", path, "{\"titel\": \"x\"}");

        assertThat(ServerRig.json(named).get("title").asText()).isEqualTo("<b>before</b> the cache");
        assertThat(List.of(refused.statusCode(), untitled.statusCode(), unknown.statusCode()))
                .containsOnly(400);
        assertThat(refused.body()).contains("U+000A");
        assertThat(unknown.body()).contains("the body is no title: it has no field");
        assertThat(with(profiler, "PUT", "/api/v1/tasks/none/title", "{\"title\": \"x\"}")
                        .statusCode())
                .isEqualTo(404);
        assertThat(ServerRig.json(as(admin, "GET", "/api/v1/tasks?service=shop", null))
                        .findValuesAsText("title"))
                .contains("<b>before</b> the cache");
        assertThat(as(admin, "GET", "/api/v1/audit?action=task.title", null).body())
                .contains("\"result\":\"DONE\"")
                .contains(task);
        as(admin, "POST", "/api/v1/tasks/" + task + "/cancel", "{}");
    }

    @Test
    void aRevokedTokenIsWorthNothingAtOnceAndItsSecretIsNowhere() throws Exception {
        String secret = token("short-lived", "API", "admin *");
        assertThat(with(secret, "GET", "/api/v1/services", null).statusCode()).isEqualTo(200);
        JsonNode tokens = ServerRig.json(as(admin, "GET", "/api/v1/tokens", null));
        String id = "";
        for (JsonNode each : tokens.get("tokens")) {
            id = each.get("name").asText().equals("short-lived")
                    ? each.get("id").asText()
                    : id;
        }

        assertThat(tokens.toString()).doesNotContain(secret);
        assertThat(as(admin, "DELETE", "/api/v1/tokens/" + id, null).statusCode())
                .isEqualTo(204);
        assertThat(with(secret, "GET", "/api/v1/services", null).statusCode()).isEqualTo(401);
        assertThat(as(admin, "GET", "/api/v1/audit", null).body())
                .contains("token.revoke")
                .doesNotContain(secret);
        assertThat(Files.readString(audit)).contains("token.make").doesNotContain(secret);
    }

    @Test
    void whoeverStartedAsManyTasksAsAllowedIsToldWhichLimitItIsAndWhenToTryAgain() throws Exception {
        String busy = token("busy", "API", "profiler shop");
        String body =
                "{\"service\": \"shop\", \"instances\": [\"shop-1\"], \"durationSeconds\": 1, \"events\": [\"cpu\"]}";
        for (int i = 0; i < TASKS_PER_HOUR; i++) {
            HttpResponse<String> created = with(busy, "POST", "/api/v1/tasks", body);
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            String task = ServerRig.json(created).get("id").asText();
            with(busy, "POST", "/api/v1/tasks/" + task + "/cancel", "{}");
        }

        HttpResponse<String> refused = with(busy, "POST", "/api/v1/tasks", body);
        HttpResponse<String> checked = with(busy, "POST", "/api/v1/tasks/check", body);
        String graphql = with(
                        busy,
                        "POST",
                        "/graphql",
                        "{\"query\": \"mutation {createAsyncProfilerTask(asyncProfilerTaskCreationRequest: {serviceId: \\\"%s\\\","
                                        .formatted(StockFleet.serviceId("shop"))
                                + " serviceInstanceIds: [\\\"%s\\\"], duration: 1, events: [CPU]}) {code errorReason}}\"}"
                                        .formatted(StockFleet.instanceId("shop", "shop-1")))
                .body();

        String words = "busy started 8 of 8 tasks in the last hour (access.max-tasks-per-hour); try again in 60 min";
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(ServerRig.json(refused).get("detail").asText()).isEqualTo(words);
        assertThat(ServerRig.json(refused).get("type").asText()).isEqualTo("urn:davylamp:problem:limit");
        assertThat(Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow()))
                .isBetween(3_000, 3_600);
        assertThat(checked.statusCode()).isEqualTo(429);
        assertThat(graphql).contains(words);
        assertThat(as(admin, "GET", "/api/v1/audit?name=busy&action=task.create", null)
                        .body())
                .containsOnlyOnce("\"result\":\"REFUSED\"")
                .contains(words);
        String other = token("not busy", "API", "profiler shop");
        HttpResponse<String> created = with(other, "POST", "/api/v1/tasks", body);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        with(other, "POST", "/api/v1/tasks/" + ServerRig.json(created).get("id").asText() + "/cancel", "{}");
    }

    @Test
    void whoeverOpenedAsMuchAsAllowedIsRefusedAndOthersAreNot() throws Exception {
        String[] one = {
            "Content-Type", "application/octet-stream", "Authorization", "Bearer " + token("opens", "API", "viewer *")
        };
        String[] other = {
            "Content-Type",
            "application/octet-stream",
            "Authorization",
            "Bearer " + token("opens too", "API", "viewer *")
        };
        String stacks = "a;b 1\n".repeat(1_000);

        assertThat(rig.send("POST", "/api/v1/files", stacks, one).statusCode()).isEqualTo(201);
        HttpResponse<String> refused = rig.send("POST", "/api/v1/files", stacks, one);

        assertThat(refused.statusCode()).as(refused.body()).isEqualTo(429);
        assertThat(refused.body()).contains("opens opened 6000 of 10240 bytes", "this file has 6000 or more");
        assertThat(rig.send("POST", "/api/v1/files", stacks, other).statusCode())
                .isEqualTo(201);
    }

    @Test
    void aUserWhoIsRemovedBesideTheServerIsOutWithinTwoSeconds() throws Exception {
        assertThat(user(PASSWORD, "add", "leaves", "--grant", "viewer *")).startsWith("0 added leaves  viewer *");
        String cookie = cookie(login("leaves", PASSWORD));
        assertThat(as(cookie, "GET", "/api/v1/services", null).statusCode()).isEqualTo(200);

        assertThat(user("", "remove", "leaves")).isEqualTo("0 removed leaves");

        await().atMost(Duration.ofSeconds(30))
                .until(() -> as(cookie, "GET", "/api/v1/services", null).statusCode() == 401);
    }

    @Test
    void programsThatKnowOnlyNamesAndPasswordsSendATokenAsPassword() throws Exception {
        String secret = token("swctl", "API", "viewer shop");
        String basic = Base64.getEncoder().encodeToString(("any:" + secret).getBytes(StandardCharsets.UTF_8));

        assertThat(rig.send("GET", "/api/v1/services", null, "Authorization", "Basic " + basic)
                        .statusCode())
                .isEqualTo(200);
        assertThat(rig.send("GET", "/api/v1/services", null, "Authorization", "Basic !!")
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void anAgentsTokenSpeaksForItsServicesAndSeesNothing() throws Exception {
        String agent = token("agents of shop", "AGENT", "viewer shop");

        assertThat(with(agent, "GET", "/api/v1/services", null).statusCode()).isEqualTo(401);
        assertThat(reported("shop", "shop-2", agent)).isEmpty();
        assertThat(as(admin, "GET", "/api/v1/services/shop/instances", null).body())
                .contains("shop-2");
        assertThat(reported("search", "search-2", agent)).contains("not for service");
        assertThat(reported("shop", "shop-3", "davy_wrong")).contains("wrong token");
        assertThat(as(admin, "GET", "/api/v1/services/search/instances", null).body())
                .doesNotContain("search-2");
        assertThat(as(admin, "GET", "/api/v1/services/shop/instances", null).body())
                .doesNotContain("shop-3");
    }
}
