package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Labels;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.RecordingSamples;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreContract;
import io.davylamp.core.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConfig;

class SqliteStoreTest extends StoreContract {
    @TempDir
    Path folder;

    @Override
    protected Store openEmpty() {
        return JdbcStore.sqlite(folder.resolve("davy lamp.db"));
    }

    @Test
    void findsEverythingAgainAfterARestart() {
        Path file = folder.resolve("other.db");
        Instance instance =
                new Instance("i", "s", "n", new TreeMap<>(), Labels.NONE, Unable.NO, "l", "", Abilities.ALL, 0, 1, 2);
        try (Store store = JdbcStore.sqlite(file)) {
            store.write(tx -> {
                tx.instances().put(instance);
                return null;
            });
        }

        try (Store store = JdbcStore.sqlite(file)) {
            assertThat(store.<List<Instance>>read(tx -> tx.instances().all())).containsExactly(instance);
        }
    }

    private static Instance instance(int i) {
        return new Instance(
                "i" + i,
                "s",
                "n" + i,
                new TreeMap<>(Map.of("k", "v".repeat(2_000))),
                Labels.NONE,
                Unable.NO,
                "l",
                "",
                Abilities.ALL,
                0,
                1,
                2);
    }

    private static Void put(Store.Tx tx, int i) {
        tx.instances().put(instance(i));
        return null;
    }

    /** Of a disk that has no room for more pages. */
    private static SQLiteConfig pages(int count) {
        SQLiteConfig config = new SQLiteConfig();
        config.setMaxPageCount(count);
        return config;
    }

    @Test
    void aFullDiskIsSaidAndReadingAndDeletingGoOn() {
        try (Store store = JdbcStore.sqlite(folder.resolve("full.db"), pages(80))) {
            int[] written = {0};
            assertThatThrownBy(() -> {
                        while (written[0] < 10_000) {
                            store.write(tx -> put(tx, written[0]));
                            written[0]++;
                        }
                    })
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("the server's disk is full")
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(StoreException.Kind.FULL);

            assertThat(store.trouble())
                    .hasValueSatisfying(text -> assertThat(text).contains("full"));
            assertThatThrownBy(() -> store.writeSoon(tx -> put(tx, written[0]))).isInstanceOf(StoreException.class);
            assertThat(store.<Integer>read(tx -> tx.instances().count())).isEqualTo(written[0]);
            assertThat(store.<Integer>writeToFree(tx -> tx.instances().deleteUnseenSince(10)))
                    .isEqualTo(written[0]);
            store.write(tx -> put(tx, 0));
            assertThat(store.trouble()).isEmpty();
        }
    }

    @Test
    void theReserveIsGivenAwayOnceForWhatMakesRoomOnly() {
        Path reserve = folder.resolve("reserve");
        try (Store store = JdbcStore.sqlite(folder.resolve("held.db"), pages(80))) {
            assertThat(reserve).hasSize(Reserve.BYTES);
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            int next = i;
                            store.write(tx -> put(tx, next));
                        }
                    })
                    .isInstanceOf(StoreException.class);
            assertThat(reserve).exists();

            // This does not make room, and fails again; but it was given the reserve.
            assertThatThrownBy(() -> store.writeToFree(tx -> {
                        for (int i = 0; i < 1_000; i++) {
                            put(tx, i);
                        }
                        return null;
                    }))
                    .isInstanceOf(StoreException.class);
            assertThat(reserve).doesNotExist();

            store.holdBack();
            assertThat(reserve).hasSize(Reserve.BYTES);
        }
    }

    @Test
    void aDatabaseThatSomebodyElseHoldsIsBusy() throws Exception {
        Path file = folder.resolve("busy.db");
        SQLiteConfig impatient = new SQLiteConfig();
        impatient.setBusyTimeout(50);
        try (Store store = JdbcStore.sqlite(file, impatient);
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
                Statement statement = other.createStatement()) {
            statement.execute("BEGIN IMMEDIATE");

            assertThatThrownBy(() -> store.write(tx -> put(tx, 1)))
                    .isInstanceOf(StoreException.class)
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(StoreException.Kind.BUSY);
            statement.execute("ROLLBACK");
            store.write(tx -> put(tx, 1));
        }
    }

    @Test
    void aDatabaseThatCannotBeWrittenIsReadOnly() {
        Path file = folder.resolve("read-only.db");
        try (JdbcStore store = JdbcStore.sqlite(file)) {
            store.execute("PRAGMA query_only=1");
            assertThatThrownBy(() -> store.write(tx -> put(tx, 2)))
                    .extracting(e -> ((StoreException) e).kind())
                    .isEqualTo(StoreException.Kind.READ_ONLY);
        }
    }

    /** Takes the recording if nobody has it. */
    private static boolean take(Store store, String id, long nowMillis) {
        return store.read(tx -> tx.recordings().byId(id))
                .flatMap(now -> now.taken(nowMillis))
                .map(next -> store.<Boolean>write(tx -> tx.recordings().compareAndSet(next)))
                .orElse(false);
    }

    @Test
    void ofTwoHandlesOfOneDatabaseOneTakesARecordingAndTheOtherAfterItsLease() throws Exception {
        Path file = folder.resolve("shared.db");
        try (Store one = JdbcStore.sqlite(file);
                Store two = JdbcStore.sqlite(file)) {
            for (int i = 0; i < 20; i++) {
                String id = "r" + i;
                one.write(tx -> {
                    tx.recordings()
                            .insert(RecordingSamples.of(id, Origin.ASSIGNMENT, "t", RecordingState.STORED, 1, 1));
                    return null;
                });
                AtomicInteger taken = new AtomicInteger();
                Thread other = new Thread(() -> taken.addAndGet(take(two, id, 10) ? 1 : 0));
                other.start();
                taken.addAndGet(take(one, id, 10) ? 1 : 0);
                other.join();

                assertThat(taken.get()).isOne();
                assertThat(take(one, id, 11) || take(two, id, 11)).isFalse();
                assertThat(take(two, id, 10 + Recording.LEASE.toMillis())).isTrue();
            }
        }
    }
}
