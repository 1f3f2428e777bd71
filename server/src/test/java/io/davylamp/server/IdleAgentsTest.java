package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.dispatch.LostJvms;
import io.davylamp.core.dispatch.StoredWork;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.dispatch.WatchedTasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.store.jdbc.JdbcStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a fleet costs the database that only says that it is there. */
class IdleAgentsTest {
    private static final int AGENTS = 10_000;
    private static final int SECONDS = 20;

    @TempDir
    Path folder;

    @Test
    void tenThousandAgentsCostLessThanFiveStatementsPerSecond() {
        Changes changes = new Changes();
        try (CoreRig rig = new CoreRig();
                JdbcStore store = JdbcStore.sqlite(folder.resolve("davylamp.db"));
                Indexer indexer = new Indexer(store, rig.reader, changes, rig.clock, 1)) {
            Instances instances = new Instances(store, rig.ids, changes, rig.clock, InstanceLimits.DEFAULT);
            Assignments assignments = new Assignments(store, changes, rig.clock);
            Deadlines deadlines = new Deadlines(store, assignments, changes, rig.clock);
            StoredWork work = new StoredWork(store, changes, rig.clock);
            LostJvms lost = new LostJvms(store, instances, assignments, rig.clock);
            WatchedTasks watched = new WatchedTasks(
                    store, new Tasks(store, rig.ids, changes, rig.clock, TaskLimits.DEFAULT, assignments));
            store.write(tx -> {
                for (int i = 0; i < AGENTS; i++) {
                    tx.instances().put(instance(i));
                }
                return null;
            });
            long before = store.figures().statements();

            for (int second = 1; second <= SECONDS; second++) {
                rig.clock.advance(Duration.ofSeconds(1));
                deadlines.expireOverdue();
                indexer.wake();
                if (second % StoredWork.INTERVAL.toSeconds() == 0) {
                    work.look();
                    watched.look();
                }
                if (second % Instances.FLUSH.toSeconds() == 0) {
                    for (int i = 0; i < AGENTS; i++) {
                        instances.seen("i" + i);
                    }
                    instances.flush();
                    lost.look();
                }
            }

            assertThat(store.figures().statements() - before).isLessThan(5L * SECONDS);
            assertThat(instances.find("i9999").orElseThrow().lastSeenMillis()).isEqualTo(rig.clock.millis());
        }
    }

    private static Instance instance(int i) {
        return new Instance(
                "i" + i,
                "service " + i % 100,
                "instance " + i,
                new TreeMap<>(),
                Labels.NONE,
                Unable.NO,
                "life",
                "a server/" + i,
                Abilities.ALL,
                0,
                1,
                1);
    }
}
