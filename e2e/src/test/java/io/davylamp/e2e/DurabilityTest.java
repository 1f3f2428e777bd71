package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Nothing acknowledged is lost and running tasks finish, whenever the server dies. */
@Execution(ExecutionMode.CONCURRENT)
class DurabilityTest {
    private static final String CPU = "[\"cpu\"]";

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() {
        rig = new Rig(folder);
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    private List<Path> files(String below, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(below))) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .toList();
        }
    }

    @Test
    void aServerKilledWhileARecordingUploadsGetsItAfterTheRestart() throws Exception {
        try (StallingProxy network = new StallingProxy(rig.agentPort)) {
            String task = uploading(network, 1);

            rig.killServer();
            network.allow(Long.MAX_VALUE);
            rig.startServer();

            assertWhole(task);
        }
    }

    @Test
    void aServerStoppedWhileARecordingUploadsGetsTheRestOfItAfterTheRestart() throws Exception {
        try (StallingProxy network = new StallingProxy(rig.agentPort)) {
            String task = uploading(network, 64 << 10);

            rig.stopServer();
            long before = network.passed();
            network.allow(Long.MAX_VALUE);
            rig.startServer();

            assertWhole(task);
            // What had arrived did not come again.
            assertThat(network.passed() - before)
                    .isLessThan(rig.assignment(task).path("recordingBytes").asLong());
        }
    }

    /** A task whose recording has begun to arrive, as much of it, and comes no further. */
    private String uploading(StallingProxy network, int received) throws Exception {
        rig.startServer();
        rig.startDemo("shop", "shop-1", network.port());
        String task = rig.createTask(
                "shop", "\"all\"", 3, "[\"cpu\", \"alloc\"]", "{\"interval\": \"200us\", \"alloc\": \"1k\"}");
        rig.awaitState(task, "RUNNING");
        // Enough to announce the recording and to begin it, not enough for all of it.
        network.allow(100 << 10);
        Rig.await().until(() -> {
            JsonNode assignment = rig.task(task).path("assignments").path(0);
            return assignment.path("state").asText().equals("RECEIVING")
                    && assignment.path("receivedBytes").asLong() >= received;
        });
        assertThat(files("data", ".partial")).hasSize(1);
        return task;
    }

    private void assertWhole(String task) throws Exception {
        rig.awaitState(task, "READY");
        assertThat(rig.historyStates(task)).containsSubsequence("RECEIVING", "RUNNING", "RECEIVING", "STORED", "READY");
        assertThat(files("data", ".partial")).isEmpty();
        assertThat(rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu")
                        .get("methods")
                        .get(0)
                        .get("name")
                        .asText())
                .isEqualTo("io.davylamp.demo.Pricing.discount");
        Rig.await().until(() -> files("agents", ".jfr").isEmpty());
    }

    @Test
    void aServerKilledWhileItReadsARecordingReadsItAfterTheRestart() throws Exception {
        // Without its compilers the server takes some seconds to read a recording: time to be killed in.
        rig.startServer(Map.of("DAVY_JAVA_OPTS", "-Xint"));
        rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask(
                "shop", "\"all\"", 12, "[\"cpu\", \"alloc\"]", "{\"interval\": \"100us\", \"alloc\": \"1k\"}");
        rig.awaitState(task, "STORED");

        rig.killServer();
        assertThat(files("data", ".dlp")).isEmpty();
        rig.startServer();

        rig.awaitState(task, "READY");
        assertThat(rig.historyStates(task)).endsWith("STORED", "READY").containsOnlyOnce("STORED");
        assertThat(files("data", ".dlp")).hasSize(1);
    }

    @Test
    void aTaskThatRunsWhileTheServerIsDownFinishesAfterTheRestart() throws Exception {
        rig.startServer();
        rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask("shop", "\"all\"", 20, CPU, "{}");
        rig.awaitState(task, "RUNNING");

        rig.killServer();
        Rig.await().until(() -> files("agents", ".jfr").size() == 1);
        rig.startServer();

        rig.awaitState(task, "READY");
    }

    @Test
    void aJvmThatIsStoppedDeliversWhatItHas() throws Exception {
        rig.startServer();
        Process jvm = rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask("shop", "\"all\"", 60, CPU, "{}");
        rig.awaitSamples(task);

        jvm.destroy();
        jvm.waitFor();

        rig.awaitState(task, "READY");
        assertThat(rig.assignment(task).path("note").asText()).matches("ended after \\d+ s: the JVM stops");
    }

    @Test
    void aRecordingOfAStoppedJvmIsDeliveredByAnotherOfTheServiceWhenTheServerWasAway() throws Exception {
        rig.startServer();
        Process jvm = rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask("shop", "\"all\"", 60, CPU, "{}");
        rig.awaitSamples(task);
        rig.killServer();

        jvm.destroy();
        jvm.waitFor();
        assertThat(files("agents", ".jfr")).hasSize(1);
        rig.startServer();
        rig.startDemo("shop", "shop-2", rig.agentPort);

        rig.awaitState(task, "READY");
        Rig.await().until(() -> files("agents", ".jfr").isEmpty());
    }

    @Test
    void anUploadThatTheNetworkCutsGoesOnWhereItStopped() throws Exception {
        rig.startServer();
        try (StallingProxy network = new StallingProxy(rig.agentPort)) {
            rig.startDemo("shop", "shop-1", network.port());
            String task = rig.createTask(
                    "shop", "\"all\"", 3, "[\"cpu\", \"alloc\"]", "{\"interval\": \"200us\", \"alloc\": \"1k\"}");
            rig.awaitState(task, "RUNNING");
            network.allow(150 << 10);
            Rig.await()
                    .until(() -> rig.assignment(task).path("receivedBytes").asLong() > 60_000
                            && rig.state(task).equals("RECEIVING"));

            long before = network.passed();
            network.cut();
            network.allow(Long.MAX_VALUE);

            rig.awaitState(task, "READY");
            assertThat(network.passed() - before)
                    .isLessThan(rig.assignment(task).path("recordingBytes").asLong() - 30_000);
        }
    }

    @Test
    void aFullDiskRefusesTheUploadAndTheAgentKeepsItsFile() throws Exception {
        rig.startServer("--set", "data.min-free=900000GB");
        rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask("shop", "\"all\"", 1, CPU, "{}");
        Rig.await().until(() -> agentLog().contains("is kept: the server refused the recording: its disk is full"));
        assertThat(rig.state(task)).isEqualTo("RUNNING");
        assertThat(files("data", ".part")).isEmpty();
        assertThat(files("agents", ".jfr")).hasSize(1);

        rig.stopServer();
        rig.startServer();

        rig.awaitState(task, "READY");
    }

    private String agentLog() throws IOException {
        return Files.readString(files("agents", "agent.log").get(0));
    }

    @Test
    void aRecordingAboveTheLimitFailsWithBothSizes() throws Exception {
        rig.startServer("--set", "upload.max-size=1KB");
        rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask("shop", "\"all\"", 1, CPU, "{}");

        rig.awaitState(task, "TOO_LARGE");

        assertThat(rig.task(task).path("assignments").path(0).path("reason").asText())
                .matches("the recording has \\d+ bytes; the server takes at most 1024");
        Rig.await().until(() -> files("agents", ".jfr").isEmpty());
    }

    @Test
    void aProfilerThatCannotStartSaysWhyInItsOwnWords() throws Exception {
        rig.startServer();
        rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask(
                "shop",
                "\"all\"",
                1,
                "[\"alloc\"]",
                "{\"include\": \"x\", \"filter\": \"999999999\", \"cstack\": \"lbr\"}");

        Rig.await().until(() -> !rig.task(task).get("live").asBoolean());

        JsonNode assignment = rig.task(task).path("assignments").path(0);
        assertThat(assignment.path("state").asText()).isIn("FAILED", "UNREADABLE");
        assertThat(assignment.path("reason").asText()).isNotBlank();
    }

    @Test
    void cancellingStopsTheProfilerAndFreesTheInstance() throws Exception {
        rig.startServer();
        rig.startDemo("shop", "shop-1", rig.agentPort);
        String task = rig.createTask("shop", "\"all\"", 600, CPU, "{}");
        rig.awaitState(task, "RUNNING");

        assertThat(rig.post("/api/v1/tasks/" + task + "/cancel", "{}").statusCode())
                .isEqualTo(200);
        assertThat(rig.state(task)).isEqualTo("CANCELLED");

        String next = rig.createTask("shop", "\"all\"", 1, CPU, "{}");
        rig.awaitState(next, "READY");
    }
}
