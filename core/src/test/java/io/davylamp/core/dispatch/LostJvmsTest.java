package io.davylamp.core.dispatch;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LostJvmsTest {
    private final CoreRig rig = new CoreRig();
    private Instances instances = rig.instances;
    private LostJvms lost = new LostJvms(rig.store, instances, rig.assignments, rig.clock);

    @AfterEach
    void close() {
        rig.close();
    }

    private static Map<String, String> at(String host, String pid) {
        return Map.of("host", host, "pid", pid, "os", "Linux 6.1", "arch", "amd64", "started", "1");
    }

    /** The JVM of the task, which is shop-1. */
    private void victimAt(String host) {
        instances.hello(ANYONE, "shop", "shop-1", at(host, "10"), Unable.NO, "life-1");
    }

    private Instance neighbour(Map<String, String> properties) {
        return instances.hello(ANYONE, "other", "neighbour", properties, Unable.NO, "life-n");
    }

    private Task running() {
        Task task = rig.create("shop-1");
        rig.run(task);
        lost.look();
        return task;
    }

    /** Time in which only these are heard of. */
    private void pass(int seconds, Instance... heard) {
        for (int passed = 0; passed < seconds; passed += 5) {
            rig.clock.advance(LostJvms.INTERVAL);
            for (Instance instance : heard) {
                instances.seen(instance.id());
            }
            instances.flush();
            lost.look();
        }
    }

    private AssignmentState state(Task task) {
        return rig.now(task).state();
    }

    @Test
    void endsWhatAJvmRanThatIsGoneWhileAnotherOfItsHostIsHeardOf() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();

        pass(55, neighbour);
        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
        pass(5, neighbour);

        assertThat(state(task)).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(task).reason())
                .isEqualTo("the JVM's connection broke: it was last heard of 60 s ago, while others of its host are"
                        + " connected. It was killed, it stands still, or its network is gone; a recording that comes"
                        + " all the same is taken");
        rig.create("shop-1");
    }

    @Test
    void endsAlsoWhatWasOnlyAccepted() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = rig.create("shop-1");
        Assignment offered =
                rig.offers.offer(rig.one.id(), "life-1").orElseThrow().assignment();
        rig.reports.accepted(rig.one.id(), offered.id());

        pass(70, neighbour);

        assertThat(state(task)).isEqualTo(AssignmentState.EXPIRED);
    }

    @Test
    void aRecordingThatComesAllTheSameIsTaken() throws Exception {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();
        pass(70, neighbour);
        assertThat(state(task)).isEqualTo(AssignmentState.EXPIRED);

        Ingest.Answer answer =
                rig.ingest.open(ANYONE, "shop", "shop-1", rig.now(task).id(), 10, true);

        assertThat(answer).isInstanceOf(Ingest.Admitted.class);
        assertThat(state(task)).isEqualTo(AssignmentState.RECEIVING);
    }

    @Test
    void whatTheServerCouldNotTakeBeforeStandsInTheReason() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();
        rig.deadlines.turnedAway(rig.now(task), "the disk is full");

        pass(60, neighbour);

        assertThat(rig.now(task).reason()).endsWith("is taken. Before: the disk is full");
    }

    @Test
    void waitsWhileNobodyOfTheHostIsHeardOf() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Instance elsewhere = instances.hello(ANYONE, "other", "far", at("box-2", "12"), Unable.NO, "life-f");
        Task task = running();
        pass(25, neighbour);

        pass(300, elsewhere);

        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void givesTheWholeTimeAgainWhenTheNetworkOfTheHostCameBack() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();
        pass(300);

        pass(55, neighbour);
        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
        pass(10, neighbour);

        assertThat(state(task)).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(task).reason()).contains("last heard of 365 s ago");
    }

    @Test
    void leavesAloneWhoComesBack() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();

        for (int times = 0; times < 5; times++) {
            pass(50, neighbour);
            pass(5, neighbour, rig.one);
        }

        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void afterARestartOfTheServerEverybodyHasTheTimeToConnectAgain() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();
        rig.clock.advance(Duration.ofMinutes(5));
        instances = new Instances(rig.store, rig.ids, rig.changes, rig.clock, InstanceLimits.DEFAULT);
        lost = new LostJvms(rig.store, instances, rig.assignments, rig.clock);
        pass(30);
        neighbour(at("box", "11"));

        pass(55, neighbour);
        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
        pass(10, neighbour);

        assertThat(state(task)).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(task).reason())
                .startsWith("the JVM's connection broke: it was last heard of 395 s ago, while others of its host are"
                        + " connected. It was killed");
    }

    @Test
    void aJvmThatIsConnectedToAnotherServerIsNotMissed() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();
        Instances elsewhere = new Instances(rig.store, rig.ids, rig.changes, rig.clock, InstanceLimits.DEFAULT);

        for (int passed = 0; passed < 300; passed += 5) {
            elsewhere.seen(rig.one.id());
            elsewhere.flush();
            pass(5, neighbour);
        }

        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void aNeighbourThatIsConnectedToAnotherServerIsAWitness() {
        victimAt("box");
        Instance neighbour = neighbour(at("box", "11"));
        Task task = running();
        Instances elsewhere = new Instances(rig.store, rig.ids, rig.changes, rig.clock, InstanceLimits.DEFAULT);

        for (int passed = 0; passed < 60; passed += 5) {
            assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
            elsewhere.seen(neighbour.id());
            elsewhere.flush();
            pass(5);
        }

        assertThat(state(task)).isEqualTo(AssignmentState.EXPIRED);
    }

    @Test
    void aServerThatStoodStillOrWhoseClockWasSetStartsOver() {
        for (Duration jump : new Duration[] {Duration.ofMinutes(10), Duration.ofMinutes(-10)}) {
            victimAt("box");
            Instance neighbour = neighbour(at("box", "11"));
            Task task = running();
            pass(50, neighbour);
            rig.clock.advance(jump);

            pass(55, neighbour);
            assertThat(state(task)).as("after %s", jump).isEqualTo(AssignmentState.RUNNING);
            rig.tasks.cancel(ANYONE, task.id());
        }
    }

    @Test
    void aNameThatManyMachinesHaveTellsNothing() {
        victimAt("localhost");
        Instance neighbour = neighbour(at("localhost", "11"));
        Task task = running();
        pass(300, neighbour);
        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);

        victimAt("");
        neighbour(at("", "11"));
        pass(300, neighbour);
        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void machinesOfOneNameAndDifferentKernelsAreNotOne() {
        victimAt("box");
        Instance neighbour =
                neighbour(Map.of("host", "box", "pid", "11", "os", "Linux 5.15", "arch", "amd64", "started", "1"));
        Task task = running();

        pass(300, neighbour);

        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void anotherInstanceOfTheSameJvmShowsThatItLives() {
        victimAt("box");
        Instance same = neighbour(at("box", "10"));
        Task task = running();

        pass(300, same);

        assertThat(state(task)).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void anAgentThatDoesNotReportIsNotMissed() {
        Instance quiet = instances.hello(
                ANYONE,
                "shop",
                "quiet",
                at("box", "12"),
                Map.of(),
                Unable.NO,
                "a",
                new Abilities(false, Map.of(), Map.of(), 1_200));
        Instance neighbour = neighbour(at("box", "11"));
        Task task = rig.create("quiet");
        Assignment offered = rig.offers.offer(quiet.id(), "a").orElseThrow().assignment();
        rig.reports.accepted(quiet.id(), offered.id());
        assertThat(state(task)).isEqualTo(AssignmentState.ACCEPTED);

        pass(300, neighbour);

        assertThat(state(task)).isEqualTo(AssignmentState.ACCEPTED);
    }
}
