package io.davylamp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final Places places = new Places(2, Duration.ofSeconds(10), 100, nanos::get);
    private final List<String> displaced = new ArrayList<>();

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private Places.Place take(String name) {
        return places.take(() -> displaced.add(name)).orElse(null);
    }

    @Test
    void thereAreOnlySoManyAndOneThatIsLeftCanBeTaken() {
        Places.Place first = take("first");
        take("second");

        assertThat(take("third")).isNull();
        first.close();
        assertThat(take("fourth")).isNotNull();
        assertThat(displaced).isEmpty();
    }

    @Test
    void whenAllAreTakenTheLongestSilentMakesRoomAndNoneThatGoesOn() {
        Places.Place first = take("first");
        pass(Duration.ofSeconds(1));
        Places.Place second = take("second");
        pass(Duration.ofSeconds(8)); // as long as a busy server may leave unread what was sent
        assertThat(take("third")).isNull();
        pass(Duration.ofSeconds(3));

        assertThat(take("third")).isNotNull();

        assertThat(displaced).containsExactly("first");
        assertThat(first.isDisplaced()).isTrue();
        second.came(1);
        pass(Duration.ofSeconds(1));
        assertThat(take("fourth")).isNull();
        assertThat(second.isDisplaced()).isFalse();
    }

    @Test
    void whatTricklesIsTakenAwayAndWhatKeepsTheRateIsNot() {
        Places.Place slow = take("slow");
        Places.Place fast = take("fast");
        for (int i = 0; i < 10; i++) {
            pass(Duration.ofSeconds(1));
            slow.came(99);
            fast.came(100);
            places.sweep();
        }

        assertThat(displaced).containsExactly("slow");
        assertThat(take("next")).isNotNull();
    }

    @Test
    void whatHasComeWholeIsNotTakenAway() {
        take("first").settle();
        take("second").settle();
        pass(Duration.ofMinutes(5));
        places.sweep();

        assertThat(take("third")).isNull();
        assertThat(displaced).isEmpty();
    }
}
