package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.davylamp.stockagent.StockAgent;
import io.grpc.HandlerRegistry;
import io.grpc.InsecureServerCredentials;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A SkyWalking server behind us gets what agents and clients send, byte for byte, and cannot hurt them. */
@Execution(ExecutionMode.CONCURRENT)
class PassThroughTest {
    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    /** A call as it reached the server behind. */
    private record Reached(String method, Metadata headers, List<byte[]> messages) {}

    private enum Bytes implements MethodDescriptor.Marshaller<byte[]> {
        INSTANCE;

        @Override
        public InputStream stream(byte[] bytes) {
            return new ByteArrayInputStream(bytes);
        }

        @Override
        public byte[] parse(InputStream in) {
            try {
                return in.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Answers every call at its half-close, whatever it is, and keeps what came. */
    private final class Behind implements AutoCloseable {
        final ConcurrentLinkedQueue<Reached> reached = new ConcurrentLinkedQueue<>();
        volatile byte[] reply = new byte[0];
        volatile Status status = Status.OK;
        volatile boolean hangs;
        final io.grpc.Server server;

        Behind() throws IOException {
            this(0);
        }

        Behind(int port) throws IOException {
            server = NettyServerBuilder.forAddress(
                            new InetSocketAddress("127.0.0.1", port), InsecureServerCredentials.create())
                    .maxInboundMessageSize(64 << 20)
                    .fallbackHandlerRegistry(new HandlerRegistry() {
                        @Override
                        public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
                            return ServerMethodDefinition.create(
                                    MethodDescriptor.<byte[], byte[]>newBuilder()
                                            .setFullMethodName(name)
                                            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
                                            .setRequestMarshaller(Bytes.INSTANCE)
                                            .setResponseMarshaller(Bytes.INSTANCE)
                                            .build(),
                                    Behind.this::called);
                        }
                    })
                    .build()
                    .start();
            open.add(0, this);
        }

        private ServerCall.Listener<byte[]> called(ServerCall<byte[], byte[]> call, Metadata headers) {
            List<byte[]> messages = new ArrayList<>();
            call.request(Integer.MAX_VALUE);
            return new ServerCall.Listener<>() {
                @Override
                public void onMessage(byte[] message) {
                    messages.add(message);
                }

                @Override
                public void onHalfClose() {
                    reached.add(new Reached(
                            call.getMethodDescriptor().getFullMethodName(), headers, List.copyOf(messages)));
                    if (hangs) {
                        return;
                    }
                    if (status.isOk()) {
                        Metadata answered = new Metadata();
                        answered.put(key("x-answered-by"), "oap");
                        call.sendHeaders(answered);
                        call.sendMessage(reply);
                    }
                    call.close(status, new Metadata());
                }
            };
        }

        Reached last(String method) {
            return reached.stream()
                    .filter(each -> each.method().equals(method))
                    .reduce((a, b) -> b)
                    .orElseThrow();
        }

        @Override
        public void close() throws Exception {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private StockFleet fleet(String... settings) throws IOException {
        ServerRig rig = new ServerRig(folder, settings);
        StockFleet fleet = new StockFleet(rig);
        open.add(0, rig);
        open.add(0, fleet);
        return fleet;
    }

    private static Status end(CompletableFuture<Status> call) throws Exception {
        return call.get(120, TimeUnit.SECONDS);
    }

    private record Answer(byte[] reply, Status status) {}

    private static Answer ask(StockAgent agent, String method, byte[] request) throws Exception {
        CompletableFuture<Answer> answer = new CompletableFuture<>();
        agent.calls().unary(method, request, (reply, status) -> answer.complete(new Answer(reply, status)));
        return answer.get(120, TimeUnit.SECONDS);
    }

    private static final byte[] PING = {10, 4, 's', 'h', 'o', 'p', 18, 3, 'a', '-', '1', 122, 2, 9, 9};

    @Test
    void callsReachItByteForByteWithTheirHeadersAndItsAnswersComeBack() throws Exception {
        Behind behind = new Behind();
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + behind.server.getPort());
        StockAgent agent = fleet.agent(StockAgent.Settings.of("shop", "a-1").withToken("theirs"));
        behind.reply = new byte[] {10, 3, 10, 1, 'x'};

        Answer answer = ask(agent, "skywalking.v3.ManagementService/keepAlive", PING);

        assertThat(answer.status()).isEqualTo(Status.OK);
        assertThat(answer.reply()).isEqualTo(behind.reply);
        Reached reached = behind.last("skywalking.v3.ManagementService/keepAlive");
        assertThat(reached.messages()).containsExactly(PING);
        assertThat(reached.headers().get(key("authentication"))).isEqualTo("theirs");
        assertThat(reached.headers().get(key("agent-version"))).isEqualTo("9.4.0");
    }

    @Test
    void streamsReachItMessageByMessage() throws Exception {
        Behind behind = new Behind();
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + behind.server.getPort());
        List<byte[]> messages = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            byte[] message = new byte[i * 37];
            Arrays.fill(message, (byte) i);
            messages.add(message);
        }
        CompletableFuture<Status> ended = new CompletableFuture<>();

        fleet.agent("shop", "a-1").calls().stream(
                "skywalking.v3.TraceSegmentReportService/collect", messages, (reply, status) -> ended.complete(status));

        assertThat(end(ended)).isEqualTo(Status.OK);
        List<byte[]> reached =
                behind.last("skywalking.v3.TraceSegmentReportService/collect").messages();
        assertThat(reached).hasSameSizeAs(messages);
        for (int i = 0; i < messages.size(); i++) {
            assertThat(reached.get(i)).isEqualTo(messages.get(i));
        }
    }

