package io.davylamp.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.davylamp.core.CoreRig;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.LimitReachedException;
import io.davylamp.core.access.PersonLimits;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.QuotaUse;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.FileLimits;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What one person may use, one below, at and above each limit; on one server and on two that share a store. */
final class QuotasTest {
    private static final int INSTANCES = 6;
    private static final byte[] STACKS = "a;b 1\n".getBytes(StandardCharsets.UTF_8);

    private final CoreRig rig = new CoreRig();
    private final List<String> noted = new ArrayList<>();
    private final Audited audit = (who, action, service, instances, subject, result, detail) -> {
        if (result == AuditEntry.Result.REFUSED) {
            noted.add(who.name() + " " + action + " " + service + ": " + detail);
        }
    };
    private final Principal ada = person("ada", "profiler *");
    private final Principal ben = person("ben", "profiler *");

    private static Principal person(String name, String grant) {
        return new Principal(Principal.Kind.PERSON, "user:" + name, name, List.of(Grant.of(grant)));
    }

    @BeforeEach
    void manyInstances() {
        for (int i = 0; i < INSTANCES; i++) {
            rig.instances.hello(Principal.ANYONE, "shop", "i" + i, Map.of(), Unable.NO, "life-of-" + i);
        }
    }

    @AfterEach
    void close() {
        rig.close();
    }

    private Quotas quotas(int running, int perHour, int queries, long bytes) {
        return new Quotas(new PersonLimits(running, perHour, queries, bytes), rig.store, rig.clock, audit);
    }

    /** The tasks of a server of this store. */
    private Tasks server(Quotas quotas) {
        return new Tasks(
                rig.store,
                rig.ids,
                rig.changes,
                rig.clock,
                () -> TaskLimits.DEFAULT,
                rig.assignments,
                Audited.NONE,
                quotas);
    }

    private Task start(Tasks server, Principal who, int instance) {
        rig.clock.advance(Duration.ofMillis(1));
        return ((Tasks.Created) server.create(who, CoreRig.spec("i" + instance))).task();
    }

    private static LimitReachedException refusal(ThrowingCallable work) {
        LimitReachedException refused = catchThrowableOfType(LimitReachedException.class, work);
        assertThat(refused).as("a refusal").isNotNull();
        return refused;
    }

    @Test
    void oneMoreRunningTaskThanAllowedIsRefusedUntilOneEnds() {
        Tasks server = server(quotas(2, 0, 0, 0));
        Task first = start(server, ada, 0);
        start(server, ada, 1);

        LimitReachedException refused = refusal(() -> start(server, ada, 2));

        assertThat(refused).hasMessage("ada has 2 of 2 running tasks (access.max-running-tasks); try again in 10 s");
        assertThat(refused.after()).isEqualTo(Duration.ofMillis(9_998));
        assertThatThrownBy(() -> server.check(ada, CoreRig.spec("i2"))).isInstanceOf(LimitReachedException.class);
        server.cancel(ada, first.id());
        server.check(ada, CoreRig.spec("i2"));
        start(server, ada, 2);
    }

    @Test
    void aTaskThatIsRefusedLeavesNothing() {
        Tasks server = server(quotas(1, 10, 0, 0));
        start(server, ada, 0);

        refusal(() -> start(server, ada, 1));

        assertThat(rig.tasks.newest(Principal.ANYONE, null, 10)).hasSize(1);
        assertThat(start(server, ben, 1).author().name()).isEqualTo("ben");
    }

    @Test
    void oneMoreTaskInAnHourThanAllowedIsRefusedUntilTheFirstIsAnHourOld() {
        Tasks server = server(quotas(0, 2, 0, 0));
        start(server, ada, 0);
        rig.clock.advance(Duration.ofMinutes(20));
        start(server, ada, 1);

        LimitReachedException refused = refusal(() -> start(server, ada, 2));

        assertThat(refused)
                .hasMessage(
                        "ada started 2 of 2 tasks in the last hour (access.max-tasks-per-hour); try again in 40 min");
        rig.clock.advance(refused.after().minusMillis(2));
        refusal(() -> start(server, ada, 2));
        rig.clock.advance(Duration.ofMillis(1));
        start(server, ada, 2);
        refusal(() -> start(server, ada, 3));
    }

