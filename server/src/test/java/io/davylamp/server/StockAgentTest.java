package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.stockagent.StockAgent;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What SkyWalking's agents get from a real server, over real connections. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StockAgentTest {
    private static final int TOO_LARGE = 2 << 20;

    @TempDir
    static Path folder;

    private ServerRig rig;
    private StockFleet fleet;

    @BeforeAll
    void open() throws Exception {
        rig = new ServerRig(folder, "upload.max-size=1MB");
        fleet = new StockFleet(rig);
    }

    @AfterAll
    void close() throws Exception {
        fleet.close();
        rig.close();
    }

    private static Status end(CompletableFuture<Status> call) throws Exception {
        return call.get(120, TimeUnit.SECONDS);
    }

    private static void await(java.util.concurrent.Callable<Boolean> condition) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(20))
                .until(condition);
    }

    @Test
    void everyCallOfAnAgentIsAnsweredWithoutAnErrorInItsLog() throws Exception {
        StockAgent agent = fleet.agent("quiet", "quiet-1");

        for (CompletableFuture<Status> call : List.of(
                agent.reportStart(),
                agent.reportProperties(),
                agent.keepAlive(),
                agent.reportMetrics(),
                agent.fetchConfiguration(),
                agent.reportMeters(),
                agent.reportTraces(500),
                agent.pollTraceProfiling(),
                agent.poll(),
                agent.reportShutdown())) {
            assertThat(end(call)).isEqualTo(Status.OK);
        }

        assertThat(agent.errors()).isEmpty();
        assertThat(agent.isConnected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skywalking.v3.LogReportService/collect",
                "skywalking.v3.MeterReportService/collectBatch",
                "skywalking.v3.ProfileTask/collectSnapshot"
            })
    void theRarerStreamsAreAnsweredToo(String method) throws Exception {
        CompletableFuture<Status> ended = new CompletableFuture<>();

        fleet.agent("quiet", "quiet-2").calls().stream(
                method, List.of(new byte[100_000], new byte[0]), (reply, status) -> ended.complete(status));

        assertThat(end(ended)).isEqualTo(Status.OK);
    }

    @Test
    void aNewServiceShowsAtOnceWithWhatItsAgentSays() throws Exception {
        StockAgent agent = fleet.agent("demo::order|ns1|cl1", "8f0c1d@10.0.0.7");
        end(agent.reportProperties());

        JsonNode service = fleet.data(
                        "query($n: String!){s: findService(serviceName: $n){id name group shortName layers normal}}",
                        Map.of("n", "demo::order|ns1|cl1"))
                .get("s");
        assertThat(service.get("group").asText()).isEqualTo("demo");
        assertThat(service.get("shortName").asText()).isEqualTo("order|ns1|cl1");
        JsonNode instance = fleet.data(
                        "query($i: String!){i: getInstance(instanceId: $i){name language attributes{name value}}}",
                        Map.of("i", StockFleet.instanceId("demo::order|ns1|cl1", "8f0c1d@10.0.0.7")))
                .get("i");
        assertThat(instance.get("language").asText()).isEqualTo("JAVA");
        assertThat(instance.get("attributes").findValuesAsText("name"))
                .contains("OS Name", "ipv4s", "JVM Arguments")
                .doesNotContain("language", "ipv4", "host", "pid");
        assertThat(ServerRig.json(rig.get("/api/v1/services/demo::order%7Cns1%7Ccl1/instances"))
                        .at("/instances/0/properties/host")
                        .asText())
                .isEqualTo("host-1");
        assertThat(instance.toString()).contains("10.0.0.7,10.0.0.8");
    }

    @Test
    void theWholeCycleFromCreationToAnalysis() throws Exception {
        StockAgent agent = fleet.agent("cycle", "cycle-1");
        end(agent.poll());
        String task = fleet.create("cycle", "cycle-1", 1);

        end(agent.reportMetrics());
        assertThat(fleet.log(task)).containsExactly("NOTIFIED");
        end(agent.poll());
        assertThat(fleet.state(task)).isEqualTo("ACCEPTED");
        fleet.awaitState(task, "READY");

        assertThat(fleet.log(task)).containsExactly("NOTIFIED", "EXECUTION_FINISHED");
        assertThat(fleet.progress(task).get("successInstanceIds").get(0).asText())
                .isEqualTo(StockFleet.instanceId("cycle", "cycle-1"));
        assertThat(agent.ran()).containsExactly(new StockAgent.Ran(task, "event=cpu", 1));
        assertThat(agent.errors()).isEmpty();
        JsonNode elements =
                fleet.analyze(task, List.of(), "EXECUTION_SAMPLE").get("tree").get("elements");
        assertThat(elements.get(0).get("total").asLong()).isPositive();
        assertThat(elements.toString()).contains("io.davylamp.demo.Pricing.discount");
        // Path by path what our own view says; the demo's lambdas are the only names that the dialects write
        // differently.
        JsonNode flame = ServerRig.json(rig.get("/api/v1/tasks/" + task
                + "/flame?measure=cpu&detail=line&raw-names=true&bare-symbols=true&count=true"));
        TreeMap<String, Long> ours = new TreeMap<>();
        String[] path = new String[flame.at("/nodes/parent").size()];
        for (int i = 1; i < path.length; i++) {
            int parent = flame.at("/nodes/parent/" + i).asInt();
            String name = flame.at("/names/" + flame.at("/nodes/name/" + i).asInt())
                    .asText()
                    .replaceAll("(\\$\\$Lambda[^.]*)\\.0x[0-9a-f]+", "$1");
            path[i] = (parent == 0 ? "" : path[parent] + ";") + name;
            ours.merge(path[i], flame.at("/nodes/self/" + i).asLong(), Long::sum);
        }
        TreeMap<String, Long> theirs = new TreeMap<>();
        String[] elementPath = new String[elements.size()];
        for (int i = 1; i < elementPath.length; i++) {
            JsonNode element = elements.get(i);
            int parent = element.get("parentId").asInt();
            elementPath[i] = (parent == 0 ? "" : elementPath[parent] + ";")
                    + element.get("codeSignature").asText();
            theirs.merge(elementPath[i], element.get("self").asLong(), Long::sum);
        }
        assertThat(theirs).isEqualTo(ours);
    }

    @Test
    void aCommandRidesOnAnyReplyThatTheAgentReadsButOnlyAfterItPolled() throws Exception {
        StockAgent agent = fleet.agent("rides", "rides-1");
        end(agent.keepAlive());
        String task = fleet.create("rides", "rides-1", 1);

        end(agent.reportMetrics());
        end(agent.keepAlive());
        assertThat(fleet.state(task)).isEqualTo("PENDING");
        end(agent.poll());

        await(() -> agent.ran().size() == 1);
        fleet.awaitState(task, "READY");
    }

    @ParameterizedTest
    @CsvSource({
        "政务服务, gw-1",
        "a-service-name-of-fifty-characters-and-not-one-more|namespace-of-20-char|cluster-of-20-chars-, i",
        "?>?>?>, /\\/.."
    })
    void profilesServicesWhateverTheirNamesAre(String service, String instance) throws Exception {
        StockAgent agent = fleet.agent(service, instance);
        end(agent.poll());
        String task = fleet.create(service, instance, 1);

        end(agent.keepAlive());

        assertThat(task).doesNotContain("/");
        fleet.awaitState(task, "READY");
        assertThat(agent.errors()).isEmpty();
    }

    @Test
    void twoTasksOneAfterTheOtherAreBothRun() throws Exception {
        StockAgent agent = fleet.agent("twice", "twice-1");
        end(agent.poll());
        String first = fleet.create("twice", "twice-1", 1);
        end(agent.reportMetrics());
        JsonNode refused = fleet.tryCreate("twice", List.of("twice-1"), 1, List.of("CPU"), "");
        assertThat(refused.get("code").asText()).isEqualTo("ALREADY_PROFILING_ERROR");
        assertThat(refused.get("errorReason").asText())
                .startsWith("current service already has monitor async profiler task execute at this time")
                .contains(first);
        fleet.awaitState(first, "READY");

        String second = fleet.create("twice", "twice-1", 1);
        await(() -> {
            end(agent.reportMetrics());
            return fleet.state(second).equals("READY");
        });

        assertThat(agent.ran()).extracting(StockAgent.Ran::taskId).containsExactly(first, second);
    }

    @Test
    void aTaskThatACancelledOneStillKeepsBusyWaitsForItsEnd() throws Exception {
        StockAgent agent = fleet.agent("cancelled", "c-1");
        end(agent.poll());
        String first = fleet.create("cancelled", "c-1", 3);
        end(agent.reportMetrics());
        rig.send("POST", "/api/v1/tasks/" + first + "/cancel", "{}", "Content-Type", "application/json");
        String second = fleet.create("cancelled", "c-1", 1);

        end(agent.keepAlive());
        assertThat(fleet.state(second)).isEqualTo("PENDING");
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    end(agent.poll());
                    return fleet.state(second).equals("READY");
                });
        assertThat(agent.ran()).hasSize(2);
    }

    @Test
    void aRecordingAboveTheLimitIsStoppedBeforeItsFirstByte() throws Exception {
        StockAgent agent = fleet.agent("large", "large-1");
        end(agent.poll());
        String task = fleet.create("large", "large-1", 1);
        fleet.recording = new byte[TOO_LARGE];
        end(agent.keepAlive());

        fleet.awaitState(task, "TOO_LARGE");
        fleet.recording = StockFleet.RECORDING;

        assertThat(fleet.log(task)).containsExactly("NOTIFIED", "JFR_UPLOAD_FILE_TOO_LARGE_ERROR");
        assertThat(fleet.progress(task).get("errorInstanceIds")).hasSize(1);
        await(() -> agent.errors().size() == 1);
        assertThat(agent.errors().get(0)).contains("too large");
        assertThat(agent.isConnected()).isTrue();
    }

    @Test
    void anUnreadableRecordingIsAnErrorThatIsShownAndCanBeReadAgain() throws Exception {
        StockAgent agent = fleet.agent("garbage", "g-1");
        end(agent.poll());
        String task = fleet.create("garbage", "g-1", 1);
        fleet.recording = new byte[1_000];
        end(agent.keepAlive());
        fleet.awaitState(task, "UNREADABLE");
        fleet.recording = StockFleet.RECORDING;

        assertThat(fleet.log(task)).containsExactly("NOTIFIED", "EXECUTION_FINISHED", "EXECUTION_TASK_ERROR");
        String path = "/api/v1/tasks/" + task + "/assignments/"
                + ServerRig.json(rig.get("/api/v1/tasks/" + task))
                        .at("/assignments/0/id")
                        .asText();
        assertThat(rig.send("POST", path + "/read-again", "{}", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(200);
        await(() -> ServerRig.json(rig.get(path + "/history")).findValuesAsText("state").stream()
                        .filter("UNREADABLE"::equals)
                        .count()
                == 2);
    }

    @Test
    void aFailureThatTheAgentReportsIsKeptInItsWords() throws Exception {
        StockAgent agent = fleet.agent("fails", "fails-1");
        end(agent.poll());
        String task = fleet.create("fails", "fails-1", 60);
        end(agent.keepAlive());

        assertThat(end(agent.reportFailure(task, "Perf events unavailable"))).isEqualTo(Status.OK);

        assertThat(fleet.log(task)).containsExactly("NOTIFIED", "EXECUTION_TASK_ERROR");
        assertThat(fleet.progress(task).toString()).contains("Perf events unavailable");
    }

    @Test
    void aRestartedJvmDoesNotRepeatItsTask() throws Exception {
        StockAgent before = fleet.agent("restarts", "r-1");
        end(before.reportStart());
        end(before.poll());
        String task = fleet.create("restarts", "r-1", 60);
        end(before.keepAlive());
        end(before.poll());
        assertThat(fleet.state(task)).isEqualTo("ACCEPTED");

        StockAgent after = fleet.agent("restarts", "r-1");
        end(after.reportStart());

        assertThat(fleet.state(task)).isEqualTo("EXPIRED");
        assertThat(fleet.progress(task).toString()).contains("the JVM was restarted");
        end(after.poll());
        end(after.keepAlive());
        assertThat(after.ran()).isEmpty();
    }

    @Test
    void aRestartShowsAlsoInThePollAlone() throws Exception {
        StockAgent before = fleet.agent("restarts", "r-2");
        end(before.poll());
        String task = fleet.create("restarts", "r-2", 60);
        end(before.keepAlive());
        end(before.poll());

        end(fleet.agent("restarts", "r-2").poll());

        assertThat(fleet.state(task)).isEqualTo("EXPIRED");
    }

    /** An upload as the agent makes it, message by message. */
    private final class Upload implements StreamObserver<byte[]> {
        final CompletableFuture<byte[]> response = new CompletableFuture<>();
        final CompletableFuture<Status> status = new CompletableFuture<>();
        final StreamObserver<byte[]> out;

        Upload(StockAgent agent) {
            out = agent.calls().both("skywalking.v10.AsyncProfilerTask/collect", this);
        }

        @Override
        public void onNext(byte[] message) {
            assertThat(response.complete(message)).as("exactly one response").isTrue();
        }

        @Override
        public void onError(Throwable e) {
            status.complete(Status.fromThrowable(e));
        }

        @Override
        public void onCompleted() {
            status.complete(Status.OK);
        }
    }

    private static byte[] delimited(int field, byte[] bytes) {
        byte[] message = new byte[bytes.length + 6];
        message[0] = (byte) (field << 3 | 2);
        for (int i = 1; i <= 5; i++) {
            message[i] = (byte) (bytes.length >>> 7 * (i - 1) & 0x7f | (i < 5 ? 0x80 : 0));
        }
        System.arraycopy(bytes, 0, message, 6, bytes.length);
        return message;
    }

    private static byte[] joined(byte[]... parts) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static byte[] metadata(String service, String instance, String task, int size) {
        byte[] number = new byte[11];
        number[0] = 5 << 3;
        long rest = size;
        for (int i = 1; i <= 10; i++) {
            number[i] = (byte) (rest & 0x7f | (i < 10 ? 0x80 : 0));
            rest >>= 7;
        }
        number[10] &= 1;
        return delimited(
                1,
                joined(
                        delimited(1, service.getBytes(StandardCharsets.UTF_8)),
                        delimited(2, instance.getBytes(StandardCharsets.UTF_8)),
                        delimited(3, task.getBytes(StandardCharsets.UTF_8)),
                        number));
    }

    private String accepted(StockAgent agent, String service, String instance) throws Exception {
        end(agent.poll());
        String task = fleet.create(service, instance, 600);
        end(agent.keepAlive());
        return task;
    }

    @Test
    void anUploadThatBreaksIsAFailureWithItsBytesAndLeavesNothing() throws Exception {
        StockAgent agent = fleet.agent("breaks", "b-1");
        String task = accepted(agent, "breaks", "b-1");
        Upload upload = new Upload(agent);
        upload.out.onNext(metadata("breaks", "b-1", task, 100_000));
        upload.response.get(120, TimeUnit.SECONDS);
        upload.out.onNext(delimited(3, new byte[60_000]));
        await(() -> ServerRig.json(rig.get("/api/v1/tasks/" + task))
                        .at("/assignments/0/receivedBytes")
                        .asLong()
                == 60_000);

        upload.out.onError(Status.CANCELLED.asException());

        fleet.awaitState(task, "FAILED");
        assertThat(fleet.progress(task).toString())
                .contains("upload interrupted after 60000 of 100000 bytes", "grpc_upstream_timeout");
        assertThat(rig.get("/api/v1/tasks/" + task + "/assignments/"
                                + ServerRig.json(rig.get("/api/v1/tasks/" + task))
                                        .at("/assignments/0/id")
                                        .asText()
                                + "/recording")
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void fewerBytesThanDeclaredAreNoRecording() throws Exception {
        StockAgent agent = fleet.agent("short", "s-1");
        String task = accepted(agent, "short", "s-1");
        Upload upload = new Upload(agent);
        upload.out.onNext(metadata("short", "s-1", task, 100));
        upload.response.get(120, TimeUnit.SECONDS);
        upload.out.onNext(delimited(3, new byte[99]));
        upload.out.onCompleted();

        assertThat(end(upload.status).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(fleet.state(task)).isEqualTo("FAILED");
    }

    @Test
    void moreBytesThanDeclaredEndTheCall() throws Exception {
        StockAgent agent = fleet.agent("long", "l-1");
        String task = accepted(agent, "long", "l-1");
        Upload upload = new Upload(agent);
        upload.out.onNext(metadata("long", "l-1", task, 100));
        upload.response.get(120, TimeUnit.SECONDS);
        upload.out.onNext(delimited(3, new byte[101]));

        assertThat(end(upload.status).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(fleet.progress(task).toString()).contains("more bytes arrive than the 100 that were declared");
    }

    @Test
    void anEmptyRecordingIsAFailure() throws Exception {
        StockAgent agent = fleet.agent("empty", "e-1");
        String task = accepted(agent, "empty", "e-1");

        assertThat(end(agent.upload(task, 0, 0, null, new byte[0]))).isEqualTo(Status.OK);
        assertThat(fleet.state(task)).isEqualTo("FAILED");

        String negative = fleet.create("empty", "e-1", 600);
        await(() -> {
            end(agent.keepAlive());
            return fleet.state(negative).equals("OFFERED");
        });
        assertThat(end(agent.upload(negative, 0, Integer.MIN_VALUE, null, new byte[0])))
                .isEqualTo(Status.OK);
        assertThat(fleet.state(negative)).isEqualTo("FAILED");
    }

    @Test
    void aRecordingForATaskThatNobodyKnowsIsStoppedAndTheAgentStaysConnected() throws Exception {
        StockAgent agent = fleet.agent("unknown", "u-1");

        assertThat(end(agent.upload("1733299200000_x.1", 0, 5, null, new byte[5])))
                .isEqualTo(Status.OK);

        assertThat(agent.errors()).singleElement().asString().contains("too large");
        assertThat(agent.isConnected()).isTrue();
    }

    @Test
    void contentBeforeMetadataIsRefused() throws Exception {
        Upload upload = new Upload(fleet.agent("order", "o-1"));

        upload.out.onNext(delimited(3, new byte[10]));

        assertThat(end(upload.status).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @Test
    void aCallWithoutAnyMessageIsRefused() throws Exception {
        Upload upload = new Upload(fleet.agent("order", "o-2"));

        upload.out.onCompleted();

        assertThat(end(upload.status).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands",
                "skywalking.v3.ManagementService/reportInstanceProperties",
                "skywalking.v3.ManagementService/keepAlive",
                "skywalking.v3.JVMMetricReportService/collect",
                "skywalking.v3.ProfileTask/getProfileTaskCommands"
            })
    void aMessageOfTheWrongTypeOnlyHarmsItsOwnCall(String method) throws Exception {
        CompletableFuture<Status> ended = new CompletableFuture<>();
        StockAgent agent = fleet.agent("wrong", "w-1");

        agent.calls()
                .unary(method, new byte[] {10, -1, -1, -1, -1, 7, 1, 2, 3}, (reply, status) -> ended.complete(status));

        assertThat(end(ended).getCode()).isIn(Status.Code.INVALID_ARGUMENT, Status.Code.INTERNAL);
        assertThat(end(agent.poll())).isEqualTo(Status.OK);
    }

    @Test
    void aNameThatCannotBeIsRefusedByItsReason() throws Exception {
        StockAgent agent = fleet.agent("x".repeat(201), "i");

        assertThat(end(agent.poll()).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(end(agent.keepAlive()).getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(agent.isConnected()).isTrue();
        assertThat(rig.get("/metrics").body()).contains("davylamp_skywalking_refused_total{reason=\"name\"}");
    }

    @Test
    void manyLargeCallsAtOnceAreNotAllHeldInMemory() throws Exception {
        List<CompletableFuture<Status>> calls = new ArrayList<>();
        byte[] large = delimited(15, new byte[8 << 20]);
        for (int i = 0; i < 24; i++) {
            CompletableFuture<Status> ended = new CompletableFuture<>();
            fleet.agent("crowd", "c-" + i)
                    .calls()
                    .unary(
                            "skywalking.v3.ManagementService/reportInstanceProperties",
                            joined(delimited(1, "crowd".getBytes(StandardCharsets.UTF_8)), large),
                            (reply, status) -> ended.complete(status));
            calls.add(ended);
        }
        for (CompletableFuture<Status> call : calls) {
            assertThat(end(call).getCode()).isIn(Status.Code.OK, Status.Code.INVALID_ARGUMENT);
        }
        CompletableFuture<Status> alone = new CompletableFuture<>();
        fleet.agent("crowd", "alone")
                .calls()
                .unary(
                        "skywalking.v3.ManagementService/keepAlive",
                        joined(delimited(1, "crowd".getBytes(StandardCharsets.UTF_8)), large),
                        (reply, status) -> alone.complete(status));
        assertThat(end(alone)).isEqualTo(Status.OK);
    }

    @Test
    void messagesOfFiftyMegabytesPass() throws Exception {
        CompletableFuture<Status> ended = new CompletableFuture<>();

        fleet.agent("big", "b-1").calls().stream(
                "skywalking.v3.LogReportService/collect",
                List.of(new byte[50 << 20]),
                (reply, status) -> ended.complete(status));

        assertThat(end(ended)).isEqualTo(Status.OK);
    }

    @Test
    void aFloodOfPollsCostsOnlyItself() throws Exception {
        StockAgent agent = fleet.agent("flood", "f-1");
        List<CompletableFuture<Status>> polls = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            polls.add(agent.poll());
        }
        for (CompletableFuture<Status> poll : polls) {
            assertThat(end(poll)).isEqualTo(Status.OK);
        }

        assertThat(end(fleet.agent("flood", "f-2").poll())).isEqualTo(Status.OK);
        assertThat(rig.get("/metrics").body()).contains("davylamp_skywalking_refused_total{reason=\"flood\"}");
    }

    @Test
    void impossibleTasksAreRefusedBeforeTheyAreSent() throws Exception {
        end(fleet.agent("impossible", "i-1").poll());
        Map<String, String> refusals = Map.of(
                "CPU,CTIMER|", "cannot be recorded together",
                "CPU|log=/etc/passwd", "option \"log\" is not allowed",
                "CPU|event=alloc", "option \"event\" is not allowed",
                "CPU|file=/tmp/x", "option \"file\" is not allowed",
                "CPU|stop", "option \"stop\" is not allowed",
                "CPU|nativemem=1m", "nativemem",
                "CPU|alloc=2k", "needs the event alloc",
                "CPU|interval=often", "allowed is a time");

        for (Map.Entry<String, String> refusal : refusals.entrySet()) {
            String[] asked = refusal.getKey().split("\\|", 2);
            JsonNode answer = fleet.tryCreate("impossible", List.of("i-1"), 10, List.of(asked[0].split(",")), asked[1]);
            assertThat(answer.get("code").asText()).as(refusal.getKey()).isEqualTo("ARGUMENT_ERROR");
            assertThat(answer.get("errorReason").asText()).contains(refusal.getValue());
            assertThat(answer.get("id").isNull()).isTrue();
        }
        assertThat(fleet.tryCreate("impossible", List.of("i-1"), 1_201, List.of("CPU"), null)
                        .get("errorReason")
                        .asText())
                .contains("would cut it without a word at 1200 s");
    }

    private String refusal(String service, List<String> instances, List<String> events, String options)
            throws Exception {
        JsonNode answer = fleet.tryCreate(service, instances, 10, events, options);
        assertThat(answer.get("code").asText()).isEqualTo("ARGUMENT_ERROR");
        assertThat(answer.get("errorReason").asText()).hasSizeLessThan(1_000);
        return answer.get("errorReason").asText();
    }

    @Test
    void aRefusalNamesWhatIsWrongInItsFirstWords() throws Exception {
        end(fleet.agent("refused", "r-1").poll());
        String much = "x".repeat(5_000);

        assertThat(refusal("nobody", List.of("n-1"), List.of("CPU"), null))
                .isEqualTo("no instance of service \"nobody\" was ever seen");
        assertThat(refusal(much, List.of("n-1"), List.of("CPU"), null)).contains("(5000 characters)");
        assertThat(refusal("refused", List.of(much), List.of("CPU"), null)).contains("(5000 characters)");
        assertThat(refusal("refused", List.of("r-1"), List.of("CPU", "CPU"), null))
                .isEqualTo("event CPU is named twice; name each once");
        assertThat(refusal("refused", List.of("r-1", "r-1"), List.of("CPU"), null))
                .isEqualTo("an instance is named twice");
        assertThat(refusal("refused", List.of("r-1"), List.of("CPU"), much + "=1"))
                .contains("(5000 characters)", "jstackdepth")
                .doesNotContain("nativemem", "memlimit", "trace");
        assertThat(refusal("refused", List.of("r-1"), List.of("CPU"), "interval=" + much))
                .contains("(5000 characters)", "allowed is a time");
    }

    @Test
    void eventsThatSkyWalkingHasNoWordForAreNamedByWhereTheirSamplesAreFound() throws Exception {
        end(fleet.agent("counters", "c-1").poll());
        ServerRig.json(rig.send(
                "POST",
                "/api/v1/tasks",
                "{\"service\": \"counters\", \"instances\": [\"c-1\"], \"durationSeconds\": 5, \"events\": [\"page-faults\", \"live\"]}",
                "Content-Type",
                "application/json"));

        JsonNode task = fleet.data(
                        "query($r: AsyncProfilerTaskListRequest!){l: queryAsyncProfilerTaskList(request: $r){tasks{events execArgs}}}",
                        Map.of("r", Map.of("serviceId", StockFleet.serviceId("counters"))))
                .at("/l/tasks/0");

        assertThat(task.get("events").toString()).isEqualTo("[\"CPU\",\"ALLOC\"]");
        assertThat(task.get("execArgs").asText()).isEqualTo("event=page-faults,live");
    }

    /** Of SkyWalking's words, the recording is finished as soon as it has come. */
    @Test
    void anAnalysisInTheMomentOfTheFinishWaitsForTheReader() throws Exception {
        StockAgent agent = fleet.agent("moment", "m-1");
        String task = accepted(agent, "moment", "m-1");
        Upload upload = new Upload(agent);
        upload.out.onNext(metadata("moment", "m-1", task, StockFleet.RECORDING.length));
        upload.response.get(20, TimeUnit.SECONDS);
        upload.out.onNext(delimited(3, StockFleet.RECORDING));
        upload.out.onCompleted();
        assertThat(end(upload.status)).isEqualTo(Status.OK);

        assertThat(fleet.log(task)).endsWith("EXECUTION_FINISHED");
        assertThat(fleet.analyze(task, List.of(), "EXECUTION_SAMPLE")
                        .at("/tree/elements/0/total")
                        .asLong())
                .isPositive();
    }

    @Test
    void noStatusHasATextThatAStrictClientRefusesOrThatNamesAClass() throws Exception {
        for (String method : List.of(
                "skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands",
                "skywalking.v10.AsyncProfilerTask/nothing",
                "skywalking.v3.ManagementService/keepAlive",
                "grpc.health.v1.Health/Check",
                "grpc.health.v1.Health/nothing",
                "davylamp.v1.Nothing/nothing",
                "davylamp.v1.Nothing/" + "x".repeat(5_000))) {
            for (byte[] message : List.of(
                    new byte[] {10, -1, -1, -1, -1, 7, 1, 2, 3},
                    new byte[] {10, 2, -1, -1},
                    delimited(1, "y".repeat(5_000).getBytes(StandardCharsets.UTF_8)))) {
                CompletableFuture<Status> ended = new CompletableFuture<>();
                StockAgent agent = fleet.agent("strict", "s-1");
                agent.calls().unary(method, message, (reply, status) -> ended.complete(status));

                Status status = end(ended);
                String text = status.getDescription() == null ? "" : status.getDescription();
                assertThat(status.getCode())
                        .as(method + ": " + status)
                        .isNotIn(Status.Code.UNKNOWN, Status.Code.RESOURCE_EXHAUSTED, Status.Code.UNAVAILABLE);
                assertThat(text)
                        .as(method)
                        .isEqualTo(text.strip())
                        .hasSizeLessThan(1_100)
                        .doesNotContainPattern("(java|google|linecorp|davylamp)\\.[a-z]+\\.|Exception");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "CPU,ALLOC|| event=cpu,alloc",
                "ALLOC,CPU|| event=cpu,alloc",
                "CPU,LOCK|lock=2ms| event=cpu,lock=2ms",
                "ALLOC|alloc=2k,live| alloc=2k,live",
                "WALL|interval=20ms| event=wall,interval=20ms",
                "WALL,CPU|wall=50ms, interval=5ms| event=cpu,wall=50ms,interval=5ms",
                "ITIMER|jstackdepth=64| event=itimer,jstackdepth=64"
            })
    void optionsComeInTheOrderThatWorks(String events, String options, String command) throws Exception {
        String instance = "o" + Math.abs((events + options).hashCode());
        StockAgent agent = fleet.agent("options", instance);
        end(agent.poll());
        fleet.tryCreate("options", List.of(instance), 1, List.of(events.split(",")), options);

        end(agent.reportMetrics());

        await(() -> agent.ran().size() == 1);
        assertThat(agent.ran().get(0).options()).isEqualTo(command.strip());
    }

    @Test
    void healthIsServing() {
        HealthCheckResponse answer = ClientCalls.blockingUnaryCall(
                fleet.channel(),
                HealthGrpc.getCheckMethod(),
                io.grpc.CallOptions.DEFAULT,
                HealthCheckRequest.getDefaultInstance());

        assertThat(answer.getStatus()).isEqualTo(HealthCheckResponse.ServingStatus.SERVING);
    }
}