    @Test
    void callsThatWeDoNotKnowPassBothWays() throws Exception {
        Behind behind = new Behind();
        behind.reply = "pong".getBytes(StandardCharsets.UTF_8);
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + behind.server.getPort());
        CompletableFuture<byte[]> reply = new CompletableFuture<>();
        CompletableFuture<Status> ended = new CompletableFuture<>();
        StreamObserver<byte[]> out = fleet.agent("shop", "a-1")
                .calls()
                .both("some.Unknown/service", new StreamObserver<>() {
                    @Override
                    public void onNext(byte[] message) {
                        reply.complete(message);
                    }

                    @Override
                    public void onError(Throwable e) {
                        ended.complete(Status.fromThrowable(e));
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(Status.OK);
                    }
                });
        out.onNext(new byte[] {1});
        out.onNext(new byte[] {2});
        out.onCompleted();

        assertThat(end(ended)).isEqualTo(Status.OK);
        assertThat(reply.get()).isEqualTo(behind.reply);
        assertThat(behind.last("some.Unknown/service").messages()).hasSize(2);
    }

    @Test
    void profilingIsOursAndACommandRidesOnTheirReply() throws Exception {
        Behind behind = new Behind();
        behind.reply = new byte[] {10, 3, 10, 1, 'x'}; // a command of theirs, which the agent does not know
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + behind.server.getPort());
        StockAgent agent = fleet.agent("shop", "a-1");
        end(agent.poll());
        String task = fleet.create("shop", "a-1", 1);

        end(agent.reportMetrics());

