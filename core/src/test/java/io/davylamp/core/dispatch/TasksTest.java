package io.davylamp.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.CoreRig;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.HistoryRow;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TasksTest {
    private final CoreRig rig = new CoreRig();
    private final Tasks tasks = rig.tasks;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void goesFromPendingToRunningAsTheAgentReports() {
        Task task = rig.create("shop-1", "shop-2");

        Assignment running = rig.run(task);

        assertThat(running.state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(tasks.history(running.id()))
                .extracting(HistoryRow::state)
                .containsExactly(
                        AssignmentState.PENDING,
                        AssignmentState.OFFERED,
                        AssignmentState.ACCEPTED,
                        AssignmentState.RUNNING);
        assertThat(tasks.find(task.id()).orElseThrow().assignments().get(1).state())
                .isEqualTo(AssignmentState.PENDING);
    }

    @Test
    void refusesAnUnknownServiceOrInstanceAndStoresNothing() {
        assertThatThrownBy(() -> tasks.create(new TaskSpec(
                        "nobody", List.of("x"), Duration.ofSeconds(1), Set.of(ProfilerEvent.CPU), new TreeMap<>())))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("no instance of service \"nobody\" was ever seen");
        assertThatThrownBy(() -> tasks.create(CoreRig.spec("shop-1", "shop-9")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("service \"shop\" has no instance \"shop-9\"; it has shop-1, shop-2");

        assertThat(tasks.newest(null, 10)).isEmpty();
        assertThat(tasks.offer(rig.one.id(), "life-1")).isEmpty();
    }

    @Test
    void refusesADurationAboveTheLimit() {
        assertThatThrownBy(() -> tasks.create(new TaskSpec(
                        "shop", List.of("shop-1"), Duration.ofHours(2), Set.of(ProfilerEvent.CPU), new TreeMap<>())))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("the duration is 7200 s; allowed are 1 s to 3600 s");
    }

    @Test
    void refusesAnInstanceThatSaysItCannotBeProfiled() {
        rig.instances.hello(
                "shop", "shop-1", Map.of(), new Unable("platform", "no native library for this platform"), "life-1");

        assertThatThrownBy(() -> rig.create("shop-1"))
                .hasMessage("instance \"shop-1\" cannot be profiled: no native library for this platform");
    }

    @Test
    void refusesAnOverlapOnOneInstanceAndStoresNothingOfIt() {
        Task first = rig.create("shop-1");

        Tasks.Creation second = tasks.create(CoreRig.spec("shop-2", "shop-1"));

        assertThat(second).isInstanceOfSatisfying(Tasks.Overlaps.class, overlaps -> {
            assertThat(overlaps.instance()).isEqualTo("shop-1");
            assertThat(overlaps.taskId()).isEqualTo(first.id());
        });
        assertThat(tasks.newest(null, 10)).hasSize(1);
        rig.create("shop-2");
    }

    @Test
    void letsTheNextTaskWaitBehindOneThatIsOnlyLateWithItsRecording() {
        Task first = rig.create("shop-1");
        rig.run(first);
        rig.clock.advance(Duration.ofSeconds(11));

        Task second = rig.create("shop-1");

        assertThat(tasks.offer(rig.one.id(), "life-1")).isEmpty();
        tasks.failed(rig.one.id(), rig.now(first).id(), "perf events are not permitted");
        assertThat(tasks.offer(rig.one.id(), "life-1")
                        .orElseThrow()
                        .assignment()
                        .taskId())
                .isEqualTo(second.id());
    }

    @Test
    void creationTimesOfAnInstanceGrowEvenIfTheClockStandsStill() {
        Task first = rig.create("shop-1");
        tasks.cancel(first.id());
        Task second = rig.create("shop-1");

        assertThat(rig.now(second).createdMillis()).isGreaterThan(rig.now(first).createdMillis());
    }

    @Test
    void keepsTheProfilersOwnText() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        tasks.failed(rig.one.id(), running.id(), "No AllocTracer symbols found");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
        assertThat(rig.now(task).reason()).isEqualTo("No AllocTracer symbols found");
    }

    @Test
    void believesNoInstanceThatReportsForAnother() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        tasks.failed(rig.two.id(), running.id(), "not mine");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    /** An agent that can only take a task, and names the last one it took. */
    private Instance unreported(String life) {
        return rig.instances.hello(
                "shop",
                "quiet",
                Map.of(),
                Unable.NO,
                life,
                new Abilities(false, Map.of("nativemem", "its agent brings an older profiler"), Map.of(), 1_200));
    }

    private Tasks.Offer offered(Instance quiet, Task task) {
        Tasks.Offer offer = tasks.offerUnreported(quiet.id(), quiet.life(), -1).orElseThrow();
        assertThat(offer.assignment().taskId()).isEqualTo(task.id());
        return offer;
    }

    @Test
    void refusesWhatTheProfilerOfAnInstanceDoesNotKnow() {
        unreported("a");

        assertThatThrownBy(() -> tasks.create(new TaskSpec(
                        "shop",
                        List.of("quiet"),
                        Duration.ofSeconds(10),
                        Set.of(ProfilerEvent.NATIVEMEM),
                        new TreeMap<>())))
                .hasMessage("instance \"quiet\" cannot record nativemem: its agent brings an older profiler");
        assertThatThrownBy(() -> tasks.create(new TaskSpec(
                        "shop",
                        List.of("quiet"),
                        Duration.ofSeconds(1_201),
                        Set.of(ProfilerEvent.CPU),
                        new TreeMap<>())))
                .hasMessage(
                        "the duration is 1201 s; the agent of instance \"quiet\" would cut it without a word at 1200 s");
        rig.create("quiet");
    }

    @Test
    void offersAnotherWayToSeeTheProcessorsTimeWhereTheOneAskedForIsImpossible() {
        rig.instances.hello(
                "shop",
                "virtual",
                Map.of(),
                Unable.NO,
                "a",
                new Abilities(true, Map.of("cycles", "there is no PMU", "cpu", "there is no kernel"), Map.of(), 0));

        assertThatThrownBy(() -> tasks.create(new TaskSpec(
                        "shop",
                        List.of("virtual"),
                        Duration.ofSeconds(10),
                        Set.of(ProfilerEvent.CYCLES),
                        new TreeMap<>())))
                .hasMessage("instance \"virtual\" cannot record cycles: there is no PMU; possible instead: ctimer");
    }

    @Test
    void showsTheEngineThatReallyRanAndKeepsWhatIsWorthKnowing() {
        Task task = rig.create("shop-1");
        Assignment assignment =
                tasks.offer(rig.one.id(), "life-1").orElseThrow().assignment();
        tasks.running(rig.one.id(), assignment.id(), "ctimer", "perf events are refused");
        tasks.ended(rig.one.id(), assignment.id(), "stopped after 3 s: the disk is full");

        assertThat(rig.now(task).engine()).isEqualTo("ctimer");
        assertThat(rig.now(task).note()).isEqualTo("perf events are refused; stopped after 3 s: the disk is full");
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void endsTheWindowOfWhatIsStoppedAndCancelsWhatHasNotBegun() {
        Task task = rig.create("shop-1", "shop-2");
        Assignment running = rig.run(task);
        rig.clock.advance(Duration.ofSeconds(2));

        tasks.stop(task.id());

        Assignment stopped = tasks.findAssignment(running.id()).orElseThrow();
        assertThat(stopped.state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(stopped.windowEndMillis()).isEqualTo(rig.clock.millis());
        assertThat(stopped.runningMillis()).isEqualTo(running.runningMillis());
        assertThat(stopped.note()).isEqualTo("stopped on request");
        assertThat(tasks.find(task.id()).orElseThrow().assignments())
                .extracting(Assignment::state)
                .containsExactlyInAnyOrder(AssignmentState.RUNNING, AssignmentState.CANCELLED);
    }

    @Test
    void remembersForAnAgentThatWasAwayThatItsTaskWasStopped() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        tasks.stop(task.id());
        assertThat(tasks.overrun(rig.one.id())).isEmpty();

        rig.clock.advance(Duration.ofSeconds(6));

        assertThat(tasks.overrun(rig.one.id())).extracting(Assignment::id).containsExactly(running.id());
    }

    @Test
    void hearsOfAJvmThatDiedAlsoWhenItIsLate() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        rig.clock.advance(Duration.ofHours(1));
        tasks.expireOverdue();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.EXPIRED);

        tasks.failed(rig.one.id(), running.id(), "the JVM died while it was profiled");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
        assertThat(rig.now(task).reason()).isEqualTo("the JVM died while it was profiled");
    }

    @Test
    void takesTheNameOfTheLastCommandAsItsReceiptAndCountsTheTimeFromThere() {
        Instance quiet = unreported("a");
        Task task = rig.create("quiet");
        rig.clock.advance(Duration.ofSeconds(30));
        Assignment offered = offered(quiet, task).assignment();
        rig.clock.advance(Duration.ofSeconds(10));

        assertThat(tasks.acknowledge(quiet.id(), "a", offered.createdMillis())).isEmpty();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.ACCEPTED);
        assertThat(rig.now(task).deadlineMillis())
                .isEqualTo(rig.clock.millis()
                        + 10_000
                        + TaskLimits.DEFAULT.unreportedGrace().toMillis());
        rig.clock.advance(Duration.ofSeconds(71));
        tasks.expireOverdue();
        assertThat(rig.now(task).reason()).contains("sent no result", "perf events", "noexec");
    }

    @Test
    void doesNotTakeAWordThatCrossedTheCommandForItsLoss() {
        Instance quiet = unreported("a");
        Task task = rig.create("quiet");
        offered(quiet, task);
        rig.clock.advance(Duration.ofMillis(200));

        assertThat(tasks.acknowledge(quiet.id(), "a", -1)).isEmpty();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.OFFERED);
    }

    @Test
    void sendsACommandAgainThatWasLostOnItsWayToTheSameLife() {
        Instance quiet = unreported("a");
        Task first = rig.create("quiet");
        long accepted = offered(quiet, first).assignment().createdMillis();
        tasks.acknowledge(quiet.id(), "a", accepted);
        tasks.failed(quiet.id(), rig.now(first).id(), "perf events are not permitted");
        Task second = rig.create("quiet");
        Assignment lost =
                tasks.offerUnreported(quiet.id(), "a", accepted).orElseThrow().assignment();
        rig.clock.advance(Duration.ofSeconds(20));

        assertThat(tasks.acknowledge(quiet.id(), "a", accepted)
                        .orElseThrow()
                        .assignment()
                        .id())
                .isEqualTo(lost.id());

        assertThat(rig.now(second).state()).isEqualTo(AssignmentState.OFFERED);
    }

    @Test
    void doesNotRepeatATaskAfterWhatMayHaveBeenARestart() {
        Instance quiet = unreported("a");
        Task offered = rig.create("quiet");
        offered(quiet, offered);
        rig.clock.advance(Duration.ofSeconds(20));
        tasks.acknowledge(quiet.id(), "a", -1);
        assertThat(rig.now(offered).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(offered).reason()).contains("restarted", "not repeated");

        Task accepted = rig.create("quiet");
        tasks.acknowledge(quiet.id(), "a", offered(quiet, accepted).assignment().createdMillis());
        tasks.acknowledge(quiet.id(), "b", -1);
        assertThat(rig.now(accepted).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(accepted).reason()).startsWith("the JVM was restarted");
    }

    @Test
    void anAgentThatGoesOnWithWhatWasCancelledIsBusyUntilItsTimeIsOver() {
        Instance quiet = unreported("a");
        Task first = rig.create("quiet");
        offered(quiet, first);
        tasks.cancel(first.id());
        Task second = rig.create("quiet");

        assertThat(tasks.offerUnreported(quiet.id(), "a", -1)).isEmpty();
        rig.clock.advance(Duration.ofSeconds(10));
        assertThat(tasks.offerUnreported(quiet.id(), "a", -1))
                .as("it may be a little late")
                .isEmpty();
        rig.clock.advance(Duration.ofSeconds(5));
        offered(quiet, second);
    }

    @Test
    void aCommandIsNewerThanAllThatTheAgentHasAccepted() {
        Instance quiet = unreported("a");
        rig.create("quiet");
        long future = rig.clock.millis() + 1_000_000;

        Assignment offered =
                tasks.offerUnreported(quiet.id(), "a", future).orElseThrow().assignment();

        assertThat(offered.createdMillis()).isEqualTo(future + 1);
        assertThat(tasks.findAssignment(offered.id()).orElseThrow().createdMillis())
                .isEqualTo(future + 1);
    }

    @Test
    void removesTasksThatAreOlderThanTheyAreKeptButNoneThatStillGoesOn() throws Exception {
        Task old = rig.create("shop-1");
        tasks.cancel(old.id());
        Task live = rig.create("shop-2");
        rig.clock.advance(TaskLimits.DEFAULT.kept().plusSeconds(1));
        Task young = rig.create("shop-1");

        tasks.deleteOld();

        assertThat(tasks.newest(null, 10)).extracting(Task::id).containsExactlyInAnyOrder(live.id(), young.id());
        assertThat(tasks.live("shop", 10)).extracting(Task::id).containsExactly(young.id(), live.id());
        assertThat(tasks.live("other", 10)).isEmpty();
    }

    @Test
    void expiresWhatIsOverdueAndSaysWhy() {
        Task task = rig.create("shop-1");
        rig.clock.advance(Duration.ofSeconds(10).plus(TaskLimits.DEFAULT.grace()));

        tasks.expireOverdue();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(task).reason()).startsWith("the instance never asked for the task");
    }

    @Test
    void cancelsWhatIsWithTheAgentAndFreesTheInstance() {
        Task task = rig.create("shop-1");
        rig.run(task);

        tasks.cancel(task.id());

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.CANCELLED);
        rig.create("shop-1");
    }

    @Test
    void deletesOnlyWhatIsOver() {
        Task task = rig.create("shop-1");

        assertThat(tasks.delete(task.id())).isEqualTo(Tasks.Deletion.LIVE);
        tasks.cancel(task.id());
        assertThat(tasks.delete(task.id())).isEqualTo(Tasks.Deletion.DELETED);
        assertThat(tasks.delete(task.id())).isEqualTo(Tasks.Deletion.UNKNOWN);
        assertThat(tasks.find(task.id())).isEmpty();
    }

    @Test
    void sendsACommandAgainThatWasLostOnTheWayToTheSameLife() {
        Task task = rig.create("shop-1");
        tasks.offer(rig.one.id(), "life-1");

        List<Tasks.Offer> again = tasks.reconcile(rig.one.id(), "life-1", Set.of());

        assertThat(again).extracting(offer -> offer.assignment().taskId()).containsExactly(task.id());
    }

    @Test
    void doesNotRepeatATaskAfterTheJvmWasRestarted() {
        Task task = rig.create("shop-1");
        rig.run(task);

        List<Tasks.Offer> again = tasks.reconcile(rig.one.id(), "another life", Set.of());

        assertThat(again).isEmpty();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
        assertThat(rig.now(task).reason()).contains("the JVM was restarted");
    }

    @Test
    void keepsWhatAReconnectingAgentHolds() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        tasks.reconcile(rig.one.id(), "another life", Set.of(running.id()));

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void aTaskIsNewerThanTheLastAlsoWhenTheClockWasSetBack() {
        Task first = rig.create("shop-1");
        rig.clock.advance(Duration.ofHours(-3));
        Task second = rig.create("shop-2");

        assertThat(second.createdMillis()).isGreaterThan(first.createdMillis());
        assertThat(rig.tasks.newest(null, 10)).extracting(Task::id).containsExactly(second.id(), first.id());
    }
}
