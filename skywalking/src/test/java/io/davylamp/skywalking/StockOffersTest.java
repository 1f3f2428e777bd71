package io.davylamp.skywalking;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StockOffersTest {
    private final CoreRig rig = new CoreRig();
    private final StockOffers offers = new StockOffers(rig.offers, rig.assignments, TaskLimits.DEFAULT, rig.clock);

    @AfterEach
    void close() {
        rig.close();
    }

    private Offers.Offer offered(Instance quiet, Task task) {
        Offers.Offer offer = offers.next(quiet.id(), quiet.life(), -1).orElseThrow();
        assertThat(offer.assignment().taskId()).isEqualTo(task.id());
        return offer;
    }

    @Test
    void takesTheNameOfTheLastCommandAsItsReceiptAndCountsTheTimeFromThere() {
        Instance quiet = rig.unreported("a");
        Task task = rig.create("quiet");
        rig.clock.advance(Duration.ofSeconds(30));
        Assignment offered = offered(quiet, task).assignment();
        rig.clock.advance(Duration.ofSeconds(10));

        assertThat(offers.acknowledge(quiet.id(), "a", offered.createdMillis())).isEmpty();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.ACCEPTED);
        assertThat(rig.now(task).deadlineMillis())
                .isEqualTo(rig.clock.millis()
                        + 10_000
                        + TaskLimits.DEFAULT.unreportedGrace().toMillis());
        rig.clock.advance(Duration.ofSeconds(71));
        rig.deadlines.expireOverdue();
        assertThat(rig.now(task).reason()).contains("sent no result", "perf events", "noexec");
    }

    @Test
    void doesNotTakeAWordThatCrossedTheCommandForItsLoss() {
        Instance quiet = rig.unreported("a");
        Task task = rig.create("quiet");
        offered(quiet, task);
        rig.clock.advance(Duration.ofMillis(200));

        assertThat(offers.acknowledge(quiet.id(), "a", -1)).isEmpty();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.OFFERED);
    }

    @Test
    void sendsACommandAgainThatWasLostOnItsWayToTheSameLife() {
        Instance quiet = rig.unreported("a");
        Task first = rig.create("quiet");
        long accepted = offered(quiet, first).assignment().createdMillis();
        offers.acknowledge(quiet.id(), "a", accepted);
        rig.reports.failed(quiet.id(), rig.now(first).id(), "perf events are not permitted");
        Task second = rig.create("quiet");
        Assignment lost = offers.next(quiet.id(), "a", accepted).orElseThrow().assignment();
        rig.clock.advance(Duration.ofSeconds(20));

        assertThat(offers.acknowledge(quiet.id(), "a", accepted)
                        .orElseThrow()
                        .assignment()
                        .id())
                .isEqualTo(lost.id());

        assertThat(rig.now(second).state()).isEqualTo(AssignmentState.OFFERED);
    }

    @Test
    void doesNotRepeatATaskAfterWhatMayHaveBeenARestart() {
        Instance quiet = rig.unreported("a");
        Task offered = rig.create("quiet");
        offered(quiet, offered);
        rig.clock.advance(Duration.ofSeconds(20));
        offers.acknowledge(quiet.id(), "a", -1);
        assertThat(rig.now(offered).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(offered).reason()).contains("restarted", "not repeated");

        Task accepted = rig.create("quiet");
        offers.acknowledge(
                quiet.id(), "a", offered(quiet, accepted).assignment().createdMillis());
        offers.acknowledge(quiet.id(), "b", -1);
        assertThat(rig.now(accepted).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(accepted).reason()).startsWith("the JVM was restarted");
    }

    @Test
    void anAgentThatGoesOnWithWhatWasCancelledIsBusyUntilItsTimeIsOver() {
        Instance quiet = rig.unreported("a");
        Task first = rig.create("quiet");
        offered(quiet, first);
        rig.tasks.cancel(ANYONE, first.id());
        Task second = rig.create("quiet");

        assertThat(offers.next(quiet.id(), "a", -1)).isEmpty();
        rig.clock.advance(Duration.ofSeconds(10));
        assertThat(offers.next(quiet.id(), "a", -1))
                .as("it may be a little late")
                .isEmpty();
        rig.clock.advance(Duration.ofSeconds(5));
        offered(quiet, second);
    }

    @Test
    void aCommandIsNewerThanAllThatTheAgentHasAccepted() {
        Instance quiet = rig.unreported("a");
        rig.create("quiet");
        long future = rig.clock.millis() + 1_000_000;

        Assignment offered = offers.next(quiet.id(), "a", future).orElseThrow().assignment();

        assertThat(offered.createdMillis()).isEqualTo(future + 1);
        assertThat(rig.assignments.find(offered.id()).orElseThrow().createdMillis())
                .isEqualTo(future + 1);
    }
}
