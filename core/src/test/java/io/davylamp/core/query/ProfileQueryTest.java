package io.davylamp.core.query;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ProfileQueryTest {
    @Test
    void worksOnFewQuestionsAtATimeAndOnAllInTheEnd() throws Exception {
        int questions = QueryLimits.DEFAULT.parallel() * 3;
        CountDownLatch full = new CountDownLatch(QueryLimits.DEFAULT.parallel());
        CountDownLatch go = new CountDownLatch(1);
        AtomicInteger working = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService askers = Executors.newFixedThreadPool(questions);
        try (CoreRig rig = new CoreRig()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < questions; i++) {
                int number = i;
                answers.add(askers.submit(() -> rig.query.inTurn(ANYONE, () -> {
                    most.accumulateAndGet(working.incrementAndGet(), Math::max);
                    full.countDown();
                    await(go);
                    working.decrementAndGet();
                    return number;
                })));
            }
            assertThat(full.await(120, TimeUnit.SECONDS)).isTrue();
            go.countDown();

            for (int i = 0; i < questions; i++) {
                assertThat(answers.get(i).get(120, TimeUnit.SECONDS)).isEqualTo(i);
            }
            assertThat(most).hasValue(QueryLimits.DEFAULT.parallel());
        } finally {
            askers.shutdownNow();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
