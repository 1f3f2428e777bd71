package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.davylamp.core.signal.Changes;
import io.davylamp.store.TestPostgres;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ChangeFeedTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Server one = new Server();
    private final Server two = new Server();
    private PostgresAccess access;

    private static final class Server implements Changes.Listener {
        private final Changes changes = new Changes();
        private final List<String> heard = new CopyOnWriteArrayList<>();
        private JdbcStore store;

        void start(PostgresAccess access) {
            changes.listen(this);
            store = JdbcStore.postgres(access);
            store.share(changes);
            await().atMost(PATIENCE).until(() -> store.figures().listening());
        }

        @Override
        public void task(String taskId) {
            heard.add("task " + taskId);
        }

        @Override
        public void work(String instanceId) {
            heard.add("work " + instanceId);
        }

        @Override
        public void instance(String service) {
            heard.add("instance " + service);
        }
    }

    @BeforeEach
    void start() {
        access = TestPostgres.newDatabase();
        one.start(access);
        two.start(access);
    }

    @AfterEach
    void stop() {
        one.store.close();
        two.store.close();
    }

    @Test
    void whatChangesOnOneServerIsHeardOfOnTheOtherOnce() {
        one.changes.task("t1");
        one.changes.work("i1");
        one.changes.instance("caf\u00e9");
        two.changes.task("t2");

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(two.heard).containsExactlyInAnyOrder("task t1", "work i1", "instance caf\u00e9", "task t2");
            assertThat(one.heard).containsExactlyInAnyOrder("task t1", "work i1", "instance caf\u00e9", "task t2");
        });
    }

    @Test
    void manyChangesOfOneTaskGoTogether() {
        for (int i = 0; i < 20_000; i++) {
            one.changes.task("t" + i % 10);
        }
        one.changes.task("last");

        await().atMost(PATIENCE).until(() -> two.heard.contains("task last"));
        assertThat(one.store.figures().noticesSent()).isLessThan(500);
    }

    @Test
    void namesThatNoNoticeCanCarryAreLeftToThoseWhoLook() {
        one.changes.instance("a\nb");
        one.changes.instance("x".repeat(10_000));
        one.changes.instance("\0");
        one.changes.task("after");

        await().atMost(PATIENCE).until(() -> two.heard.contains("task after"));
        assertThat(two.heard).containsExactly("instance \ufffd", "task after");
    }

    @Test
    void aLostConnectionIsMadeAgain() {
        TestPostgres.endConnections("query LIKE 'LISTEN%' OR query = 'SELECT 1'");

        await().atMost(PATIENCE).untilAsserted(() -> {
            one.changes.task("again");
            assertThat(two.heard).contains("task again");
        });
    }
}
