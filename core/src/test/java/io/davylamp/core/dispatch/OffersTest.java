package io.davylamp.core.dispatch;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OffersTest {
    private final CoreRig rig = new CoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void letsTheNextTaskWaitBehindOneThatIsOnlyLateWithItsRecording() {
        Task first = rig.create("shop-1");
        rig.run(first);
        rig.clock.advance(Duration.ofSeconds(11));

        Task second = rig.create("shop-1");

        assertThat(rig.offers.offer(rig.one.id(), "life-1")).isEmpty();
        rig.reports.failed(rig.one.id(), rig.now(first).id(), "perf events are not permitted");
        assertThat(rig.offers
                        .offer(rig.one.id(), "life-1")
                        .orElseThrow()
                        .assignment()
                        .taskId())
                .isEqualTo(second.id());
    }

    private Optional<Offers.News> news(String life, String link) {
        return rig.offers.news(rig.one.id(), life, link);
    }

    private List<String> stopped(String life) {
        return news(life, "").orElseThrow().stopped();
    }

    @Test
    void tellsAtOnceWhatAnAgentIsToDoToStopAndToCancel() {
        assertThat(news("life-1", "").orElseThrow()).isEqualTo(new Offers.News(rig.one, List.of(), List.of(), false));
        Task task = rig.create("shop-1");
        assertThat(news("life-1", "").orElseThrow().waits()).isTrue();
        Assignment running = rig.run(task);
        assertThat(news("life-1", "").orElseThrow().waits()).isFalse();

        rig.tasks.stop(ANYONE, task.id());
        assertThat(news("life-1", "").orElseThrow().stopped()).containsExactly(running.id());
        rig.tasks.cancel(ANYONE, task.id());

        assertThat(news("life-1", "").orElseThrow().stopped()).isEmpty();
        assertThat(news("life-1", "").orElseThrow().cancelled()).containsExactly(running.id());
        assertThat(news("another life", "").orElseThrow().cancelled()).isEmpty();
    }

    @Test
    void tellsNothingOverAConnectionThatIsTheAgentsNoMore() {
        rig.create("shop-1");

        assertThat(news("life-1", "another server/7")).isEmpty();
    }

    @Test
    void remembersForAnAgentThatWasAwayThatItsTaskWasStopped() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        assertThat(stopped("life-1")).isEmpty();

        rig.tasks.stop(ANYONE, task.id());

        assertThat(stopped("life-1")).containsExactly(running.id());
    }

    @Test
    void whatAJvmRunsThatWasTakenForLostIsToEndBeforeItsNextTask() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        rig.assignments.lose(rig.now(task), "it stands still");

        assertThat(stopped("life-1")).containsExactly(running.id());
        assertThat(stopped("another life"))
                .as("a restarted JVM runs nothing of it")
                .isEmpty();
        rig.clock.advance(Duration.ofHours(1));
        assertThat(stopped("life-1")).as("it has ended by itself").isEmpty();
    }

    @Test
    void aStopThatCrossedTheStartStillEndsTheWindow() {
        Task task = rig.create("shop-1");
        Assignment offered =
                rig.offers.offer(rig.one.id(), "life-1").orElseThrow().assignment();
        rig.reports.accepted(rig.one.id(), offered.id());
        rig.tasks.stop(ANYONE, task.id());

        rig.reports.running(rig.one.id(), offered.id(), "", "");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(rig.now(task).windowEndMillis()).isEqualTo(rig.clock.millis());
        assertThat(stopped("life-1")).containsExactly(offered.id());
    }

    @Test
    void remembersForAnAgentThatWasAwayThatItsTaskWasCancelled() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        rig.tasks.cancel(ANYONE, task.id());

        assertThat(rig.offers.cancelled(rig.one.id(), "life-1", Set.of())).containsExactly(running.id());
        assertThat(rig.offers.cancelled(rig.one.id(), "another life", Set.of())).isEmpty();
        rig.clock.advance(Duration.ofHours(1));
        assertThat(rig.offers.cancelled(rig.one.id(), "life-1", Set.of()))
                .as("it has ended by itself")
                .isEmpty();
        assertThat(rig.offers.cancelled(rig.one.id(), "life-1", Set.of(running.id())))
                .as("it has it all the same")
                .containsExactly(running.id());
    }

    @Test
    void sendsACommandAgainThatWasLostOnTheWayToTheSameLife() {
        Task task = rig.create("shop-1");
        rig.offers.offer(rig.one.id(), "life-1");

        List<Offers.Offer> again = rig.offers.reconcile(rig.one.id(), "life-1", Set.of());

        assertThat(again).extracting(offer -> offer.assignment().taskId()).containsExactly(task.id());
    }

    @Test
    void doesNotRepeatATaskAfterTheJvmWasRestarted() {
        Task task = rig.create("shop-1");
        rig.run(task);

        List<Offers.Offer> again = rig.offers.reconcile(rig.one.id(), "another life", Set.of());

        assertThat(again).isEmpty();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
        assertThat(rig.now(task).reason()).contains("the JVM was restarted");
    }

    @Test
    void keepsWhatAReconnectingAgentHolds() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        rig.offers.reconcile(rig.one.id(), "another life", Set.of(running.id()));

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }
}
