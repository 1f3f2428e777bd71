package io.davylamp.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.Proceed;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Stored;
import io.davylamp.wire.v1.Welcome;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.okhttp.OkHttpServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a server says, the agent does nothing that it must not, and goes on. */
class HostileServerTest {
    @TempDir
    Path below;

    private final FakeServers.Recording service = new FakeServers.Recording();
    private Server server;
    private TaskLink agent;

    @BeforeEach
    void open() throws IOException {
        server = FakeServers.start(service);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (agent != null) {
            FakeServers.end(agent);
        }
        server.shutdownNow();
    }

    private void connect(String arguments) throws Exception {
        agent = FakeServers.agent(below.resolve("agents"), server.getPort(), arguments, true);
        FakeServers.await(() -> service.agent != null);
    }

    private void command(String assignment, int seconds, String options) {
        service.agent.onNext(ServerMessage.newBuilder()
                .setCommand(Command.newBuilder()
                        .setAssignmentId(assignment)
                        .setDurationSeconds(seconds)
                        .setOptions(options))
                .build());
    }

    private Report lastReport() throws InterruptedException {
        FakeServers.await(() -> !service.reports().isEmpty());
        return service.reports().get(service.reports().size() - 1);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(below)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            a1       | 0           | event=cpu                       | does not profile for 0 s
            a1       | -2147483648 | event=cpu                       | does not profile for
            a1       | 2147483647  | event=cpu                       | allowed are 1 to 3600
            ../../x  | 1           | event=cpu                       | assignment id
            /etc/x   | 1           | event=cpu                       | assignment id
            ''       | 1           | event=cpu                       | assignment id
            a1       | 1           | event=cpu,file=/tmp/stolen      | does not allow the option "file=/tmp/stolen"
            a1       | 1           | event=cpu,server=0.0.0.0:1      | does not allow
            a1       | 1           | ''                              | does not allow
            a1       | 1           | event=cpu,jstackdepth=999999999 | does not allow
            """)
    void refusesWhatIsNotAllowedAndSaysSo(String assignment, int seconds, String options, String why) throws Exception {
        connect("");
        command(assignment, seconds, options);

        Report report = lastReport();
        assertThat(report.getFailed().getReason()).contains(why);
        assertThat(report.getAssignmentId()).isEqualTo(assignment);
        assertThat(files()).noneMatch(file -> file.toString().matches(".*\\.(part|jfr|run)"));
    }

    @Test
    void aFloodOfCommandsIsAnsweredOneByOneAndRunsOne() throws Exception {
        connect("");
        for (int i = 0; i < 2_000; i++) {
            command("a" + i, 3_600, "event=cpu");
        }

        FakeServers.await(() -> service.reports().size() >= 2_001);
        assertThat(service.reports().stream().filter(Report::hasRunning)).hasSize(1);
        assertThat(service.reports().stream()
                        .filter(report -> report.getFailed().getReason().contains("still busy with assignment a0")))
                .hasSize(1_999);
    }

    @Test
    void anAssignmentThatComesAgainIsNotRepeated() throws Exception {
        connect("");
        service.answer = request -> request.hasEnd()
                ? DeliverReply.newBuilder()
                        .setStored(Stored.getDefaultInstance())
                        .build()
                : request.hasBegin()
                        ? DeliverReply.newBuilder()
                                .setProceed(Proceed.getDefaultInstance())
                                .build()
                        : null;
        command("a1", 1, "event=cpu");
        FakeServers.await(() -> service.delivered.stream().anyMatch(request -> request.hasEnd()));

        command("a1", 1, "event=cpu");

        FakeServers.await(() -> service.reports().stream().anyMatch(Report::hasFailed));
        assertThat(lastReport().getFailed().getReason()).contains("has taken the task before");
        FakeServers.await(() -> {
            try {
                return files().stream().noneMatch(file -> file.toString().endsWith(".jfr"));
            } catch (IOException e) {
                return false;
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 40})
    void anOffsetThatCannotBeLosesNothing(long offset) throws Exception {
        connect("");
        service.answer = request -> request.hasBegin()
                ? DeliverReply.newBuilder()
                        .setProceed(Proceed.newBuilder().setOffset(offset))
                        .build()
                : null;
        command("a1", 1, "event=cpu");

        FakeServers.await(() -> service.delivered.stream().anyMatch(request -> request.hasBegin()));
        FakeServers.await(() ->
                service.heard.stream().anyMatch(message -> message.getReport().hasEnded()));
        assertThat(files()).anyMatch(file -> file.toString().endsWith("a1.jfr"));
    }

    @Test
    void messagesThatMakeNoSenseAreNotHeard() throws Exception {
        connect("");
        service.agent.onNext(ServerMessage.getDefaultInstance());
        // A field that this version does not know.
        service.agent.onNext(ServerMessage.parseFrom(ByteString.copyFrom(new byte[] {(byte) 0xfa, 1, 1, 63})));
        service.agent.onNext(ServerMessage.newBuilder()
                .setWelcome(Welcome.newBuilder()
                        .setHeartbeatSeconds(Integer.MIN_VALUE)
                        .setMaxRecordingBytes(Long.MIN_VALUE))
                .build());

        command("a1", 0, "event=cpu");

        assertThat(lastReport().getFailed().getReason()).contains("does not profile for 0 s");
    }

    @Test
    void aServerThatTakesAllAndAnswersNothingIsLeftForANewConnection() throws Exception {
        connect("");
        StreamObserver<ServerMessage> first = service.agent;
        service.hangs = true;

        FakeServers.await(() -> service.agent != first);

        service.hangs = false;
        command("a1", 0, "event=cpu");
        assertThat(lastReport().getAssignmentId()).isEqualTo("a1");
    }

    /** As behind a wall that answers nothing. */
    @Test
    void whatLetsTheAgentWaitForAConnectionDoesNotKeepIt() throws Exception {
        int port;
        List<Socket> fillers = new ArrayList<>();
        try (ServerSocket wall = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = wall.getLocalPort();
            for (int i = 0; i < 2; i++) {
                fillers.add(new Socket(InetAddress.getLoopbackAddress(), port));
            }
            agent = FakeServers.agent(below.resolve("agents"), port, "", false);
            FakeServers.await(() -> refusals() >= 2);
        } finally {
            for (Socket filler : fillers) {
                filler.close();
            }
        }

        Server late = OkHttpServerBuilder.forPort(port, InsecureServerCredentials.create())
                .addService(service)
                .build()
                .start();
        try {
            FakeServers.await(() -> service.agent != null);
        } finally {
            late.shutdownNow();
        }
    }

    private long refusals() {
        try (Stream<String> lines = Files.lines(below.resolve("agents/shop_one/agent.log"))) {
            return lines.filter(line -> line.contains("no connection to")).count();
        } catch (IOException e) {
            return 0;
        }
    }

    @Test
    void somethingThatIsNoServerIsAskedAgainAndAgainWithoutHarm() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            agent = FakeServers.agent(below.resolve("agents"), other.getLocalPort(), "", false);
            for (int i = 0; i < 3; i++) {
                try (Socket socket = other.accept()) {
                    socket.getOutputStream()
                            .write(("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n" + "x".repeat(100_000))
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }
        }
        assertThat(Files.readString(below.resolve("agents/shop_one/agent.log"))).contains("no connection to");
    }
}
