package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.davylamp.core.identity.Credentials;
import io.davylamp.server.access.AgentGate;
import io.davylamp.server.oidc.OidcLogins;
import io.davylamp.stockagent.StockAgent;
import io.davylamp.wire.skywalking.v10.AsyncProfilerCollectionResponse;
import io.davylamp.wire.skywalking.v10.AsyncProfilerData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerMetaData;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskCommandQuery;
import io.davylamp.wire.skywalking.v10.AsyncProfilerTaskGrpc;
import io.davylamp.wire.skywalking.v10.AsyncProfilingStatus;
import io.davylamp.wire.skywalking.v3.Commands;
import io.davylamp.wire.skywalking.v3.Event;
import io.davylamp.wire.skywalking.v3.EventServiceGrpc;
import io.davylamp.wire.skywalking.v3.InstancePingPkg;
import io.davylamp.wire.skywalking.v3.InstanceProperties;
import io.davylamp.wire.skywalking.v3.JVMMetricCollection;
import io.davylamp.wire.skywalking.v3.JVMMetricReportServiceGrpc;
import io.davylamp.wire.skywalking.v3.ManagementServiceGrpc;
import io.davylamp.wire.skywalking.v3.ProfileTaskCommandQuery;
import io.davylamp.wire.skywalking.v3.ProfileTaskGrpc;
import io.davylamp.wire.skywalking.v3.Source;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.Failed;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ClientInterceptor;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threats that every route or every call of an agent must withstand. Each test walks all of them, so that a new one cannot be
 * forgotten; docs/concepts/security.md has the table of all threats.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
