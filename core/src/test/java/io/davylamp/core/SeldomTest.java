package io.davylamp.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SeldomTest {
    private final AtomicLong nanos = new AtomicLong(Long.MIN_VALUE);
    private final Seldom seldom = new Seldom(nanos::get, Duration.ofSeconds(10));
    private final List<String> lines = new ArrayList<>();

    @Test
    void oneOfAKindIsLoggedAndTheRestCounted() {
        for (int i = 0; i < 5; i++) {
            seldom.log("a", more -> lines.add("a" + more));
        }
        seldom.log("b", more -> lines.add("b" + more));
        nanos.addAndGet(Duration.ofSeconds(10).toNanos());
        seldom.log("a", more -> lines.add("a" + more));

        assertThat(lines).containsExactly("a", "b", "a (and 4 more of this kind before)");
    }

    @Test
    void kindsWithoutEndShareALine() {
        for (int i = 0; i < 10_000; i++) {
            seldom.log("kind " + i, lines::add);
        }

        assertThat(lines).hasSizeLessThan(200);
    }
}
