package io.davylamp.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.JdkAccess;
import io.davylamp.agent.keep.Folder;
import io.davylamp.agent.keep.Journal;
import io.davylamp.agent.keep.Outbox;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FlightRecorderEngineTest {
    private static final Map<String, String> LACKS =
            PreFlight.ofFlightRecorder("the test says so", false).lacks();

    @TempDir
    Path below;

    private final Map<String, String> impossible = new LinkedHashMap<>();
    private Folder folder;
    private Outbox outbox;
    private Journal journal;

    @BeforeEach
    void open() throws IOException {
        AgentConfig config = AgentConfig.of("service=shop,instance=one,folder=" + below, Map.of());
        folder = Folder.open(config);
        outbox = new Outbox(folder, 1 << 30, 1 << 30);
        journal = new Journal(config, folder);
    }

    private FlightRecorderEngine engine() {
        return new FlightRecorderEngine(new JdkAccess(null), folder.file(Outbox.REPOSITORY), "the test says so");
    }

    private Session start(String options) throws Exception {
        return engine().start(outbox, journal, "a1", options, 60, impossible::put);
    }

    private static Set<String> types(File recording) throws IOException {
        return RecordingFile.readAllEvents(recording.toPath()).stream()
                .map(RecordedEvent::getEventType)
                .map(type -> type.getName())
                .collect(Collectors.toSet());
    }

    private static FlightRecorderEngine.Wanted wanted(String options, int java, boolean cpuTime) {
        return FlightRecorderEngine.Wanted.of(options, java, cpuTime, LACKS);
    }

    @ParameterizedTest
    @CsvSource({"1.8, 8", "11, 11", "25, 25", "'', 0", "1.8-internal, 0"})
    void readsTheVersionOfJava(String version, int feature) {
        assertThat(FlightRecorderEngine.feature(version)).isEqualTo(feature);
    }

    @Test
    void processorTimeIsSampledWhereTheJdkDoesSoAndRunningThreadsElsewhere() {
        assertThat(wanted("event=cpu,interval=5ms", 25, true).settings)
                .containsEntry("jdk.CPUTimeSample#enabled", "true")
                .containsEntry("jdk.CPUTimeSample#throttle", "5000000 ns")
                .containsEntry("jdk.CPUTimeSamplesLost#enabled", "true")
                .doesNotContainKey("jdk.ExecutionSample#enabled");
        assertThat(wanted("event=cpu,interval=5ms", 25, true).note.toString()).isEmpty();
        assertThat(wanted("event=cpu", 24, false).settings)
                .containsEntry("jdk.ExecutionSample#enabled", "true")
                .containsEntry("jdk.ExecutionSample#period", "10 ms")
                .doesNotContainKey("jdk.CPUTimeSample#enabled");
        assertThat(wanted("event=cpu", 24, false).note.toString()).contains("at most five threads");
    }

    @Test
    void allocationsAreSampledFromJava16OnAndOfNewBuffersBefore() {
        assertThat(wanted("alloc", 16, false).settings)
                .containsEntry("jdk.ObjectAllocationSample#throttle", "300/s")
                .doesNotContainKey("jdk.ObjectAllocationInNewTLAB#enabled");
        assertThat(wanted("alloc", 11, false).settings)
                .containsKeys("jdk.ObjectAllocationInNewTLAB#enabled", "jdk.ObjectAllocationOutsideTLAB#enabled")
                .doesNotContainKey("jdk.ObjectAllocationSample#enabled");
        assertThat(wanted("alloc=512k", 17, false).note.toString()).contains("alloc=512k is as alloc");
    }

    @ParameterizedTest
    @CsvSource({
        "lock, 1000000 ns",
        "lock=0, 1000000 ns",
        "lock=10us, 10000 ns",
        "lock=2s, 2000000000 ns",
        "lock=7, 7 ns",
        "lock=999999999999s, 3600000000000 ns"
    })
    void locksAreRecordedAboveTheTasksThreshold(String options, String threshold) {
        assertThat(wanted(options, 17, false).settings)
                .containsEntry("jdk.JavaMonitorEnter#threshold", threshold)
                .containsEntry("jdk.ThreadPark#threshold", threshold);
    }

    @Test
    void nothingOfTheHostsSecretsIsAskedFor() {
        assertThat(wanted("event=cpu,alloc,lock", 25, true).settings.keySet())
                .noneMatch(setting -> setting.matches("jdk\\.(Initial|JVMInformation|SystemProcess|.*Flag).*"));
    }

    @Test
    void whatTheRecorderLosesIsAskedFor() {
        assertThat(wanted("alloc", 17, false).settings).containsEntry("jdk.DataLoss#enabled", "true");
    }

    @Test
    void whatItDoesNotRecordIsLeftOutAndTold() {
        FlightRecorderEngine.Wanted wanted = wanted("event=cpu,wall,nativemem", 25, true);

        assertThat(wanted.dropped).containsOnlyKeys("wall", "nativemem");
        assertThat(wanted.note.toString())
                .contains(
                        "wall is not recorded: the JDK's Flight Recorder, which this agent uses because the test says so,"
                                + " takes no samples of threads that wait")
                .contains("nativemem is not recorded: ");
        assertThatThrownBy(() -> wanted("event=cache-misses", 25, true))
                .hasMessageContaining("records cpu, alloc and lock only");
    }

    @Test
    void itsAbilitiesAreKnownBeforeAnythingIsRecorded() {
        PreFlight found = PreFlight.ofFlightRecorder("the test says so", true);

        assertThat(found.lacks()).containsKeys("wall", "ctimer", "live", "page-faults", "include", "cstack");
        assertThat(found.lacks()).doesNotContainKeys("cpu", "alloc", "lock", "interval", "threads", "memlimit");
        assertThat(found.findings())
                .containsEntry("profiling engine", "the JDK's Flight Recorder: the test says so")
                .containsEntry("cpu engine", "jfr, samples of processor time");
    }

    @Test
    void aRecordingHasWhatWasAskedForAndNothingOfOthers() throws Exception {
        Session session = start("event=cpu,alloc,wall,interval=1ms");
        byte[][] kept = new byte[64][];
        for (int i = 0; i < 200_000; i++) {
            kept[i % kept.length] = new byte[4 << 10];
        }
        File recording = session.finish();

        assertThat(recording).hasName("a1.jfr");
        assertThat(session.engine()).isEqualTo("jfr");
        assertThat(session.note()).contains("wall is not recorded");
        assertThat(impossible).containsOnlyKeys("wall");
        assertThat(types(recording))
                .contains("jdk.ObjectAllocationSample", "jdk.ActiveSetting", "jdk.OSInformation")
                .doesNotContain("jdk.JVMInformation", "jdk.InitialSystemProperty", "jdk.ThreadSleep", "jdk.ClassLoad");
        assertThat(FlightRecorder.getFlightRecorder().getRecordings()).isEmpty();
        assertThat(folder.file("a1.run")).doesNotExist();
    }

    @Test
    void anAbandonedRecordingLeavesNothing() throws Exception {
        start("event=cpu").abandon();

        assertThat(folder.file("a1.part")).doesNotExist();
        assertThat(folder.file("a1.jfr")).doesNotExist();
        assertThat(folder.file("a1.run")).doesNotExist();
        assertThat(FlightRecorder.getFlightRecorder().getRecordings()).isEmpty();
    }

    @Test
    void aRecordingThatEndedByItselfIsWhole() throws Exception {
        Session session = start("event=cpu");
        List<jdk.jfr.Recording> running = FlightRecorder.getFlightRecorder().getRecordings();
        running.get(0).stop();

        assertThat(types(session.finish())).contains("jdk.ActiveSetting");
    }

    @Test
    void aRecordingIsWholeWhenTheJvmEndsMeanwhile() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-exports=jdk.jfr/jdk.jfr.internal=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        RecordsAtItsEnd.class.getName(),
                        below.resolve("recorder").toString(),
                        below.resolve("end.jfr").toString(),
                        "1000")
                .redirectErrorStream(true)
                .start();

        assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("0 of 1000 were not whole\n");
    }

    @Test
    void aRecordingThatCannotBeCopiedIsAnError() throws Exception {
        Session session = start("event=cpu");
        File part = outbox.part("a1");
        assertThat(part.delete()).isTrue();
        assertThat(part.mkdir()).isTrue();

        assertThatThrownBy(session::finish).hasMessage("the Flight Recorder could not copy its recording");
    }

    @Test
    void otherRecordingsOfTheHostAreTold() throws Exception {
        try (jdk.jfr.Recording hosts = new jdk.jfr.Recording()) {
            hosts.enable("jdk.ThreadSleep");
            hosts.start();

            Session session = start("alloc");

            assertThat(session.note()).contains("1 other recording of the Flight Recorder runs in this JVM");
            session.abandon();
            assertThat(FlightRecorder.getFlightRecorder().getRecordings()).containsExactly(hosts);
        }
    }

    @Test
    void whatAKilledJvmHasLeftIsRemovedWhenAnotherTakesOver() throws Exception {
        AgentConfig dead = AgentConfig.of("service=shop,instance=dead,folder=" + below, Map.of());
        Folder left = Folder.open(dead);
        Path chunk = left.file("repository").toPath().resolve("2026_11_26_18_00_00_77/1.jfr");
        Files.createDirectories(chunk.getParent());
        Files.writeString(chunk, "chunk");
        left.close();

        Folder.orphans(AgentConfig.of("service=shop,instance=one,folder=" + below, Map.of()))
                .forEach(outbox::adopt);

        assertThat(left.file("repository")).doesNotExist();
    }
}
