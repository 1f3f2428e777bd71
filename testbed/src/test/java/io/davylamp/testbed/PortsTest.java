package io.davylamp.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aPortIsGivenToOneAskerOnlyWhetherItIsOpenYetOrNot() {
        assertThat(IntStream.range(0, 1_000).parallel().map(i -> Ports.free()).boxed())
                .doesNotHaveDuplicates();
    }
}
