package io.davylamp.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PreFlightTest {
    private static final String NOBODY = "CapEff:\t0000000000000000\nSeccomp:\t0\nSigCgt:\t0000000000000000\n";
    private static final String PERFMON = "CapEff:\t0000004000000000\nSeccomp:\t0\n";

    @TempDir
    Path root;

    @BeforeEach
    void aMachineThatAllowsEverything() throws IOException {
        write("proc/sys/kernel/perf_event_paranoid", "1\n");
        write("proc/sys/kernel/kptr_restrict", "0\n");
        write("proc/self/status", NOBODY);
        write("proc/self/maps", "7f00-7f01 r-xp 0 fe:00 1 /usr/lib/libc.so.6\n");
        Files.createDirectories(root.resolve("sys/bus/event_source/devices/cpu"));
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.writeString(root.resolve(file), text);
    }

    private PreFlight look() {
        return PreFlight.look(root.toFile(), "Linux", "17");
    }

    @Test
    void lacksNothingWhereEverythingIsAllowed() {
        PreFlight found = look();

        assertThat(found.lacks()).isEmpty();
        assertThat(found.findings())
                .containsEntry("perf events", "allowed")
                .containsEntry("cpu engine", "perf_events")
                .containsEntry("kernel frames", "yes")
                .doesNotContainKey("another profiler");
    }

    @Test
    void lacksHardwareCountersOnAMachineWithoutThem() throws IOException {
        Files.delete(root.resolve("sys/bus/event_source/devices/cpu"));

        assertThat(look().lacks())
                .containsKeys("cache-misses", "cycles", "LLC-load-misses")
                .doesNotContainKeys("page-faults", "cpu", "ctimer");
        assertThat(look().lacks().get("cycles")).contains("no hardware counters");
    }

    @Test
    void foreseesTheTimerWhereTheKernelKeepsItsPartToItself() throws IOException {
        write("proc/sys/kernel/perf_event_paranoid", "2\n");

        assertThat(look().lacks()).isEmpty();
        assertThat(look().findings()).containsEntry("cpu engine", "ctimer").containsEntry("kernel frames", "no");
    }

    @Test
    void lacksAllCountersWhereTheKernelRefusesPerfEvents() throws IOException {
        write("proc/sys/kernel/perf_event_paranoid", "4\n");

        assertThat(look().lacks()).containsKeys("cycles", "page-faults").doesNotContainKey("cpu");
        assertThat(look().lacks().get("page-faults")).contains("perf_event_paranoid is 4", "CAP_PERFMON");
    }

    @Test
    void theCapabilityForPerfEventsOverrulesTheKernelsSetting() throws IOException {
        write("proc/sys/kernel/perf_event_paranoid", "4\n");
        write("proc/self/status", PERFMON);

        assertThat(look().lacks()).isEmpty();
        assertThat(look().findings()).containsEntry("cpu engine", "perf_events");
    }

    @Test
    void doesNotRefuseWhatAContainersFilterMayAllowButLearnsFromTheFirstTask() throws IOException {
        write("proc/self/status", NOBODY.replace("Seccomp:\t0", "Seccomp:\t2"));
        PreFlight found = look();
        assertThat(found.lacks()).isEmpty();
        assertThat(found.findings().get("perf events")).contains("seccomp");
        assertThat(found.unsure()).containsKeys("page-faults", "cycles").doesNotContainKeys("cpu", "alloc");

        assertThat(found.learn("page-faults", "Perf events unavailable")).isTrue();

        assertThat(found.lacks())
                .containsEntry("page-faults", "Perf events unavailable")
                .containsKey("cycles");
        assertThat(found.unsure()).isEmpty();
        assertThat(found.learn("page-faults", "Perf events unavailable")).isFalse();
    }

    @Test
    void whatWorkedOnceIsNotUnsureAnyMore() throws IOException {
        write("proc/self/status", NOBODY.replace("Seccomp:\t0", "Seccomp:\t2"));
        PreFlight found = look();

        assertThat(found.confirm("cpu")).isFalse();
        assertThat(found.confirm("page-faults")).isTrue();
        assertThat(found.unsure()).containsKey("cycles").doesNotContainKey("context-switches");

        assertThat(found.confirm("cycles")).isTrue();
        assertThat(found.unsure()).isEmpty();
        assertThat(found.confirm("cycles")).isFalse();
    }

    @Test
    void isUnsureOfHardwareCountersWhereNothingTellsOfThem() throws IOException {
        Files.delete(root.resolve("sys/bus/event_source/devices/cpu"));
        Files.delete(root.resolve("sys/bus/event_source/devices"));

        PreFlight found = look();

        assertThat(found.lacks()).isEmpty();
        assertThat(found.unsure()).containsKey("cache-misses").doesNotContainKeys("page-faults", "cpu");
        assertThat(found.unsure().get("cycles")).contains("/sys", "the first task will show");
    }

    @ParameterizedTest
    @ValueSource(strings = {"cpu_core", "armv8_pmuv3_0"})
    void knowsTheCountersOfOtherProcessors(String device) throws IOException {
        Files.delete(root.resolve("sys/bus/event_source/devices/cpu"));
        Files.createDirectories(root.resolve("sys/bus/event_source/devices/" + device));

        assertThat(look().lacks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.8", "9", "10"})
    void onOldJvmsAllocationsAreSeenOnlyWithDebugSymbols(String java) throws IOException {
        String libjvm = "/usr/lib/jvm/jre/lib/amd64/server/libjvm.so";
        write("proc/self/maps", "7f00-7f01 r-xp 0 fe:00 1                  " + libjvm + "\n7f02-7f03 rw-p 0 0 0\n");
        // The name lies across two pieces of what is read at a time.
        write(libjvm.substring(1), "x".repeat((256 << 10) - 5) + "_ZN11AllocTracer33send_allocation_in_new_tlab_event");

        PreFlight with = PreFlight.look(root.toFile(), "Linux", java);
        assertThat(with.unsure()).isEmpty();
        assertThat(with.lacks()).containsOnlyKeys("live");
        assertThat(with.findings()).doesNotContainKey("alloc");

        write(libjvm.substring(1), "stripped");
        PreFlight without = PreFlight.look(root.toFile(), "Linux", java);
        assertThat(without.unsure()).containsOnlyKeys("alloc");
        assertThat(without.unsure().get("alloc")).contains("debug symbols", libjvm, "the first task will show");

        assertThat(without.learn("alloc", "No AllocTracer symbols found. Are JDK debug symbols installed?"))
                .isTrue();
        assertThat(without.unsure()).isEmpty();
        assertThat(without.lacks()).containsKeys("alloc", "live");
    }

    @Test
    void sinceJava11TheJvmItselfShowsAllocations() throws IOException {
        write("proc/self/maps", "7f00-7f01 r-xp 0 fe:00 1 /jre/lib/server/libjvm.so\n");

        PreFlight found = PreFlight.look(root.toFile(), "Linux", "11");

        assertThat(found.unsure()).isEmpty();
        assertThat(found.lacks()).isEmpty();
    }

    @Test
    void aFailureThatHasAnotherCauseTeachesNothing() {
        assertThat(look().learn("page-faults", "Profiler already started")).isFalse();
        assertThat(look().learn("alloc", "No AllocTracer symbols found. Are JDK debug symbols installed?"))
                .isTrue();
    }

    @Test
    void namesAnotherProfiler() throws IOException {
        write("proc/self/maps", "7f00-7f01 r-xp 0 fe:00 1    /opt/yourkit/bin/linux-x86-64/libyjpagent.so\n");
        assertThat(look().findings())
                .containsEntry("another profiler", "/opt/yourkit/bin/linux-x86-64/libyjpagent.so is loaded");

        write("proc/self/maps", "");
        write("proc/self/status", NOBODY.replace("SigCgt:\t0000000000000000", "SigCgt:\t0000000004000000"));
        assertThat(look().findings().get("another profiler")).contains("SIGPROF");
    }

    @Test
    void tellsTheLimitsOfAContainer() throws IOException {
        write("sys/fs/cgroup/cpu.max", "150000 100000\n");
        write("sys/fs/cgroup/memory.max", "536870912\n");

        assertThat(look().findings()).containsEntry("cpu limit", "1.50").containsEntry("memory limit", "536870912");
    }

    @Test
    void hasTheTimerOfTheProcessAloneOnMacOs() {
        PreFlight found = PreFlight.look(root.toFile(), "Mac OS X", "17");

        assertThat(found.lacks())
                .containsKeys("ctimer", "cycles", "page-faults")
                .doesNotContainKeys("cpu", "itimer");
        assertThat(found.findings()).containsEntry("cpu engine", "itimer");
    }

    @Test
    void doesNotFallOverFilesThatAreNoNumbers() throws IOException {
        write("proc/sys/kernel/perf_event_paranoid", "banana");
        write("sys/fs/cgroup/cpu.max", "a b");
        write("proc/self/status", "CapEff:\txyz\n");

        assertThat(look().lacks().get("cycles")).isEqualTo("this kernel has no perf events");
    }
}
