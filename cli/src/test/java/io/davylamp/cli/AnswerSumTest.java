package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerSumTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"measure":"cpu","unit":"nanoseconds","total":12400000000,"samples":1240,"lengthNanos":10000000000,"coreNanos":20000000000} | cpu: 12.4 s, 1,240 samples, 1.24 of 2 cores
            {"measure":"cpu","unit":"nanoseconds","total":12400000000,"lengthNanos":10000000000}                                        | cpu: 12.4 s, 1.24 cores
            {"measure":"cpu","unit":"nanoseconds","total":5000000000,"lengthNanos":20000000000,"coreNanos":60000000000}                 | cpu: 5.0 s, 0.25 of 3 cores
            {"measure":"cpu","unit":"samples","total":50,"samples":50,"lengthNanos":10000000000}                                        | cpu: 50 samples
            {"measure":"wall","unit":"nanoseconds","total":5000000000,"samples":100,"lengthNanos":10000000000}                          | wall: 5.0 s, 100 samples
            {"measure":"alloc","unit":"bytes","total":1500,"lengthNanos":10000000000}                                                   | alloc: 1.5 KB
            """)
    void saysTimeSamplesAndCores(String answer, String text) throws Exception {
        assertThat(Numbers.sum(new ObjectMapper().readTree(answer))).isEqualTo(text);
    }
}
