package io.davylamp.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedOptionsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "event=cpu,alloc=512k,lock,interval=10ms",
                "event=wall,interval=50ms",
                "alloc,live",
                "event=cache-misses,include=*Shop.pay*",
                "event=L1-dcache-load-misses",
                "event=cpu,trace=a.b.C.m:10ms,trace=a.b.C.n",
                "event=cpu,memlimit=64m,jstackdepth=8192,nativelock=1ms"
            })
    void letsWhatOnlyRecordsPass(String options) {
        AllowedOptions.require(options);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",",
                "event=cpu,",
                "stop",
                "event=cpu,file=/etc/passwd",
                "event=cpu,log=/tmp/x",
                "event=cpu,server=0.0.0.0:8080",
                "event=cpu,fdtransfer",
                "event=cpu,loop=1s",
                "event=cpu,jfrsync=default",
                "event=cpu,flamegraph",
                "event=cpu,event=alloc",
                "event=java.lang.System.exit",
                "event=malloc",
                "event=cpu,jstackdepth=8193",
                "event=cpu,jstackdepth=",
                "event=cpu,check",
                "event=cpu,libpath=/tmp/x.so",
                "event=cpu,include=a\nb",
                "interval =1ms",
                "EVENT=cpu"
            })
    void refusesAllElseByName(String options) {
        assertThatThrownBy(() -> AllowedOptions.require(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not allow the option");
    }

    /** The two lists live in rooms that do not know each other. */
    @Test
    void allowsEveryOptionAndEventThatTheServerKnows() throws IOException {
        Path task = Path.of("../core/src/main/java/io/davylamp/core/task");
        Matcher options =
                Pattern.compile("(?m)^    ([A-Z]+)\\(").matcher(Files.readString(task.resolve("ProfilerOption.java")));
        int count = 0;
        for (; options.find(); count++) {
            String word = options.group(1).toLowerCase(Locale.ROOT);
            AllowedOptions.require(word.equals("jstackdepth") ? word + "=1" : word);
        }
        assertThat(count).isGreaterThan(20);
        Matcher events = Pattern.compile("(?m)^    [A-Z0-9_]+\\(\"([^\"]+)\", (true|false)\\)")
                .matcher(Files.readString(task.resolve("ProfilerEvent.java")));
        for (count = 0; events.find(); count++) {
            String word = events.group(1);
            AllowedOptions.require(events.group(2).equals("true") ? "event=" + word : word);
            assertThat(AllowedOptions.EVENTS).contains(word);
        }
        assertThat(count).isEqualTo(AllowedOptions.EVENTS.size());
    }
}
