package io.davylamp.core.dispatch;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one server finds of what another one was asked for. */
class StoredWorkTest {
    private final CoreRig rig = new CoreRig();
    private final Changes changes = new Changes();
    private final StoredWork work = new StoredWork(rig.store, changes, rig.clock);
    private final List<String> heard = new ArrayList<>();
    private final List<String> relayed = new ArrayList<>();

    StoredWorkTest() {
        changes.listen(new Changes.Listener() {
            @Override
            public void work(String instanceId) {
                heard.add(instanceId);
            }
        });
        changes.relay(new Changes.Listener() {
            @Override
            public void work(String instanceId) {
                relayed.add(instanceId);
            }
        });
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private List<String> found() {
        heard.clear();
        rig.clock.advance(StoredWork.INTERVAL);
        work.look();
        return List.copyOf(heard);
    }

    @Test
    void announcesATaskUntilAnAgentHasIt() {
        assertThat(found()).isEmpty();
        rig.create("shop-1");
        assertThat(found()).containsExactly(rig.one.id());
        assertThat(found()).containsExactly(rig.one.id());

        rig.offers.offer(rig.one.id(), "life-1");

        assertThat(found()).isEmpty();
        assertThat(relayed).as("other servers look for themselves").isEmpty();
    }

    @Test
    void announcesAStopOnceAndNowAndThenAgain() {
        Task task = rig.create("shop-1");
        rig.run(task);
        rig.tasks.stop(ANYONE, task.id());

        assertThat(found()).containsExactly(rig.one.id());
        assertThat(found()).isEmpty();
        rig.clock.advance(Duration.ofSeconds(30));
        assertThat(found()).containsExactly(rig.one.id());
    }

    @Test
    void announcesACancelWhileTheAgentMayBeAtIt() {
        Task task = rig.create("shop-1");
        Assignment running = rig.run(task);
        rig.tasks.cancel(ANYONE, task.id());

        assertThat(found()).containsExactly(rig.one.id());
        rig.clock.advance(Duration.ofMillis(running.windowEndMillis() - rig.clock.millis()));
        rig.clock.advance(Offers.CROSSING);
        assertThat(found()).isEmpty();
    }

    @Test
    void announcesEachTrust() {
        rig.instances.trust(ANYONE, rig.two.id());
        assertThat(found()).containsExactly(rig.two.id());
        assertThat(found()).isEmpty();

        rig.instances.trust(ANYONE, rig.two.id());
        assertThat(found()).containsExactly(rig.two.id());
    }
}
