package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import one.profiler.AsyncProfiler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The built server and an agent that speaks as SkyWalking's does, with the profiler that it brings, async-profiler 3.0, at work in
 * this JVM.
 */
class SkyWalkingTest {
    private static final String SERVICE = "e2e-service-provider";
    private static final String INSTANCE = "provider1";

    @TempDir
    Path folder;

    private Rig rig;
    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
    private ManagedChannel channel;
    private StockAgent agent;
    private volatile boolean working = true;
    private final List<Thread> workers = new ArrayList<>();

    @BeforeEach
    void start() throws Exception {
        rig = new Rig(folder);
        rig.startServer();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", rig.agentPort)
                .usePlaintext()
                .build();
        AsyncProfiler profiler = profiler();
        agent = new StockAgent(
                StockAgent.Settings.of(SERVICE, INSTANCE),
                channel,
                timers,
                options -> {
                    Path file = Files.createTempFile(folder, "stock", ".jfr");
                    profiler.execute("start," + options + ",file=" + file);
                    return () -> {
                        profiler.execute("stop,file=" + file);
                        return Files.readAllBytes(file);
                    };
                },
                (method, nanos, status) -> {});
        agent.start(Duration.ZERO);
        work("burner", this::burn);
        work("allocator", this::allocate);
        Object lock = new Object();
        work("contender-1", () -> contend(lock));
        work("contender-2", () -> contend(lock));
    }

    @AfterEach
    void stop() throws Exception {
        working = false;
        for (Thread worker : workers) {
            worker.join();
        }
        agent.close();
        timers.shutdownNow();
        channel.shutdownNow();
        rig.close();
    }

    private AsyncProfiler profiler() throws Exception {
        Path library = folder.resolve("libasyncProfiler.so");
        try (InputStream in = AsyncProfiler.class.getResourceAsStream("/linux-x64/libasyncProfiler.so")) {
            Files.copy(in, library, StandardCopyOption.REPLACE_EXISTING);
        }
        AsyncProfiler profiler = AsyncProfiler.getInstance(library.toString());
        assertThat(profiler.getVersion()).isEqualTo("3.0");
        return profiler;
    }

    private void work(String name, Runnable work) {
        Thread thread = new Thread(
                () -> {
                    while (working) {
                        work.run();
                    }
                },
                name);
        thread.start();
        workers.add(thread);
    }

    /** Written, so that nothing of the work may be left out. */
    private final AtomicReference<Object> sink = new AtomicReference<>();

    private final Object[] kept = new Object[100_000];
    private int next;

    private void burn() {
        double sum = 0;
        for (int i = 1; i < 100_000; i++) {
            sum += Math.sqrt(i);
        }
        sink.set(sum);
    }

    /** Garbage, and objects that live for a while: without them a collection just before the end leaves nothing alive. */
    private void allocate() {
        for (int i = 0; i < 100; i++) {
            sink.set(new byte[100_000]);
            kept[next++ % kept.length] = new byte[100];
        }
        LockSupport.parkNanos(1_000_000);
    }