final class ThreatsTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String OF_SHOP =
            "{\"service\": \"shop\", \"instances\": [\"shop-own\"], \"durationSeconds\": 600, \"events\": [\"cpu\"]}";
    private static final String OF_SEARCH = OF_SHOP.replace("shop", "search");

    @TempDir
    static Path folder;

    private static ServerRig rig;
    private static ManagedChannel channel;
    /** The cookie of an administrator's session. */
    private static String admin;

    private static String viewer;
    private static String agents;
    private static String agentsOfShop;
    /** A task of shop that waits, one that is over, and the one of search, which waits. */
    private static String live;

    private static String ready;
    private static String readyAssignment;
    private static String ofSearch;
    private static String searchAssignment;
    private static String file;
    private static String tokenId;

    @BeforeAll
    static void start() throws Exception {
        rig = new ServerRig(folder, "access.users=true");
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
        admin = login.headers().firstValue("set-cookie").orElseThrow().split(";")[0];
        viewer = token("looks", "API", "viewer *");
        agents = token("agents", "AGENT", "viewer *");
        agentsOfShop = token("agents of shop", "AGENT", "viewer shop");
        channel = NettyChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .disableRetry()
                .build();
        for (String service : List.of("shop", "search")) {
            assertThat(refusal(() -> own(agents).poll(hello(service, service + "-own", "life of " + service))))
                    .isEmpty();
        }
        live = id(asAdmin("POST", "/api/v1/tasks", OF_SHOP));
        ofSearch = id(asAdmin("POST", "/api/v1/tasks", OF_SEARCH));
        searchAssignment = assignment(ofSearch).get("id").asText();
        file = id(rig.send(
                "POST",
                "/api/v1/files?name=a",
                "a;b 1\n",
                "Cookie",
                admin,
                "Content-Type",
                "application/octet-stream"));
        deliver();
    }

    /** Has SkyWalking's agent record something, so that there is a recording to download and to read again. */
    private static void deliver() throws Exception {
        try (StockFleet fleet = new StockFleet(rig)) {
            StockAgent agent =
                    fleet.agent(StockAgent.Settings.of("shop", "shop-stock").withToken(agents));
            agent.reportProperties().get(2, TimeUnit.MINUTES);
            agent.poll().get(2, TimeUnit.MINUTES);
            ready = id(asAdmin(
                    "POST",
                    "/api/v1/tasks",
                    OF_SHOP.replace("shop-own", "shop-stock").replace("600", "1")));
            await().atMost(Duration.ofMinutes(2)).until(() -> {
                agent.poll().get(2, TimeUnit.MINUTES);
                return assignment(ready).get("state").asText().equals("READY");
            });
            readyAssignment = assignment(ready).get("id").asText();
        }
    }

    @AfterAll
    static void stop() throws IOException {
        channel.shutdownNow();
        rig.close();
    }

    private static HttpResponse<String> asAdmin(String method, String path, String body) throws Exception {
        return rig.send(method, path, body, "Cookie", admin, "Content-Type", "application/json");
    }

    private static String token(String name, String kind, String grant) throws Exception {
        HttpResponse<String> made = asAdmin(
                "POST",
                "/api/v1/tokens",
                "{\"name\": \"%s\", \"kind\": \"%s\", \"grants\": [\"%s\"]}".formatted(name, kind, grant));
        tokenId = id(made);
        return ServerRig.json(made).get("secret").asText();
    }

    private static String id(HttpResponse<String> made) throws IOException {
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return ServerRig.json(made).get("id").asText();
    }

    private static JsonNode assignment(String task) throws Exception {
        return ServerRig.json(asAdmin("GET", "/api/v1/tasks/" + task, null))
                .get("assignments")
                .get(0);
    }

    // Routes.

    /** The path of a route with names and ids of what there is. */
    private static String filled(String path) {
        boolean over = path.contains("/assignments/");
        return path.replace("{task}", over ? ready : live)
                .replace("{assignment}", readyAssignment)
                .replace("{service}", "shop")
                .replace("{instance}", "shop-own")
                .replace("{file}", file)
                .replace("{token}", tokenId)
                .replace("{user}", "root")
                .replace("{view}", "flame");
    }

    /** What an administrator could send there with success. */
    private static String body(String route) {
        if (route.endsWith("/title")) {
            return "{\"title\": \"t\"}";
        }
        if (!route.startsWith("POST ")) {
            return null;
        }
        return switch (route.substring("POST ".length())) {
            case "/api/v1/tasks", "/api/v1/tasks/check" -> OF_SHOP.replace("shop-own", "shop-stock");
            case "/api/v1/users" ->
                "{\"name\": \"new\", \"password\": \"" + PASSWORD + "\", \"grants\": [\"admin *\"]}";
            case "/api/v1/users/{user}" -> "{\"grants\": []}";
            case "/api/v1/tokens" -> "{\"name\": \"new\", \"kind\": \"API\", \"grants\": [\"admin *\"]}";
            case "/api/v1/login" -> "{\"name\": \"root\", \"password\": \"" + PASSWORD + "\"}";
            case "/api/v1/login/code" ->
                "{\"challenge\": \"" + "a".repeat(43) + "\", \"state\": \"s\", \"port\": 40000, \"host\": \"h\"}";
            case "/api/v1/login/code/redeem" -> "{\"code\": \"c\", \"verifier\": \"v\"}";
            case "/api/v1/sessions/end" -> "{\"issuer\": \"\", \"subject\": \"root\"}";
            case "/api/v1/files" -> "a;b 1\n";
            case "/graphql" -> "{\"query\": \"{version}\"}";
            default -> "{}";
        };
    }

    private static HttpResponse<String> send(String route, String... headers) throws Exception {
        String[] words = route.split(" ");
        String type = route.equals("POST /api/v1/files") ? "application/octet-stream" : "application/json";
        return rig.send(
                words[0],
                filled(words[1]),
                body(route),
                Stream.concat(Stream.of("Content-Type", type), Arrays.stream(headers))
                        .toArray(String[]::new));
    }

    /** What must be as it was when nothing was let through. */
    private static String everything() throws Exception {
        StringBuilder all = new StringBuilder();
        for (String path : List.of("/api/v1/users", "/api/v1/tokens", "/api/v1/files")) {
            all.append(asAdmin("GET", path, null).body().replaceAll("\"lastUsed\":[^,}]*", ""));
        }
        for (JsonNode task :
                ServerRig.json(asAdmin("GET", "/api/v1/tasks", null)).get("tasks")) {
            all.append(task.get("id")).append(task.get("live"));
        }
        return all.toString();
    }

    @Test
    void noRouteIsReachedFromAPageOfAnotherSite() throws Exception {
        String before = everything();
        Set<String> routes = new TreeSet<>(PermissionsTest.served(rig));
        routes.addAll(List.of("POST /graphql", "GET /metrics"));
        assertThat(routes).hasSizeGreaterThan(40).contains("GET /api/v1/tasks/{task}/changes");

        for (String route : routes) {
            for (String page : List.of(
                    "Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: cors~Sec-Fetch-Dest: empty",
                    "Sec-Fetch-Site: same-site~Sec-Fetch-Mode: no-cors~Sec-Fetch-Dest: image",
                    "Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: iframe",
                    // A form that is sent; to follow a link is allowed.
                    route.startsWith("GET ")
                            ? "Origin: null"
                            : "Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: document",
                    "Origin: https://evil.example")) {
                HttpResponse<String> answer = send(route, ("Cookie: " + admin + "~" + page).split("~|: "));

                assertThat(answer.statusCode()).as(route + " of " + page).isEqualTo(403);
                assertThat(answer.body()).as(route + " of " + page).contains("a page of another site");
                assertThat(answer.headers().firstValue("x-frame-options"))
                        .as(route)
                        .contains("DENY");
            }
        }
        assertThat(everything()).isEqualTo(before);
    }

    /** What writes and has nothing to do with a role. */
    private static final Map<String, Integer> OF_EVERYBODY = Map.of(
            "POST /api/v1/login", 204, // signs in
            "POST /api/v1/login/code/redeem", 401, // a code that nobody made
            "POST /api/v1/logout", 204, // ends the own session, if there is one
            "POST /api/v1/files", 201, // opens a file, which nobody else sees
            "POST /api/v1/files/{file}/keep", 404, // the file of somebody else
            "DELETE /api/v1/files/{file}", 404);

    @Test
    void aViewersTokenWritesNothingAtAnyRoute() throws Exception {
        Set<String> routes = new TreeSet<>(PermissionsTest.served(rig));
        routes.removeIf(route -> route.startsWith("GET "));
        assertThat(routes).hasSizeGreaterThan(15).containsAll(OF_EVERYBODY.keySet());
        routes.removeAll(OF_EVERYBODY.keySet());
        routes.add("GET /api/v1/tasks/{task}/assignments/{assignment}/recording");
        String before = everything();

        for (String route : routes) {
            assertThat(send(route, "Authorization", "Bearer " + viewer).statusCode())
                    .as(route)
                    .isEqualTo(403);
        }
        HttpResponse<String> graphql = rig.send(
                "POST",
                "/graphql",
                creation(""),
                "Authorization",
                "Bearer " + viewer,
                "Content-Type",
                "application/json");
        assertThat(graphql.body()).contains("role profiler").doesNotContain("SUCCESS");
        assertThat(everything()).isEqualTo(before);
        for (Map.Entry<String, Integer> route : OF_EVERYBODY.entrySet()) {
            assertThat(send(route.getKey(), "Authorization", "Bearer " + viewer).statusCode())
                    .as(route.getKey())
                    .isEqualTo(route.getValue());
        }
    }

    /** A task in SkyWalking's words. */
    private static String creation(String more) {
        return "{\"query\": \"mutation {r: createAsyncProfilerTask(asyncProfilerTaskCreationRequest: {serviceId: \\\""
                + StockFleet.serviceId("shop") + "\\\", serviceInstanceIds: [\\\""
                + StockFleet.instanceId("shop", "shop-stock") + "\\\"], duration: 1, events: [CPU]" + more
                + "}) {code errorReason}}\"}";
    }

    @Test
    void aFieldThatNobodyMaySetIsRefusedByItsName() throws Exception {
        String before = everything();
        for (String route : List.of(
                "POST /api/v1/tasks",
                "POST /api/v1/tasks/check",
                "POST /api/v1/users",
                "POST /api/v1/users/{user}",
                "POST /api/v1/tokens",
                "POST /api/v1/login")) {
            for (String field : List.of(
                    "id",
                    "author",
                    "owner",
                    "created",
                    "state",
                    "assignments",
                    "administrator",
                    "role",
                    "hash",
                    "passwordHash",
                    "secret")) {
                String[] words = route.split(" ");
                String body = body(route).replaceFirst("\\{", "{\"" + field + "\": \"root\", ");

                HttpResponse<String> answer = asAdmin(words[0], filled(words[1]), body);

                assertThat(answer.statusCode()).as(route + " " + body).isEqualTo(400);
                assertThat(ServerRig.json(answer).path("field").asText())
                        .as(route)
                        .isEqualTo(field);
            }
        }
        assertThat(asAdmin("POST", "/graphql", creation(", author: \\\"root\\\""))
                        .body())
                .contains("errors")
                .doesNotContain("SUCCESS");
        assertThat(everything()).isEqualTo(before);
    }

    @Test
    void aSecretInAnAddressLetsNobodyIn() throws Exception {
        String session = admin.substring(admin.indexOf('=') + 1);
        assertThat(send("GET /api/v1/services", "Authorization", "Bearer " + viewer)
                        .statusCode())
                .isEqualTo(200);
        for (String secret : List.of(viewer, session)) {
            for (String name : List.of(
                    "token",
                    "access_token",
                    "authorization",
                    "Authorization",
                    "bearer",
                    "api_key",
                    "apikey",
                    "key",
                    "auth",
                    "session",
                    "davylamp_session",
                    "cookie",
                    "password",
                    "secret")) {
                for (String sign : List.of("?", ";")) {
                    String path = "/api/v1/services" + sign + name + "=" + secret;

                    assertThat(rig.get(path).statusCode()).as(sign + name).isIn(400, 401, 404);
                }
            }
        }
    }

    static Stream<String> bombs() {
        return Stream.of(
                "{\"service\": \"shop\", \"instances\": " + "[".repeat(100) + "]".repeat(100) + "}",
                "{\"service\": \"shop\", \"instances\": " + "[".repeat(100_000),
                "{\"instances\": " + "{\"a\": ".repeat(50_000) + "1" + "}".repeat(50_000) + "}",
                "{\"durationSeconds\": " + "9".repeat(500_000) + "}",
                "{\"durationSeconds\": 1e" + "9".repeat(200) + "}",
                "{\"lastsSeconds\": " + "9".repeat(500_000) + "}");
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBodyThatTakesAllMemoryOrTimeIsNotReadToItsEnd(String bomb) throws Exception {
        String path = bomb.contains("lasts") ? "/api/v1/tokens" : "/api/v1/tasks";

        HttpResponse<String> answer = asAdmin("POST", path, bomb);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(ServerRig.json(answer).get("detail").asText()).startsWith("the body has more than 16 levels");
    }

    // Comparisons.

    private static final String EARLY =
            "java/lang/String\\.(equals|equalsIgnoreCase|contentEquals|compareTo|regionMatches)|util/Arrays\\.equals|util/Objects\\.equals";

    /** The instructions of a class, or of its methods of a name. */
    private static String instructions(Class<?> beside, String type, String method) throws Exception {
        StringWriter out = new StringWriter();
        PrintWriter printed = new PrintWriter(out);
        int status = ToolProvider.findFirst("javap")
                .orElseThrow()
                .run(
                        printed,
                        printed,
                        "-c",
                        "-p",
                        "-cp",
                        Path.of(beside.getProtectionDomain()
                                        .getCodeSource()
                                        .getLocation()
                                        .toURI())
                                .toString(),
                        beside.getPackageName() + "." + type);
        assertThat(status).as(out.toString()).isZero();
        StringBuilder found = new StringBuilder();
        for (String each : out.toString().split("\\R\\R")) {
            if (each.contains(method)) {
                found.append(each);
            }
        }
        return found.toString();
    }

    /** How long a comparison takes cannot be measured reliably; which one is made can be read. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "AGENTS   | AgentGate   | ''        | java/security/MessageDigest.isEqual",
                "IDENTITY | Secrets     | ''        | java/security/MessageDigest.isEqual",
                "IDENTITY | Credentials | ' token(' | Secrets.isEqual",
                "IDENTITY | Credentials | ' session(' | Secrets.isEqual",
                "OIDC     | OidcLogins  | ' finished(' | java/security/MessageDigest.isEqual"
            })
    void secretsAreComparedInATimeThatTellsNothing(String where, String type, String method, String comparison)
            throws Exception {
        Class<?> beside = Map.<String, Class<?>>of(
                        "AGENTS", AgentGate.class, "IDENTITY", Credentials.class, "OIDC", OidcLogins.class)
                .get(where);

        assertThat(instructions(beside, type, method)).contains(comparison).doesNotContainPattern(EARLY);
    }

    // Agents.

    private static ClientInterceptor with(String token) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authentication", Metadata.ASCII_STRING_MARSHALLER), token);
        return MetadataUtils.newAttachHeadersInterceptor(headers);
    }

    private static AgentServiceGrpc.AgentServiceBlockingStub own(String token) {
        return AgentServiceGrpc.newBlockingStub(channel)
                .withInterceptors(with(token))
                .withDeadlineAfter(1, TimeUnit.MINUTES);
    }

    private static Hello.Builder helloOf(String service, String instance, String life) {
        return Hello.newBuilder().setService(service).setInstance(instance).setLife(life);
    }

    private static PollRequest hello(String service, String instance, String life) {
        return PollRequest.newBuilder()
                .setLife(life)
                .addMessages(AgentMessage.newBuilder().setHello(helloOf(service, instance, life)))
                .build();
    }

    /** Why a call was refused; empty when it was not. */
    private static String refusal(Supplier<?> call) {
        try {
            var unused = call.get();
            return "";
        } catch (StatusRuntimeException e) {
            return e.getMessage();
        }
    }

    /** All that a call with a stream answers, in words. */
    private static final class Heard<T> implements StreamObserver<T> {
        private final List<String> heard = new ArrayList<>();
        private final CompletableFuture<String> end = new CompletableFuture<>();
        private final CompletableFuture<String> failure = new CompletableFuture<>();

        @Override
        public synchronized void onNext(T message) {
            heard.add(message.toString());
            if (message instanceof ServerMessage) {
                end.complete(heard.toString());
            }
        }

        @Override
        public synchronized void onError(Throwable e) {
            failure.complete(e.getMessage());
            end.complete(heard + e.getMessage());
        }

        @Override
        public synchronized void onCompleted() {
            end.complete(heard.toString());
        }

        String words() {
            return end.orTimeout(1, TimeUnit.MINUTES).join();
        }

        /** Why the server ended the stream. */
        String failure() {
            return failure.orTimeout(1, TimeUnit.MINUTES).join();
        }
    }

    private static String linked(String token) {
        Heard<ServerMessage> heard = new Heard<>();
        AgentServiceGrpc.newStub(channel)
                .withInterceptors(with(token))
                .link(heard)
                .onNext(AgentMessage.newBuilder()
                        .setHello(helloOf("search", "search-new", "another life"))
                        .build());
        return heard.words();
    }

    private static String delivered(String token) {
        Heard<DeliverReply> heard = new Heard<>();
        StreamObserver<DeliverRequest> out =
                AgentServiceGrpc.newStub(channel).withInterceptors(with(token)).deliver(heard);
        out.onNext(DeliverRequest.newBuilder()
                .setBegin(Begin.newBuilder()
                        .setService("search")
                        .setInstance("search-own")
                        .setAssignmentId(searchAssignment)
                        .setSizeBytes(5))
                .build());
        out.onCompleted();
        return heard.words();
    }

    private static String collected(String token, AsyncProfilingStatus type) {
        Heard<AsyncProfilerCollectionResponse> heard = new Heard<>();
        StreamObserver<AsyncProfilerData> out = AsyncProfilerTaskGrpc.newStub(channel)
                .withInterceptors(with(token))
                .collect(heard);
        AsyncProfilerData.Builder data = AsyncProfilerData.newBuilder()
                .setMetaData(AsyncProfilerMetaData.newBuilder()
                        .setService("search")
                        .setServiceInstance("search-own")
                        .setTaskId(ofSearch)
                        .setType(type)
                        .setContentSize(5));
        out.onNext((type == AsyncProfilingStatus.PROFILING_SUCCESS
                        ? data.setContent(ByteString.copyFromUtf8("bytes"))
                        : data.setErrorMessage("invented"))
                .build());
        out.onCompleted();
        return heard.words();
    }

    private static String event(String token) {
        Heard<Commands> heard = new Heard<>();
        StreamObserver<Event> out =
                EventServiceGrpc.newStub(channel).withInterceptors(with(token)).collect(heard);
        out.onNext(Event.newBuilder()
                .setUuid("u")
                .setName("Start")
                .setStartTime(1)
                .setSource(Source.newBuilder().setService("search").setServiceInstance("search-new"))
                .build());
        out.onCompleted();
        return heard.words();
    }

    /** All calls by which an agent says of which service it is, made for the service search. */
    private static Map<String, Supplier<String>> calls(String token) {
        ClientInterceptor with = with(token);
        Map<String, Supplier<String>> calls = new TreeMap<>();
        calls.put(
                AgentServiceGrpc.getPollMethod().getFullMethodName(),
                () -> refusal(() -> own(token).poll(hello("search", "search-new", "a life"))));
        calls.put(AgentServiceGrpc.getLinkMethod().getFullMethodName(), () -> linked(token));
        calls.put(AgentServiceGrpc.getDeliverMethod().getFullMethodName(), () -> delivered(token));
        calls.put(
                AsyncProfilerTaskGrpc.getGetAsyncProfilerTaskCommandsMethod().getFullMethodName(),
                () -> refusal(() -> AsyncProfilerTaskGrpc.newBlockingStub(channel)
                        .withInterceptors(with)
                        .getAsyncProfilerTaskCommands(AsyncProfilerTaskCommandQuery.newBuilder()
                                .setService("search")
                                .setServiceInstance("search-new")
                                .build())));
        calls.put(
                AsyncProfilerTaskGrpc.getCollectMethod().getFullMethodName(),
                () -> collected(token, AsyncProfilingStatus.PROFILING_SUCCESS));
        calls.put("an upload that failed", () -> collected(token, AsyncProfilingStatus.EXECUTION_TASK_ERROR));
        calls.put(
                "keep alive",
                () -> refusal(() -> ManagementServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(with)
                        .keepAlive(InstancePingPkg.newBuilder()
                                .setService("search")
                                .setServiceInstance("search-new")
                                .build())));
        calls.put(
                "properties",
                () -> refusal(() -> ManagementServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(with)
                        .reportInstanceProperties(InstanceProperties.newBuilder()
                                .setService("search")
                                .setServiceInstance("search-new")
                                .build())));
        calls.put(
                "metrics",
                () -> refusal(() -> JVMMetricReportServiceGrpc.newBlockingStub(channel)
                        .withInterceptors(with)
                        .collect(JVMMetricCollection.newBuilder()
                                .setService("search")
                                .setServiceInstance("search-new")
                                .build())));
        calls.put(
                "trace profiling",
                () -> refusal(() -> ProfileTaskGrpc.newBlockingStub(channel)
                        .withInterceptors(with)
                        .getProfileTaskCommands(ProfileTaskCommandQuery.newBuilder()
                                .setService("search")
                                .setServiceInstance("search-new")
                                .build())));
        calls.put("the event of a start", () -> event(token));
        return calls;
    }

    private static List<String> instancesOfSearch() throws Exception {
        return ServerRig.json(asAdmin("GET", "/api/v1/services/search/instances", null))
                .findValuesAsText("name");
    }

    @Test
    void anAgentsTokenIsOfNoUseForAnotherServiceInAnyCall() throws Exception {
        Map<String, Supplier<String>> calls = calls(agentsOfShop);
        List<String> ours = Stream.of(
                        AgentServiceGrpc.getServiceDescriptor(), AsyncProfilerTaskGrpc.getServiceDescriptor())
                .map(each -> each.getMethods())
                .flatMap(Collection::stream)
                .map(MethodDescriptor::getFullMethodName)
                .toList();
        assertThat(calls.keySet()).containsAll(ours);

        calls.forEach((name, call) -> {
            String answer = call.get();
            // SkyWalking's agent is only ever told to stop its upload.
            assertThat(answer).as(name).containsPattern("not for service|TERMINATED");
        });

        // Whoever has also found out the life of the JVM, which names its mailbox.
        PollRequest forged = PollRequest.newBuilder()
                .setLife("life of search")
                .addMessages(AgentMessage.newBuilder()
                        .setReport(Report.newBuilder()
                                .setAssignmentId(searchAssignment)
                                .setFailed(Failed.newBuilder().setReason("invented"))))
                .build();
        assertThat(refusal(() -> own(agentsOfShop).poll(forged))).contains("PERMISSION_DENIED");
        assertThat(refusal(() -> own(agents).poll(hello("search", "search-own", "life of search"))))
                .isEmpty();
        PollRequest listening =
                PollRequest.newBuilder().setLife("life of search").build();
        assertThat(refusal(() -> own(agentsOfShop).poll(listening))).contains("PERMISSION_DENIED");
        assertThat(instancesOfSearch()).containsExactly("search-own");
        assertThat(assignment(ofSearch).get("state").asText()).isIn("PENDING", "OFFERED");
    }

    @Test
    void aRevokedTokenReportsNothingOnAnOpenStream() throws Exception {
        String token = token("soon revoked", "AGENT", "viewer shop");
        String revoked = tokenId;
        Heard<ServerMessage> heard = new Heard<>();
        StreamObserver<AgentMessage> out =
                AgentServiceGrpc.newStub(channel).withInterceptors(with(token)).link(heard);
        out.onNext(AgentMessage.newBuilder()
                .setHello(helloOf("shop", "shop-linked", "a linked life"))
                .build());
        assertThat(heard.words()).contains("welcome");
        String task = id(asAdmin("POST", "/api/v1/tasks", OF_SHOP.replace("shop-own", "shop-linked")));

        asAdmin("DELETE", "/api/v1/tokens/" + revoked, null);
        out.onNext(AgentMessage.newBuilder()
                .setReport(Report.newBuilder()
                        .setAssignmentId(assignment(task).get("id").asText())
                        .setFailed(Failed.newBuilder().setReason("invented")))
                .build());

        assertThat(heard.failure()).contains("PERMISSION_DENIED", "no longer, for service shop");
        assertThat(assignment(task).get("state").asText()).isIn("PENDING", "OFFERED");
    }

    /** So that a test of the table that is renamed or removed is missed. */
    @Test
    void theTableOfThreatsNamesTestsThatThereAre() throws IOException {
        String page = Files.readString(Path.of("../docs/concepts/security.md"));
        String table = page.substring(page.indexOf("## Every threat is a test"), page.indexOf("## How it is tried"));
        Map<String, Path> tests = new TreeMap<>();
        try (Stream<Path> modules = Files.list(Path.of(".."))) {
            for (Path folder : modules.map(each -> each.resolve("src/test/java"))
                    .filter(Files::isDirectory)
                    .toList()) {
                try (Stream<Path> files = Files.walk(folder)) {
                    files.filter(each -> each.toString().endsWith(".java"))
                            .forEach(each -> tests.put(each.getFileName().toString(), each));
                }
            }
        }
        int rows = 0;
        for (String row :
                table.lines().filter(each -> each.startsWith("| ")).skip(1).toList()) {
            Matcher named =
                    Pattern.compile("`(\\w+)\\.(\\w+)`").matcher(row.substring(row.lastIndexOf('|', row.length() - 2)));
            while (named.find()) {
                rows++;
                assertThat(tests).containsKey(named.group(1) + ".java");
                assertThat(Files.readString(tests.get(named.group(1) + ".java")))
                        .as(named.group())
                        .contains(" void " + named.group(2) + "(");
            }
        }
        assertThat(rows).isGreaterThan(40);
    }
}
