package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.davylamp.profile.Recordings;
import io.davylamp.stockagent.StockAgent;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SkyWalking's command line and page, in their words, against a real server that has one finished task. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GraphQlTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String SERVICE = "e2e-service-provider";
    private static final String INSTANCE = "provider1";

    @TempDir
    static Path folder;

    private ServerRig rig;
    private StockFleet fleet;
    private String taskId;

    @BeforeAll
    void finishATask() throws Exception {
        rig = new ServerRig(folder.resolve("one"), "skywalking.max-elements=10000000");
        fleet = new StockFleet(rig);
        StockAgent agent = fleet.agent(SERVICE, INSTANCE);
        agent.reportProperties().get(120, TimeUnit.SECONDS);
        agent.poll().get(120, TimeUnit.SECONDS);
        JsonNode created =
                fleet.tryCreate(SERVICE, List.of(INSTANCE), 1, List.of("ALLOC", "CPU"), "interval=5ms, live");
        taskId = created.get("id").asText();
        agent.keepAlive().get(120, TimeUnit.SECONDS);
        fleet.awaitState(taskId, "READY");
    }

    @AfterAll
    void close() throws Exception {
        fleet.close();
        rig.close();
    }

    private static JsonNode resource(String name) throws IOException {
        try (InputStream in = GraphQlTest.class.getResourceAsStream("/" + name)) {
            return JSON.readTree(in);
        }
    }

    static Stream<String> requests() throws IOException {
        return resource("skywalking/requests.json").findValuesAsText("name").stream();
    }

    private JsonNode filled(JsonNode node) throws IOException {
        DateTimeFormatter minute = DateTimeFormatter.ofPattern("uuuu-MM-dd HHmm");
        LocalDateTime now = LocalDateTime.now();
        return JSON.readTree(node.toString()
                .replace("${taskId}", taskId)
                .replace("${serviceId}", StockFleet.serviceId(SERVICE))
                .replace("${instanceId}", StockFleet.instanceId(SERVICE, INSTANCE))
                .replace("${start}", now.minusMinutes(29).format(minute))
                .replace("${end}", now.plusMinutes(1).format(minute)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void answersInTheShapeThatTheClientReads(String name) throws Exception {
        for (JsonNode request : resource("skywalking/requests.json")) {
            if (request.get("name").asText().equals(name)) {
                JsonNode expected = filled(request.get("expect"));
                JsonNode answer = fleet.graphql(request.get("query").asText(), filled(request.get("variables")));
                List<String> errors = answer.path("errors").findValuesAsText("message");
                assertThat(errors)
                        .isEqualTo(IntStream.range(0, expected.path("errors").size())
                                .mapToObj(i -> expected.get("errors").get(i).asText())
                                .toList());
                Iterator<Map.Entry<String, JsonNode>> fields =
                        expected.properties().iterator();
                while (fields.hasNext()) {
                    Map.Entry<String, JsonNode> field = fields.next();
                    if (!field.getKey().equals("errors")) {
                        requireLike(field.getKey(), answer.get("data").get(field.getKey()), field.getValue());
                    }
                }
            }
        }
    }

    /** Equal, but for expected texts that begin with ~, which are patterns. */
    private static void requireLike(String at, JsonNode actual, JsonNode expected) {
        if (expected.isTextual() && expected.asText().startsWith("~")) {
            String text = actual.isValueNode() ? actual.asText() : actual.toString();
            assertThat(text).as(at).matches("(?s)" + expected.asText().substring(1));
        } else if (expected.isObject()) {
            assertThat(actual.properties().stream().map(Map.Entry::getKey).toList())
                    .as(at)
                    .containsExactlyInAnyOrderElementsOf(expected.properties().stream()
                            .map(Map.Entry::getKey)
                            .toList());
            expected.properties()
                    .forEach(field ->
                            requireLike(at + "." + field.getKey(), actual.get(field.getKey()), field.getValue()));
        } else if (expected.isArray()) {
            assertThat(actual).as(at).hasSameSizeAs(expected);
            for (int i = 0; i < expected.size(); i++) {
                requireLike(at + "[" + i + "]", actual.get(i), expected.get(i));
            }
        } else {
            assertThat(actual).as(at).isEqualTo(expected);
        }
    }

    private HttpResponse<String> post(String body) throws Exception {
        return rig.send("POST", "/graphql", body, "Content-Type", "application/json");
    }

    private static String body(String query) {
        return JSON.createObjectNode().put("query", query).toString();
    }

    static Stream<String> bombs() {
        return Stream.of(
                body("{" + "a{".repeat(200) + "}".repeat(200) + "}"),
                body("{getMenuItems" + "{subItems".repeat(40) + "{title}" + "}".repeat(40) + "}"),
                body(IntStream.range(0, 200)
                        .mapToObj(i -> "a" + i + ": version")
                        .collect(Collectors.joining(" ", "{", "}"))),
                body("{...a} fragment a on Query {...b} fragment b on Query {...a}"),
                body("{version " + " ".repeat(300_000) + "}"),
                body("{version"),
                body("query($a: Nothing){version}"),
                body("{noSuchField}"),
                body(""),
                "{\"query\": 7}",
                "[]",
                "{",
                "\0",
                "{\"query\": \"{version}\", \"variables\": []}",
                body("{listInstances(duration: {start: \"x\", end: \"y\", step: DAY}, serviceId: \"ZQ==.1\"){id}}"));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void whatIsNoReasonableQueryGetsAnErrorInWords(String body) throws Exception {
        HttpResponse<String> answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(ServerRig.json(answer).at("/errors/0/message").asText()).isNotBlank();
        assertThat(ServerRig.json(post(body("{version}"))).at("/data/version").asText())
                .startsWith("10.");
    }

    static Stream<String> costlyNumbers() {
        String digits = "9".repeat(190_000);
        return Stream.of(
                "{listServices(layer: " + digits + "){id}}",
                "{listServices(layer: -" + digits + "){id}}",
                "{listServices(layer: " + digits + ".5){id}}",
                "{listServices(layer: 1e" + digits + "){id}}",
                "query($a: Int = " + digits + "){version}",
                "{version @include(if: " + digits + ")}",
                "{listServices(layer: \"\\\"\" layer: " + digits + "){id}}",
                "{listServices(layer: \"\"\" \\\"\"\" \"\"\" layer: " + digits + "){id}}",
                "# \"\n{listServices(layer: " + digits + "){id}}");
    }

    @ParameterizedTest
    @MethodSource("costlyNumbers")
    void aNumberThatTakesSecondsToReadIsRefusedUnread(String query) throws Exception {
        JsonNode answer = ServerRig.json(post(body(query)));

        assertThat(answer.at("/errors/0/message").asText())
                .matches("the number at character \\d+ has .*; allowed are 100");
    }

    @Test
    void digitsInTextAreNoNumbers() throws Exception {
        String digits = "9".repeat(60_000);

        assertThat(ServerRig.json(post(body("{a: listServices(layer: \"" + digits
                                + "\"){id} b: listServices(layer: \"\"\"" + digits + "\"\"\"){id} # " + digits + "\n x"
                                + digits.substring(0, 2_000) + ": version}")))
                        .path("errors")
                        .isMissingNode())
                .isTrue();
    }

    private static final String CREATE =
            "mutation($request: AsyncProfilerTaskCreationRequest!){r: createAsyncProfilerTask("
                    + "asyncProfilerTaskCreationRequest: $request){code errorReason}}";

    private JsonNode tryDuration(JsonNode duration) throws Exception {
        ObjectNode request = JSON.createObjectNode().put("serviceId", StockFleet.serviceId(SERVICE));
        request.set("duration", duration);
        request.putArray("serviceInstanceIds").add("x");
        request.putArray("events").add("CPU");
        ObjectNode variables = JSON.createObjectNode();
        variables.set("request", request);
        return fleet.graphql(CREATE, variables);
    }

    /** The page sends what was typed; the refusal is of the instance, which comes after the duration. */
    @ParameterizedTest
    @ValueSource(strings = {"10", "\"10\"", "\" 10 \"", "\"1e1\"", "10.0", "\"10.0\"", "1e1"})
    void digitsAreANumberAlsoInText(String duration) throws Exception {
        JsonNode answer = tryDuration(JSON.readTree(duration));

        assertThat(answer.at("/data/r/errorReason").asText())
                .as(answer.toString())
                .startsWith("\"x\" is no id of an instance");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"ten\"",
                "\"\"",
                "\"10.5\"",
                "10.5",
                "2147483648",
                "\"2147483648\"",
                "1e999999",
                "\"1e999999999\"",
                "true",
                "{}"
            })
    void whatIsNoWholeNumberIsRefusedInWords(String duration) throws Exception {
        JsonNode answer = tryDuration(JSON.readTree(duration));

        assertThat(answer.at("/errors/0/message").asText())
                .contains("is no whole number from -2147483648 to 2147483647");
    }

    @Test
    void digitsAreANumberInEveryPlaceOfTheSchema() throws Exception {
        assertThat(ServerRig.json(post(body("{queryAsyncProfilerTaskList(request: {serviceId: \""
                                + StockFleet.serviceId(SERVICE) + "\", limit: \"0\"}){tasks{id}}}")))
                        .at("/data/queryAsyncProfilerTaskList/tasks"))
                .isEqualTo(JSON.createArrayNode());
    }

    /** Every kind of value in every place where another is meant, and texts that nobody needs to see again as a whole. */
    static Stream<String> nonsense() {
        String much = "x".repeat(5_000);
        List<String> values =
                List.of("7", "\"" + much + "\"", "true", "[1]", "{\"a\": 1}", "null", "1.5", "[{}]", "1e400");
        List<String> all = new ArrayList<>();
        for (String value : values) {
            all.add("{\"query\": \"" + CREATE + "\", \"variables\": {\"request\": " + value + "}}");
            for (String field : List.of("serviceId", "serviceInstanceIds", "duration", "events", "execArgs")) {
                all.add("{\"query\": \"" + CREATE + "\", \"variables\": {\"request\": {\"serviceId\": \"ZQ==.1\","
                        + " \"serviceInstanceIds\": [\"i\"], \"duration\": 1, \"events\": [\"CPU\"], \"" + field
                        + "\": "
                        + value + "}}}");
            }
        }
        for (String value : List.of("7", "\"" + much + "\"", "true", "[1]", "{a: 1}", "null", "1.5", much)) {
            all.add(body("{listServices(layer: " + value + "){id}}"));
            all.add(body("{queryAsyncProfilerTaskProgress(taskId: " + value + "){logs{id}}}"));
            all.add(body("{queryAsyncProfilerTaskList(request: " + value + "){tasks{id}}}"));
            all.add(body("{queryAsyncProfilerTaskList(request: {serviceId: \"x\", limit: " + value + "}){tasks{id}}}"));
            all.add(body("{listInstances(serviceId: \"ZQ==.1\", duration: {start: " + value
                    + ", end: \"y\", step: DAY}){id}}"));
        }
        all.addAll(List.of(
                body("{" + much + "}"),
                body("{version(" + much + ": 1)}"),
                body("{version @" + much + "}"),
                body("query " + much + "($" + much + ": " + much + "){version}"),
                body("{..." + much + "}"),
                body(much),
                body("{version} \"" + much),
                much,
                "{\"query\": " + much + "}",
                "{\"query\": \"{version}\", \"variables\": {\"a\": " + "9".repeat(5_000) + "}}",
                "{\"query\": \"{version}\", \"variables\": " + "[".repeat(5_000) + "}"));
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void noAnswerRepeatsMuchOfAQuestionOrNamesAClass(String body) throws Exception {
        HttpResponse<String> answer = post(body);

        assertThat(answer.statusCode()).isEqualTo(200);
        for (String message : ServerRig.json(answer).findValuesAsText("message")) {
            assertThat(message).isNotBlank().hasSizeLessThan(1_100).isEqualTo(message.strip());
            assertThat(message)
                    .doesNotContainPattern("(java|graphql|com|org|io)\\.[a-z]+\\.|GraphQL[A-Z]|\\w+Value\\{|Exception");
        }
        for (String reason : ServerRig.json(answer).findValuesAsText("errorReason")) {
            assertThat(reason).hasSizeLessThan(1_100);
        }
    }

    @Test
    void aHugeQueryIsNotEvenRead() throws Exception {
        HttpRequest huge = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + rig.server.httpPort() + "/graphql"))
                .version(HttpClient.Version.HTTP_1_1)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body("{" + "version ".repeat(1_250_000) + "}")))
                .build();

        assertThat(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()
                        .send(huge, HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void onlyJsonIsPosted() throws Exception {
        assertThat(rig.send("POST", "/graphql", body("{version}"), "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        assertThat(rig.get("/graphql").statusCode()).isEqualTo(405);
    }

    @Test
    void healthIsAnsweredToHead() throws Exception {
        assertThat(rig.send("HEAD", "/healthcheck", null).statusCode()).isEqualTo(200);
    }

    static Stream<String> recordings() {
        return Stream.of("small_h2_cpu45.jfr", "small_spring_multi45.jfr", "small_spring_sw30.jfr");
    }

    /** The judge is another reader of the same file. */
    @ParameterizedTest
    @MethodSource("recordings")
    void analysesAreThoseOfAnIndependentReader(String file) throws Exception {
        StockAgent agent = fleet.agent("truth", file);
        fleet.recording = Recordings.bytes(file);
        agent.poll().get(120, TimeUnit.SECONDS);
        String task = fleet.create("truth", file, 1);
        agent.keepAlive().get(120, TimeUnit.SECONDS);
        fleet.awaitState(task, "READY");
        fleet.recording = StockFleet.RECORDING;

        JsonNode truth = null;
        for (JsonNode each : resource("recordings/truth.json")) {
            truth = each.get("file").asText().equals(file) ? each : truth;
        }
        for (String type : List.of(
                "EXECUTION_SAMPLE",
                "LOCK",
                "OBJECT_ALLOCATION_IN_NEW_TLAB",
                "OBJECT_ALLOCATION_OUTSIDE_TLAB",
                "PROFILER_LIVE_OBJECT")) {
            JsonNode expected = truth.at("/skywalking/" + type);
            JsonNode elements = fleet.analyze(task, List.of(), type).at("/tree/elements");
            assertThat(elements.get(0).get("total").asLong())
                    .as("%s total", type)
                    .isEqualTo(expected.path("value").asLong());
            if (!expected.isMissingNode()) {
                requireHottest(type, elements, expected);
            }
        }
    }

    /** Methods by self and total, recursion counted once, what ends in a class frame counted for the method above. */
    private static void requireHottest(String type, JsonNode elements, JsonNode expected) {
        boolean hasClass = !type.equals("EXECUTION_SAMPLE");
        int n = elements.size();
        int[] parent = new int[n];
        String[] method = new String[n];
        boolean[] isParent = new boolean[n];
        for (int i = 1; i < n; i++) {
            parent[i] = elements.get(i).get("parentId").asInt();
            isParent[parent[i]] = true;
            method[i] = elements.get(i).get("codeSignature").asText().replaceFirst(":\\d+$", "");
        }
        Map<String, Long> self = new HashMap<>();
        Map<String, Long> total = new HashMap<>();
        for (int i = 1; i < n; i++) {
            long own = elements.get(i).get("self").asLong();
            boolean isClass = hasClass && !isParent[i];
            if (own != 0) {
                self.merge(method[isClass ? parent[i] : i], own, Long::sum);
                TreeMap<String, Boolean> seen = new TreeMap<>();
                for (int at = isClass ? parent[i] : i; at > 0; at = parent[at]) {
                    if (seen.put(method[at], true) == null) {
                        total.merge(method[at], own, Long::sum);
                    }
                }
            }
        }
        for (Map.Entry<String, Map<String, Long>> table :
                Map.of("self", self, "total", total).entrySet()) {
            List<String> compared = new ArrayList<>();
            for (JsonNode hot : expected.get(table.getKey())) {
                String name = hot.get(0).asText().replaceFirst("^lib\\w+(-[\\w.]+)?\\.so(\\.\\d+)*\\.", "");
                if (!name.contains("0x")) { // several hidden classes have one name here
                    compared.add(name);
                    assertThat(table.getValue().get(name))
                            .as("%s %s of %s", type, table.getKey(), name)
                            .isEqualTo(hot.get(1).asLong());
                }
            }
            assertThat(compared).hasSizeGreaterThan(expected.get(table.getKey()).size() / 3);
            assertThat(table.getValue().values().stream()
                            .max(Comparator.naturalOrder())
                            .orElseThrow())
                    .isEqualTo(expected.get(table.getKey()).get(0).get(1).asLong());
        }
    }

    @Test
    void thePageGetsNoMoreElementsThanItCanDrawAndTheirTotalsStayExact() throws Exception {
        try (ServerRig small = new ServerRig(folder.resolve("small"), "skywalking.max-elements=50");
                StockFleet agents = new StockFleet(small)) {
            agents.recording = Recordings.bytes("small_h2_cpu45.jfr");
            StockAgent agent = agents.agent("shop", "a");
            agent.poll().get(120, TimeUnit.SECONDS);
            String task = agents.create("shop", "a", 1);
            agent.keepAlive().get(120, TimeUnit.SECONDS);
            agents.awaitState(task, "READY");

            JsonNode elements =
                    agents.analyze(task, List.of(), "EXECUTION_SAMPLE").at("/tree/elements");

            assertThat(elements).hasSizeBetween(10, 50);
            assertThat(elements.get(0).get("total").asLong()).isEqualTo(1886);
            long selfs = 0;
            for (JsonNode element : elements) {
                selfs += element.get("self").asLong();
            }
            assertThat(selfs).isEqualTo(1886);
            assertThat(elements.toString()).contains("(smaller frames, not shown)");
        }
    }
}
