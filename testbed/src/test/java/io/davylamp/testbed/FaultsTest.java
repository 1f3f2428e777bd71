package io.davylamp.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultsTest {
    private static final int STEPS = 200;

    @Test
    void aSeedGivesTheSameScheduleAgainAndAnotherSeedAnother() {
        assertThat(Faults.schedule(7, 3, true, STEPS))
                .isEqualTo(Faults.schedule(7, 3, true, STEPS))
                .isNotEqualTo(Faults.schedule(8, 3, true, STEPS));
    }

    @Test
    void everyKindOfFaultComesUp() {
        assertThat(kinds(true)).containsExactlyInAnyOrder(Faults.Kind.values());
    }

    @Test
    void nothingHappensToADatabaseThatIsNotThere() {
        assertThat(kinds(false)).isNotEmpty().noneMatch(Faults.Kind::isOfStore);
    }

    private static Set<Faults.Kind> kinds(boolean isShared) {
        return Faults.schedule(1, 3, isShared, STEPS).stream()
                .map(Faults.Step::kind)
                .collect(Collectors.toSet());
    }
}
