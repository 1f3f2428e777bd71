package io.davylamp.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.recording.OpenedFile;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.AssignmentTotals;
import io.davylamp.core.task.HistoryRow;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store does. An implementation's test extends this and opens an empty store. */
public abstract class StoreContract {
    private Store store;

    protected abstract Store openEmpty() throws Exception;

    @BeforeEach
    void open() throws Exception {
        store = openEmpty();
        store.write(tx -> {
            tx.instances().put(instance("i1", "shop", "shop-1"));
            tx.instances().put(instance("i2", "shop", "shop-2"));
            return null;
        });
    }

    @AfterEach
    void close() {
        store.close();
    }

    private static Instance instance(String id, String service, String name) {
        return new Instance(
                id, service, name, new TreeMap<>(Map.of("host", "h\n1")), Unable.NO, "life1", Abilities.ALL, 100, 200);
    }

    private static TaskRow task(String id, long created, String... instances) {
        return new TaskRow(
                id,
                new TaskSpec(
                        "shop",
                        List.of(instances),
                        Duration.ofSeconds(10),
                        EnumSet.of(ProfilerEvent.CPU, ProfilerEvent.LOCK),
                        new TreeMap<>(Map.of("interval", "10ms", "sched", "")),
                        "sched,interval=10ms"),
                created);
    }

    private static Assignment assignment(String id, String task, String instance, long created) {
        return Assignment.created(id, task, instance, "name of " + instance, created, created + 10, created + 20);
    }

    // Typed by name: what is read decides which assertThat is meant.
    private Optional<Assignment> assignment(String id) {
        return store.read(tx -> tx.assignments().byId(id));
    }

    private List<Assignment> assignments(Function<AssignmentRows, List<Assignment>> query) {
        return store.read(tx -> query.apply(tx.assignments()));
    }

    private boolean compareAndSet(Assignment next) {
        return store.write(tx -> tx.assignments().compareAndSet(next));
    }

    private List<HistoryRow> history(String id) {
        return store.read(tx -> tx.assignments().history(id));
    }

    private long lastCreatedMillis(String instance) {
        return store.read(tx -> tx.assignments().lastCreatedMillis(instance));
    }

    private Optional<TaskRow> task(String id) {
        return store.read(tx -> tx.tasks().byId(id));
    }

    private List<TaskRow> newest(String service, int limit) {
        return store.read(tx -> tx.tasks().newest(service, limit));
    }

    private Optional<Instance> instance(String id) {
        return store.read(tx -> tx.instances().byId(id));
    }

    private Optional<Instance> find(String service, String name) {
        return store.read(tx -> tx.instances().find(service, name));
    }

    private void insert(String task, long created, Assignment... assignments) {
        store.write(tx -> {
            tx.tasks().insert(task(task, created, "i1"));
            for (Assignment assignment : assignments) {
                assertThat(tx.assignments().insert(assignment)).isTrue();
            }
            return null;
        });
    }

    @Test
    void givesBackAnInstanceAsItWasPut() {
        assertThat(find("shop", "shop-1")).contains(instance("i1", "shop", "shop-1"));
        assertThat(instance("i1")).contains(instance("i1", "shop", "shop-1"));
        assertThat(find("shop", "other")).isEmpty();
        assertThat(store.<Integer>read(tx -> tx.instances().count("shop"))).isEqualTo(2);
        assertThat(store.<List<Instance>>read(tx -> tx.instances().all())).hasSize(2);
        assertThat(store.<List<Instance>>read(tx -> tx.instances().ofService("nobody")))
                .isEmpty();
    }

    @Test
    void replacesWhatIsKnownOfAnInstance() {
        Instance changed = new Instance(
                "i1",
                "shop",
                "shop-1",
                new TreeMap<>(),
                new Unable("library", "no perf"),
                "life2",
                new Abilities(
                        false,
                        Map.of("nofree", "its agent brings an older one", "nativemem", "because\nof that"),
                        Map.of("alloc", "there may be no symbols"),
                        1_200),
                100,
                300);
        store.write(tx -> {
            tx.instances().put(changed);
            return null;
        });

        assertThat(instance("i1")).contains(changed);
    }

    @Test
    void remembersWhenAnInstanceWasSeen() {
        store.writeSoon(tx -> {
            tx.instances().seen("i1", 999);
            return null;
        });

        assertThat(store.read(tx -> tx.instances().byId("i1")).orElseThrow().lastSeenMillis())
                .isEqualTo(999);
    }

    @Test
    void refusesTwoInstancesOfOneName() {
        assertThatThrownBy(() -> store.write(tx -> {
                    tx.instances().put(instance("i9", "shop", "shop-1"));
                    return null;
                }))
                .isInstanceOf(RuntimeException.class);
    }

