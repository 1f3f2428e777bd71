package io.davylamp.agent.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.agent.host.AgentConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GuardTest {
    @TempDir
    Path folder;

    private static final Instant NOON = Instant.parse("2026-11-25T12:00:00Z");

    private Guard guard(String arguments, Clock clock) {
        return new Guard(AgentConfig.of("folder=" + folder + "," + arguments, Map.of()), clock);
    }

    private Guard guard(String arguments) {
        return guard(arguments, Clock.fixed(NOON, ZoneOffset.UTC));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 3_601})
    void refusesDurationsThatCannotBeMeant(long seconds) {
        assertThatThrownBy(() -> guard("").require("event=cpu", seconds))
                .hasMessage("the agent does not profile for " + seconds + " s; allowed are 1 to 3600");
    }

    @Test
    void refusesLongerThanItsOwnLimitWhateverTheServersIs() {
        assertThatThrownBy(() -> guard("maxDuration=5m").require("event=cpu", 301))
                .hasMessageContaining("allowed are 1 to 300");
    }

    @Test
    void refusesEventsThatItIsNotSetTo() {
        Guard guard = guard("events=cpu+alloc");

        guard.require("event=cpu,alloc=512k", 10);
        assertThatThrownBy(() -> guard.require("event=cpu,lock", 10))
                .hasMessage("this agent is set to record cpu, alloc only, not lock");
    }

    @Test
    void refusesWhatPassesTheDaysQuotaAndStartsAgainTheNextDay() {
        Clock[] now = {Clock.fixed(NOON, ZoneOffset.UTC)};
        Guard guard = guard("quota=100s", new Clock() {
            @Override
            public ZoneOffset getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(java.time.ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return now[0].instant();
            }
        });
        guard.require("event=cpu", 60);
        guard.use(60);

        assertThatThrownBy(() -> guard.require("event=cpu", 60))
                .hasMessageContaining("was profiled for 60 s today")
                .hasMessageContaining("quota of 100 s");
        now[0] = Clock.offset(now[0], Duration.ofHours(13));
        assertThatCode(() -> guard.require("event=cpu", 60)).doesNotThrowAnyException();
    }

    @Test
    void isOffWhileTheFileExists() throws IOException {
        Guard guard = guard("");
        assertThat(guard.off().isEmpty()).isTrue();
        Path off = Files.writeString(folder.resolve("off"), "");

        assertThat(guard.off().reason).contains("switched off", off.toString());
        assertThatThrownBy(() -> guard.require("event=cpu", 10)).hasMessageContaining("switched off");
        Files.delete(off);
        guard.require("event=cpu", 10);
    }
}
