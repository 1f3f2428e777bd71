package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.davylamp.profile.Recordings;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.End;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.ManagedChannel;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels on their way: an agent says them, its instance shows them, its recordings keep them, a view is filtered by them. */
class LabelledFleetTest {
    private static final byte[] RECORDING = Recordings.bytes("tiny_demo.jfr");

    @TempDir
    Path folder;

    private ServerRig rig;
    private ManagedChannel channel;

    @BeforeEach
    void open() throws IOException {
        rig = new ServerRig(folder);
        channel = OkHttpChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .build();
    }

    @AfterEach
    void close() throws IOException {
        channel.shutdownNow();
        rig.close();
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

    /** The answer to a heartbeat comes at once, also where there is no welcome any more. */
    private void hello(String instance, Map<String, String> labels) {
        AgentMessage hello = AgentMessage.newBuilder()
                .setHello(Hello.newBuilder()
                        .setService("shop")
                        .setInstance(instance)
                        .setLife(instance)
                        .putAllLabels(labels))
                .build();
        AgentMessage heartbeat = AgentMessage.newBuilder()
                .setHeartbeat(Heartbeat.getDefaultInstance())
                .build();
        assertThat(poll(instance, hello, heartbeat)).anyMatch(ServerMessage::hasHeartbeat);
    }

    private JsonNode instances(String query) throws Exception {
        return ServerRig.json(rig.get("/api/v1/services/shop/instances" + query))
                .get("instances");
    }

    private static DeliverRequest.Builder part() {
        return DeliverRequest.newBuilder();
    }

    /** Takes the command and sends a recording at once. */
    private void deliver(String instance) throws Exception {
        String assignment = poll(instance).get(0).getCommand().getAssignmentId();
        CompletableFuture<Boolean> stored = new CompletableFuture<>();
        StreamObserver<DeliverRequest> out = AgentServiceGrpc.newStub(channel).deliver(new StreamObserver<>() {
            @Override
            public void onNext(DeliverReply reply) {
                if (!reply.hasProceed()) {
                    stored.complete(reply.hasStored());
                }
            }

            @Override
            public void onError(Throwable e) {
                stored.completeExceptionally(e);
            }

            @Override
            public void onCompleted() {
                stored.complete(false);
            }
        });
        out.onNext(part().setBegin(Begin.newBuilder()
                        .setService("shop")
                        .setInstance(instance)
                        .setAssignmentId(assignment)
                        .setSizeBytes(RECORDING.length))
                .build());
        for (int from = 0; from < RECORDING.length; from += 1 << 16) {
            out.onNext(part().setContent(
                            ByteString.copyFrom(RECORDING, from, Math.min(1 << 16, RECORDING.length - from)))
                    .build());
        }
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(RECORDING);
        out.onNext(part().setEnd(End.newBuilder().setSha256(ByteString.copyFrom(hash)))
                .build());
        out.onCompleted();
        assertThat(stored.get(120, TimeUnit.SECONDS)).isTrue();
    }

    private long total(String task, String label) throws Exception {
        return ServerRig.json(rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu" + label))
                .get("total")
                .asLong();
    }

    @Test
    void aViewIsOnlyOfTheInstancesThatHaveTheLabel() throws Exception {
        hello("one", Map.of("zone", "a", "version", "1.4"));
        hello("two", Map.of("zone", "b", "version", "1.5"));
        hello("three", Map.of("zone", "b"));
        String task = ServerRig.json(rig.send("POST", "/api/v1/tasks", """
                        {"service": "shop", "instances": "all", "durationSeconds": 1, "events": ["cpu"]}""", "Content-Type", "application/json"))
                .get("id")
                .asText();
        for (String instance : List.of("one", "two", "three")) {
            deliver(instance);
        }
        await().atMost(Duration.ofMinutes(2))
                .until(() -> ServerRig.json(rig.get("/api/v1/tasks/" + task)).findValuesAsText("state").stream()
                                .filter("READY"::equals)
                                .count()
                        == 3);
        // What an instance says later changes nothing of what it recorded.
        hello("three", Map.of("zone", "a"));

        long all = total(task, "");
        assertThat(all).isPositive();
        assertThat(total(task, "&label=zone=a")).isEqualTo(all / 3);
        assertThat(total(task, "&label=zone=b")).isEqualTo(all / 3 * 2);
        assertThat(total(task, "&label=zone=*,version=1.5")).isEqualTo(all / 3);
        HttpResponse<String> none = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&label=zone=c");
        assertThat(none.statusCode()).isEqualTo(400);
        assertThat(none.body())
                .contains("no instance has such labels; there are version=1.4, version=1.5, zone=a, zone=b");
    }

    @Test
    void instancesShowTheirLabelsAndAreFilteredByThem() throws Exception {
        hello("one", Map.of("zone", "a", "version", "1.4"));
        hello("two", Map.of("zone", "b"));
        hello("three", Map.of());

        assertThat(instances("").findValuesAsText("name")).containsExactly("one", "three", "two");
        assertThat(instances("").at("/0/labels").toString()).isEqualTo("{\"version\":\"1.4\",\"zone\":\"a\"}");
        assertThat(instances("").at("/1/labels").isEmpty()).isTrue();
        assertThat(instances("?label=zone=*").findValuesAsText("name")).containsExactly("one", "two");
        assertThat(instances("?label=zone=a,version=1.*").findValuesAsText("name"))
                .containsExactly("one");
        assertThat(instances("?label=zone=c")).isEmpty();
        HttpResponse<String> wrong = rig.get("/api/v1/services/shop/instances?label=zone");
        assertThat(wrong.statusCode()).isEqualTo(400);
        assertThat(ServerRig.json(wrong).get("detail").asText())
                .isEqualTo("label \"zone\" is no list of labels such as zone=a,version=1.*");
    }

    @Test
    void aStrangersLabelsHarmNobody() throws Exception {
        Map<String, String> hostile = new HashMap<>(Map.of(
                "zone",
                "a",
                "",
                "x",
                "a\nb",
                "x",
                "k".repeat(100_000),
                "x",
                "long",
                "x".repeat(100_000),
                "nul",
                "\u0000"));
        for (int i = 0; i < 5_000; i++) {
            hostile.put("zz" + i, "<script>");
        }

        hello("one", hostile);

        JsonNode labels = instances("").at("/0/labels");
        assertThat(labels).hasSize(32);
        assertThat(labels.get("zone").asText()).isEqualTo("a");
        assertThat(labels.get("zz0").asText()).isEqualTo("<script>");
        assertThat(labels.has("long") || labels.has("nul")).isFalse();
        assertThat(instances("?label=zone=a")).hasSize(1);
    }
}