        assertThat(agent.errors()).containsExactly("unknown command x");
        fleet.awaitState(task, "READY");
        assertThat(behind.reached).noneMatch(each -> each.method().contains("AsyncProfilerTask"));
        assertThat(behind.last("skywalking.v3.JVMMetricReportService/collect").messages())
                .hasSize(1);
    }

    @Test
    void whenItIsDownAgentsGetEmptyAnswersAndProfilingGoesOn() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + nobody);
        StockAgent agent = fleet.agent("shop", "a-1");

        for (int i = 0; i < 3; i++) {
            for (CompletableFuture<Status> call : List.of(
                    agent.reportStart(),
                    agent.reportProperties(),
                    agent.keepAlive(),
                    agent.reportMetrics(),
                    agent.fetchConfiguration(),
                    agent.reportMeters(),
                    agent.reportTraces(100),
                    agent.poll())) {
                assertThat(end(call)).isEqualTo(Status.OK);
            }
        }
        String task = fleet.create("shop", "a-1", 1);
        end(agent.reportMetrics());

        fleet.awaitState(task, "READY");
        assertThat(agent.errors()).isEmpty();
        assertThat(fleet.rig.get("/metrics").body())
                .containsPattern("davylamp_skywalking_upstream_total\\{outcome=\"failed\"} [1-9]");
        // It comes back by itself.
        Behind behind = new Behind(nobody);
        Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
            end(agent.keepAlive());
            return !behind.reached.isEmpty();
        });
    }

    @Test
    void whatItRefusesDoesNotCostTheAgentItsConnection() throws Exception {
        Behind behind = new Behind();
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + behind.server.getPort());
        StockAgent agent = fleet.agent("shop", "a-1");
        behind.status = Status.RESOURCE_EXHAUSTED;

        assertThat(end(agent.keepAlive())).isEqualTo(Status.OK);
        assertThat(end(agent.reportTraces(2))).isEqualTo(Status.OK);
        assertThat(agent.isConnected()).isTrue();

        Behind strict = new Behind();
        strict.status = Status.FAILED_PRECONDITION;
        StockFleet other = new StockFleet(new ServerRig(
                folder.resolve("other"), "skywalking.upstream.grpc=127.0.0.1:" + strict.server.getPort()));
        open.add(0, other.rig);
        open.add(0, other);
        assertThat(end(other.agent("shop", "a-1").fetchConfiguration()).getCode())
                .isEqualTo(Status.Code.FAILED_PRECONDITION);
    }

    @Test
    void aServerThatHangsIsGivenUpBeforeTheAgentGivesUpOnUs() throws Exception {
        Behind behind = new Behind();
        behind.hangs = true;
        StockFleet fleet = fleet("skywalking.upstream.grpc=127.0.0.1:" + behind.server.getPort());
        StockAgent agent = fleet.agent("shop", "a-1");

        assertThat(end(agent.keepAlive())).isEqualTo(Status.OK);
        assertThat(end(agent.reportMetrics())).isEqualTo(Status.OK);
    }

    /** The other server's GraphQL: says what it was asked. */
    private HttpServer graphql(ConcurrentLinkedQueue<JsonNode> asked) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.createContext("/graphql", exchange -> {
            JsonNode question = new ObjectMapper().readTree(exchange.getRequestBody());
            asked.add(question);
            byte[] answer = ("{\"data\": {\"execExpression\": {\"type\": \"X\"}, \"version\": \"10.3.0\"}}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        open.add(() -> server.stop(0));
        return server;
    }

    @Test
    void queriesThatAreNotAboutProfilingAreItsOwn() throws Exception {
        ConcurrentLinkedQueue<JsonNode> asked = new ConcurrentLinkedQueue<>();
        HttpServer theirs = graphql(asked);
        StockFleet fleet = fleet("skywalking.upstream.graphql=http://127.0.0.1:"
                + theirs.getAddress().getPort() + "/graphql");

        JsonNode answer =
                fleet.data("query q($e: String!){execExpression(expression: $e){type}}", Map.of("e", "service_cpm"));

        assertThat(answer.at("/execExpression/type").asText()).isEqualTo("X");
        assertThat(asked.element().get("query").asText()).contains("execExpression(expression: $e)");
        assertThat(asked.element().at("/variables/e").asText()).isEqualTo("service_cpm");

        asked.clear();
        JsonNode both = fleet.data(
                "query q($t: String!, $e: String!){...theirs version p: queryAsyncProfilerTaskProgress(taskId: $t){logs{id}}}"
                        + " fragment theirs on Query {execExpression(expression: $e){type}}",
                Map.of("e", "x", "t", "none"));
        assertThat(both.get("version").asText()).isEqualTo("10.3.0");
        assertThat(both.at("/p/logs")).isEmpty();
        assertThat(asked.element().get("query").asText())
                .contains("execExpression", "version", "$e")
                .doesNotContain("AsyncProfiler", "$t");

        asked.clear();
        fleet.progress("none");
        assertThat(asked).isEmpty();
    }

    @Test
    void whileItsGraphQlIsDownOursAnswers() throws Exception {
        StockFleet fleet = fleet("skywalking.upstream.graphql=http://127.0.0.1:1/graphql");

        for (int i = 0; i < 3; i++) {
            assertThat(fleet.data("{version getMenuItems{title}}", Map.of())
                            .get("version")
                            .asText())
                    .startsWith("10.2.0-davylamp");
        }
        assertThat(fleet.graphql("{execExpression{type}}", Map.of()).get("errors"))
                .isNotEmpty();
    }
}
