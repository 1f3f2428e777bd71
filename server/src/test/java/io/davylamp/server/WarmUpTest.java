package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WarmUpTest {
    private final AtomicInteger rounds = new AtomicInteger();

    @Test
    void rehearsesManyTimesAndEnds() {
        new WarmUp(() -> false, () -> rounds::incrementAndGet).run();

        assertThat(rounds.get()).isGreaterThan(10);
    }

    @Test
    void endsAfterTheRoundInWhichRealWorkComes() {
        new WarmUp(() -> rounds.get() == 3, () -> rounds::incrementAndGet).run();

        assertThat(rounds).hasValue(3);
    }

    @Test
    void doesNothingWhereThereIsWorkAlready() {
        new WarmUp(() -> true, () -> {
                    throw new IllegalStateException("not even made");
                })
                .run();

        assertThat(rounds).hasValue(0);
    }

    @Test
    void endsAfterTheRoundInWhichItIsStopped() {
        WarmUp[] warmUp = new WarmUp[1];
        warmUp[0] = new WarmUp(() -> false, () -> () -> {
            rounds.incrementAndGet();
            warmUp[0].stop();
        });

        warmUp[0].run();

        assertThat(rounds).hasValue(1);
    }

    @Test
    void aFaultEndsItAndNothingElse() {
        new WarmUp(() -> false, () -> () -> {
                    rounds.incrementAndGet();
                    throw new IOException("no disk");
                })
                .run();

        assertThat(rounds).hasValue(1);
    }
}
