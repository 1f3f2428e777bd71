package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.davylamp.profile.Recordings;
import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Simulated agents of SkyWalking against a server in this process, and the GraphQL that its clients speak. */
final class StockFleet implements AutoCloseable {
    static final byte[] RECORDING = Recordings.bytes("tiny_demo.jfr");

    private static final ObjectMapper JSON = new ObjectMapper();

    final ServerRig rig;
    final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
    /** What the profilers of all agents write. */
    volatile byte[] recording = RECORDING;

    /** What all profilers wait for before they end. */
    volatile CompletableFuture<Void> ends = CompletableFuture.completedFuture(null);

    final ConcurrentLinkedQueue<String> calls = new ConcurrentLinkedQueue<>();
    private final List<AutoCloseable> open = new ArrayList<>();

    StockFleet(ServerRig rig) {
        this.rig = rig;
    }

    StockAgent agent(String service, String instance) {
        return agent(StockAgent.Settings.of(service, instance));
    }

    StockAgent agent(StockAgent.Settings settings) {
        return agent(settings, channel());
    }

    StockAgent agent(StockAgent.Settings settings, ManagedChannel channel) {
        StockAgent agent = new StockAgent(
                settings,
                channel,
                timers,
                options -> () -> {
                    ends.get(5, TimeUnit.MINUTES);
                    return recording;
                },
                (method, nanos, status) -> calls.add(method + " " + status.getCode()));
        open.add(agent);
        return agent;
    }

    ManagedChannel channel() {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", rig.server.agentPort())
                .usePlaintext()
                .disableRetry()
                .maxInboundMessageSize(50 << 20)
                .build();
        open.add(0, channel::shutdownNow);
        return channel;
    }

    static String serviceId(String service) {
        return base64(service) + ".1";
    }

    static String instanceId(String service, String instance) {
        return serviceId(service) + "_" + base64(instance);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The answer as it comes, errors and all. */
    JsonNode graphql(String query, Object variables) throws IOException, InterruptedException {
        ObjectNode body = JSON.createObjectNode().put("query", query);
        body.set("variables", JSON.valueToTree(variables));
        return ServerRig.json(rig.send("POST", "/graphql", body.toString(), "Content-Type", "application/json"));
    }

    JsonNode data(String query, Object variables) throws IOException, InterruptedException {
        JsonNode answer = graphql(query, variables);
        assertThat(answer.path("errors")).as(answer.toString()).isEmpty();
        return answer.get("data");
    }

    private record Creation(
            String serviceId, List<String> serviceInstanceIds, int duration, List<String> events, String execArgs) {}

    JsonNode tryCreate(String service, List<String> instances, int seconds, List<String> events, String options)
            throws IOException, InterruptedException {
        ObjectNode variables = JSON.createObjectNode();
        variables.set(
                "request",
                JSON.valueToTree(new Creation(
                        serviceId(service),
                        instances.stream()
                                .map(name -> instanceId(service, name))
                                .toList(),
                        seconds,
                        events,
                        options)));
        return data(
                        "mutation($request: AsyncProfilerTaskCreationRequest!){result: createAsyncProfilerTask("
                                + "asyncProfilerTaskCreationRequest: $request){errorReason code id}}",
                        variables)
                .get("result");
    }

    String create(String service, String instance, int seconds) throws IOException, InterruptedException {
        JsonNode created = tryCreate(service, List.of(instance), seconds, List.of("CPU"), null);
        assertThat(created.get("code").asText()).as(created.toString()).isEqualTo("SUCCESS");
        return created.get("id").asText();
    }

    JsonNode progress(String taskId) throws IOException, InterruptedException {
        return data(
                        "query($taskId: String!){p: queryAsyncProfilerTaskProgress(taskId: $taskId){logs{id instanceId"
                                + " instanceName operationType operationTime reason} errorInstanceIds"
                                + " successInstanceIds states{instanceName state reason}}}",
                        JSON.createObjectNode().put("taskId", taskId))
                .get("p");
    }

    /** The words of a task's log, oldest first. */
    List<String> log(String taskId) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        progress(taskId)
                .get("logs")
                .forEach(line -> words.add(0, line.get("operationType").asText()));
        return words;
    }

    /** The state of a task's only assignment, in our words. */
    String state(String taskId) throws IOException, InterruptedException {
        return progress(taskId).get("states").get(0).get("state").asText();
    }

    void awaitState(String taskId, String state) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> state(taskId).equals(state));
    }

    JsonNode analyze(String taskId, List<String> instanceIds, String type) throws IOException, InterruptedException {
        ObjectNode request = JSON.createObjectNode().put("taskId", taskId).put("eventType", type);
        request.set("instanceIds", JSON.valueToTree(instanceIds));
        ObjectNode variables = JSON.createObjectNode();
        variables.set("request", request);
        return data(
                        "query($request: AsyncProfilerAnalyzationRequest!){a: queryAsyncProfilerAnalyze(request:"
                                + " $request){tree{type elements{id parentId codeSignature total self}} reason}}",
                        variables)
                .get("a");
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        timers.shutdownNow();
    }
}
