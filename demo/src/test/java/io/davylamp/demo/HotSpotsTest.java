package io.davylamp.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HotSpotsTest {
    @Test
    void theThreeMethodsDoTheSameWorkPerRound() {
        assertThat(Pricing.discount(42, 1_000))
                .isEqualTo(Search.rank(42, 1_000))
                .isEqualTo(Template.render(42, 1_000));
    }
}
