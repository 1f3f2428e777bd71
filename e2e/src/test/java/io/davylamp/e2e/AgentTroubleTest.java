package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is wrong with the machine, the host does not notice and the server's page says what it is; on every JDK there is. */
@ParameterizedClass
@MethodSource("jdks")
@Execution(ExecutionMode.CONCURRENT)
class AgentTroubleTest {
    private static final String CPU = "[\"cpu\"]";
    private static final String WELL = "exit 0";

    @Parameter
    Path java;

    @TempDir
    Path folder;

    private Rig rig;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
        rig.startServer();
    }

    @AfterEach
    void close() throws InterruptedException {
        rig.close();
    }

    static Stream<Path> jdks() throws IOException {
        return HostJvm.jdks();
    }

    private HostJvm.Plan plan(String instance, String arguments) {
        return HostJvm.plan(rig, instance).java(java).agent(arguments);
    }

    private HostJvm.Plan plan() {
        return plan("shop-1", "");
    }

    @ParameterizedTest
    @CsvSource({
        "ro, cannot use its folder, Read-only file system",
        "size=300k, cannot be unpacked, No space left on device"
    })
    void aFolderThatCannotBeUsedIsExplainedOnTheServer(String mount, String what, String why) throws Exception {
        Path agents = Files.createDirectories(folder.resolve("agents"));
        try (HostJvm host = plan().mounting("mount -t tmpfs -o " + mount + " tmpfs " + agents)
                .start()
                .awaitReady()) {
            JsonNode instance = rig.awaitInstance("shop", "shop-1");

            assertThat(instance.path("unable").asText()).contains(what, why, "DAVY_FOLDER");
            assertThat(rig.refusal("shop", "[\"shop-1\"]", 1, CPU, "{}")).contains("cannot be profiled", why);
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    @Test
    void whereTheLibraryMayNotRunTheJdksFlightRecorderRecordsAndSaysWhatItCannot() throws Exception {
        Path agents = Files.createDirectories(folder.resolve("agents"));
        try (HostJvm host = plan().mounting("mount -t tmpfs -o noexec tmpfs " + agents)
                .start()
                .awaitReady()) {
            JsonNode instance = rig.awaitInstance("shop", "shop-1");
            assertThat(instance.path("unable").asText()).isEmpty();
            assertThat(instance.at("/properties/profiling engine").asText())
                    .contains("the JDK's Flight Recorder: ", "cannot be loaded from", "noexec", "DAVY_FOLDER");
            assertThat(rig.refusal("shop", "\"all\"", 1, "[\"wall\"]", "{}"))
                    .contains("cannot record wall: the JDK's Flight Recorder", "takes no samples of threads that wait");
            assertThat(rig.refusal("shop", "\"all\"", 1, CPU, "{\"include\": \"*work*\"}"))
                    .contains("cannot do include: the JDK's Flight Recorder");

            String task = rig.createTask("shop", "\"all\"", 2, "[\"cpu\", \"alloc\", \"lock\"]", "{}");
            rig.awaitState(task, "READY");

            assertThat(rig.assignment(task).path("engine").asText()).isEqualTo("jfr");
            assertThat(rig.get("/api/v1/tasks/" + task + "/measures").findValuesAsText("name"))
                    .contains("cpu", "alloc", "lock");
            assertThat(rig.text("/api/v1/tasks/" + task + "/hot?measure=cpu")).contains("Host.work");
            assertThat(host.ask("threads").split(",")).hasSizeLessThanOrEqualTo(4);
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    @Test
    void aDiskThatFillsUpEndsTheTaskEarlyAndKeepsWhatThereIs() throws Exception {
        Path agents = Files.createDirectories(folder.resolve("agents"));
        try (HostJvm host = plan().mounting("mount -t tmpfs -o size=80m tmpfs " + agents)
                .start()
                .awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            String task = rig.createTask("shop", "\"all\"", 120, CPU, "{}");
            rig.awaitSamples(task);

            host.ask("write " + agents.resolve("big") + " " + (30 << 20));

            rig.awaitState(task, "READY");
            assertThat(rig.assignment(task).path("note").asText())
                    .matches("ended after \\d+ s: the disk of the agent's folder has only \\d+ bytes free");
            String next = rig.createTask("shop", "\"all\"", 1, CPU, "{}");
            Rig.await().until(() -> rig.state(next).equals("FAILED"));
            assertThat(rig.assignment(next).path("reason").asText()).contains("nothing is recorded below");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    @Test
    void aWrongSettingIsExplainedOnTheServer() throws Exception {
        try (HostJvm host =
                plan("shop-1", "maxDuration=long,colour=blue").start().awaitReady()) {
            assertThat(rig.awaitInstance("shop", "shop-1").path("unable").asText())
                    .contains("maxDuration \"long\"", "such as 30m", "\"colour\"");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    @Test
    void aServerThatIsNotThereIsNotNoticedAndFoundWhenItComes() throws Exception {
        rig.stopServer();
        try (HostJvm host = plan().start().awaitReady()) {
            assertThat(host.ask("threads").split(",")).hasSizeLessThanOrEqualTo(4);
            rig.startServer();

            rig.awaitInstance("shop", "shop-1");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    @Test
    void anUnprivilegedUserGetsTheTimerInPlaceOfPerfEventsAndIsTold() throws Exception {
        Path agents = Files.createDirectories(folder.resolve("agents"));
        HostJvm.Plan plan = plan();
        if (Rig.isRoot()) {
            makeReadable(agents);
            plan.prefix("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
        }
        try (HostJvm host = plan.start().awaitReady()) {
            JsonNode instance = rig.awaitInstance("shop", "shop-1");
            assertThat(instance.path("unable").asText()).isEmpty();
            String task = rig.createTask("shop", "\"all\"", 1, CPU, "{}");
            rig.awaitState(task, "READY");

            boolean allowed = Integer.parseInt(Files.readString(Path.of("/proc/sys/kernel/perf_event_paranoid"))
                            .trim())
                    <= 1;
            String engine = allowed ? "perf_events" : "ctimer";
            assertThat(instance.at("/properties/cpu engine").asText()).isEqualTo(engine);
            assertThat(rig.assignment(task).path("engine").asText()).isEqualTo(engine);
            assertThat(rig.assignment(task).path("note").asText())
                    .isEqualTo(
                            allowed
                                    ? ""
                                    : "perf events are not available: ctimer is used, without the kernel's part of the"
                                            + " stacks");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    /** The folder of the test belongs to root alone. */
    private void makeReadable(Path agents) throws Exception {
        for (Path each = folder;
                each.startsWith(Path.of(System.getProperty("java.io.tmpdir")));
                each = each.getParent()) {
            if (!each.equals(Path.of(System.getProperty("java.io.tmpdir")))) {
                each.toFile().setExecutable(true, false);
                each.toFile().setReadable(true, false);
            }
        }
        assertThat(agents.toFile().setWritable(true, false)).isTrue();
        assertThat(new ProcessBuilder("chown", "65534:65534", agents.toString())
                        .start()
                        .waitFor())
                .isZero();
    }

    /** As containers do: perf_event_open is answered with EPERM. */
    @Test
    void whereTheSystemCallIsForbiddenCountersAreRefusedFromTheFirstTryOn() throws Exception {
        int next = 298; // perf_event_open on x86-64
        ByteBuffer filter = ByteBuffer.allocate(4 * 8).order(ByteOrder.LITTLE_ENDIAN);
        instruction(filter, 0x20, 0, 0, 0); // load the call's number
        instruction(filter, 0x15, 0, 1, next); // is it that one?
        instruction(filter, 0x06, 0, 0, 0x00050000 | 1); // EPERM
        instruction(filter, 0x06, 0, 0, 0x7fff0000); // allow
        Path program = Files.write(folder.resolve("filter.bpf"), filter.array());
        try (HostJvm host = plan().prefix("sh", "-c", "exec bwrap --dev-bind / / --seccomp 9 \"$@\" 9<" + program, "sh")
                .start()
                .awaitReady()) {
            JsonNode instance = rig.awaitInstance("shop", "shop-1");
            assertThat(instance.at("/properties/perf events").asText()).contains("seccomp");

            String counter = rig.createTask("shop", "\"all\"", 1, "[\"page-faults\"]", "{}");
            Rig.await().until(() -> rig.state(counter).equals("FAILED"));
            assertThat(rig.assignment(counter).path("reason").asText()).startsWith("Perf events unavailable");
            Rig.await().until(() -> rig.instance("shop", "shop-1").path("lacks").has("page-faults"));
            assertThat(rig.refusal("shop", "\"all\"", 1, "[\"page-faults\"]", "{}"))
                    .startsWith("instance \"shop-1\" cannot record page-faults: Perf events unavailable")
                    .endsWith("; possible instead: cpu");

            String cpu = rig.createTask("shop", "\"all\"", 1, CPU, "{}");
            rig.awaitState(cpu, "READY");
            assertThat(rig.assignment(cpu).path("engine").asText()).isEqualTo("ctimer");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    private static void instruction(ByteBuffer program, int code, int ifTrue, int ifFalse, int value) {
        program.putShort((short) code).put((byte) ifTrue).put((byte) ifFalse).putInt(value);
    }

    @Test
    void aJvmThatDiesWhileItIsProfiledIsReportedNotRepeatedAndAfterTwoDeathsLeftAlone() throws Exception {
        for (int death = 1; death <= 2; death++) {
            String instance = "shop-" + death;
            String task;
            try (HostJvm host = plan(instance, "").start().awaitReady()) {
                Rig.await()
                        .until(() -> rig.instance("shop", instance).path("live").asBoolean());
                task = rig.createTask("shop", "[\"" + instance + "\"]", 60, CPU, "{}");
                rig.awaitState(task, "RUNNING");
                host.kill();
            }

            try (HostJvm next =
                    plan(death == 1 ? "shop-1" : "shop-3", "").start().awaitReady()) {
                Rig.await().until(() -> rig.state(task).equals("FAILED"));
                assertThat(rig.assignment(task).path("reason").asText())
                        .contains("the JVM died while it was profiled", "event=cpu", "not repeated");
                assertThat(rig.historyStates(task)).containsOnlyOnce("RUNNING");
                if (death == 2) {
                    Rig.await()
                            .until(() -> rig.instance("shop", "shop-3")
                                    .path("unable")
                                    .asText()
                                    .contains("2 JVMs of this service died"));
                    assertThat(rig.instance("shop", "shop-3").path("unableCode").asText())
                            .isEqualTo("deaths");
                    assertThat(rig.refusal("shop", "[\"shop-3\"]", 1, CPU, "{}"))
                            .contains("davy trust");
                    assertThat(rig.davy("trust", "shop", "shop-3").exitCode()).isZero();
                    Rig.await()
                            .until(() -> rig.instance("shop", "shop-3")
                                    .path("unable")
                                    .asText()
                                    .isEmpty());
                    rig.awaitState(rig.createTask("shop", "[\"shop-3\"]", 1, CPU, "{}"), "READY");
                }
                assertThat(next.exit()).isEqualTo(WELL);
            }
        }
    }

    @Test
    void theFileThatSwitchesOffEndsWhatRunsAndRefusesWhatComes() throws Exception {
        Path off = folder.resolve("off");
        try (HostJvm host = plan("shop-1", "offFile=" + off).start().awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            String task = rig.createTask("shop", "\"all\"", 120, CPU, "{}");
            rig.awaitSamples(task);

            Files.createFile(off);

            rig.awaitState(task, "READY");
            assertThat(rig.assignment(task).path("note").asText()).contains("switched off on this host");
            Rig.await()
                    .until(() -> rig.instance("shop", "shop-1")
                            .path("unable")
                            .asText()
                            .contains("switched off"));
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    @Test
    void aTaskThatIsStoppedDeliversWhatItHasByThen() throws Exception {
        try (HostJvm host = plan().start().awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            String task = rig.createTask("shop", "\"all\"", 600, CPU, "{}");
            rig.awaitSamples(task);

            assertThat(rig.davy("stop", task).exitCode()).isZero();

            rig.awaitState(task, "READY");
            assertThat(rig.assignment(task).path("note").asText()).isEqualTo("stopped on request");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }

    /** The JDK's Flight Recorder has an end of its own at that moment. */
    @ParameterizedTest
    @ValueSource(strings = {"async-profiler", "jfr"})
    void aHostThatIsToldToEndEndsInTimeAndItsRecordingArrives(String engine) throws Exception {
        try (HostJvm host = plan("shop-1", "engine=" + engine).start().awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            String task = rig.createTask("shop", "\"all\"", 600, CPU, "{}");
            rig.awaitSamples(task);

            assertThat(host.terminate()).isEqualTo("exit 143");

            rig.awaitState(task, "READY");
            try (Stream<Path> left = Files.walk(folder.resolve("agents"))) {
                assertThat(left.filter(file -> file.toString().matches(".*\\.(jfr|part|run)|.*_[0-9]+")))
                        .isEmpty();
            }
        }
    }

    @Test
    void everyEventAloneAndAllInOneRecordingInAnyOrder() throws Exception {
        try (HostJvm host = plan().start().awaitReady()) {
            rig.awaitInstance("shop", "shop-1");
            String trace = "\"trace\": \"io.davylamp.e2e.host.Host$Rest.rest:1ms\"";
            for (String event : List.of(
                    "cpu",
                    "ctimer",
                    "itimer",
                    "wall",
                    "alloc",
                    "live",
                    "lock",
                    "nativemem",
                    "nativelock",
                    "page-faults",
                    "context-switches")) {
                String task = rig.createTask("shop", "\"all\"", 1, "[\"" + event + "\"]", "{\"chunktime\": \"5s\"}");
                if (event.equals("nativelock")) {
                    // Nothing in the host waits for one, and that is said.
                    Rig.await().until(() -> List.of("READY", "UNREADABLE").contains(rig.state(task)));
                    assertThat(rig.assignment(task).path("reason").asText()).containsAnyOf("", "holds no samples");
                } else {
                    rig.awaitState(task, "READY");
                }
            }
            String all = rig.createTask(
                    "shop",
                    "\"all\"",
                    2,
                    "[\"trace\", \"nativelock\", \"lock\", \"live\", \"nativemem\", \"wall\", \"cpu\"]",
                    "{" + trace + ", \"alloc\": \"1k\", \"memlimit\": \"64m\"}");
            rig.awaitState(all, "READY");
            assertThat(rig.get("/api/v1/tasks/" + all + "/measures").findValuesAsText("name"))
                    .contains("cpu", "wall", "method");
            assertThat(host.exit()).isEqualTo(WELL);
        }
    }
}
