package io.davylamp.agent;

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
                "event=cache-misses,include=*Shop.pay*"
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
                "event=cpu,include=a\nb",
                "interval =1ms",
                "EVENT=cpu"
            })
    void refusesAllElseByName(String options) {
        assertThatThrownBy(() -> AllowedOptions.require(options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not allow the option");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 86_401})
    void refusesDurationsThatCannotBeMeant(int seconds) {
        assertThatThrownBy(() -> AllowedOptions.requireDuration(seconds))
                .hasMessageContaining("allowed are 1 to 86400");
    }

    /** The two lists live in rooms that do not know each other. */
    @Test
    void allowsEveryOptionAndEventThatTheServerKnows() throws IOException {
        Path task = Path.of("../core/src/main/java/io/davylamp/core/task");
        Matcher options = Pattern.compile("(?m)^    ([A-Z]+)\\(\"")
                .matcher(Files.readString(task.resolve("ProfilerOption.java")));
        int count = 0;
        for (; options.find(); count++) {
            AllowedOptions.require(options.group(1).toLowerCase(Locale.ROOT));
        }
        assertThat(count).isGreaterThan(20);
        Matcher engines = Pattern.compile("(?m)^    ([A-Z_]+)\\(true\\)")
                .matcher(Files.readString(task.resolve("ProfilerEvent.java")));
        for (count = 0; engines.find(); count++) {
            AllowedOptions.require(
                    "event=" + engines.group(1).toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        assertThat(count).isGreaterThan(7);
    }
}
