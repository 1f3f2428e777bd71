package io.davylamp.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ImportBenchmarkTest {
    @Test
    void theScanReadsVarints() {
        assertThat(VarintScan.sum(new byte[] {5, (byte) 0x81, 1, 0})).isEqualTo(5 + 129);
    }
}
