package io.davylamp.core.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.Ids;
import org.junit.jupiter.api.Test;

class ServerIdTest {
    @Test
    void isAnotherOneAtEveryStart() {
        Ids ids = new Ids();

        assertThat(ServerId.starting(ids, 1_000)).isNotEqualTo(ServerId.starting(ids, 1_000));
    }

    @Test
    void refusesWhatAnAddressOrAPathCouldMisread() {
        assertThatThrownBy(() -> new ServerId("a/b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ServerId("a".repeat(33))).isInstanceOf(IllegalArgumentException.class);
    }
}
