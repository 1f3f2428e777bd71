package io.davylamp.core.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TaskSpecTest {
    private static TaskSpec spec(String events, String options) {
        Set<ProfilerEvent> parsed =
                Arrays.stream(events.split(" ")).map(ProfilerEvent::ofWord).collect(Collectors.toSet());
        SortedMap<String, String> map = new TreeMap<>();
        for (String option : options.isEmpty() ? new String[0] : options.split(" ")) {
            int equals = option.indexOf('=');
            map.put(equals < 0 ? option : option.substring(0, equals), equals < 0 ? "" : option.substring(equals + 1));
        }
        return TaskSpec.asked("shop", List.of("shop-1"), Duration.ofSeconds(10), parsed, map, null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            cpu                   | ''                       | event=cpu
            alloc cpu             | ''                       | event=cpu,alloc
            cpu lock alloc        | alloc=512k lock=1ms      | event=cpu,alloc=512k,lock=1ms
            wall                  | ''                       | event=wall
            wall                  | wall=20ms                | event=wall,interval=20ms
            cpu wall              | wall=20ms interval=5ms   | event=cpu,wall=20ms,interval=5ms
            alloc                 | live                     | alloc,live
            cache-misses          | interval=1000            | event=cache-misses,interval=1000
            ctimer                | cstack=vm jstackdepth=512| event=ctimer,cstack=vm,jstackdepth=512
            """)
    void isWrittenAsTheProfilerReadsIt(String events, String options, String text) {
        assertThat(TaskSpecText.of(spec(events, options))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file=/etc/passwd",
                "log=/tmp/x",
                "loglevel=debug",
                "server=0.0.0.0:80",
                "loop=1s",
                "timeout=5",
                "event=wall",
                "start",
                "stop",
                "dump",
                "collapsed",
                "flamegraph",
                "traces",
                "fdtransfer=/x",
                "begin=f",
                "end=f",
                "jfrsync=/tmp/evil.jfc",
                "libpath=/x",
                "interval=1;rm",
                "interval=",
                "interval=0",
                "interval=-1",
                "alloc=1,file=/x",
                "cstack=evil",
                "jstackdepth=99999",
                "clock=sundial",
                "include=a,file=b"
            })
    void refusesOptionsThatAreNotOnTheList(String option) {
        assertThatThrownBy(() -> spec("cpu alloc", option))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageContaining("allowed")
                .extracting(e -> ((InvalidTaskException) e).field())
                .isEqualTo("options");
    }

    @Test
    void refusesTwoEngines() {
        assertThatThrownBy(() -> spec("cpu ctimer", ""))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("cpu and ctimer cannot be recorded together: the profiler has one engine at a time");
    }

    @Test
    void refusesAnOptionOfAnEventThatWasNotAskedFor() {
        assertThatThrownBy(() -> spec("cpu", "alloc=1m"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("option alloc needs the event alloc or live, which was not asked for");
    }

    @Test
    void refusesADurationOfZero() {
        assertThatThrownBy(() -> TaskSpec.asked(
                        "shop", List.of("a"), Duration.ZERO, Set.of(ProfilerEvent.CPU), new TreeMap<>(), null))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("the duration must be above 0");
    }

    @Test
    void refusesATaskWithoutInstancesOrEvents() {
        assertThatThrownBy(() -> TaskSpec.asked(
                        "shop", List.of(), Duration.ofSeconds(1), Set.of(ProfilerEvent.CPU), new TreeMap<>(), null))
                .hasMessage("at least one instance is needed");
        assertThatThrownBy(() -> TaskSpec.asked(
                        "shop",
                        List.of("a", "a"),
                        Duration.ofSeconds(1),
                        Set.of(ProfilerEvent.CPU),
                        new TreeMap<>(),
                        null))
                .hasMessage("an instance is named twice");
        assertThatThrownBy(() ->
                        TaskSpec.asked("shop", List.of("a"), Duration.ofSeconds(1), Set.of(), new TreeMap<>(), null))
                .hasMessageStartingWith("at least one event is needed: cpu, ");
    }
}
