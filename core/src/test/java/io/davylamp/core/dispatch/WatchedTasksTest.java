package io.davylamp.core.dispatch;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WatchedTasksTest {
    private final CoreRig rig = new CoreRig();
    /** Of a server that hears no changes but those that are told to it. */
    private final WatchedTasks watched = new WatchedTasks(rig.store, rig.tasks);

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void findsWhatAnotherServerChanged() {
        Task task = rig.create("shop-1");
        try (WatchedTasks.Watch watch = watched.watch(() -> ANYONE, task.id())) {
            watched.look();
            assertThat(watch.hasChanged()).isTrue();
            watch.task();
            watched.look();
            assertThat(watch.hasChanged()).isFalse();

            rig.run(task);
            watched.look();

            assertThat(watch.hasChanged()).isTrue();
            assertThat(watch.task().orElseThrow().assignments().get(0).state()).isEqualTo(AssignmentState.RUNNING);
            assertThat(watch.hasChanged()).isFalse();
        }
    }

    @Test
    void allWhoLookAtATaskShareWhatIsReadOfIt() {
        Task task = rig.create("shop-1");
        try (WatchedTasks.Watch one = watched.watch(() -> ANYONE, task.id());
                WatchedTasks.Watch other = watched.watch(() -> ANYONE, task.id())) {
            assertThat(one.task().orElseThrow()).isSameAs(other.task().orElseThrow());

            watched.task(task.id());

            assertThat(one.hasChanged()).isTrue();
            assertThat(other.hasChanged()).isTrue();
            assertThat(one.task().orElseThrow()).isSameAs(other.task().orElseThrow());
        }
    }

    @Test
    void showsThatATaskWasDeletedElsewhere() {
        Task task = rig.create("shop-1");
        rig.tasks.cancel(ANYONE, task.id());
        try (WatchedTasks.Watch watch = watched.watch(() -> ANYONE, task.id())) {
            watched.look();
            watch.task();
            rig.retention.deleteTask(ANYONE, task.id());

            watched.look();

            assertThat(watch.hasChanged()).isTrue();
            assertThat(watch.task()).isEmpty();
        }
    }
}