    @Test
    void deletingATaskFreesNothing() {
        Tasks server = server(quotas(0, 1, 0, 0));
        Task task = start(server, ada, 0);
        server.cancel(ada, task.id());
        rig.retention.deleteTask(ada, task.id());

        refusal(() -> start(server, ada, 0));
    }

    @Test
    void aTaskThatOverlapsCountsNot() {
        Tasks server = server(quotas(0, 2, 0, 0));
        start(server, ada, 0);
        assertThat(server.create(ada, CoreRig.spec("i0"))).isInstanceOf(Tasks.Overlaps.class);

        start(server, ada, 1);
    }

    @Test
    void twoServersOnOneStoreCountTogether() {
        Tasks one = server(quotas(0, 2, 0, 0));
        Tasks other = server(quotas(0, 2, 0, 0));
        start(one, ada, 0);
        start(other, ada, 1);

        refusal(() -> start(one, ada, 2));
        refusal(() -> start(other, ada, 2));
    }

    @Test
    void anotherPersonIsNotHeldUpAndAnAdministratorIsNoExceptionAndWhoeverNeedNotSignInIsOne() {
        Tasks server = server(quotas(1, 1, 0, 0));
        Principal admin = person("root", "admin *");
        Principal token = new Principal(Principal.Kind.TOKEN, "token:1", "ci", List.of(Grant.of("profiler *")));
        start(server, ada, 0);
        start(server, admin, 1);
        start(server, token, 2);

        for (Principal who : List.of(ada, admin, token)) {
            refusal(() -> start(server, who, 3));
        }
        start(server, ben, 3);
        start(server, Principal.ANYONE, 4);
        start(server, Principal.ANYONE, 5);
    }

    @Test
    void theAuditLogHasTheFirstRefusalOfAMinute() {
        Tasks server = server(quotas(1, 0, 0, 0));
        start(server, ada, 0);
        for (int i = 0; i < 5; i++) {
            refusal(() -> start(server, ada, 1));
        }
        assertThat(noted)
                .containsExactly("ada task.create shop: ada has 1 of 1 running tasks (access.max-running-tasks);"
                        + " try again in 10 s");

        rig.clock.advance(Duration.ofMinutes(1));
        refusal(() -> start(server, ada, 1));
        assertThat(noted).hasSize(2);
    }

    private Opening files(Quotas quotas) {
        return new Opening(
                rig.store,
                rig.blobs,
                rig.indexer,
                rig.retention,
                rig.ids,
                rig.clock,
                new FileLimits(1 << 20, 1_000, 8, 20, Duration.ofHours(2), 2, Duration.ofSeconds(15), 100),
                Audited.NONE,
                quotas);
    }

    private static InputStream stacks() {
        return new ByteArrayInputStream(STACKS);
    }

    private void open(Opening files, Principal who, long declared) throws IOException {
        rig.clock.advance(Duration.ofMillis(1));
        files.open(who, "stacks", stacks(), declared);
    }

    @Test
    void bytesThatAreOpenedCountForADayAlsoWhenTheFileIsDeleted() throws Exception {
        Opening one = files(quotas(0, 0, 0, 2L * STACKS.length));
        Opening other = files(quotas(0, 0, 0, 2L * STACKS.length));
        open(one, ada, STACKS.length);
        open(other, ada, -1);
        other.all(ada).forEach(file -> other.delete(ada, file.id()));

        LimitReachedException refused = refusal(() -> open(one, ada, STACKS.length));
        refusal(() -> open(other, ada, -1));

        assertThat(refused)
                .hasMessage("ada opened 12 of 12 bytes of files in the last 24 hours (access.max-opened-per-day), and"
                        + " this file has 6 or more; try again in 24 h");
        open(one, ben, STACKS.length);
        rig.clock.advance(refused.after());
        open(one, ada, STACKS.length);
    }