    private void contend(Object lock) {
        synchronized (lock) {
            LockSupport.parkNanos(2_000_000);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode graphql(String query, Map<String, ?> variables) {
        ObjectNode body = Rig.JSON.createObjectNode().put("query", query);
        body.set("variables", Rig.JSON.valueToTree(variables));
        JsonNode answer = Rig.json(rig.post("/graphql", body.toString()));
        assertThat(answer.path("errors")).as(answer.toString()).isEmpty();
        return answer.get("data");
    }

    private String create(List<String> events, String options) {
        JsonNode created = graphql(
                        "mutation($request: AsyncProfilerTaskCreationRequest!){result: createAsyncProfilerTask("
                                + "asyncProfilerTaskCreationRequest: $request){errorReason code id}}",
                        Map.of(
                                "request",
                                Map.of(
                                        "serviceId",
                                        base64(SERVICE) + ".1",
                                        "serviceInstanceIds",
                                        List.of(base64(SERVICE) + ".1_" + base64(INSTANCE)),
                                        "duration",
                                        2,
                                        "events",
                                        events,
                                        "execArgs",
                                        options)))
                .get("result");
        assertThat(created.get("code").asText()).as(created.toString()).isEqualTo("SUCCESS");
        return created.get("id").asText();
    }

    private JsonNode elements(String task, String type) {
        return graphql(
                        "query($request: AsyncProfilerAnalyzationRequest!){result: queryAsyncProfilerAnalyze(request:"
                                + " $request){tree{type elements{id parentId codeSignature total self}}}}",
                        Map.of("request", Map.of("taskId", task, "instanceIds", List.of(), "eventType", type)))
                .at("/result/tree/elements");
    }

    private void awaitService() {
        Rig.await()
                .until(() -> !graphql("query($n: String!){s: findService(serviceName: $n){id}}", Map.of("n", SERVICE))
                        .get("s")
                        .isNull());
    }

    @Test
    void theWholeWayFromAServiceToAnAnalysisAsSkyWalkingsOwnTestGoesIt() {
        awaitService();
        assertThat(graphql("query{v: version}", Map.of()).get("v").asText()).startsWith("10.2");
        String task = create(List.of("CPU", "ALLOC"), "interval=1ms");

        rig.awaitState(task, "READY");

        JsonNode log = graphql(
                        "query($t: String!){p: queryAsyncProfilerTaskProgress(taskId: $t){logs{operationType}"
                                + " errorInstanceIds successInstanceIds}}",
                        Map.of("t", task))
                .get("p");
        assertThat(log.get("logs").findValuesAsText("operationType")).containsExactly("EXECUTION_FINISHED", "NOTIFIED");
        assertThat(log.get("successInstanceIds")).hasSize(1);
        JsonNode cpu = elements(task, "EXECUTION_SAMPLE");
        assertThat(cpu.findValuesAsText("codeSignature"))
                .anyMatch(text -> text.matches("io\\.davylamp\\.e2e\\.SkyWalkingTest\\.burn:\\d+"));
        assertThat(cpu.get(0).get("total").asLong())
                .isEqualTo(rig.get("/api/v1/tasks/" + task + "/flame?measure=cpu&count=true")
                        .get("total")
                        .asLong());
        assertThat(elements(task, "OBJECT_ALLOCATION_IN_NEW_TLAB").findValuesAsText("codeSignature"))
                .contains("byte[]");
        assertThat(agent.errors()).isEmpty();
        assertThat(agent.ran()).extracting(StockAgent.Ran::options).containsExactly("event=cpu,alloc,interval=1ms");
    }

    @Test
    void everyCombinationOfEventsRecordsWhatWasAskedFor() {
        awaitService();
        Map<String, List<String>> wanted = new LinkedHashMap<>();
        wanted.put("ITIMER,LOCK|lock=1us", List.of("EXECUTION_SAMPLE", "LOCK"));
        wanted.put("ALLOC,CTIMER|alloc=1k", List.of("EXECUTION_SAMPLE", "OBJECT_ALLOCATION_IN_NEW_TLAB"));
        wanted.put("WALL|interval=5ms", List.of("EXECUTION_SAMPLE"));
        wanted.put("WALL,CPU|wall=5ms", List.of("EXECUTION_SAMPLE"));
        wanted.put("ALLOC|live,alloc=1k", List.of("PROFILER_LIVE_OBJECT"));
        wanted.put("LOCK|lock=1us", List.of("LOCK"));

        wanted.forEach((asked, types) -> {
            String[] parts = asked.split("\\|");
            String task = create(List.of(parts[0].split(",")), parts[1]);
            rig.awaitState(task, "READY");
            for (String type : types) {
                assertThat(elements(task, type).get(0).get("total").asLong())
                        .as("%s of %s", type, asked)
                        .isPositive();
            }
        });
    }
}
