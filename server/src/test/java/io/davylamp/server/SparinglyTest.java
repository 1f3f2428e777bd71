package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SparinglyTest {
    private long millis;
    private long takesMillis;
    private int ran;

    private final Sparingly job = new Sparingly(
            () -> {
                ran++;
                millis += takesMillis;
            },
            100,
            () -> TimeUnit.MILLISECONDS.toNanos(millis));

    @Test
    void aShortJobRunsEachTime() {
        takesMillis = 10;
        for (int i = 0; i < 5; i++) {
            job.run();
            millis += 60_000;
        }

        assertThat(ran).isEqualTo(5);
    }

    @Test
    void aLongJobIsLeftOutUntilItTookAHundredthOfTheTime() {
        takesMillis = 3_000;
        int[] minutes = new int[11];
        for (int i = 0; i < minutes.length; i++) {
            job.run();
            minutes[i] = ran;
            millis = (i + 1) * 60_000L;
        }

        assertThat(minutes).containsExactly(1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3);
    }
}
