package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.grpc.GrpcService;
import io.davylamp.core.CoreRig;
import io.davylamp.core.dispatch.LostJvms;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.server.access.NoSignIn;
import io.davylamp.server.agent.AgentDoor;
import io.davylamp.server.agent.LiteMarshallers;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.Running;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the task of a JVM whose stream breaks for good, on a clock that the test moves. */
class KilledJvmTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final CoreRig rig = new CoreRig();
    private final AgentDoor door =
            new AgentDoor(rig.instances, rig.offers, rig.reports, rig.ingest, rig.clock, "test", "server");
    private final LostJvms lost = new LostJvms(rig.store, rig.instances, rig.assignments, rig.clock);
    private Server server;

    @BeforeEach
    void start() {
        server = Server.builder()
                .http(0)
                .service(GrpcService.builder()
                        .addService(LiteMarshallers.hide(door.bindService()))
                        .useBlockingTaskExecutor(true)
                        .build())
                .decorator(new NoSignIn())
                .build();
        server.start().join();
    }

    @AfterEach
    void close() {
        door.close();
        server.stop().join();
        rig.close();
    }

    /** An agent with a connection of its own. */
    private final class Agent implements StreamObserver<ServerMessage>, AutoCloseable {
        private final ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", server.activeLocalPort())
                .usePlaintext()
                .build();
        private final AtomicInteger heartbeats = new AtomicInteger();
        private final StreamObserver<AgentMessage> out;

        Agent(String name, String pid) {
            out = AgentServiceGrpc.newStub(channel).link(this);
            out.onNext(AgentMessage.newBuilder()
                    .setHello(Hello.newBuilder()
                            .setService("shop")
                            .setInstance(name)
                            .setLife("life of " + name)
                            .putProperties("host", "box")
                            .putProperties("pid", pid))
                    .build());
            beat();
        }

        /** Back when the server has heard it. */
        void beat() {
            int before = heartbeats.get();
            out.onNext(AgentMessage.newBuilder()
                    .setHeartbeat(Heartbeat.getDefaultInstance())
                    .build());
            await().atMost(PATIENCE).until(() -> heartbeats.get() > before);
        }

        @Override
        public void onNext(ServerMessage message) {
            if (message.hasHeartbeat()) {
                heartbeats.incrementAndGet();
            } else if (message.hasCommand()) {
                out.onNext(AgentMessage.newBuilder()
                        .setReport(Report.newBuilder()
                                .setAssignmentId(message.getCommand().getAssignmentId())
                                .setRunning(Running.getDefaultInstance()))
                        .build());
            }
        }

        @Override
        public void onError(Throwable e) {}

        @Override
        public void onCompleted() {}

        @Override
        public void close() {
            channel.shutdownNow();
        }
    }

    @Test
    void aTaskEndsAMinuteAfterItsStreamBrokeWhenAnotherJvmOfTheHostIsConnected() {
        Task task = rig.create("shop-1");
        try (Agent victim = new Agent("shop-1", "10");
                Agent other = new Agent("shop-2", "11")) {
            await().atMost(PATIENCE).until(() -> rig.now(task).state() == AssignmentState.RUNNING);
            victim.close();
            await().atMost(PATIENCE).until(() -> door.connected() == 1);

            lost.look();
            for (int passed = 0; passed < 60; passed += 5) {
                assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
                rig.clock.advance(LostJvms.INTERVAL);
                other.beat();
                rig.instances.flush();
                lost.look();
            }
        }

        Assignment ended = rig.now(task);
        assertThat(ended.state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(ended.reason()).contains("last heard of 60 s ago", "others of its host are connected", "killed");
    }
}
