package io.davylamp.core.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.AuditQuery;
import io.davylamp.core.access.Author;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.LoginCode;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.QuotaUse;
import io.davylamp.core.access.Session;
import io.davylamp.core.access.Token;
import io.davylamp.core.access.User;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Place;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.instance.Wanted;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingRows;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.recording.RecordingStep;
import io.davylamp.core.recording.RecordingTotals;
import io.davylamp.core.recording.UploadRow;
import io.davylamp.core.recording.UploadRows;
import io.davylamp.core.server.InstallationRow;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentRows;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.HistoryRow;
import io.davylamp.core.task.InvalidTaskException;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.TaskRow;
import io.davylamp.core.task.TaskSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.Stream;
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
                id,
                service,
                name,
                new TreeMap<>(Map.of("host", "h\n1")),
                Labels.NONE,
                Unable.NO,
                "life1",
                "",
                Abilities.ALL,
                0,
                100,
                200);
    }

    private static TaskRow task(String id, long created, String... instances) {
        return new TaskRow(
                id,
                TaskSpec.asked(
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
    void keepsEveryComponentOfAnInstance() {
        Instance first = RecordingSamples.everyComponent(instance("i9", "shop", "shop-9"), 1);
        Instance next = RecordingSamples.everyComponent(first, 2);

        put(first);
        assertThat(instance("i9")).contains(first);
        put(next);
        assertThat(instance("i9")).contains(next);
    }

    private void put(Instance instance) {
        store.write(tx -> {
            tx.instances().put(instance);
            return null;
        });
    }

    @Test
    void replacesWhatIsKnownOfAnInstance() {
        Instance changed = new Instance(
                "i1",
                "shop",
                "shop-1",
                new TreeMap<>(),
                new Labels(new TreeMap<>(Map.of("zone", "a"))),
                new Unable("library", "no perf"),
                "life2",
                "a link",
                new Abilities(
                        false,
                        Map.of("nofree", "its agent brings an older one", "nativemem", "because\nof that"),
                        Map.of("alloc", "there may be no symbols"),
                        1_200),
                77,
                100,
                300);
        store.write(tx -> {
            tx.instances().put(changed);
            return null;
        });

        assertThat(instance("i1")).contains(changed);
    }

    @Test
    void remembersWhenInstancesWereSeen() {
        Map<String, Long> seen = new TreeMap<>();
        for (int i = 0; i < 1_234; i++) {
            seen.put("unknown" + i, 5_000L);
        }
        seen.put("i1", 999L);
        seen.put("i2", 199L);

        store.writeSoon(tx -> {
            tx.instances().seen(seen);
            tx.instances().seen(Map.of());
            return null;
        });

        assertThat(instance("i1").orElseThrow().lastSeenMillis()).isEqualTo(999);
        assertThat(instance("i2").orElseThrow().lastSeenMillis())
                .as("it never goes back")
                .isEqualTo(200);
        assertThat(store.<Integer>read(tx -> tx.instances().count())).isEqualTo(2);
    }

    private static Instance linked(Instance i, String link, SortedMap<String, String> properties, Abilities abilities) {
        return new Instance(
                i.id(),
                i.service(),
                i.name(),
                properties,
                i.labels(),
                i.unable(),
                i.life(),
                link,
                abilities,
                i.trustMillis(),
                i.firstSeenMillis(),
                i.lastSeenMillis());
    }

    @Test
    void findsAnInstanceByItsConnectionUntilThatEnds() {
        Instance one = instance("i1").orElseThrow();
        put(linked(one, "first", one.properties(), Abilities.ALL));
        put(linked(one, "second", one.properties(), Abilities.ALL));

        store.writeSoon(tx -> {
            tx.instances().unlink(List.of("first", "unknown"));
            return null;
        });
        assertThat(byLink("second")).map(Instance::id).contains("i1");
        assertThat(byLink("first")).isEmpty();
        assertThat(byLink("")).isEmpty();

        store.writeSoon(tx -> {
            tx.instances().unlink(List.of("second"));
            tx.instances().unlink(List.of());
            return null;
        });
        assertThat(byLink("second")).isEmpty();
        assertThat(instance("i1").orElseThrow().link()).isEmpty();
    }

    private Optional<Instance> byLink(String link) {
        return store.read(tx -> tx.instances().byLink(link));
    }

    @Test
    void findsTheInstancesOfAHostThatWereSeenLately() {
        Instance one = instance("i1").orElseThrow();
        SortedMap<String, String> properties = new TreeMap<>(Map.of("host", "Box", "pid", "7", "os", "Linux"));
        Instance onBox = linked(one, "", properties, Abilities.ALL);
        put(onBox);
        String box = Place.of(onBox).host();

        assertThat(onHosts(List.of(box, "another"), 200)).containsExactly("i1");
        assertThat(onHosts(List.of(box), 201)).isEmpty();
        assertThat(onHosts(List.of("another"), 0)).isEmpty();
        assertThat(onHosts(List.of(), 0)).isEmpty();
        assertThat(store.<List<Instance>>read(tx -> tx.instances().byIds(List.of("i2", "unknown"))))
                .extracting(Instance::id)
                .containsExactly("i2");
        assertThat(store.<List<Instance>>read(tx -> tx.instances().byIds(List.of())))
                .isEmpty();
    }

    private List<String> onHosts(Collection<String> hosts, long since) {
        return store.read(tx -> tx.instances().onHosts(hosts, since)).stream()
                .map(Instance::id)
                .toList();
    }

    @Test
    void knowsWhatAgentsAreToBeToldUntilTheyAre() {
        insert("t", 1, assignment("a1", "t", "i1", 10));
        assertThat(wanted(0)).containsExactly(new Wanted("i1", Wanted.Kind.OFFER, "a1"));

        Assignment offered = change("a1", AssignmentState.OFFERED, change -> change.life("life1"));
        store.write(tx -> {
            tx.assignments().unblock(offered.windowEndMillis());
            return null;
        });
        insert("t2", 2, assignment("a2", "t2", "i1", 11));
        assertThat(wanted(0)).as("the instance is busy").isEmpty();

        change("a1", AssignmentState.RUNNING, Assignment.Change::stopWanted);
        assertThat(wanted(0)).containsExactly(new Wanted("i1", Wanted.Kind.STOP, "a1"));

        change("a2", AssignmentState.CANCELLED, change -> change);
        change("a1", AssignmentState.CANCELLED, change -> change);
        long end = offered.windowEndMillis();
        assertThat(wanted(end - 1)).containsExactly(new Wanted("i1", Wanted.Kind.CANCEL, "a1"));
        assertThat(wanted(end)).isEmpty();

        put(instance("i2").orElseThrow().trusted(77));
        assertThat(wanted(end)).containsExactly(new Wanted("i2", Wanted.Kind.TRUST, "77"));
    }

    @Test
    void knowsWhetherSomethingOfAnInstanceEndedLately() {
        insert("t", 1, assignment("a1", "t", "i1", 10));
        Set<AssignmentState> ends = EnumSet.of(AssignmentState.DELIVERED, AssignmentState.FAILED);
        assertThat(hasChangedSince("i1", ends, 0)).isFalse();

        change("a1", AssignmentState.FAILED, change -> change);

        assertThat(hasChangedSince("i1", ends, 499)).isTrue();
        assertThat(hasChangedSince("i1", ends, 500)).isFalse();
        assertThat(hasChangedSince("i2", ends, 0)).isFalse();
        assertThat(hasChangedSince("i1", EnumSet.of(AssignmentState.DELIVERED), 0))
                .isFalse();
    }

    private boolean hasChangedSince(String instance, Set<AssignmentState> states, long millis) {
        return store.read(tx -> tx.assignments().hasChangedSince(instance, states, millis));
    }

    @Test
    void showsThatATaskChanged() {
        assertThat(versions("t", "t2")).isEmpty();
        insert("t", 1, assignment("a1", "t", "i1", 10));
        insert("t2", 1, assignment("a2", "t2", "i2", 10));
        Map<String, String> first = versions("t", "t2");
        assertThat(first).containsOnlyKeys("t", "t2");
        assertThat(versions("t", "t2")).isEqualTo(first);

        change("a1", AssignmentState.OFFERED, change -> change);

        assertThat(versions("t", "t2")).containsEntry("t2", first.get("t2")).doesNotContainEntry("t", first.get("t"));
    }

    private Map<String, String> versions(String... ids) {
        return store.read(tx -> tx.tasks().versions(List.of(ids)));
    }

    @Test
    void asksAgentsThatDoNotReportForTheirReceipts() {
        Instance one = instance("i1").orElseThrow();
        put(linked(one, "", one.properties(), new Abilities(false, Map.of(), Map.of(), 0)));
        insert("t", 1, assignment("a1", "t", "i1", 10));
        change("a1", AssignmentState.OFFERED, change -> change.life("life1"));

        assertThat(wanted(0)).containsExactly(new Wanted("i1", Wanted.Kind.RECEIPT, "a1"));
        change("a1", AssignmentState.ACCEPTED, change -> change);
        assertThat(wanted(0)).containsExactly(new Wanted("i1", Wanted.Kind.RECEIPT, "a1"));
        change("a1", AssignmentState.RECEIVING, change -> change);
        assertThat(wanted(0)).isEmpty();
    }

    private List<Wanted> wanted(long since) {
        return store.read(tx -> tx.instances().wanted(since));
    }

    private Assignment change(String id, AssignmentState to, Function<Assignment.Change, Assignment.Change> details) {
        return store.write(tx -> {
            Assignment next = details.apply(
                            tx.assignments().byId(id).orElseThrow().change(to, 500))
                    .done();
            assertThat(tx.assignments().compareAndSet(next)).isTrue();
            return next;
        });
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
    void listsTheTasksOfATimeBeforeItCounts() {
        for (int i = 1; i <= 5; i++) {
            insert("t" + i, i * 1_000L);
        }

        assertThat(store.<List<TaskRow>>read(tx -> tx.tasks().createdIn("shop", 2_000, 4_000, 10)))
                .extracting(TaskRow::id)
                .containsExactly("t3", "t2");
        assertThat(store.<List<TaskRow>>read(tx -> tx.tasks().createdIn("shop", Long.MIN_VALUE, 4_000, 1)))
                .extracting(TaskRow::id)
                .containsExactly("t3");
        assertThat(store.<List<TaskRow>>read(tx -> tx.tasks().createdIn("other", 0, Long.MAX_VALUE, 10)))
                .isEmpty();
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
        EnumSet<AssignmentState> ready = EnumSet.of(AssignmentState.DELIVERED);

        assertThat(assignments(rows -> rows.ofInstance("i1", pending))).containsExactly(one);
        assertThat(assignments(rows -> rows.ofInstance("i1", ready))).isEmpty();
        assertThat(assignments(rows -> rows.ofInstance("i1", ready, pending, one.windowEndMillis() - 1)))
                .containsExactly(one);
        assertThat(assignments(rows -> rows.ofInstance("i1", ready, pending, one.windowEndMillis())))
                .isEmpty();
        assertThat(assignments(rows -> rows.ofInstance("i1", pending, ready, Long.MAX_VALUE)))
                .containsExactly(one);
        assertThat(assignments(rows -> rows.inStates(pending))).containsExactly(one, two);
        assertThat(assignments(rows -> rows.overdue(pending, 1_020))).containsExactly(one);
        assertThat(lastCreatedMillis("i2")).isEqualTo(1_005);
        assertThat(lastCreatedMillis("nobody")).isZero();
    }

    @Test
    void givesBackATaskThatNobodyCouldAskForNow() {
        TaskSpec old = new TaskSpec(
                "shop",
                List.of("shop-1"),
                Duration.ofSeconds(10),
                EnumSet.of(ProfilerEvent.CPU, ProfilerEvent.WALL),
                new TreeMap<>(Map.of("given-up", "what was allowed then")),
                null);
        store.write(tx -> {
            tx.tasks().insert(new TaskRow("t1", old, 1_000));
            return null;
        });

        assertThatThrownBy(old::requireValid).isInstanceOf(InvalidTaskException.class);
        assertThat(task("t1").orElseThrow().spec()).isEqualTo(old);
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

    private static final Recording RECORDING = RecordingSamples.everyComponent("r1", RecordingState.STORED, 0);

    private Optional<Recording> recording(String id) {
        return store.read(tx -> tx.recordings().byId(id));
    }

    private void insert(Recording... recordings) {
        store.write(tx -> {
            for (Recording each : recordings) {
                tx.recordings().insert(each);
            }
            return null;
        });
    }

    private boolean set(Recording next) {
        return store.write(tx -> tx.recordings().compareAndSet(next));
    }

    @Test
    void givesBackEveryComponentOfARecordingThatWasInsertedOrReplaced() {
        insert(RECORDING);
        assertThat(recording("r1")).contains(RECORDING);

        Recording next = RecordingSamples.everyComponent("r1", RecordingState.READY, 1);
        assertThat(set(next)).isTrue();

        assertThat(recording("r1"))
                .as("all but until when it is kept")
                .contains(RecordingSamples.keptUntil(next, RECORDING.keptUntilMillis()));
        assertThat(store.<Optional<Recording>>read(tx -> tx.recordings().byProfileKey(next.profileKey())))
                .isEqualTo(recording("r1"));
    }

    @Test
    void givesBackEveryComponentOfAnAssignmentThatWasReplaced() {
        insert("t1", 1_000, assignment("a1", "t1", "i1", 1_000));
        Assignment next = RecordingSamples.everyComponent(assignment("a1", "t1", "i1", 1_000));

        assertThat(store.<Boolean>write(tx -> tx.assignments().compareAndSet(next)))
                .isTrue();

        assertThat(assignment("a1")).contains(next);
    }

    @Test
    void refusesARecordingOfAnotherVersion() {
        insert(RECORDING);

        assertThat(set(RecordingSamples.everyComponent("r1", RecordingState.READY, 2)))
                .isFalse();
        assertThat(set(RecordingSamples.everyComponent("r1", RecordingState.READY, 0)))
                .isFalse();
        assertThat(set(RecordingSamples.everyComponent("other", RecordingState.READY, 1)))
                .isFalse();
        assertThat(recording("r1")).contains(RECORDING);
    }

    @Test
    void manyReadersWantARecordingAndOneTakesIt() throws Exception {
        insert(RECORDING);
        AtomicInteger taken = new AtomicInteger();
        CountDownLatch done = new CountDownLatch(4);

        for (int t = 0; t < 4; t++) {
            new Thread(() -> {
                        recording("r1").flatMap(now -> now.taken(5)).ifPresent(next -> {
                            if (set(next)) {
                                taken.incrementAndGet();
                            }
                        });
                        done.countDown();
                    })
                    .start();
        }
        done.await();

        assertThat(taken.get()).isOne();
        assertThat(recording("r1").orElseThrow().state()).isEqualTo(RecordingState.READING);
    }

    @Test
    void notesWhatBecameOfARecordingButNotItsReaders() {
        insert(RECORDING);
        Recording taken = RECORDING.taken(1_000).orElseThrow();
        Recording renewed = taken.renewed(2_000).orElseThrow();
        Recording refused = renewed.refused(3_000, "why").orElseThrow();
        for (Recording next :
                List.of(taken, renewed, refused, refused.readAgain(4_000).orElseThrow())) {
            assertThat(set(next)).isTrue();
        }

        assertThat(store.<List<RecordingStep>>read(tx -> tx.recordings().history("r1")))
                .containsExactly(
                        new RecordingStep(3_000, RecordingState.UNREADABLE, "why"),
                        new RecordingStep(4_000, RecordingState.STORED, ""));
    }

    @Test
    void findsRecordingsByTaskOriginStateAndTime() {
        Recording first = RecordingSamples.of("r1", Origin.ASSIGNMENT, "t1", RecordingState.STORED, 10, 100);
        Recording second = RecordingSamples.of("r2", Origin.OPENED_FILE, "", RecordingState.READY, 20, 50);
        Recording third = RecordingSamples.of("r3", Origin.OPENED_FILE, "", RecordingState.READING, 30, 70);
        insert(third, second, first);

        assertThat(recordings(rows -> rows.ofTasks(List.of("t1", "t2")))).containsExactly(first);
        assertThat(recordings(rows -> rows.ofTasks(List.of()))).isEmpty();
        assertThat(recordings(rows -> rows.ofOrigin(Origin.OPENED_FILE))).containsExactly(third, second);
        assertThat(recordings(rows -> rows.inStates(EnumSet.of(RecordingState.STORED, RecordingState.READING))))
                .containsExactly(first, third);
        assertThat(recordings(rows -> rows.free(third.leaseMillis(), 9))).containsExactly(first, third);
        assertThat(recordings(rows -> rows.free(third.leaseMillis(), 1))).containsExactly(first);
        assertThat(recordings(rows -> rows.free(third.leaseMillis() - 1, 9))).containsExactly(first);
        assertThat(recordings(rows -> rows.keptUntilBefore(100, 10))).containsExactly(second, third);
        assertThat(recordings(rows -> rows.keptUntilBefore(100, 1))).containsExactly(second);
        store.write(tx -> {
            tx.recordings().keepUntil("r2", 40);
            tx.recordings().keepUntil("r3", Recording.FOR_GOOD);
            tx.recordings().delete("r1");
            return null;
        });
        assertThat(recordings(rows -> rows.keptUntilBefore(100, 10))).containsExactly(second);
        assertThat(recording("r1")).isEmpty();
    }

    private List<Recording> recordings(Function<RecordingRows, List<Recording>> query) {
        return store.read(tx -> query.apply(tx.recordings()));
    }

    @Test
    void sumsWhatIsKept() {
        assertThat(totals(Origin.ASSIGNMENT)).isEqualTo(new RecordingTotals(0, 0, 0, 0));
        insert(
                RecordingSamples.of("r1", Origin.ASSIGNMENT, "t1", RecordingState.STORED, 10, 100),
                RecordingSamples.of("r2", Origin.ASSIGNMENT, "t1", RecordingState.READING, 10, 100),
                RecordingSamples.of("r3", Origin.ASSIGNMENT, "t1", RecordingState.READY, 10, 100),
                RecordingSamples.of("r4", Origin.OPENED_FILE, "", RecordingState.READY, 10, 100));
        insert("t", 1, assignment("a1", "t", "i1", 1));

        assertThat(totals(Origin.ASSIGNMENT)).isEqualTo(new RecordingTotals(3, 2, 210, 90));
        assertThat(store.<Long>read(tx -> tx.tasks().count())).isOne();
    }

    private RecordingTotals totals(Origin origin) {
        return store.read(tx -> tx.recordings().totals(origin));
    }

    @Test
    void remembersBlobsThatBelongToNoRow() {
        store.write(tx -> {
            tx.leftovers().put(List.of("a", "b"), 10);
            tx.leftovers().put(List.of("b", "c"), 20);
            return null;
        });

        assertThat(store.<List<String>>read(tx -> tx.leftovers().due(10, 5))).containsExactly("a");
        assertThat(store.<List<String>>read(tx -> tx.leftovers().due(20, 2))).containsExactly("a", "b");
        store.write(tx -> {
            tx.leftovers().remove(List.of("a", "c", "unknown"));
            return null;
        });
        assertThat(store.<List<String>>read(tx -> tx.leftovers().due(20, 5))).containsExactly("b");
    }

    @Test
    void keepsTheServersThatShareIt() {
        ServerRow first = server("s1", 10, 100);
        ServerRow second = server("s2", 20, 90);

        store.write(tx -> {
            tx.servers().put(second);
            tx.servers().put(first);
            return null;
        });
        assertThat(servers()).containsExactly(first, second);

        ServerRow later = first.heard(200, -3_000);
        store.write(tx -> {
            tx.servers().put(later);
            return null;
        });
        assertThat(servers()).containsExactly(later, second);
    }

    @Test
    void forgetsServersThatStoppedOrFellSilent() {
        store.write(tx -> {
            tx.servers().put(server("s1", 10, 100));
            tx.servers().put(server("s2", 20, 99));
            tx.servers().put(server("s3", 30, 100));
            return null;
        });

        int silent = store.write(tx -> tx.servers().removeUnheardSince(100));
        store.write(tx -> {
            tx.servers().remove(new ServerId("s3"));
            tx.servers().remove(new ServerId("unknown"));
            return null;
        });

        assertThat(silent).isOne();
        assertThat(servers()).containsExactly(server("s1", 10, 100));
    }

    private List<ServerRow> servers() {
        return store.read(tx -> tx.servers().all());
    }

    private static ServerRow server(String id, long started, long heard) {
        return new ServerRow(
                new ServerId(id),
                "host-" + id,
                "1.2",
                "10.0.0.1:12800",
                "10.0.0.1:11800",
                new TreeMap<>(Map.of("data.kept", "30d", "odd", "a\nb\\n")),
                1_500,
                started,
                heard);
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

    /** Runs {@code work} on several threads at once and gives back what it answered. */
    private <T> List<T> atOnce(int threads, IntFunction<T> work) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<T>> answers = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int number = i;
                answers.add(pool.submit(() -> {
                    start.await();
                    return work.apply(number);
                }));
            }
            start.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> answer : answers) {
                results.add(answer.get());
            }
            return results;
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void ofManyWhoRegisterOneInstanceAllGetTheSame() throws Exception {
        List<String> ids = atOnce(
                6,
                i -> store.writeSoon(tx -> {
                    Optional<Instance> known = tx.instances().find("shop", "new");
                    if (known.isPresent()) {
                        return known.get().id();
                    }
                    tx.instances().put(instance("new" + i, "shop", "new"));
                    return "new" + i;
                }));

        assertThat(ids).containsOnly(find("shop", "new").orElseThrow().id());
    }

    @Test
    void whatCountsAndThenWritesKeepsItsLimit() throws Exception {
        List<Boolean> taken = atOnce(
                6,
                i -> store.write(tx -> {
                    if (tx.instances().count("shop") >= 5) {
                        return false;
                    }
                    tx.instances().put(instance("n" + i, "shop", "n" + i));
                    return true;
                }));

        assertThat(taken).filteredOn(each -> each).hasSize(3);
        assertThat(store.<Integer>read(tx -> tx.instances().count("shop"))).isEqualTo(5);
    }

    @Test
    void ofTasksThatOverlapOnAnInstanceOneIsTaken() throws Exception {
        List<Boolean> taken = atOnce(
                4,
                i -> store.write(tx -> {
                    tx.tasks().insert(task("t" + i, 1_000, "i1"));
                    return tx.assignments().insert(assignment("a" + i, "t" + i, "i1", 1_000));
                }));

        assertThat(taken).filteredOn(each -> each).hasSize(1);
    }

    @Test
    void writersInTurnsLoseNothing() throws Exception {
        insert(RECORDING);
        insert("t1", 1_000, assignment("a1", "t1", "i1", 1_000));

        atOnce(
                4,
                i -> store.write(tx -> {
                    Assignment now = tx.assignments().byId("a1").orElseThrow();
                    return tx.assignments()
                            .compareAndSet(now.change(now.state(), 2_000).done());
                }));

        assertThat(assignment("a1").orElseThrow().version()).isEqualTo(4);
    }

    @Test
    void textsOfAnyCharactersComeBackOrNearlySo() {
        String hostile = "a\0b\uD800c\n\\0\\n\u00e4\uD83D\uDE00";
        put(new Instance(
                "i3",
                "shop",
                "shop-3",
                new TreeMap<>(Map.of(hostile, hostile)),
                Labels.NONE,
                new Unable("library", hostile),
                "life1",
                "",
                Abilities.ALL,
                0,
                100,
                200));

        Instance found = instance("i3").orElseThrow();
        assertThat(found.properties()).hasSize(1);
        assertThat(found.properties().firstKey()).startsWith("a\0b").endsWith("c\n\\0\\n\u00e4\uD83D\uDE00");
        assertThat(found.unable().reason()).startsWith("a").endsWith("c\n\\0\\n\u00e4\uD83D\uDE00");
    }

    private static UploadRow upload(String id, long kept, String owner, long lease) {
        return new UploadRow(id, "recordings/t/" + id + ".jfr", 300, kept + 2, kept, "token\n1", owner, lease);
    }

    private Optional<UploadRow> uploadOf(String id) {
        return store.read(tx -> tx.uploads().byId(id));
    }

    private <T> T uploads(Function<UploadRows, T> work) {
        return store.write(tx -> work.apply(tx.uploads()));
    }

    @Test
    void keepsOneUploadOfAnAssignment() {
        assertThat(this.<Boolean>uploads(rows -> rows.insert(upload("a1", 10, "one", 100))))
                .isTrue();
        assertThat(this.<Boolean>uploads(rows -> rows.insert(upload("a1", 20, "two", 200))))
                .isFalse();

        assertThat(uploadOf("a1")).contains(upload("a1", 10, "one", 100));
        assertThat(uploadOf("none")).isEmpty();
        assertThat(this.<List<UploadRow>>uploads(rows -> rows.byIds(List.of("none", "a1"))))
                .containsExactly(upload("a1", 10, "one", 100));
        assertThat(this.<List<UploadRow>>uploads(rows -> rows.byIds(List.of()))).isEmpty();
    }

    @Test
    void onlyTheOwnerOfAnUploadChangesIt() {
        uploads(rows -> rows.insert(upload("a1", 10, "one", 100)));

        assertThat(this.<Boolean>uploads(rows -> rows.replace(upload("a1", 20, "two", 200), "two")))
                .isFalse();
        assertThat(this.<Boolean>uploads(rows -> rows.replace(upload("a2", 20, "two", 200), "")))
                .isFalse();
        assertThat(this.<Boolean>uploads(rows -> rows.delete("a1", "two"))).isFalse();
        assertThat(uploadOf("a1")).contains(upload("a1", 10, "one", 100));

        assertThat(this.<Boolean>uploads(rows -> rows.replace(upload("a1", 20, "two", 200), "one")))
                .isTrue();
        assertThat(uploadOf("a1")).contains(upload("a1", 20, "two", 200));
        assertThat(this.<Boolean>uploads(rows -> rows.delete("a1", "two"))).isTrue();
        assertThat(uploadOf("a1")).isEmpty();
    }

    @Test
    void renewsTheLeasesOfUploadsAndNamesThoseThatHaveAnotherOwner() {
        uploads(rows -> rows.insert(upload("a1", 10, "one", 100)));
        uploads(rows -> rows.insert(upload("a2", 10, "two", 100)));

        assertThat(this.<Set<String>>uploads(rows -> rows.renew(List.of(
                        new UploadRow("a1", "", 0, 77, 0, "", "one", 500),
                        new UploadRow("a2", "", 0, 77, 0, "", "one", 500),
                        new UploadRow("a3", "", 0, 77, 0, "", "one", 500)))))
                .containsExactlyInAnyOrder("a2", "a3");

        assertThat(uploadOf("a1"))
                .contains(new UploadRow("a1", "recordings/t/a1.jfr", 300, 77, 10, "token\n1", "one", 500));
        assertThat(uploadOf("a2")).contains(upload("a2", 10, "two", 100));
        assertThat(this.<Set<String>>uploads(rows -> rows.renew(List.of()))).isEmpty();
    }

    @Test
    void findsUploadsWhoseLeaseHasEnded() {
        uploads(rows -> rows.insert(upload("a1", 10, "one", 300)));
        uploads(rows -> rows.insert(upload("a2", 10, "two", 200)));
        uploads(rows -> rows.insert(upload("a3", 10, "", 100)));

        assertThat(this.<List<UploadRow>>uploads(rows -> rows.abandoned(300, 9)))
                .extracting(UploadRow::assignmentId)
                .containsExactly("a2", "a1");
        assertThat(this.<List<UploadRow>>uploads(rows -> rows.abandoned(299, 9)))
                .extracting(UploadRow::assignmentId)
                .containsExactly("a2");
        assertThat(this.<List<UploadRow>>uploads(rows -> rows.idleSince(300, 2)))
                .extracting(UploadRow::assignmentId)
                .containsExactly("a3", "a2");
    }

    @Test
    void deletesUploadsWhoeverHasThem() {
        uploads(rows -> rows.insert(upload("a1", 10, "one", 300)));
        uploads(rows -> rows.insert(upload("a2", 10, "", 300)));

        store.write(tx -> {
            tx.uploads().delete(List.of("a1", "none"));
            tx.uploads().delete(List.of());
            return null;
        });

        assertThat(uploadOf("a1")).isEmpty();
        assertThat(uploadOf("a2")).isPresent();
    }

    private InstallationRow installation() {
        return store.<Optional<InstallationRow>>read(tx -> tx.installation().find())
                .orElseThrow();
    }

    @Test
    void theFirstServerSaysWhichInstallationThisIs() {
        InstallationRow first = new InstallationRow("one", "secret", false, 10);

        assertThat(store.<Boolean>write(tx -> tx.installation().insert(first))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.installation().insert(new InstallationRow("two", "other", false, 20))))
                .isFalse();

        assertThat(installation()).isEqualTo(first);
    }

    @Test
    void ofTwoThatClaimTheInstallationOneDoes() {
        InstallationRow first = new InstallationRow("one", "secret", false, 10);
        store.<Boolean>write(tx -> tx.installation().insert(first));

        assertThat(store.<Boolean>write(tx -> tx.installation().compareAndSet(first.claimed(30), 10)))
                .isTrue();
        assertThat(store.<Boolean>write(tx -> tx.installation().compareAndSet(first.claimed(31), 10)))
                .isFalse();
        assertThat(store.<Boolean>write(
                        tx -> tx.installation().compareAndSet(first.claimed(30).marked(), 30)))
                .isTrue();

        assertThat(installation()).isEqualTo(new InstallationRow("one", "secret", true, 30));
    }

    // Typed by name, as above.
    private <T> Optional<T> one(Function<Store.Tx, Optional<T>> question) {
        return store.read(question);
    }

    private <T> List<T> list(Function<Store.Tx, List<T>> question) {
        return store.read(question);
    }

    private static User user(String name, String hash, String... grants) {
        return new User(name, hash, Stream.of(grants).map(Grant::of).toList(), 7);
    }

    @Test
    void keepsUsersByName() {
        User joe = user("joe", "hash-1", "viewer *", "profiler shop-*");

        assertThat(store.<Boolean>write(tx -> tx.users().insert(joe))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.users().insert(user("joe", "other"))))
                .isFalse();
        assertThat(store.<Boolean>write(tx -> tx.users().insert(user("ann", "hash-2"))))
                .isTrue();
        assertThat(one(tx -> tx.users().byName("joe"))).contains(joe);
        assertThat(one(tx -> tx.users().byName("JOE"))).isEmpty();
        assertThat(list(tx -> tx.users().all())).extracting(User::name).containsExactly("ann", "joe");
    }

    @Test
    void changesAndDeletesUsersThatThereAre() {
        store.write(tx -> tx.users().insert(user("joe", "hash-1", "viewer *")));
        User changed = user("joe", "hash-2", "admin *");

        assertThat(store.<Boolean>write(tx -> tx.users().update(changed))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.users().update(user("ann", "x"))))
                .isFalse();
        assertThat(one(tx -> tx.users().byName("joe"))).contains(changed);
        assertThat(store.<Boolean>write(tx -> tx.users().delete("joe"))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.users().delete("joe"))).isFalse();
        assertThat(list(tx -> tx.users().all())).isEmpty();
    }

    private static Session session(String hash, String subject, long used, long ends) {
        return new Session(hash, "https://id.example", subject, "Joe\nDoe", List.of("sre", "a\nb"), used, used, ends);
    }

    @Test
    void keepsSessionsByTheHashOfTheirSecret() {
        Session session = session("h1", "s1", 10, 100);
        store.write(tx -> {
            tx.sessions().insert(session);
            tx.sessions().insert(session("h2", "s1", 20, 100));
            return null;
        });

        assertThat(one(tx -> tx.sessions().byHash("h1"))).contains(session);
        assertThat(one(tx -> tx.sessions().byHash("H1"))).isEmpty();
        assertThat(list(tx -> tx.sessions().all())).extracting(Session::hash).containsExactly("h2", "h1");
        assertThat(store.<Boolean>write(tx -> tx.sessions().delete("h1"))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.sessions().delete("h1"))).isFalse();
    }

    @Test
    void notesTheLastUseOfASessionAndNeverGoesBack() {
        store.write(tx -> {
            tx.sessions().insert(session("h1", "s1", 10, 100));
            tx.sessions().used("h1", 50);
            tx.sessions().used("h1", 40);
            tx.sessions().used("gone", 40);
            return null;
        });

        assertThat(one(tx -> tx.sessions().byHash("h1")).orElseThrow().usedMillis())
                .isEqualTo(50);
    }

    @Test
    void endsAllSessionsOfOnePersonAndThoseThatAreOver() {
        store.write(tx -> {
            tx.sessions().insert(session("a1", "ann", 10, 1_000));
            tx.sessions().insert(session("a2", "ann", 10, 1_000));
            tx.sessions().insert(session("ends", "joe", 90, 100));
            tx.sessions().insert(session("idle", "joe", 79, 1_000));
            tx.sessions().insert(session("good", "joe", 80, 101));
            return null;
        });

        assertThat(store.<Integer>write(tx -> tx.sessions().deleteOf("https://id.example", "ann")))
                .isEqualTo(2);
        assertThat(store.<Integer>write(tx -> tx.sessions().deleteOf("", "joe")))
                .isZero();
        assertThat(store.<Integer>write(tx -> tx.sessions().deleteOver(100, 80)))
                .isEqualTo(2);
        assertThat(list(tx -> tx.sessions().all())).extracting(Session::hash).containsExactly("good");
    }

    private static Token token(String id, String hash, String name, long created) {
        return new Token(
                id,
                hash,
                name,
                Token.Kind.AGENT,
                List.of(Grant.of("viewer shop-*")),
                new Author("user:joe", "joe"),
                created,
                Token.NEVER,
                0);
    }

    @Test
    void keepsTokensByTheHashOfTheirSecret() {
        Token token = token("t1", "h1", "ci", 10);

        assertThat(store.<Boolean>write(tx -> tx.tokens().insert(token))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.tokens().insert(token("t2", "h2", "ci", 11))))
                .as("the name is taken")
                .isFalse();
        assertThat(store.<Boolean>write(tx -> tx.tokens().insert(token("t3", "h3", "bot", 12))))
                .isTrue();
        assertThat(one(tx -> tx.tokens().byHash("h1"))).contains(token);
        assertThat(one(tx -> tx.tokens().byId("t1"))).contains(token);
        assertThat(one(tx -> tx.tokens().byHash("h2"))).isEmpty();
        assertThat(list(tx -> tx.tokens().all())).extracting(Token::id).containsExactly("t3", "t1");
    }

    @Test
    void notesTheLastUseOfATokenAndForgetsOneThatWasRevoked() {
        store.write(tx -> tx.tokens().insert(token("t1", "h1", "ci", 10)));
        store.write(tx -> {
            tx.tokens().used("t1", 50);
            tx.tokens().used("t1", 40);
            return null;
        });

        assertThat(one(tx -> tx.tokens().byId("t1")).orElseThrow().usedMillis()).isEqualTo(50);
        assertThat(store.<Boolean>write(tx -> tx.tokens().delete("t1"))).isTrue();
        assertThat(store.<Boolean>write(tx -> tx.tokens().delete("t1"))).isFalse();
        assertThat(one(tx -> tx.tokens().byHash("h1"))).isEmpty();
    }

    private static AuditEntry entry(String id, long at, String name, String service, String action) {
        return new AuditEntry(
                id,
                at,
                Principal.Kind.PERSON,
                "user:" + name,
                name,
                "10.0.0.1",
                action,
                service,
                List.of("one", "t\nwo"),
                "task-1",
                AuditEntry.Result.REFUSED,
                "because");
    }

    private List<String> audit(String name, String service, String action, long since, long until, String before) {
        return list(tx -> tx.audit().find(new AuditQuery(name, service, action, since, until, before, 10))).stream()
                .map(AuditEntry::id)
                .toList();
    }

    @Test
    void findsEntriesOfTheAuditLogNewestFirst() {
        AuditEntry first = entry("e1", 10, "joe", "shop", "task.create");
        store.write(tx -> {
            tx.audit().insert(first);
            tx.audit().insert(entry("e2", 20, "ann", "shop", "task.stop"));
            tx.audit().insert(entry("e3", 30, "joe", "search", "task.create"));
            return null;
        });
        long min = Long.MIN_VALUE;
        long max = Long.MAX_VALUE;

        assertThat(list(tx -> tx.audit().find(AuditQuery.newest(2))))
                .extracting(AuditEntry::id)
                .containsExactly("e3", "e2");
        assertThat(list(tx -> tx.audit().find(AuditQuery.newest(9)))).contains(first);
        assertThat(audit("joe", null, null, min, max, null)).containsExactly("e3", "e1");
        assertThat(audit(null, "shop", null, min, max, null)).containsExactly("e2", "e1");
        assertThat(audit(null, null, "task.create", min, max, null)).containsExactly("e3", "e1");
        assertThat(audit(null, null, null, 10, 30, null)).containsExactly("e2", "e1");
        assertThat(audit(null, null, null, min, max, "e2")).containsExactly("e1");
        assertThat(audit("joe", "shop", "task.stop", min, max, null)).isEmpty();
    }

    @Test
    void removesTheOldestEntriesOfTheAuditLog() {
        store.write(tx -> {
            tx.audit().insert(entry("e1", 10, "joe", "", "login"));
            tx.audit().insert(entry("e2", 20, "joe", "", "login"));
            tx.audit().insert(entry("e3", 30, "joe", "", "login"));
            return null;
        });

        assertThat(store.<Integer>write(tx -> tx.audit().deleteBefore(30, 1))).isEqualTo(1);
        assertThat(audit(null, null, null, 0, 100, null)).containsExactly("e3", "e2");
        assertThat(store.<Integer>write(tx -> tx.audit().deleteBefore(30, 9))).isEqualTo(1);
        assertThat(audit(null, null, null, 0, 100, null)).containsExactly("e3");
    }

    @Test
    void aLoginCodeIsTakenOnceAndTheLastOfASessionCounts() throws Exception {
        LoginCode code = new LoginCode("h2", "challenge", "s1", 200);
        store.write(tx -> {
            tx.loginCodes().replace(new LoginCode("h1", "challenge", "s1", 200));
            tx.loginCodes().replace(code);
            tx.loginCodes().replace(new LoginCode("h3", "challenge", "s2", 100));
            return null;
        });

        assertThat(take("h1")).isEmpty();
        assertThat(atOnce(4, i -> take("h2"))).filteredOn(Optional::isPresent).containsExactly(Optional.of(code));
        assertThat(store.<Integer>write(tx -> tx.loginCodes().deleteEnded(99))).isZero();
        assertThat(store.<Integer>write(tx -> tx.loginCodes().deleteEnded(100))).isEqualTo(1);
        assertThat(take("h3")).isEmpty();
    }

    private Optional<LoginCode> take(String hash) {
        return store.write(tx -> tx.loginCodes().take(hash));
    }

    @Test
    void whatCountsOnceIsNotedOnce() throws Exception {
        assertThat(atOnce(4, i -> store.<Boolean>write(tx -> tx.usedStates().insert("s1", 100))))
                .filteredOn(first -> first)
                .hasSize(1);
        assertThat(store.<Boolean>write(tx -> tx.usedStates().insert("s2", 200)))
                .isTrue();

        assertThat(store.<Integer>write(tx -> tx.usedStates().deleteEnded(100))).isEqualTo(1);
        assertThat(store.<Boolean>write(tx -> tx.usedStates().insert("s2", 200)))
                .isFalse();
    }

    private static final QuotaUse.Kind TASK = QuotaUse.Kind.TASK;

    private static QuotaUse use(String id, String who, QuotaUse.Kind kind, long at, long amount) {
        return new QuotaUse(id, who, kind, at, amount);
    }

    private long used(String who, QuotaUse.Kind kind, long after) {
        return store.read(tx -> tx.quotaUses().sum(who, kind, after));
    }

    @Test
    void addsUpWhatSomebodyUsedAfterAMoment() {
        store.write(tx -> {
            tx.quotaUses().put(use("u1", "joe", TASK, 10, 1));
            tx.quotaUses().put(use("u3", "joe", TASK, 30, 1));
            tx.quotaUses().put(use("u2", "joe", TASK, 20, 1));
            tx.quotaUses().put(use("f1", "joe", QuotaUse.Kind.OPENED_BYTES, 20, 5L << 30));
            tx.quotaUses().put(use("u4", "ann", TASK, 20, 1));
            return null;
        });

        assertThat(used("joe", TASK, 9)).isEqualTo(3);
        assertThat(used("joe", TASK, 10)).isEqualTo(2);
        assertThat(used("joe", QuotaUse.Kind.OPENED_BYTES, 0)).isEqualTo(5L << 30);
        assertThat(used("nobody", TASK, 0)).isZero();
        assertThat(list(tx -> tx.quotaUses().oldest("joe", TASK, 10, 1)))
                .containsExactly(use("u2", "joe", TASK, 20, 1));
    }

    @Test
    void replacesTheAmountOfAUseAndRemovesTheOldest() {
        store.write(tx -> {
            tx.quotaUses().put(use("f1", "joe", QuotaUse.Kind.OPENED_BYTES, 10, 100));
            tx.quotaUses().put(use("f1", "joe", QuotaUse.Kind.OPENED_BYTES, 99, 40));
            tx.quotaUses().put(use("f2", "joe", QuotaUse.Kind.OPENED_BYTES, 20, 1));
            return null;
        });

        assertThat(used("joe", QuotaUse.Kind.OPENED_BYTES, 0)).isEqualTo(41);
        assertThat(used("joe", QuotaUse.Kind.OPENED_BYTES, 10)).isEqualTo(1);
        assertThat(store.<Integer>write(tx -> tx.quotaUses().deleteBefore(30, 1)))
                .isEqualTo(1);
        assertThat(used("joe", QuotaUse.Kind.OPENED_BYTES, 0)).isEqualTo(1);
    }

    @Test
    void ofThoseWhoUseTheLastOfALimitAtOnceOneDoes() throws Exception {
        List<Boolean> taken = atOnce(
                4,
                i -> store.write(tx -> {
                    boolean room = tx.quotaUses().sum("joe", TASK, 0) == 0;
                    if (room) {
                        tx.quotaUses().put(use("u" + i, "joe", TASK, 10, 1));
                    }
                    return room;
                }));

        assertThat(taken).filteredOn(each -> each).hasSize(1);
    }

    @Test
    void knowsWhenTheTasksOfAnAuthorEnd() {
        Author joe = new Author("user:joe", "joe");
        put(instance("i3", "shop", "shop-3"));
        TaskSpec spec = task("x", 1, "shop-1").spec();
        store.write(tx -> {
            tx.tasks().insert(new TaskRow("t1", spec, 5, joe));
            tx.tasks().insert(new TaskRow("t2", spec, 6, joe));
            tx.tasks().insert(new TaskRow("t3", spec, 7, new Author("user:ann", "ann")));
            tx.assignments().insert(assignment("a1", "t1", "i1", 2_000));
            tx.assignments().insert(assignment("a2", "t1", "i2", 1_000));
            tx.assignments().insert(assignment("a3", "t3", "i3", 1_000));
            return null;
        });

        assertThat(list(tx -> tx.tasks().windowEnds("user:joe", AssignmentState.UNDELIVERED)))
                .containsExactly(2_010L);
        assertThat(list(tx -> tx.tasks().windowEnds("user:ann", AssignmentState.UNDELIVERED)))
                .containsExactly(1_010L);
        assertThat(list(tx -> tx.tasks().windowEnds("user:joe", AssignmentState.FINAL)))
                .isEmpty();
    }

    @Test
    void keepsWhoMadeATask() {
        Author joe = new Author("user:joe", "joe");
        TaskSpec spec = task("x", 1, "shop-1").spec();
        store.write(tx -> {
            tx.tasks().insert(new TaskRow("t1", spec, 5, joe));
            return null;
        });

        assertThat(one(tx -> tx.tasks().byId("t1"))).contains(new TaskRow("t1", spec, 5, joe));
    }

    @Test
    void keepsTheTitleOfATaskAndShowsThatItChanged() {
        String title = "Checkout <b>before</b> 'the' \"cache\" \uD83D\uDD25";
        insert("t", 1, assignment("a1", "t", "i1", 10));
        insert("t2", 1, assignment("a2", "t2", "i2", 10));
        Map<String, String> first = versions("t", "t2");

        assertThat(store.<Boolean>write(tx -> tx.tasks().retitle("t", title))).isTrue();

        assertThat(one(tx -> tx.tasks().byId("t")).map(TaskRow::title)).contains(title);
        assertThat(one(tx -> tx.tasks().byId("t2")).map(TaskRow::title)).contains("");
        assertThat(versions("t", "t2")).containsEntry("t2", first.get("t2")).doesNotContainEntry("t", first.get("t"));
        assertThat(store.<Boolean>write(tx -> tx.tasks().retitle("t", ""))).isTrue();
        assertThat(versions("t", "t2")).isEqualTo(first);
        assertThat(store.<Boolean>write(tx -> tx.tasks().retitle("nobody", title)))
                .isFalse();
    }
}
