package io.davylamp.core.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadlinesTest {
    private final CoreRig rig = new CoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void expiresWhatIsOverdueAndSaysWhy() {
        Task task = rig.create("shop-1");
        rig.clock.advance(Duration.ofSeconds(10).plus(TaskLimits.DEFAULT.grace()));

        rig.deadlines.expireOverdue();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(task).reason()).startsWith("the instance never asked for the task");
    }

    @Test
    void saysOfWhatWaitedBehindAnotherTaskThatAnEarlierTaskWasNotDelivered() {
        Task first = rig.create("shop-1");
        rig.run(first);
        rig.clock.advance(Duration.ofSeconds(11));
        Task second = rig.create("shop-1");
        rig.clock.advance(Duration.ofSeconds(10).plus(TaskLimits.DEFAULT.grace()));

        rig.deadlines.expireOverdue();

        assertThat(rig.now(second).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(second).reason()).startsWith("the instance had not delivered an earlier task");
    }
}
