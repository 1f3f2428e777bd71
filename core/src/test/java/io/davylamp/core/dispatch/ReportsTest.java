package io.davylamp.core.dispatch;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Progress;
import io.davylamp.core.task.ProgressStep;
import io.davylamp.core.task.Task;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReportsTest {
    private final CoreRig rig = new CoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void goesFromPendingToRunningAsTheAgentReports() {
        Task task = rig.create("shop-1", "shop-2");

        Assignment running = rig.run(task);

        assertThat(running.state()).isEqualTo(AssignmentState.RUNNING);
        assertThat(rig.assignments.history(running.id()))
                .extracting(ProgressStep::progress)
                .containsExactly(Progress.PENDING, Progress.OFFERED, Progress.ACCEPTED, Progress.RUNNING);
        assertThat(rig.tasks
                        .find(ANYONE, task.id())
                        .orElseThrow()
                        .assignments()
                        .get(1)
                        .state())
                .isEqualTo(AssignmentState.PENDING);
    }

    @Test
    void keepsTheProfilersOwnText() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        rig.reports.failed(rig.one.id(), running.id(), "No AllocTracer symbols found");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
        assertThat(rig.now(task).reason()).isEqualTo("No AllocTracer symbols found");
    }

    @Test
    void believesNoInstanceThatReportsForAnother() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);

        rig.reports.failed(rig.two.id(), running.id(), "not mine");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void showsTheEngineThatReallyRanAndKeepsWhatIsWorthKnowing() {
        Task task = rig.create("shop-1");
        Assignment assignment =
                rig.offers.offer(rig.one.id(), "life-1").orElseThrow().assignment();
        rig.reports.running(rig.one.id(), assignment.id(), "ctimer", "perf events are refused");
        rig.reports.ended(rig.one.id(), assignment.id(), "stopped after 3 s: the disk is full");

        assertThat(rig.now(task).engine()).isEqualTo("ctimer");
        assertThat(rig.now(task).note()).isEqualTo("perf events are refused; stopped after 3 s: the disk is full");
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.RUNNING);
    }

    @Test
    void hearsOfAJvmThatDiedAlsoWhenItIsLate() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        rig.clock.advance(Duration.ofHours(1));
        rig.deadlines.expireOverdue();
        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.EXPIRED);

        rig.reports.failed(rig.one.id(), running.id(), "the JVM died while it was profiled");

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.FAILED);
        assertThat(rig.now(task).reason()).isEqualTo("the JVM died while it was profiled");
    }
}
