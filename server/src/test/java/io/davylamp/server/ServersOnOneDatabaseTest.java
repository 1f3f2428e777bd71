package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.davylamp.store.TestPostgres;
import io.davylamp.store.jdbc.PostgresAccess;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two whole servers on one PostgreSQL database. */
class ServersOnOneDatabaseTest {
    @TempDir
    Path folder;

    private static ServerRig server(Path folder, PostgresAccess database) throws Exception {
        return new ServerRig(
                folder,
                "data.database=" + database.url(),
                "data.database-user=" + database.user(),
                "data.database-connections=4");
    }

    @Test
    void anAgentOfOneRunsWhatTheOtherWasAskedForAndBothSeeIt() throws Exception {
        PostgresAccess database = TestPostgres.newDatabase();
        LinkedBlockingQueue<ServerMessage> received = new LinkedBlockingQueue<>();
        try (ServerRig one = server(folder.resolve("one"), database);
                ServerRig other = server(folder.resolve("other"), database)) {
            ManagedChannel channel = OkHttpChannelBuilder.forAddress("127.0.0.1", one.server.agentPort())
                    .usePlaintext()
                    .build();
            try {
                StreamObserver<AgentMessage> agent = AgentServiceGrpc.newStub(channel)
                        .link(new StreamObserver<ServerMessage>() {
                            @Override
                            public void onNext(ServerMessage message) {
                                received.add(message);
                            }

                            @Override
                            public void onError(Throwable e) {}

                            @Override
                            public void onCompleted() {}
                        });
                agent.onNext(AgentMessage.newBuilder()
                        .setHello(Hello.newBuilder()
                                .setService("shop")
                                .setInstance("one")
                                .setLife("life"))
                        .build());
                assertThat(received.poll(120, TimeUnit.SECONDS)).isNotNull().matches(ServerMessage::hasWelcome);
                assertThat(ServerRig.json(other.get("/api/v1/services/shop/instances"))
                                .at("/instances/0/live")
                                .asBoolean())
                        .isTrue();

                String task = ServerRig.json(other.send(
                                "POST",
                                "/api/v1/tasks",
                                "{\"service\": \"shop\", \"instances\": [\"one\"], \"durationSeconds\": 600,"
                                        + " \"events\": [\"cpu\"]}",
                                "Content-Type",
                                "application/json"))
                        .get("id")
                        .asText();

                assertThat(received.poll(120, TimeUnit.SECONDS)).isNotNull().matches(ServerMessage::hasCommand);
                for (ServerRig each : new ServerRig[] {one, other}) {
                    await().atMost(Duration.ofMinutes(2))
                            .until(() -> ServerRig.json(each.get("/api/v1/tasks/" + task))
                                    .at("/assignments/0/state")
                                    .asText()
                                    .equals("OFFERED"));
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }
}
