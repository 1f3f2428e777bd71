package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.Zstd;
import com.linecorp.armeria.common.HttpMethod;
import io.davylamp.profile.vocabulary.Vocabulary;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The doors of a real server, over real connections. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RestTest {
    @TempDir
    static Path folder;

    private ServerRig rig;
    private ManagedChannel channel;

    @BeforeAll
    void open() throws Exception {
        rig = new ServerRig(folder);
        channel = OkHttpChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .build();
        try (Agent agent = new Agent("shop", "shop-1", "life")) {
            assertThat(agent.next().hasWelcome()).isTrue();
        }
    }

    @AfterAll
    void close() throws IOException {
        channel.shutdownNow();
        rig.close();
    }

    /** The other end of a link. */
    private final class Agent implements StreamObserver<ServerMessage>, AutoCloseable {
        private final LinkedBlockingQueue<Object> received = new LinkedBlockingQueue<>();
        private final StreamObserver<AgentMessage> out;

        Agent(String service, String instance, String life) {
            out = AgentServiceGrpc.newStub(channel).link(this);
            out.onNext(AgentMessage.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setService(service)
                            .setInstance(instance)
                            .setLife(life))
                    .build());
        }

        Object any() throws InterruptedException {
            Object message = received.poll(120, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message;
        }

        ServerMessage next() throws InterruptedException {
            return (ServerMessage) any();
        }

        @Override
        public void onNext(ServerMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable e) {
            received.add(e);
        }

        @Override
        public void onCompleted() {}

        @Override
        public void close() {
            out.onCompleted();
        }
    }

    @SuppressWarnings("unchecked")
    @Test
    void theDescriptionHasExactlyTheRoutesThatAreServed() throws Exception {
        Map<String, Object> openapi =
                (Map<String, Object>) new Load(LoadSettings.builder().build())
                        .loadFromString(rig.get("/api/v1/openapi.yaml").body());
        Set<String> described = new TreeSet<>();
        ((Map<String, Map<String, Object>>) openapi.get("paths"))
                .forEach((path, operations) -> operations.keySet().stream()
                        .filter(operation -> !operation.equals("parameters"))
                        .forEach(method -> described.add(method.toUpperCase(Locale.ROOT) + " " + path)));

        Set<String> served = new TreeSet<>();
        rig.server.http().serviceConfigs().forEach(config -> {
            String path = config.route().patternString().replaceAll(":([a-z]+)", "{$1}");
            if (path.startsWith("/api/v1")) {
                Set<HttpMethod> methods = config.route().methods();
                methods.stream()
                        .filter(method -> Set.of("GET", "POST", "PUT", "DELETE").contains(method.name()))
                        .filter(method -> !path.endsWith("openapi.yaml") || method == HttpMethod.GET)
                        .forEach(method -> served.add(method + " " + path));
            }
        });

        assertThat(served).isEqualTo(described);
    }

    @SuppressWarnings("unchecked")
    @Test
    void theDescriptionHasEveryWordOfTheVocabulary() throws Exception {
        Map<String, Map<String, Map<String, Map<String, Object>>>> openapi =
                (Map<String, Map<String, Map<String, Map<String, Object>>>>) new Load(
                                LoadSettings.builder().build())
                        .loadFromString(rig.get("/api/v1/openapi.yaml").body());
        Vocabulary words = Vocabulary.all();

        Set<Object> described = openapi.get("components").get("parameters").values().stream()
                .map(parameter -> parameter.get("name"))
                .collect(Collectors.toSet());

        assertThat(described)
                .containsAll(Vocabulary.names(words.query()))
                .containsAll(Vocabulary.names(words.filters()))
                .containsAll(Vocabulary.names(words.words()));
        assertThat(openapi.get("paths").get("/api/v1/profiles/{view}").toString())
                .contains(Vocabulary.names(words.views()).toString());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"instances": "all", "durationSeconds": 1, "events": ["cpu"]}                                        | service         | no instance of service "null" was ever seen
            {"service": "nobody", "instances": "all", "durationSeconds": 1, "events": ["cpu"]}                   | service         | no instance of service "nobody" was ever seen
            {"service": "shop", "instances": [], "durationSeconds": 1, "events": ["cpu"]}                        | instances       | at least one instance is needed
            {"service": "shop", "instances": ["x"], "durationSeconds": 1, "events": ["cpu"]}                     | instances       | service "shop" has no instance "x"; it has shop-1
            {"service": "shop", "instances": 5, "durationSeconds": 1, "events": ["cpu"]}                         | instances       | 5 instances are asked for, but only 1 are live
            {"service": "shop", "instances": ["shop-1"], "events": ["cpu"]}                                      | durationSeconds | durationSeconds is needed
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 0, "events": ["cpu"]}                | durationSeconds | the duration must be above 0
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 3601, "events": ["cpu"]}             | durationSeconds | the duration is 3601 s; allowed are 1 s to 3600 s
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 1, "events": []}                     | events          | at least one event is needed
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 1, "events": ["magic"]}              | events          | event "magic" is unknown; known are cpu
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 1, "events": ["cpu", "itimer"]}      | events          | cpu and itimer cannot be recorded together
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 1, "events": ["cpu"], "options": {"file": "/x"}} | options | option "file" is not allowed; allowed are interval
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 1, "events": ["cpu"], "color": 1}    | color           | the body is no task
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": -5, "events": ["cpu"]}               | durationSeconds | the duration must be above 0
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 86400, "events": ["cpu"]}            | durationSeconds | the duration is 86400 s; allowed are 1 s to 3600 s
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": 9223372036854775807, "events": ["cpu"]} | durationSeconds | the duration is 9223372036854775807 s; allowed are 1 s to 3600 s
            {"service": "shop", "instances": ["shop-1"], "durationSeconds": "x", "events": ["cpu"]}              | durationSeconds | the body is no task
            {"service": "shop"                                                                                   | body            | the body is no
            null                                                                                                 | body            | the body is null
            """)
    void aTaskThatCannotBeIsRefusedWithWhatIsAllowed(String body, String field, String detail) throws Exception {
        HttpResponse<String> response = rig.send("POST", "/api/v1/tasks", body, "Content-Type", "application/json");

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = ServerRig.json(response);
        assertThat(problem.get("detail").asText()).startsWith(detail);
        assertThat(problem.get("field").asText()).isEqualTo(field);
        assertThat(problem.get("status").asInt()).isEqualTo(400);
        assertThat(ServerRig.json(rig.get("/api/v1/tasks")).get("tasks")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "/api/v1/tasks/none,                           404, there is no task",
        "/api/v1/tasks/none/flame,                     404, there is no task",
        "/api/v1/tasks/none/changes,                   404, there is no task",
        "/api/v1/tasks/none/assignments/x/recording,   404, there is no task",
        "/api/v1/services/none/instances,              404, no instance of service",
        "/api/v1/tasks?limit=0,                        400, limit 0 is outside of 1 to 1000",
        "/api/v1/tasks?limit=x,                        400, ''",
        "/api/v1/tasks/none/hot?limit=-1,              400, limit -1 is outside",
        "/api/v1/tasks/none/flame?nodes=0,             400, nodes 0 is outside",
        "/api/v1/tasks/none/flame?colour=red,          400, \"colour\" is no parameter of flame",
        "/api/v1/tasks/none/flame?format=pdf,          400, format \"pdf\" is unknown",
        "/api/v1/tasks/none/flame?from=yesterday,      400, from \"yesterday\" is no moment",
        "/api/v1/tasks/none/flame?base-from=yesterday, 400, base-from \"yesterday\" is no moment",
        "/api/v1/tasks/none/callers,                   400, method is missing",
        "/api/v1/tasks/none/timeline?cells=99999,      400, cells 99999 is outside of 1 to 10000",
        "/api/v1/tasks/none/flame?order=name,          400, order \"name\" is unknown; known are value",
        "/api/v1/tasks/none/flame?order=time&by=state, 400, order=time and by exclude each other",
        "/api/v1/tasks/none/timeline?cell=soon,        400, cell \"soon\" is no duration",
        "/api/v1/tasks/none/timeline?cell=0s,          400, cell \"0s\" is no length",
        "/api/v1/tasks/none/timeline?cell=1s&cells=5,  400, cell and cells exclude each other",
        "/api/v1/tasks/none/threads?fold=maybe,        400, fold \"maybe\" is neither",
        "/api/v1/profiles/pie?task=x,                  404, there is no view \"pie\"",
        "/api/v1/profiles/flame,                       400, task, file or service is missing",
        "/api/v1/profiles/hot?service=none,            404, service \"none\" has no task",
    })
    void aQuestionWithoutAnswerSaysWhy(String path, int status, String detail) throws Exception {
        HttpResponse<String> response = rig.get(path);

        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        assertThat(ServerRig.json(response).get("detail").asText()).startsWith(detail);
    }

    @Test
    void aPageOfAnotherSiteCanNeitherCreateNorBeServed() throws Exception {
        assertThat(rig.send("POST", "/api/v1/tasks", "{}", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        assertThat(rig.send("POST", "/api/v1/tasks/x/cancel", "", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
        try (Socket socket = new Socket("127.0.0.1", rig.server.httpPort())) {
            socket.getOutputStream()
                    .write("GET /api/v1/tasks HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("HTTP/1.1 403");
        }
    }

    @Test
    void pageHealthAndMetricsAreServed() throws Exception {
        assertThat(rig.get("/").body()).contains("<script type=\"module\" src=\"/ui/app.js\">");
        assertThat(rig.get("/tasks/x").body()).contains("/ui/app.js");
        assertThat(rig.get("/ui/app.js").statusCode()).isEqualTo(200);
        assertThat(rig.get("/").headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(rig.get("/healthcheck").statusCode()).isEqualTo(200);
        assertThat(rig.send("HEAD", "/healthcheck", null).statusCode()).isEqualTo(200);
        assertThat(rig.get("/metrics").body()).contains("davylamp_agents_connected");
    }

    @Test
    void aBrowserAtAnAddressWithoutAPageGetsThePageThatSaysSo() throws Exception {
        HttpResponse<String> person = rig.send("GET", "/nope", null, "Accept", "text/html,*/*");

        assertThat(person.statusCode()).isEqualTo(404);
        assertThat(person.body()).contains("/ui/app.js");
        assertThat(person.headers().firstValue("Content-Security-Policy")).isPresent();
        assertThat(rig.get("/nope").body()).doesNotContain("/ui/app.js");
        assertThat(rig.get("/nope").statusCode()).isEqualTo(404);
    }

    @Test
    void anOverlapNamesTheTaskInTheWay() throws Exception {
        try (Agent agent = new Agent("overlap", "one", "life")) {
            agent.next();
            String body =
                    "{\"service\": \"overlap\", \"instances\": \"all\", \"durationSeconds\": 60, \"events\": [\"cpu\"]}";
            JsonNode first =
                    ServerRig.json(rig.send("POST", "/api/v1/tasks", body, "Content-Type", "application/json"));
            HttpResponse<String> second = rig.send("POST", "/api/v1/tasks", body, "Content-Type", "application/json");

            assertThat(second.statusCode()).isEqualTo(409);
            assertThat(ServerRig.json(second).get("task").asText())
                    .isEqualTo(first.get("id").asText());
            assertThat(agent.next().getCommand().getOptions()).isEqualTo("event=cpu");

            String path = "/api/v1/tasks/" + first.get("id").asText();
            assertThat(rig.send("DELETE", path, null).statusCode()).isEqualTo(409);
            assertThat(rig.send("POST", path + "/cancel", "{}", "Content-Type", "application/json")
                            .statusCode())
                    .isEqualTo(200);
            assertThat(agent.next().hasCancel()).isTrue();
            assertThat(rig.send("DELETE", path, null).statusCode()).isEqualTo(204);
        }
    }

    private static final String OF_POLLER =
            "{\"service\": \"polled\", \"instances\": \"all\", \"durationSeconds\": 60, \"events\": [\"cpu\"]}";

    private JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> response = rig.send("POST", path, body, "Content-Type", "application/json");
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return response.body().isEmpty() ? null : ServerRig.json(response);
    }

    @Test
    void aTaskCanBeLookedAtBeforeItIsCreated() throws Exception {
        try (Agent agent = new Agent("looked-at", "one", "life")) {
            agent.next();
            assertThat(post(
                                    "/api/v1/tasks/check",
                                    OF_POLLER.replace("polled", "looked-at").replace("\"cpu\"", "\"alloc\", \"cpu\""))
                            .get("command")
                            .asText())
                    .isEqualTo("event=cpu,alloc");
            assertThat(rig.send(
                                    "POST",
                                    "/api/v1/tasks/check",
                                    OF_POLLER.replace("polled", "looked-at").replace("60", "0"),
                                    "Content-Type",
                                    "application/json")
                            .statusCode())
                    .isEqualTo(400);
            assertThat(ServerRig.json(rig.get("/api/v1/tasks?service=looked-at"))
                            .get("tasks"))
                    .isEmpty();
        }
    }

    private String open(String name, String stacks) throws Exception {
        HttpResponse<String> opened =
                rig.send("POST", "/api/v1/files?name=" + name, stacks, "Content-Type", "application/octet-stream");
        assertThat(opened.statusCode()).isEqualTo(201);
        return ServerRig.json(opened).get("id").asText();
    }

    @Test
    void aFileIsOpenedLikeARecordingKeptAndDeleted() throws Exception {
        String path = "/api/v1/files/" + open("some.collapsed", "a;b 10\na;c 5\n");

        assertThat(ServerRig.json(rig.get(path)).get("name").asText()).isEqualTo("some.collapsed");
        assertThat(ServerRig.json(rig.get(path + "/hot?sort=total"))
                        .at("/methods/0/total")
                        .asLong())
                .isEqualTo(15);
        assertThat(rig.get(path + "/pie").statusCode()).isEqualTo(404);
        assertThat(rig.get(path + "/flame?format=html").headers().firstValue("content-disposition"))
                .hasValue("attachment; filename=\"some.collapsed.html\"");
        assertThat(rig.get(path + "/flame").headers().firstValue("content-disposition"))
                .isEmpty();
        assertThat(rig.get("/api/v1/files/unknown/flame").statusCode()).isEqualTo(404);
        assertThat(ServerRig.json(rig.get("/api/v1/tasks")).get("tasks")).isEmpty();
        assertThat(rig.get(path + "/recording").body()).isEqualTo("a;b 10\na;c 5\n");
        assertThat(ServerRig.json(rig.get(path)).get("kept").asBoolean()).isFalse();
        assertThat(ServerRig.json(rig.send("POST", path + "/keep", "{}", "Content-Type", "application/json"))
                        .get("kept")
                        .asBoolean())
                .isTrue();
        assertThat(rig.get("/api/v1/files").body()).contains("some.collapsed");
        assertThat(rig.send("DELETE", path, null).statusCode()).isEqualTo(204);
        assertThat(rig.get(path).statusCode()).isEqualTo(404);
    }

    @Test
    void aLargeFileIsTakenOverEveryVersionOfHttp() throws Exception {
        // The rig's client goes from HTTP/1.1 to HTTP/2 by itself.
        rig.get("/api/v1/files");
        String line = "java.lang.Thread.run;com.shop.Checkout.pay 1\n";

        String id = open("large.collapsed", line.repeat(3 * (1 << 20) / line.length()));

        assertThat(ServerRig.json(rig.get("/api/v1/files/" + id))
                        .get("sizeBytes")
                        .asLong())
                .isGreaterThan(2 << 20);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            gzip, deflate, br, zstd | zstd
            gzip, zstd;q=0          | gzip
            GZIP ; q=0.5            | gzip
            identity                | ''
            gzip;q=0.0              | ''
            """)
    void anAnswerIsCompressedAsWhoeverAsksCanRead(String accepted, String coding) throws Exception {
        StringBuilder stacks = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            stacks.append("com.shop.Main.run;com.shop.Part").append(i).append(".go 1\n");
        }
        String path = "/api/v1/files/" + open("some.collapsed", stacks.toString()) + "/flame?format=collapsed";
        byte[] plain = rig.bytes(path).body();

        HttpResponse<byte[]> answer = rig.bytes(path, "Accept-Encoding", accepted);

        assertThat(answer.headers().firstValue("content-encoding").orElse("")).isEqualTo(coding);
        assertThat(answer.headers().firstValue("vary")).contains("accept-encoding");
        byte[] body = switch (coding) {
            case "zstd" -> Zstd.decompress(answer.body(), plain.length);
            case "gzip" -> new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes();
            default -> answer.body();
        };
        assertThat(body).isEqualTo(plain);
        assertThat(coding.isEmpty() || answer.body().length < plain.length / 5).isTrue();
    }

    @Test
    void anExportIsWholeAndABudgetSaysWhatItCut() throws Exception {
        StringBuilder stacks = new StringBuilder();
        for (int i = 0; i < 60_000; i++) {
            stacks.append("root;m").append(i).append(" 1\n");
        }
        String path = "/api/v1/files/" + open("wide.collapsed", stacks.toString());

        HttpResponse<String> whole = rig.get(path + "/flame?format=collapsed");
        HttpResponse<String> cut = rig.get(path + "/flame?format=collapsed&nodes=11");

        assertThat(whole.body().lines()).hasSize(60_000);
        assertThat(whole.headers().firstValue("davylamp-cut")).isEmpty();
        assertThat(cut.body().lines()).hasSize(10).contains("root 59991");
        assertThat(cut.headers().firstValue("davylamp-cut").orElseThrow())
                .contains("59991 of 60000 events (100.0 %)", "counted for their callers");
        assertThat(ServerRig.json(rig.get(path + "/flame")).get("cut").asLong()).isZero();
        assertThat(rig.get(path + "/flame?format=json&nodes=1000001").body()).contains("outside of 1 to 1000000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            bytes=0-3     | 206 | 'a;b '  | bytes 0-3/14
            bytes=9-      | 206 | 'c 56~' | bytes 9-13/14
            bytes=-2      | 206 | '6~'    | bytes 12-13/14
            bytes=-99     | 206 | 'a;b 10~a;c 56~' | bytes 0-13/14
            bytes=11-99   | 206 | '56~'   | bytes 11-13/14
            bytes=14-     | 416 | ''      | bytes */14
            bytes=-0      | 416 | ''      | bytes */14
            bytes=5-2     | 200 | 'a;b 10~a;c 56~' | ''
            bytes=-       | 200 | 'a;b 10~a;c 56~' | ''
            bytes=0-1,3-4 | 200 | 'a;b 10~a;c 56~' | ''
            lines=1-2     | 200 | 'a;b 10~a;c 56~' | ''
            """)
    void aPartOfARecordingCanBeAskedFor(String range, int status, String body, String answered) throws Exception {
        String path = "/api/v1/files/" + open("some.collapsed", "a;b 10\na;c 56\n") + "/recording";

        HttpResponse<String> part = rig.send("GET", path, null, "Range", range);
        String tag = part.headers().firstValue("etag").orElse("");

        assertThat(part.statusCode()).isEqualTo(status);
        assertThat(part.body()).isEqualTo(body.replace('~', '\n'));
        assertThat(part.headers().firstValue("content-range").orElse("")).isEqualTo(answered);
        if (status == 206) {
            assertThat(rig.send("GET", path, null, "Range", range, "If-Range", tag)
                            .statusCode())
                    .isEqualTo(206);
            assertThat(rig.send("GET", path, null, "Range", range, "If-Range", "\"other\"")
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @Test
    void filesAreComparedAndLookedAtTogether() throws Exception {
        String before = open("before.collapsed", "a;b 10\n");
        String after = open("after.collapsed", "a;b 4\na;c 5\n");

        JsonNode compared = ServerRig.json(
                rig.get("/api/v1/files/" + after + "/hot?sort=change&measure=samples&base-file=" + before));
        assertThat(compared.get("baselineTotal").asLong()).isEqualTo(10);
        assertThat(compared.at("/methods/0/name").asText()).isEqualTo("b");
        JsonNode both = ServerRig.json(rig.get("/api/v1/profiles/hot?file=" + before + "&file=" + after));
        assertThat(both.get("total").asLong()).isEqualTo(19);
        assertThat(rig.get("/api/v1/profiles/hot").statusCode()).isEqualTo(400);
    }

    @Test
    void theStatusTellsHowTheServerIsAndNoSecret(@TempDir Path folder) throws Exception {
        try (ServerRig other = new ServerRig(folder, "agent.token=hush-hush", "task.grace=7m")) {
            HttpResponse<String> answer = other.get("/api/v1/status");
            JsonNode status = ServerRig.json(answer);

            assertThat(answer.body()).doesNotContain("hush-hush").contains("given, not shown");
            assertThat(status.at("/access/agents").asText()).contains("with the token");
            assertThat(status.get("health").findValues("well")).allMatch(JsonNode::asBoolean);
            assertThat(status.at("/storage/freeBytes").asLong()).isPositive();
            assertThat(status.get("settings"))
                    .filteredOn(line -> line.get("changed").asBoolean())
                    .extracting(line -> line.get("name").asText())
                    .contains("task.grace", "agent.token");
        }
    }

    @Test
    void isReadyAndNamesThePartsThatItLooksAt() throws Exception {
        HttpResponse<String> ready = rig.get("/ready");

        assertThat(ready.statusCode()).isEqualTo(200);
        assertThat(ServerRig.json(ready).get("ready").asBoolean()).isTrue();
        assertThat(ServerRig.json(ready).get("health"))
                .extracting(part -> part.get("name").asText())
                .containsExactly(
                        "database",
                        "disk",
                        "storage",
                        "installation",
                        "reading of recordings",
                        "requests",
                        "clock",
                        "settings");
        assertThat(rig.get("/metrics").body()).contains("davylamp_trouble{part=\"database\"} 0", "davylamp_ready 1");
    }

    @Test
    void theStatusListsTheServersOfTheDatabase() throws Exception {
        JsonNode servers = ServerRig.json(rig.get("/api/v1/status")).get("servers");

        assertThat(servers).singleElement().satisfies(server -> {
            assertThat(server.get("answering").asBoolean()).isTrue();
            assertThat(server.get("live").asBoolean()).isTrue();
            assertThat(server.get("http").asText()).isEqualTo("127.0.0.1:" + rig.server.httpPort());
            assertThat(server.get("agents").asText()).isEqualTo("127.0.0.1:" + rig.server.agentPort());
        });
    }

    @Test
    void theStatusTellsThatTheClockHasJumped(@TempDir Path folder) throws Exception {
        Files.createDirectories(folder.resolve("data"));
        Files.writeString(folder.resolve("data/clock-jumped"), "then\n");
        try (ServerRig other = new ServerRig(folder)) {
            JsonNode health = ServerRig.json(other.get("/api/v1/status")).get("health");

            assertThat(health)
                    .filteredOn(check -> !check.get("well").asBoolean())
                    .singleElement()
                    .satisfies(check -> {
                        assertThat(check.get("name").asText()).isEqualTo("clock");
                        assertThat(check.get("detail").asText()).contains("nothing is deleted by its age for 24 hours");
                    });
        }
    }

    @Test
    void aFileThatCannotBeReadIsRefusedWithTheReason() throws Exception {
        HttpResponse<String> refused = rig.send(
                "POST", "/api/v1/files?name=x.jfr", "FLR\0 and nothing", "Content-Type", "application/octet-stream");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(ServerRig.json(refused).get("detail").asText()).startsWith("x.jfr cannot be read: ");
        assertThat(rig.send("POST", "/api/v1/files", "a 1", "Content-Type", "text/plain")
                        .statusCode())
                .isEqualTo(415);
    }

    private List<ServerMessage> poll(String life, AgentMessage... messages) {
        return AgentServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(120, TimeUnit.SECONDS)
                .poll(PollRequest.newBuilder()
                        .setLife(life)
                        .addAllMessages(List.of(messages))
                        .build())
                .getMessagesList();
    }

    @Test
    void anAgentThatPollsHearsTheSameAsOneWithAStream() throws Exception {
        assertThatThrownBy(() -> poll("stranger"))
                .extracting(e -> Status.fromThrowable(e).getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
        AgentMessage hello = AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setService("polled")
                        .setInstance("two")
                        .setLife("p1")
                        .putLacks("cycles", "there is no PMU")
                        .putUnsure("alloc", "there may be no symbols")
                        .setMaxSeconds(120))
                .build();
        assertThat(poll("p1", hello)).singleElement().matches(ServerMessage::hasWelcome);
        assertThat(ServerRig.json(rig.get("/api/v1/services/polled/instances"))
                        .at("/instances/0/lacks/cycles")
                        .asText())
                .isEqualTo("there is no PMU");
        assertThat(ServerRig.json(rig.get("/api/v1/services/polled/instances"))
                        .at("/instances/0/unsure/alloc")
                        .asText())
                .isEqualTo("there may be no symbols");

        CompletableFuture<List<ServerMessage>> waits = CompletableFuture.supplyAsync(() -> poll("p1"));
        String path = "/api/v1/tasks/"
                + post("/api/v1/tasks", OF_POLLER.replace("\"all\"", "[\"two\"]"))
                        .get("id")
                        .asText();
        Command command = waits.get(120, TimeUnit.SECONDS).get(0).getCommand();
        assertThat(command.getOptions()).isEqualTo("event=cpu");

        AgentMessage running = AgentMessage.newBuilder()
                .setReport(Report.newBuilder()
                        .setAssignmentId(command.getAssignmentId())
                        .setRunning(Running.newBuilder().setEngine("ctimer").setNote("no perf events")))
                .build();
        CompletableFuture<List<ServerMessage>> next = CompletableFuture.supplyAsync(() -> poll("p1", running));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> ServerRig.json(rig.get(path))
                        .at("/assignments/0/engine")
                        .asText()
                        .equals("ctimer"));
        post(path + "/stop", "{}");
        assertThat(next.get(120, TimeUnit.SECONDS).get(0).getStop().getAssignmentId())
                .isEqualTo(command.getAssignmentId());
        post("/api/v1/services/polled/instances/two/trust", "{}");
        assertThat(poll("p1")).singleElement().matches(ServerMessage::hasTrust);
        post(path + "/cancel", "{}");
        assertThat(rig.send("DELETE", path, null).statusCode()).isEqualTo(204);
    }

    @Test
    void twoJvmsOfOneNameAreToldApart() throws Exception {
        try (Agent first = new Agent("twins", "one", "life-1")) {
            first.next();
            try (Agent second = new Agent("twins", "one", "life-2")) {
                Object refused = second.any();
                assertThat(Status.fromThrowable((Throwable) refused).getCode()).isEqualTo(Status.Code.ALREADY_EXISTS);
            }
        }
    }

    @Test
    void anAgentThatBreaksTheProtocolIsToldSo() throws Exception {
        try (Agent nameless = new Agent(" ", "one", "life")) {
            Status status = Status.fromThrowable((Throwable) nameless.any());
            assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status.getDescription()).isEqualTo("the service's name is blank");
        }
        LinkedBlockingQueue<Throwable> errors = new LinkedBlockingQueue<>();
        StreamObserver<AgentMessage> silent = AgentServiceGrpc.newStub(channel).link(new StreamObserver<>() {
            @Override
            public void onNext(ServerMessage message) {}

            @Override
            public void onError(Throwable e) {
                errors.add(e);
            }

            @Override
            public void onCompleted() {}
        });
        silent.onNext(AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build());
        StatusRuntimeException error = (StatusRuntimeException) errors.poll(120, TimeUnit.SECONDS);
        assertThat(error).isNotNull();
        assertThat(error.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    @Test
    void aRecordingForAnUnknownAssignmentIsRefusedWithoutAnException() throws Exception {
        List<DeliverReply> replies = new ArrayList<>();
        LinkedBlockingQueue<String> ends = new LinkedBlockingQueue<>();
        StreamObserver<DeliverRequest> out = AgentServiceGrpc.newStub(channel).deliver(new StreamObserver<>() {
            @Override
            public void onNext(DeliverReply reply) {
                replies.add(reply);
            }

            @Override
            public void onError(Throwable e) {
                ends.add(e.toString());
            }

            @Override
            public void onCompleted() {
                ends.add("completed");
            }
        });
        out.onNext(DeliverRequest.newBuilder()
                .setBegin(Begin.newBuilder()
                        .setService("shop")
                        .setInstance("shop-1")
                        .setAssignmentId("x")
                        .setSizeBytes(5))
                .build());

        assertThat(ends.poll(120, TimeUnit.SECONDS)).isEqualTo("completed");
        assertThat(replies).hasSize(1);
        assertThat(replies.get(0).getRefused().getKeep()).isFalse();
    }
}
