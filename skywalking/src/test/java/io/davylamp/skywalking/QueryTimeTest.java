package io.davylamp.skywalking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueryTimeTest {
    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

    private static QueryTime of(String step, String start, String end) {
        return QueryTime.of(Map.of("step", step, "start", start, "end", end), ZONE);
    }

    @ParameterizedTest
    @CsvSource({
        "DAY, 2026-11-24, 2026-11-25, 2026-11-23T16:00:00Z, 2026-11-25T16:00:00Z",
        "HOUR, 2026-11-24 08, 2026-11-24 08, 2026-11-24T00:00:00Z, 2026-11-24T01:00:00Z",
        "MINUTE, 2026-11-24 0830, 2026-11-24 1200, 2026-11-24T00:30:00Z, 2026-11-24T04:01:00Z",
        "SECOND, 2026-11-24 083001, 2026-11-24 083001, 2026-11-24T00:30:01Z, 2026-11-24T00:30:02Z"
    })
    void bothEndsAreMeantInTheServersZone(String step, String start, String end, Instant from, Instant to) {
        QueryTime time = of(step, start, end);

        assertThat(time.startMillis()).isEqualTo(from.toEpochMilli());
        assertThat(time.endMillis()).isEqualTo(to.toEpochMilli());
        assertThat(time.isEmpty()).isEqualTo(start.equals(end));
        assertThat(time.holds(to.toEpochMilli() - 1)).isTrue();
        assertThat(time.holds(to.toEpochMilli())).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"MINUTE, 2026-11-24", "DAY, 2026-13-01", "SECOND, 2026-11-24 08:30:01", "HOUR, ''", "DAY, 2026-02-30"})
    void whatIsNoTimeOfItsStepIsSaid(String step, String text) {
        assertThatThrownBy(() -> of(step, text, text))
                .isInstanceOf(QueryTime.NoTimeException.class)
                .hasMessageContaining("duration.start \"" + text + "\" is no time of step " + step);
    }
}
