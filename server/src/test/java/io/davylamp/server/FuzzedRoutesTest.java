package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.davylamp.stockagent.StockAgent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * Requests of all kinds to all routes that openapi.yaml names, from people with different rights: none may end in an error of the
 * server, and none may learn a name that it may not see. {@code -Ddavylamp.fuzz-requests=100000} makes more of them, {@code
 * -Ddavylamp.fuzz-seed} others.
 */
final class FuzzedRoutesTest {
    private static final int REQUESTS = Integer.getInteger("davylamp.fuzz-requests", 3_000);
    private static final long SEED = Long.getLong("davylamp.fuzz-seed", 15);
    private static final String PASSWORD = "correct horse battery";
    /** In every name of the service that only the administrator may see, and in no request of others. */
    private static final String MARK = "7f3a9c";

    private static final String HIDDEN = "ghost-" + MARK;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_CHARACTERS = 1 << 20;

    /** A route and method of the description. */
    private record Operation(String method, String path, List<String> queries, List<String> words) {}

    /** Who asks. */
    private enum Who {
        NOBODY,
        VIEWER,
        PROFILER,
        ADMIN
    }

    /** What came of a request. */
    private record Answer(int status, String body, boolean later) {}

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofMinutes(1))
            .build();
    private final Map<Who, String> secrets = new TreeMap<>();
    /** Ids of what only the administrator may see. */
    private final List<String> hidden = new ArrayList<>();
    /** Ids of what all may see who are signed in. */
    private final List<String> seen = new ArrayList<>();

    private ServerRig rig;

    @Test
    void noRequestEndsInAnErrorOrLearnsANameOutOfItsScope() throws Exception {
        Map<String, Integer> statuses = new TreeMap<>();
        try (ServerRig opened = new ServerRig(folder, "access.users=true", "agent.token=shared")) {
            rig = opened;
            prepare();
            List<Operation> operations = operations();
            for (int i = 0; i < REQUESTS; i++) {
                Operation operation = operations.get(random.nextInt(operations.size()));
                Who who = Who.values()[random.nextInt(Who.values().length)];
                String path = path(operation, who);
                String body =
                        operation.method().equals("GET") || operation.method().equals("DELETE")
                                ? null
                                : body(operation.path());
                String told = who + " " + operation.method() + " " + path + " " + body;
                Answer answer = send(who, operation.method(), path, body);
                statuses.merge(who + " " + answer.status(), 1, Integer::sum);
                judge(operation, who, answer, told.length() > 2_000 ? told.substring(0, 2_000) : told);
            }
        }
        System.out.println(REQUESTS + " requests, seed " + SEED + ": " + statuses);
        assertThat(statuses.keySet()).as("requests must get past the checks").contains("ADMIN 200", "PROFILER 200");
    }

    private void judge(Operation operation, Who who, Answer answer, String told) {
        assertThat(answer.status()).as(told + "\n" + answer.body()).isNotIn(500, 501, 502, 504);
        assertThat(answer.status() != 503 || answer.later())
                .as(told + "\n" + answer.body())
                .isTrue();
        boolean done = answer.status() < 400;
        if (!done) {
            assertThat(answer.body()).as(told).doesNotContain("at io.davylamp.", "java.lang.", "Exception");
        }
        if (who != Who.ADMIN) {
            assertThat(answer.body()).as(told).doesNotContain(MARK);
        }
        if (who == Who.NOBODY && done) {
            assertThat(operation.path()).as(told).isIn("/api/v1/openapi.yaml", "/api/v1/me", "/api/v1/logout");
        }
        if (who == Who.VIEWER && done && !operation.method().equals("GET")) {
            assertThat(operation.path().startsWith("/api/v1/files")
                            || operation.path().equals("/api/v1/logout"))
                    .as(told)
                    .isTrue();
        }
        if (who == Who.PROFILER && done) {
            assertThat(operation.path())
                    .as(told)
                    .isNotIn(
                            "/api/v1/tokens",
                            "/api/v1/users",
                            "/api/v1/users/{user}",
                            "/api/v1/sessions",
                            "/api/v1/sessions/end",
                            "/api/v1/audit");
        }
    }

    // What there is.

    private void prepare() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        int code = UserMain.run(
                new String[] {"add", "root", "--grant", "admin *", "--set", "data.folder=" + folder.resolve("data")},
                Map.of(),
                new ByteArrayInputStream(PASSWORD.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out),
                new PrintStream(out));
        assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();
        HttpResponse<String> login = rig.send(
                "POST",
                "/api/v1/login",
                "{\"name\": \"root\", \"password\": \"" + PASSWORD + "\"}",
                "Content-Type",
                "application/json");
        String cookie = login.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        secrets.put(Who.ADMIN, token(cookie, "all", "admin *"));
        secrets.put(Who.VIEWER, token(cookie, "looks", "viewer shop"));
        secrets.put(Who.PROFILER, token(cookie, "profiles", "profiler shop"));
        token(cookie, "token-" + MARK, "viewer *");
        try (StockFleet fleet = new StockFleet(rig)) {
            for (String service : List.of("shop", HIDDEN)) {
                StockAgent agent = fleet.agent(
                        StockAgent.Settings.of(service, service + "-jvm").withToken("shared"));
                agent.reportProperties().get();
                agent.poll().get();
                String task = JSON.readTree(send(
                                        Who.ADMIN,
                                        "POST",
                                        "/api/v1/tasks",
                                        "{\"service\": \"" + service
                                                + "\", \"instances\": \"all\", \"durationSeconds\": 1, \"events\": [\"cpu\"]}")
                                .body())
                        .path("id")
                        .asText();
                List<String> ids = service.equals("shop") ? seen : hidden;
                ids.add(task);
                await().atMost(Duration.ofMinutes(2)).until(() -> {
                    agent.poll().get();
                    JsonNode assignment = JSON.readTree(send(Who.ADMIN, "GET", "/api/v1/tasks/" + task, null)
                                    .body())
                            .path("assignments")
                            .path(0);
                    if (assignment.path("state").asText().equals("READY")) {
                        ids.add(assignment.path("id").asText());
                        return true;
                    }
                    return false;
                });
            }
        }
        hidden.add(JSON.readTree(send(Who.ADMIN, "POST", "/api/v1/files?name=" + HIDDEN, "main;" + HIDDEN + " 3\n")
                        .body())
                .path("id")
                .asText());
        assertThat(hidden).hasSize(3).doesNotContain("");
    }

    private String token(String cookie, String name, String grant) throws Exception {
        HttpResponse<String> made = rig.send(
                "POST",
                "/api/v1/tokens",
                "{\"name\": \"" + name + "\", \"kind\": \"API\", \"grants\": [\"" + grant + "\"]}",
                "Cookie",
                cookie,
                "Content-Type",
                "application/json");
        return ServerRig.json(made).path("secret").asText();
    }

    @SuppressWarnings("unchecked")
    private List<Operation> operations() throws Exception {
        Map<String, Object> all =
                (Map<String, Object>) new Load(LoadSettings.builder().build())
                        .loadFromString(rig.get("/api/v1/openapi.yaml").body());
        Map<String, Map<String, Object>> named =
                (Map<String, Map<String, Object>>) ((Map<String, Object>) all.get("components")).get("parameters");
        List<Operation> operations = new ArrayList<>();
        ((Map<String, Map<String, Object>>) all.get("paths"))
                .forEach((path, methods) -> methods.forEach((method, of) -> {
                    if (!List.of("get", "post", "delete", "put").contains(method)) {
                        return;
                    }
                    List<Map<String, Object>> parameters = new ArrayList<>();
                    for (Object list :
                            new Object[] {methods.get("parameters"), ((Map<String, Object>) of).get("parameters")}) {
                        if (list != null) {
                            for (Map<String, Object> each : (List<Map<String, Object>>) list) {
                                String reference = (String) each.get("$ref");
                                parameters.add(
                                        reference == null
                                                ? each
                                                : named.get(reference.substring(reference.lastIndexOf('/') + 1)));
                            }
                        }
                    }
                    List<String> queries = new ArrayList<>();
                    List<String> words = new ArrayList<>();
                    for (Map<String, Object> parameter : parameters) {
                        Map<String, Object> schema = (Map<String, Object>) parameter.getOrDefault("schema", Map.of());
                        if (schema.get("enum") instanceof List<?> values) {
                            values.forEach(value -> words.add(String.valueOf(value)));
                        }
                        if ("query".equals(parameter.get("in"))) {
                            queries.add((String) parameter.get("name"));
                        }
                    }
                    operations.add(new Operation(method.toUpperCase(Locale.ROOT), path, queries, words));
                }));
        assertThat(operations).hasSizeGreaterThan(30);
        return operations;
    }

    // Requests.

    private String path(Operation operation, Who who) {
        StringBuilder path = new StringBuilder();
        for (String part : operation.path().substring(1).split("/")) {
            path.append('/').append(part.startsWith("{") ? encode(named(part, operation, who)) : part);
        }
        char next = '?';
        for (int i = random.nextInt(4); i > 0 && !operation.queries().isEmpty(); i--) {
            String name = any(operation.queries());
            path.append(next)
                    .append(encode(name))
                    .append('=')
                    .append(encode(
                            random.nextInt(3) == 0 && !operation.words().isEmpty()
                                    ? any(operation.words())
                                    : value(who)));
            next = '&';
        }
        return path.toString();
    }

    private String named(String part, Operation operation, Who who) {
        if (part.equals("{view}") && random.nextInt(10) > 0) {
            return any(operation.words());
        }
        boolean known = random.nextInt(10) < 7;
        // An administrator may delete everything; then nothing would be left to look for.
        boolean safe = who != Who.ADMIN || !operation.method().equals("DELETE");
        return switch (part) {
            case "{service}" -> known ? "shop" : value(who);
            case "{instance}" -> known ? "shop-jvm" : value(who);
            case "{user}" -> who != Who.ADMIN && known ? "root" : value(who);
            default -> known && safe ? any(random.nextBoolean() ? hidden : seen) : value(who);
        };
    }

    private String value(Who who) {
        return switch (random.nextInt(22)) {
            case 0 -> "";
            case 1 -> "x".repeat(1 + random.nextInt(5_000));
            case 2 -> "../../etc/passwd";
            case 3 -> "<script>alert(1)</script>";
            case 4 -> "' OR 1=1 --";
            case 5 -> String.valueOf(random.nextLong());
            case 6 -> "999999999999999999999999";
            case 7 -> "-1";
            case 8 -> "\u0000\r\nX-Other: b";
            case 9 -> "\ud83d\udd25\u202e\u0301";
            case 10 -> "*a*b*c*d*e*f*g*h*".repeat(1 + random.nextInt(20));
            case 11 -> "10s";
            case 12 -> "2026-11-23T12:00:00Z";
            case 13 -> "+999999999-12-31T23:59:59Z";
            case 14 -> "true";
            case 15 -> "1e400";
            case 16 -> any(hidden);
            case 17 -> any(seen);
            case 18 -> who == Who.ADMIN ? HIDDEN : "shop";
            case 19 -> "cpu";
            case 20 -> "a=b,c=d";
            default -> String.valueOf(random.nextInt(1_000));
        };
    }

    private String body(String path) {
        ObjectNode valid = JSON.createObjectNode();
        if (path.startsWith("/api/v1/tasks")) {
            valid.put("service", "shop").put("instances", "all").put("durationSeconds", 1);
            valid.putArray("events").add("cpu");
            valid.putObject("options").put("interval", "10ms");
        } else if (path.startsWith("/api/v1/tokens")) {
            valid.put("name", "n" + random.nextInt())
                    .put("kind", "API")
                    .putArray("grants")
                    .add("viewer shop");
        } else if (path.startsWith("/api/v1/users")) {
            valid.put("name", "root").put("password", "short");
            valid.putArray("grants").add("viewer shop");
        } else if (path.equals("/api/v1/login")) {
            valid.put("name", "nosuch").put("password", PASSWORD);
        }
        return switch (random.nextInt(12)) {
            case 0 -> "";
            case 1 -> "null";
            case 2 -> "[]";
            case 3 -> "[".repeat(1 + random.nextInt(3_000));
            case 4 ->
                valid.toString().substring(0, random.nextInt(valid.toString().length()));
            case 5 -> valid.put(value(Who.NOBODY), value(Who.NOBODY)).toString();
            case 6, 7, 8 -> changed(valid).toString();
            case 9 -> "{}";
            default -> valid.toString();
        };
    }

    private ObjectNode changed(ObjectNode valid) {
        List<String> names = new ArrayList<>();
        valid.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty()) {
            return valid;
        }
        String name = any(names);
        switch (random.nextInt(6)) {
            case 0 -> valid.putNull(name);
            case 1 -> valid.put(name, random.nextLong());
            case 2 -> valid.putArray(name).add(value(Who.NOBODY)).addNull().add(1);
            case 3 -> valid.putObject(name).put(value(Who.NOBODY), value(Who.NOBODY));
            case 4 -> valid.put(name, true);
            default -> valid.put(name, value(Who.NOBODY));
        }
        return valid;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private Answer send(Who who, String method, String path, String body) throws IOException, InterruptedException {
        Map<String, String> headers = new LinkedHashMap<>();
        if (secrets.containsKey(who)) {
            headers.put("Authorization", "Bearer " + secrets.get(who));
        }
        if (body != null && random.nextInt(20) > 0) {
            boolean file = path.startsWith("/api/v1/files?") || path.equals("/api/v1/files");
            headers.put("Content-Type", file ? "application/octet-stream" : "application/json");
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + rig.server.httpPort() + path))
                .timeout(Duration.ofMinutes(2))
                .method(
                        method,
                        body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        boolean stream =
                response.headers().firstValue("content-type").orElse("").startsWith("text/event-stream");
        try (InputStream in = response.body()) {
            // A live stream does not end by itself: what it says first is enough.
            byte[] bytes = stream ? first(in) : in.readNBytes(MOST_CHARACTERS);
            return new Answer(
                    response.statusCode(),
                    new String(bytes, StandardCharsets.UTF_8),
                    response.headers().firstValue("retry-after").isPresent());
        }
    }

    private static byte[] first(InputStream in) throws IOException {
        byte[] bytes = new byte[1 << 16];
        int n = in.read(bytes);
        return Arrays.copyOf(bytes, Math.max(0, n));
    }
}
