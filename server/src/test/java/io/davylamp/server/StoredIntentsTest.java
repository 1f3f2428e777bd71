package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.ServerMessage.MessageCase;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people want of an agent reaches it also when its link was cut, the server was restarted, or it was away. */
@Execution(ExecutionMode.CONCURRENT)
class StoredIntentsTest {
    private static final String TASK = """
            {"service": "shop", "instances": ["one"], "durationSeconds": 600, "events": ["cpu"]}""";
    private static final String DEATHS = "deaths";

    @TempDir
    Path folder;

    private ServerRig rig;
    private final List<Agent> agents = new ArrayList<>();

    /** How the agent is reached. */
    enum Way {
        STREAM,
        POLL
    }

    @BeforeEach
    void open() throws IOException {
        rig = new ServerRig(folder);
    }

    @AfterEach
    void close() throws IOException {
        agents.forEach(Agent::cut);
        rig.close();
    }

    private void restart() throws IOException {
        rig.close();
        rig = new ServerRig(folder);
    }

    /** Speaks as the agent of {@code shop / one}, from Hello on, over a connection of its own. */
    private final class Agent implements StreamObserver<ServerMessage> {
        private final Way way;
        private final ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .build();
        private final LinkedBlockingQueue<ServerMessage> received = new LinkedBlockingQueue<>();
        private final String line = UUID.randomUUID().toString();
        private StreamObserver<AgentMessage> out;

        Agent(Way way, String unableCode, String... holding) {
            this.way = way;
            agents.add(this);
            if (way == Way.STREAM) {
                out = AgentServiceGrpc.newStub(channel).link(this);
            }
            say(hello(unableCode, holding));
        }

        private AgentMessage hello(String unableCode, String... holding) {
            return AgentMessage.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setService("shop")
                            .setInstance("one")
                            .setLife("life")
                            .setUnableCode(unableCode)
                            .setUnable(unableCode.isEmpty() ? "" : "JVMs died")
                            .addAllHolding(List.of(holding)))
                    .build();
        }

        void say(AgentMessage... messages) {
            if (way == Way.STREAM) {
                for (AgentMessage message : messages) {
                    out.onNext(message);
                }
            } else {
                received.addAll(AgentServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(120, TimeUnit.SECONDS)
                        .poll(PollRequest.newBuilder()
                                .setLife(line)
                                .addAllMessages(List.of(messages))
                                .build())
                        .getMessagesList());
            }
        }

        ServerMessage next() throws InterruptedException {
            for (int polls = 0; way == Way.POLL && received.isEmpty() && polls < 3; polls++) {
                say();
            }
            ServerMessage message = received.poll(30, TimeUnit.SECONDS);
            assertThat(message).as("a message").isNotNull();
            return message;
        }

        void expect(MessageCase what) throws InterruptedException {
            assertThat(next().getMessageCase()).isEqualTo(what);
        }

        /** Takes the command that comes next and says that the profiler runs. */
        String run() throws InterruptedException {
            String assignment = next().getCommand().getAssignmentId();
            say(AgentMessage.newBuilder()
                    .setReport(Report.newBuilder().setAssignmentId(assignment).setRunning(Running.getDefaultInstance()))
                    .build());
            await().atMost(Duration.ofMinutes(2)).until(() -> state().equals("RUNNING"));
            return assignment;
        }

        /** The connection is gone, without a word. */
        void cut() {
            channel.shutdownNow();
        }

        @Override
        public void onNext(ServerMessage message) {
            received.add(message);
        }

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onCompleted() {}
    }

    private Agent connected(Way way, String unableCode, String... holding) throws InterruptedException {
        Agent agent = new Agent(way, unableCode, holding);
        agent.expect(MessageCase.WELCOME);
        return agent;
    }

    private JsonNode post(String path, String body) throws Exception {
        HttpResponse<String> response = rig.send("POST", path, body, "Content-Type", "application/json");
        assertThat(response.statusCode()).as(response.body()).isLessThan(300);
        return response.body().isEmpty() ? null : ServerRig.json(response);
    }

    private String create() throws Exception {
        return post("/api/v1/tasks", TASK).get("id").asText();
    }

    private String state() throws IOException, InterruptedException {
        return ServerRig.json(rig.get("/api/v1/tasks"))
                .at("/tasks/0/assignments/0/state")
                .asText();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCancelDuringABrokenLinkIsToldBeforeTheNextTask(Way way) throws Exception {
        Agent agent = connected(way, "");
        String first = create();
        String held = agent.run();
        agent.cut();
        post("/api/v1/tasks/" + first + "/cancel", "{}");
        create();

        Agent back = connected(way, "", held);

        assertThat(back.next().getCancel().getAssignmentId()).isEqualTo(held);
        back.expect(MessageCase.COMMAND);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aCancelIsToldAfterTheServerWasRestarted(Way way) throws Exception {
        Agent agent = connected(way, "");
        String task = create();
        String held = agent.run();
        agent.cut();
        post("/api/v1/tasks/" + task + "/cancel", "{}");
        restart();

        Agent back = connected(way, "", held);

        assertThat(back.next().getCancel().getAssignmentId()).isEqualTo(held);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aStopDuringABrokenLinkIsToldAtOnceWhenTheAgentIsBack(Way way) throws Exception {
        Agent agent = connected(way, "");
        String task = create();
        String held = agent.run();
        agent.cut();
        post("/api/v1/tasks/" + task + "/stop", "{}");
        restart();

        Agent back = connected(way, "", held);

        assertThat(back.next().getStop().getAssignmentId()).isEqualTo(held);
    }

    @Test
    void aCancelIsToldAlsoAfterAStop() throws Exception {
        Agent agent = connected(Way.STREAM, "");
        String task = create();
        String held = agent.run();
        post("/api/v1/tasks/" + task + "/stop", "{}");
        assertThat(agent.next().getStop().getAssignmentId()).isEqualTo(held);

        post("/api/v1/tasks/" + task + "/cancel", "{}");

        assertThat(agent.next().getCancel().getAssignmentId()).isEqualTo(held);
    }

    @Test
    void aCancelAndTheNextTaskAreToldInThisOrder() throws Exception {
        Agent agent = connected(Way.STREAM, "");
        String first = create();
        agent.run();

        post("/api/v1/tasks/" + first + "/cancel", "{}");
        create();

        agent.expect(MessageCase.CANCEL);
        agent.expect(MessageCase.COMMAND);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void trustIsToldToAnAgentThatWasAwayUntilItShowsThatItHeard(Way way) throws Exception {
        connected(way, DEATHS).cut();
        post("/api/v1/services/shop/instances/one/trust", "{}");
        restart();

        Agent back = connected(way, DEATHS);

        back.expect(MessageCase.TRUST);
        back.cut();
        connected(way, DEATHS).expect(MessageCase.TRUST); // whether it was heard is not known
    }

    @Test
    void trustThatWasHeardIsNotSaidAgainWhenJvmsDieAgain() throws Exception {
        Agent agent = connected(Way.STREAM, DEATHS);
        post("/api/v1/services/shop/instances/one/trust", "{}");
        agent.expect(MessageCase.TRUST);
        agent.say(agent.hello(""));
        await().atMost(Duration.ofMinutes(2))
                .until(() -> ServerRig.json(rig.get("/api/v1/services/shop/instances"))
                        .at("/instances/0/unable")
                        .asText()
                        .isEmpty());
        agent.cut();

        Agent later = connected(Way.STREAM, "");
        create();

        later.expect(MessageCase.COMMAND);
    }
}