    @Test
    void givesBackATaskAsItWasInserted() {
        insert("t1", 1_000);

        assertThat(task("t1")).contains(task("t1", 1_000, "i1"));
        assertThat(task("t2")).isEmpty();
    }

    @Test
    void listsTasksNewestFirst() {
        insert("t1", 1_000);
        insert("t2", 3_000);
        insert("t3", 2_000);

        assertThat(newest(null, 10)).extracting(TaskRow::id).containsExactly("t2", "t3", "t1");
        assertThat(newest("shop", 2)).extracting(TaskRow::id).containsExactly("t2", "t3");
        assertThat(newest("other", 2)).isEmpty();
    }

    @Test
    void givesBackAnAssignmentAsItWasInserted() {
        Assignment inserted = assignment("a1", "t1", "i1", 1_000);
        insert("t1", 1_000, inserted);

        assertThat(assignment("a1")).contains(inserted);
        assertThat(assignments(rows -> rows.ofTask("t1"))).containsExactly(inserted);
        assertThat(history("a1")).containsExactly(new HistoryRow(1_000, AssignmentState.PENDING, ""));
    }

    @Test
    void givesBackAnAssignmentWithEveryFieldChanged() {
        Assignment inserted = assignment("a1", "t1", "i1", 1_000);
        insert("t1", 1_000, inserted);
        Assignment changed = inserted.change(AssignmentState.RUNNING, 1_100)
                .resumeAt(AssignmentState.ACCEPTED)
                .life("life7")
                .reason("because")
                .startsNow(50, 60)
                .declaredBytes(7)
                .recording(8, "abc")
                .profile(9)
                .done();

        assertThat(compareAndSet(changed)).isTrue();

        assertThat(assignment("a1")).contains(changed);
    }

    @Test
    void changesAnAssignmentOnlyFromTheVersionThatWasRead() {
        Assignment first = assignment("a1", "t1", "i1", 1_000);
        insert("t1", 1_000, first);
        Assignment offered = first.change(AssignmentState.OFFERED, 1_001).done();
        Assignment cancelled = first.change(AssignmentState.CANCELLED, 1_002)
                .reason("cancelled")
                .done();

        assertThat(compareAndSet(offered)).isTrue();
        assertThat(compareAndSet(cancelled)).isFalse();

        assertThat(assignment("a1")).contains(offered);
        assertThat(history("a1"))
                .extracting(HistoryRow::state)
                .containsExactly(AssignmentState.PENDING, AssignmentState.OFFERED);
    }

    @Test
    void writesHistoryOnlyWhenTheStateIsNew() {
        Assignment first = assignment("a1", "t1", "i1", 1_000);
        insert("t1", 1_000, first);

        store.write(tx -> tx.assignments()
                .compareAndSet(
                        first.change(AssignmentState.PENDING, 1_001).reason("x").done()));

        assertThat(history("a1")).hasSize(1);
    }

    @Test
    void letsOneBlockingAssignmentHoldAnInstance() {
        insert("t1", 1_000, assignment("a1", "t1", "i1", 1_000));

        boolean inserted = store.write(tx -> {
            tx.tasks().insert(task("t2", 1_001, "i1"));
            assertThat(tx.assignments().insert(assignment("a3", "t2", "i2", 1_001)))
                    .isTrue();
            return tx.assignments().insert(assignment("a2", "t2", "i1", 1_001));
        });

        assertThat(inserted).isFalse();
        assertThat(assignment("a2")).isEmpty();
    }

    @Test
    void letsGoOfAnInstanceWhenTheWindowIsOver() {
        insert("t1", 1_000, assignment("a1", "t1", "i1", 1_000));

        boolean inserted = store.write(tx -> {
            tx.assignments().unblock(1_010);
            tx.tasks().insert(task("t2", 1_010, "i1"));
            return tx.assignments().insert(assignment("a2", "t2", "i1", 1_010));
        });

        assertThat(inserted).isTrue();
        Assignment first = store.read(tx -> tx.assignments().byId("a1")).orElseThrow();
        assertThat(first.blocking()).isFalse();
        assertThat(first.state()).isEqualTo(AssignmentState.PENDING);
        assertThat(first.version()).isEqualTo(1);
    }

    @Test
    void findsAssignmentsByInstanceStateAndDeadline() {
        Assignment one = assignment("a1", "t1", "i1", 1_000);
        Assignment two = assignment("a2", "t1", "i2", 1_005);
        insert("t1", 1_000, one, two);
        EnumSet<AssignmentState> pending = EnumSet.of(AssignmentState.PENDING);
        EnumSet<AssignmentState> ready = EnumSet.of(AssignmentState.READY);

        assertThat(assignments(rows -> rows.ofInstance("i1", pending))).containsExactly(one);
        assertThat(assignments(rows -> rows.ofInstance("i1", ready))).isEmpty();
        assertThat(assignments(rows -> rows.inStates(pending))).containsExactly(one, two);
        assertThat(assignments(rows -> rows.overdue(pending, 1_020))).containsExactly(one);
        assertThat(lastCreatedMillis("i2")).isEqualTo(1_005);
        assertThat(lastCreatedMillis("nobody")).isZero();
    }