    @Test
    void aFileThatSaysNotHowLongItIsIsRefusedWhereTheLimitIsReached() {
        Opening files = files(quotas(0, 0, 0, STACKS.length - 1));

        refusal(() -> open(files, ada, -1));

        assertThat(files.all(ada)).isEmpty();
        assertThat(rig.blobs.all()).isEmpty();
        assertThat(noted).hasSize(1);
    }

    @Test
    void aFileThatIsLongerThanAnybodyMayOpenIsRefusedBeforeItsFirstByte() {
        Opening files = files(quotas(0, 0, 0, 5));
        InputStream untouched = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("nothing is read");
            }
        };

        assertThat(refusal(() -> files.open(ada, "x", untouched, 6)))
                .hasMessageStartingWith("the file has 6 bytes, and access.max-opened-per-day lets one person open 5");
    }

    @Test
    void onlyWhatCameCountsOfAFileThatBreaksOff() throws Exception {
        Opening files = files(quotas(0, 0, 0, 1_000));
        InputStream broken = new InputStream() {
            private int left = 100;

            @Override
            public int read() throws IOException {
                if (left-- == 0) {
                    throw new IOException("cut");
                }
                return 'a';
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                into[offset] = (byte) read();
                return 1;
            }
        };
        assertThatThrownBy(() -> files.open(ada, "x", broken, 1_000)).hasMessage("cut");

        files.open(ada, "x", stacks(), 900);
        refusal(() -> files.open(ada, "x", stacks(), 995));
    }

    @Test
    void oneMoreQueryAtATimeThanAllowedIsRefusedAndOthersAreNot() throws Exception {
        Quotas quotas = quotas(0, 0, 2, 0);
        ProfileQuery query = new ProfileQuery(rig.blobs, QueryLimits.DEFAULT, key -> false, quotas);
        CountDownLatch working = new CountDownLatch(2);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService askers = Executors.newFixedThreadPool(2);
        try {
            List<Future<Integer>> answers = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                answers.add(askers.submit(() -> query.inTurn(ada, () -> {
                    working.countDown();
                    awaitLatch(go);
                    return 1;
                })));
            }
            assertThat(working.await(120, TimeUnit.SECONDS)).isTrue();

            assertThat(refusal(() -> query.inTurn(ada, () -> 1)))
                    .hasMessage(
                            "ada has 2 of 2 views computed at the same time (access.max-queries); try again in 1 s");
            assertThat(query.<Integer>inTurn(ben, () -> 2)).isEqualTo(2);
            assertThat(query.<Integer>inTurn(Principal.ANYONE, () -> 3)).isEqualTo(3);
            go.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get(120, TimeUnit.SECONDS)).isEqualTo(1);
            }
            assertThat(query.<Integer>inTurn(ada, () -> 4)).isEqualTo(4);
            assertThat(quotas.querying()).isZero();
            assertThat(noted).hasSize(1);
        } finally {
            askers.shutdownNow();
        }
    }

    @Test
    void aQueryThatFailsGivesItsPlaceBack() {
        Quotas quotas = quotas(0, 0, 1, 0);
        ProfileQuery query = new ProfileQuery(rig.blobs, QueryLimits.DEFAULT, key -> false, quotas);

        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> query.inTurn(ada, () -> {
                        throw new IOException("broken");
                    }))
                    .hasMessage("broken");
        }
        assertThat(quotas.querying()).isZero();
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whatNoLimitCountsAnyMoreIsRemoved() {
        Quotas quotas = quotas(0, 5, 0, 0);
        Tasks server = server(quotas);
        start(server, ada, 0);
        rig.clock.advance(Duration.ofHours(23));
        quotas.removeOld();
        assertThat(uses()).isEqualTo(1);
        rig.clock.advance(Duration.ofHours(2));

        quotas.removeOld();

        assertThat(uses()).isZero();
    }

    private int uses() {
        return rig.store.read(tx ->
                tx.quotaUses().oldest("user:ada", QuotaUse.Kind.TASK, 0, 10).size());
    }
}
