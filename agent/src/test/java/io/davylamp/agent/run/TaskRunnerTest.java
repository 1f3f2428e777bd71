package io.davylamp.agent.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaskRunnerTest {
    /** At the end of the time that is waited, half of the room is left. */
    @ParameterizedTest
    @CsvSource({
        "a gigabyte of room and nothing recorded,    1073741824,         0, 10000",
        "the limit of a server,                       536870912,         0, 10000",
        "little room,                                  64000000,         0,  1907",
        "hardly any,                                       1000,         0,  1000",
        "none,                                               -1,         0,  1000",
        "a recording that grows by 100 MB a second,  1073741824, 100000000,  5368"
    })
    void looksAtARecordingTheOftenerTheLessRoomItHas(String what, long room, long growth, long millis) {
        assertThat(TaskRunner.nextLookMillis(room, growth)).as(what).isEqualTo(millis);
    }

    @Test
    void eachEventTakesItsOptionsAlong() {
        List<String> options = List.of(
                "event=cpu",
                "alloc=512k",
                "live",
                "lock=10ms",
                "trace=A.a",
                "trace=B.b",
                "interval=5ms",
                "memlimit=1m");

        assertThat(ProfilerSession.events(options)).containsExactly("cpu", "alloc", "lock", "trace");
        assertThat(ProfilerSession.without(options, event -> event.equals("alloc")))
                .containsExactly("alloc=512k", "live", "interval=5ms", "memlimit=1m");
        assertThat(ProfilerSession.without(options, event -> !event.equals("trace")))
                .containsExactly("event=cpu", "alloc=512k", "live", "lock=10ms", "interval=5ms", "memlimit=1m");
    }
}