    @Test
    void deletesATaskWithAllThatIsOfIt() {
        insert("t1", 1_000, assignment("a1", "t1", "i1", 1_000));

        store.write(tx -> {
            tx.tasks().delete("t1");
            return null;
        });

        assertThat(task("t1")).isEmpty();
        assertThat(assignment("a1")).isEmpty();
        assertThat(history("a1")).isEmpty();
    }

    @Test
    void keepsNothingOfATransactionThatThrows() {
        assertThatThrownBy(() -> store.write(tx -> {
                    tx.tasks().insert(task("t1", 1_000, "i1"));
                    throw new IllegalStateException("on purpose");
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("on purpose");

        assertThat(task("t1")).isEmpty();
    }

    @Test
    void manyThreadsChangeAnAssignmentAndEachVersionIsTakenOnce() throws Exception {
        insert("t1", 1_000, assignment("a1", "t1", "i1", 1_000));
        AtomicInteger changed = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);

        for (int t = 0; t < 4; t++) {
            new Thread(() -> {
                        for (int i = 0; i < 25; i++) {
                            Assignment now = store.read(tx -> tx.assignments().byId("a1"))
                                    .orElseThrow();
                            Assignment next = now.change(now.state(), 2_000)
                                    .reason("r" + i)
                                    .done();
                            if (store.write(tx -> tx.assignments().compareAndSet(next))) {
                                changed.incrementAndGet();
                            }
                        }
                        done.countDown();
                    })
                    .start();
        }
        done.await();

        assertThat(store.read(tx -> tx.assignments().byId("a1")).orElseThrow().version())
                .isEqualTo(changed.get());
    }

    @Test
    void findsTasksByAgeOldestFirst() {
        insert("young", 300);
        insert("old", 100);
        insert("older", 50);

        assertThat(store.<List<String>>read(tx -> tx.tasks().createdBefore(300, 10)))
                .containsExactly("older", "old");
        assertThat(store.<List<String>>read(tx -> tx.tasks().createdBefore(300, 1)))
                .containsExactly("older");
    }

    @Test
    void givesBackFilesNewestFirstAsTheyWerePut() {
        OpenedFile old = new OpenedFile("f1", "old <b>", 7, true, false, 100, 100);
        OpenedFile young = new OpenedFile("f2", "young", 0, false, false, 200, 200);
        OpenedFile kept = new OpenedFile("f2", "young", 9, true, true, 200, 300);
        store.write(tx -> {
            tx.files().put(old);
            tx.files().put(young);
            tx.files().put(kept);
            tx.files().lookedAt("f1", 400);
            return null;
        });

        assertThat(store.<List<OpenedFile>>read(tx -> tx.files().newest()))
                .containsExactly(kept, new OpenedFile("f1", "old <b>", 7, true, false, 100, 400));
        store.write(tx -> {
            tx.files().delete("f2");
            return null;
        });
        assertThat(store.<Optional<OpenedFile>>read(tx -> tx.files().byId("f2")))
                .isEmpty();
        assertThat(store.<Optional<OpenedFile>>read(tx -> tx.files().byId("f1")))
                .isPresent();
    }

    @Test
    void sumsWhatIsKept() {
        assertThat(store.<AssignmentTotals>read(tx -> tx.assignments().totals()))
                .isEqualTo(new AssignmentTotals(0, 0, 0, 0));
        insert("t", 1, assignment("a1", "t", "i1", 1), assignment("a2", "t", "i2", 1));
        Assignment stored = assignment("a1", "t", "i1", 1)
                .change(AssignmentState.STORED, 5)
                .recording(70, "hash")
                .profile(30)
                .done();
        store.write(tx -> tx.assignments().compareAndSet(stored));

        assertThat(store.<AssignmentTotals>read(tx -> tx.assignments().totals()))
                .isEqualTo(new AssignmentTotals(1, 1, 70, 30));
    }

    @Test
    void forgetsInstancesThatWereNotSeenAndHaveNothing() {
        insert("t", 1, assignment("a1", "t", "i1", 1));

        assertThat(store.<Integer>write(tx -> tx.instances().deleteUnseenSince(200)))
                .isZero();
        assertThat(store.<Integer>write(tx -> tx.instances().deleteUnseenSince(201)))
                .isOne();
        assertThat(instance("i1")).isPresent();
        assertThat(instance("i2")).isEmpty();
        assertThat(store.<Integer>read(tx -> tx.instances().count())).isOne();
    }
}
