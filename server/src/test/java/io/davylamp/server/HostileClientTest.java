package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.davylamp.core.cluster.Installation;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** What clients get wrong, byte by byte: they are told what, nothing is read that nobody takes, and no log is filled. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileClientTest {
    private static final String HOST = "Host: localhost\r\n";
    private static final String NAME_OF_A_CLASS = "([a-z0-9]+\\.){2,}[A-Z]|Exception|JsonToken";

    @TempDir
    static Path folder;

    private ServerRig rig;
    private final List<ILoggingEvent> logged = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> log = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event);
        }
    };

    @BeforeAll
    void open() throws IOException {
        rig = new ServerRig(folder, "http.timeout=2s", "http.origins=https://ui.example");
    }

    @AfterAll
    void close() throws IOException {
        rig.close();
    }

    @BeforeEach
    void listen() {
        log.start();
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT")).addAppender(log);
    }

    /** No test here does anything that would be our fault. */
    @AfterEach
    void nothingIsLoggedAsOurFault() {
        ((ch.qos.logback.classic.Logger) LoggerFactory.getLogger("ROOT")).detachAppender(log);
        assertThat(logged)
                .filteredOn(event -> event.getLevel().isGreaterOrEqual(Level.ERROR)
                        || event.getThrowableProxy() != null
                                && event.getLoggerName().startsWith("io.davylamp"))
                .isEmpty();
    }

    /** All that comes back until the other end closes, or says nothing for a second after it has answered. */
    private static String send(int port, boolean halfClose, String bytes) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            if (halfClose) {
                socket.shutdownOutput();
            }
            ByteArrayOutputStream answer = new ByteArrayOutputStream();
            InputStream in = socket.getInputStream();
            try {
                for (int b; (b = in.read()) >= 0; ) {
                    answer.write(b);
                    if (in.available() == 0) {
                        socket.setSoTimeout(1_000);
                    }
                }
            } catch (SocketTimeoutException e) {
                assertThat(answer.size()).as("bytes that were answered").isPositive();
            }
            return answer.toString(StandardCharsets.UTF_8);
        }
    }

    private String http(String request) throws IOException {
        return send(rig.server.httpPort(), false, request);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            POST   /api/v1/tasks                  | Content-Type: multipart/form-data; boundary=x | 415
            POST   /api/v1/files                  | Content-Type: multipart/form-data; boundary=x | 415
            POST   /api/v1/files?name=a           | Content-Type: multipart/form-data             | 415
            POST   /api/v1/tasks/x/cancel         | Content-Type: multipart/mixed; boundary=x     | 415
            POST   /graphql                       | Content-Type: multipart/form-data; boundary=x | 415
            GET    /api/v1/tasks                  | Content-Type: multipart/form-data; boundary=x | 415
            GET    /api/v1/tasks                  | Content-Type: application/x-www-form-urlencoded | 415
            DELETE /api/v1/tasks/x                | Content-Type: multipart/form-data             | 415
            POST   /api/v1/tasks                  | Content-Type: text/plain                      | 415
            POST   /api/v1/tasks                  | Content-Type: ;;//                            | 415
            POST   /api/v1/tasks                  | X-Nothing: 1                                  | 415
            POST   /api/v1/files                  | Content-Type: application/json                | 415
            POST   /api/v1/tasks                  | Content-Type: application/json~Content-Encoding: gzip | 415
            POST   /api/v1/files                  | Content-Type: application/octet-stream~Content-Encoding: br | 415
            POST   /api/v1/tasks                  | Content-Type: application/json~Origin: http://evil.example | 403
            POST   /api/v1/tasks                  | Content-Type: application/json~Origin: null   | 403
            POST   /api/v1/files                  | Content-Type: application/octet-stream~Origin: http://localhost:3000 | 403
            POST   /graphql                       | Content-Type: application/json~Sec-Fetch-Site: cross-site | 403
            DELETE /api/v1/tasks/x                | Sec-Fetch-Site: cross-site                    | 403
            DELETE /api/v1/tasks/x                | Sec-Fetch-Site: same-site                     | 403
            OPTIONS /api/v1/tasks                 | Origin: http://evil.example                   | 403
            """)
    void isRefusedByItsHeadersBeforeItsBodyIsThere(String line, String headers, int status) throws IOException {
        // The body never comes: whoever waits for it does not answer in this time.
        String answer = http(
                line + " HTTP/1.1\r\n" + HOST + headers.replace("~", "\r\n")
                        + "\r\nContent-Length: 900000\r\n\r\n--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n");

        assertThat(answer).startsWith("HTTP/1.1 " + status).contains("application/problem+json");
        assertThat(folder.resolve("data/forms")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://localhost",
                "Origin: https://ui.example~Sec-Fetch-Site: cross-site",
                "Origin: https://davy.example~Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: none",
                "X-Nothing: 1"
            })
    void ourOwnPageAndNoPageMaySendRequests(String headers) throws IOException {
        assertThat(http("DELETE /api/v1/tasks/x HTTP/1.1\r\n" + HOST + headers.replace("~", "\r\n") + "\r\n\r\n"))
                .startsWith("HTTP/1.1 404");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            PUT    /api/v1/tasks   | GET, HEAD, POST
            DELETE /api/v1/status  | GET, HEAD
            DELETE /tasks/x        | GET, HEAD
            PATCH  /api/v1/files/x | GET, HEAD, DELETE
            """)
    void anAddressTellsTheMethodsThatItTakes(String line, String allowed) throws IOException {
        String answer = http(line + " HTTP/1.1\r\n" + HOST + "\r\n");

        assertThat(answer).startsWith("HTTP/1.1 405").contains("application/problem+json");
        assertThat(answer).containsPattern("(?i)\r\nallow: " + allowed + "\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "localhost, 200",
        "localhost., 200",
        "LocalHost.:80, 200",
        "127.0.0.1:80, 200",
        "localhost.evil.example, 403",
        "evil.localhost., 403",
        "localhost.., 403"
    })
    void onLoopbackOnlyItsOwnNamesAreAnswered(String host, int status) throws IOException {
        assertThat(http("GET /api/v1/status HTTP/1.1\r\nHost: " + host + "\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Origin: http://lamp.evil.example:11800",
                "Origin: null",
                "Sec-Fetch-Site: same-origin",
                "Sec-Fetch-Site: cross-site"
            })
    void noPageComesAsAnAgent(String header) throws IOException {
        for (String path : List.of(
                "davylamp.v1.AgentService/Poll",
                "skywalking.v3.ManagementService/keepAlive",
                "skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands")) {
            String request = "POST /" + path + " HTTP/1.1\r\nHost: lamp.evil.example:11800\r\n%s"
                    + "Content-Type: application/grpc\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0";

            assertThat(send(rig.server.agentPort(), false, request.formatted(header + "\r\n")))
                    .as(path)
                    .startsWith("HTTP/1.1 403");
            assertThat(send(rig.server.agentPort(), false, request.formatted("")))
                    .as("an agent at " + path)
                    .startsWith("HTTP/1.1 200");
        }
    }

    private static final String CHUNKED =
            " HTTP/1.1\r\n" + HOST + "Transfer-Encoding: chunked\r\nContent-Type: application/";

    static Stream<String> malformed() {
        return Stream.of(
                "POST /api/v1/tasks" + CHUNKED + "json\r\n\r\nzz\r\n{}\r\n",
                "POST /api/v1/files" + CHUNKED + "octet-stream\r\n\r\nzz\r\n{}\r\n",
                "POST /api/v1/files" + CHUNKED + "octet-stream\r\n\r\n-5\r\n{}\r\n",
                "POST /graphql" + CHUNKED + "json\r\n\r\nzz\r\n{}\r\n",
                "POST /api/v1/tasks HTTP/1.1\r\n" + HOST + "Content-Length: many\r\n\r\n",
                "GET /api/v1/tasks?limit=x HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /api/v1/tasks?live=x HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /%zz HTTP/1.1\r\n" + HOST + "\r\n",
                "GET /api/v1/tasks HTTP/1.1\r\n" + HOST + "Connection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n",
                "NONSENSE\r\n\r\n",
                "POST /api/v1/tasks HTTP/1.1\r\n" + HOST
                        + "Content-Type: application/json\r\nContent-Length: 5\r\n\r\n[[[[[",
                "POST /api/v1/tasks HTTP/1.1\r\n" + HOST
                        + "Content-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"service\":[5]}");
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("malformed")
    void whatIsMalformedIsTheClientsFault(String request) throws IOException {
        String answer = http(request);

        assertThat(answer).startsWith("HTTP/1.1 400 ").contains("application/problem+json");
        assertThat(answer).doesNotContainPattern(NAME_OF_A_CLASS);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/tasks HTTP/1.1\r\nContent-Type: application/json\r\n",
                "POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n"
            })
    void aBodyThatStallsHasRunOutOfTime(String start) throws IOException {
        assertThat(http(start + HOST + "Content-Length: 100\r\n\r\n{")).startsWith("HTTP/1.1 408");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /api/v1/tasks HTTP/1.1\r\nContent-Type: application/json\r\n",
                "POST /api/v1/files HTTP/1.1\r\nContent-Type: application/octet-stream\r\n",
                "POST /graphql HTTP/1.1\r\nContent-Type: application/json\r\n"
            })
    void aBodyThatBreaksOffIsNobodysFault(String start) throws IOException {
        send(rig.server.httpPort(), true, start + HOST + "Content-Length: 100\r\n\r\n{");

        await().untilAsserted(() -> assertThat(http("GET /api/v1/files HTTP/1.1\r\n" + HOST + "\r\n"))
                .contains("{\"files\":[]}"));
        try (Stream<Path> left = Files.walk(folder.resolve("data/blobs"))) {
            assertThat(left.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactly(Installation.MARK);
        }
    }

    @Test
    void otherQuestionsAreAnsweredAfterABrowserAskedWhetherItMay() throws IOException {
        String preflight = "OPTIONS /api/v1/tasks HTTP/1.1\r\n" + HOST
                + "Origin: http://localhost\r\nAccess-Control-Request-Method: POST\r\n\r\n";
        String plain = "OPTIONS /api/v1/tasks HTTP/1.1\r\n" + HOST + "\r\n";

        String[] answers = {http(preflight), http(plain), http(plain), http(preflight)};

        assertThat(answers).allMatch(answer -> answer.startsWith("HTTP/1.1 4"));
        assertThat(answers).noneMatch(answer -> answer.toLowerCase().contains("access-control-allow"));
    }

    @Test
    void aConnectionThatIsToBeClosedIsClosedAtOnce() throws IOException {
        String answer = http("GET /healthcheck HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n");

        // The library's own habit is three seconds after the answer.
        assertThat(answer).startsWith("HTTP/1.1 200");
        try (Socket socket = new Socket("127.0.0.1", rig.server.httpPort())) {
            socket.getOutputStream()
                    .write(("GET /healthcheck HTTP/1.1\r\n" + HOST + "Connection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            StringBuilder all = new StringBuilder();
            while (!all.toString().endsWith("}")) {
                all.append((char) in.read());
            }
            long answered = System.nanoTime();
            assertThat(in.read()).isEqualTo(-1);
            assertThat(Duration.ofNanos(System.nanoTime() - answered)).isLessThan(Duration.ofMillis(2_500));
        }
    }

    @Test
    void theNameOfThisMachineIsReadInAnyCase() throws IOException {
        assertThat(http("GET /healthcheck HTTP/1.1\r\nHost: LOCALHOST:12800\r\n\r\n"))
                .startsWith("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({"1f 00 00 00 00, 13", "00 7f ff ff ff, 8", "00 00 00 00 02 ff ff, 13", "01 00 00 00 02 ff ff, 3"})
    void theAgentPortNamesNoClasses(String message, int status) throws IOException {
        StringBuilder bytes = new StringBuilder();
        for (String hex : message.split(" ")) {
            bytes.append((char) Integer.parseInt(hex, 16));
        }
        String answer = send(
                rig.server.agentPort(),
                false,
                "POST /davylamp.v1.AgentService/Poll HTTP/1.1\r\n" + HOST + "Content-Type: application/grpc\r\n"
                        + (status == 3 ? "grpc-encoding: gzip\r\n" : "") + "Content-Length: " + bytes.length()
                        + "\r\n\r\n" + bytes);

        assertThat(answer).contains("grpc-status: " + status).contains("grpc-message: ");
        assertThat(answer).doesNotContainPattern(NAME_OF_A_CLASS);
        assertThat(answer).doesNotContainPattern("grpc-message: [^\r\n]* \r\n");
    }

    private static Status answerTo(ManagedChannel channel, Hello.Builder hello) throws Exception {
        CompletableFuture<Status> end = new CompletableFuture<>();
        StreamObserver<AgentMessage> out = AgentServiceGrpc.newStub(channel).link(new StreamObserver<>() {
            @Override
            public void onNext(ServerMessage message) {
                end.complete(Status.OK);
            }

            @Override
            public void onError(Throwable e) {
                end.complete(Status.fromThrowable(e));
            }

            @Override
            public void onCompleted() {}
        });
        out.onNext(AgentMessage.newBuilder()
                .setHello(hello.setService("shop").setInstance("shop-1"))
                .build());
        return end.get(20, TimeUnit.SECONDS);
    }

    @Test
    void aHelloThatIsTooLargeIsRefusedWithTheLimit() throws Exception {
        ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .build();
        try {
            Status large = answerTo(channel, Hello.newBuilder().setUnable("x".repeat(2 << 20)));
            Status many = answerTo(
                    channel,
                    Hello.newBuilder()
                            .addAllHolding(IntStream.range(0, 5_000)
                                    .mapToObj(String::valueOf)
                                    .toList()));
            Status life = answerTo(channel, Hello.newBuilder().setLife("x".repeat(200)));

            assertThat(large.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(large.getDescription()).contains("1048576 bytes that are allowed");
            assertThat(many.getDescription()).isEqualTo("5000 assignments or reports; at most 1000 are allowed");
            assertThat(life.getDescription()).isEqualTo("life has 200 characters; at most 100 are allowed");
        } finally {
            channel.shutdownNow();
        }
    }

    @Test
    void filesThatStallDoNotKeepOthersFromOpeningTheirs() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                Socket socket = new Socket("127.0.0.1", rig.server.httpPort());
                stalled.add(socket);
                socket.getOutputStream()
                        .write(("POST /api/v1/files HTTP/1.1\r\n" + HOST
                                        + "Content-Type: application/octet-stream\r\nContent-Length: 100000\r\n\r\na;b")
                                .getBytes(StandardCharsets.US_ASCII));
            }

            await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
                HttpResponse<String> opened =
                        rig.send("POST", "/api/v1/files?name=a", "a;b 1\n", "Content-Type", "application/octet-stream");
                assertThat(opened.statusCode()).isEqualTo(201);
                rig.send(
                        "DELETE",
                        "/api/v1/files/" + ServerRig.json(opened).get("id").asText(),
                        null);
            });
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    @Test
    void strangersDoNotFillTheLog() throws Exception {
        LogBound bound = new LogBound();
        int before = logged.size();
        for (int i = 0; i < 50; i++) {
            send(rig.server.httpPort(), false, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + "\u00ff".repeat(40));
        }

        assertThat(logged.subList(before, logged.size()).stream()
                        .filter(event -> bound.decide(event) != ch.qos.logback.core.spi.FilterReply.DENY))
                .hasSizeLessThan(10);
    }
}
