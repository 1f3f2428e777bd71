package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NumbersTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0             | bytes       | 0 B
            999           | bytes       | 999 B
            1000          | bytes       | 1.0 KB
            123456        | bytes       | 123 KB
            1234567890    | bytes       | 1.2 GB
            340000000     | nanoseconds | 340 ms
            1500          | nanoseconds | 1.5 µs
            90000000000   | nanoseconds | 90.0 s
            1234567       | samples     | 1,234,567 samples
            """)
    void areWrittenWithTheirUnit(long value, String unit, String text) {
        assertThat(Numbers.value(value, unit)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({"30s, 30", "45, 45", "5m, 300", "1h, 3600"})
    void readsDurations(String text, long seconds) {
        assertThat(Numbers.duration(text).toSeconds()).isEqualTo(seconds);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "s", "-1s", "1d", "1.5s", "99999999999s"})
    void refusesWhatIsNoDuration(String text) {
        assertThatThrownBy(() -> Numbers.duration(text))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("write 30s, 5m or 1h");
    }

    @Test
    void aShareOfNothingIsNothing() {
        assertThat(Numbers.percent(0, 0)).isEqualTo("0.0 %");
        assertThat(Numbers.percent(1, 8)).isEqualTo("12.5 %");
    }
}
