package io.davylamp.core.dispatch;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.CoreRig;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TasksTest {
    private final CoreRig rig = new CoreRig();
    private final Tasks tasks = rig.tasks;

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void refusesAnUnknownServiceOrInstanceAndStoresNothing() {
        assertThatThrownBy(() -> tasks.create(
                        ANYONE,
                        TaskSpec.asked(
                                "nobody",
                                List.of("x"),
                                Duration.ofSeconds(1),
                                Set.of(ProfilerEvent.CPU),
                                new TreeMap<>(),
                                null)))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("no instance of service \"nobody\" was ever seen");
        assertThatThrownBy(() -> tasks.create(ANYONE, CoreRig.spec("shop-1", "shop-9")))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("service \"shop\" has no instance \"shop-9\"; it has shop-1, shop-2");

        assertThat(tasks.newest(ANYONE, null, 10)).isEmpty();
        assertThat(rig.offers.offer(rig.one.id(), "life-1")).isEmpty();
    }

    @Test
    void refusesADurationAboveTheLimit() {
        assertThatThrownBy(() -> tasks.create(
                        ANYONE,
                        TaskSpec.asked(
                                "shop",
                                List.of("shop-1"),
                                Duration.ofHours(2),
                                Set.of(ProfilerEvent.CPU),
                                new TreeMap<>(),
                                null)))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessage("the duration is 7200 s; allowed are 1 s to 3600 s");
    }

    @Test
    void refusesAnInstanceThatSaysItCannotBeProfiled() {
        rig.instances.hello(
                ANYONE,
                "shop",
                "shop-1",
                Map.of(),
                new Unable("platform", "no native library for this platform"),
                "life-1");

        assertThatThrownBy(() -> rig.create("shop-1"))
                .hasMessage("instance \"shop-1\" cannot be profiled: no native library for this platform");
    }

    @Test
    void refusesAnOverlapOnOneInstanceAndStoresNothingOfIt() {
        Task first = rig.create("shop-1");

        Tasks.Creation second = tasks.create(ANYONE, CoreRig.spec("shop-2", "shop-1"));

        assertThat(second).isInstanceOfSatisfying(Tasks.Overlaps.class, overlaps -> {
            assertThat(overlaps.instance()).isEqualTo("shop-1");
            assertThat(overlaps.taskId()).isEqualTo(first.id());
        });
        assertThat(tasks.newest(ANYONE, null, 10)).hasSize(1);
        rig.create("shop-2");
    }

    @Test
    void creationTimesOfAnInstanceGrowEvenIfTheClockStandsStill() {
        Task first = rig.create("shop-1");
        tasks.cancel(ANYONE, first.id());
        Task second = rig.create("shop-1");

        assertThat(rig.now(second).createdMillis()).isGreaterThan(rig.now(first).createdMillis());
    }

    @Test
    void refusesWhatTheProfilerOfAnInstanceDoesNotKnow() {
        rig.unreported("a");

        assertThatThrownBy(() -> tasks.create(
                        ANYONE,
                        TaskSpec.asked(
                                "shop",
                                List.of("quiet"),
                                Duration.ofSeconds(10),
                                Set.of(ProfilerEvent.NATIVEMEM),
                                new TreeMap<>(),
                                null)))
                .hasMessage("instance \"quiet\" cannot record nativemem: its agent brings an older profiler");
        assertThatThrownBy(() -> tasks.create(
                        ANYONE,
                        TaskSpec.asked(
                                "shop",
                                List.of("quiet"),
                                Duration.ofSeconds(1_201),
                                Set.of(ProfilerEvent.CPU),
                                new TreeMap<>(),
                                null)))
                .hasMessage(
                        "the duration is 1201 s; the agent of instance \"quiet\" would cut it without a word at 1200 s");
        rig.create("quiet");
    }

    @Test
    void offersAnotherWayToSeeTheProcessorsTimeWhereTheOneAskedForIsImpossible() {
        rig.instances.hello(
                ANYONE,
                "shop",
                "virtual",
                Map.of(),
                Map.of(),
                Unable.NO,
                "a",
                new Abilities(true, Map.of("cycles", "there is no PMU", "cpu", "there is no kernel"), Map.of(), 0));

        assertThatThrownBy(() -> tasks.create(
                        ANYONE,
                        TaskSpec.asked(
                                "shop",
                                List.of("virtual"),
                                Duration.ofSeconds(10),
                                Set.of(ProfilerEvent.CYCLES),
                                new TreeMap<>(),
                                null)))
                .hasMessage("instance \"virtual\" cannot record cycles: there is no PMU; possible instead: ctimer");
    }

    @Test
    void endsTheWindowOfWhatIsStoppedAndCancelsWhatHasNotBegun() {
        Task task = rig.create("shop-1", "shop-2");
        Assignment running = rig.run(task);
        rig.clock.advance(Duration.ofSeconds(2));

        tasks.stop(ANYONE, task.id());

        Assignment stopped = rig.assignments.find(running.id()).orElseThrow();
        assertThat(stopped.state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(stopped.windowEndMillis()).isEqualTo(rig.clock.millis());
        assertThat(stopped.runningMillis()).isEqualTo(running.runningMillis());
        assertThat(stopped.note()).isEqualTo("stopped on request");
        assertThat(tasks.find(ANYONE, task.id()).orElseThrow().assignments())
                .extracting(Assignment::state)
                .containsExactlyInAnyOrder(AssignmentState.RUNNING, AssignmentState.CANCELLED);
    }

    @Test
    void removesTasksThatAreOlderThanTheyAreKeptButNoneThatStillGoesOn() throws Exception {
        Task old = rig.create("shop-1");
        tasks.cancel(ANYONE, old.id());
        Task live = rig.create("shop-2");
        rig.clock.advance(TaskLimits.DEFAULT.kept().plusSeconds(1));
        Task young = rig.create("shop-1");

        rig.retention.deleteOld();

        assertThat(tasks.newest(ANYONE, null, 10))
                .extracting(Task::id)
                .containsExactlyInAnyOrder(live.id(), young.id());
        assertThat(tasks.live(ANYONE, "shop", 10)).extracting(Task::id).containsExactly(young.id(), live.id());
        assertThat(tasks.live(ANYONE, "other", 10)).isEmpty();
    }

    @Test
    void cancelsWhatIsWithTheAgentAndFreesTheInstance() {
        Task task = rig.create("shop-1");
        rig.run(task);

        tasks.cancel(ANYONE, task.id());

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.CANCELLED);
        rig.create("shop-1");
    }

    @Test
    void aTaskHasTheTitleThatAPersonGaveItUntilItIsTakenAway() {
        String id = rig.create("shop-1").id();

        assertThat(tasks.retitle(ANYONE, id, "  Before the cache ").map(Task::title))
                .contains("Before the cache");
        assertThat(tasks.newest(ANYONE, null, 1)).extracting(Task::title).containsExactly("Before the cache");
        assertThat(tasks.retitle(ANYONE, id, " ").map(Task::title)).contains("");
        assertThat(tasks.retitle(ANYONE, "nobody", "x")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"two\nlines", "\u0000", "tab\tin it", "\u202Etxt.exe", "\u2028", "\uD800", "\u2066"})
    void refusesATitleThatIsNoLineOfText(String title) {
        String id = rig.create("shop-1").id();

        assertThatThrownBy(() -> tasks.retitle(ANYONE, id, "a" + title + "b"))
                .isInstanceOf(InvalidTaskException.class)
                .hasMessageStartingWith("the title has the character U+");
        assertThat(tasks.find(ANYONE, id).map(Task::title)).contains("");
    }

    @Test
    void refusesATitleThatIsTooLongAndCountsCharactersAsPeopleDo() {
        String id = rig.create("shop-1").id();

        assertThatThrownBy(() -> tasks.retitle(ANYONE, id, "x".repeat(121)))
                .hasMessage("the title has 121 characters; allowed are 120");
        assertThat(tasks.retitle(ANYONE, id, "\uD83D\uDD25".repeat(120)).map(Task::title))
                .contains("\uD83D\uDD25".repeat(120));
    }

    @Test
    void aTaskIsNewerThanTheLastAlsoWhenTheClockWasSetBack() {
        Task first = rig.create("shop-1");
        rig.clock.advance(Duration.ofHours(-3));
        Task second = rig.create("shop-2");

        assertThat(second.createdMillis()).isGreaterThan(first.createdMillis());
        assertThat(rig.tasks.newest(ANYONE, null, 10)).extracting(Task::id).containsExactly(second.id(), first.id());
    }
}
