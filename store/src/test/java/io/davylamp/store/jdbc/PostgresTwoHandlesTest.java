package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.RecordingSamples;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreContract;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.store.TwoHandles;
import io.davylamp.store.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PostgresTwoHandlesTest extends StoreContract {
    private PostgresAccess access;
    private JdbcStore one;
    private JdbcStore two;

    @Override
    protected Store openEmpty() {
        access = TestPostgres.newDatabase();
        one = JdbcStore.postgres(access);
        two = JdbcStore.postgres(access);
        return new TwoHandles(one, two);
    }

    private static void insert(Store.Tx tx, String id) {
        tx.recordings().insert(RecordingSamples.of(id, Origin.OPENED_FILE, "", RecordingState.STORED, 1, 1));
    }

    private static int recordings(Store.Tx tx) {
        return tx.recordings().ofOrigin(Origin.OPENED_FILE).size();
    }

    @Test
    void aReaderSeesOneMomentWhileAnotherHandleWrites() {
        List<Integer> seen = one.read(tx -> {
            int before = recordings(tx);
            two.<Void>write(other -> {
                insert(other, "r1");
                return null;
            });
            return List.of(before, recordings(tx));
        });

        assertThat(seen).containsExactly(0, 0);
        assertThat(one.<Integer>read(PostgresTwoHandlesTest::recordings)).isOne();
    }

    @Test
    void workThatAnotherHandleGotInTheWayOfRunsAgainAndSeesWhatItDid() {
        List<Integer> seen = new ArrayList<>();

        one.<Void>write(tx -> {
            seen.add(recordings(tx));
            if (seen.size() == 1) {
                two.<Void>write(other -> {
                    recordings(other);
                    insert(other, "r1");
                    return null;
                });
            }
            insert(tx, "r2");
            return null;
        });

        assertThat(seen).containsExactly(0, 1);
        assertThat(one.figures().repeated()).isOne();
    }

    @Test
    void workThatIsAlwaysInTheWayEndsAsBusyAndChangesNothing() {
        int[] runs = {0};

        assertThatThrownBy(() -> one.<Void>write(tx -> {
                    recordings(tx);
                    int run = runs[0]++;
                    two.<Void>write(other -> {
                        recordings(other);
                        insert(other, "other" + run);
                        return null;
                    });
                    insert(tx, "mine");
                    return null;
                }))
                .isInstanceOf(StoreException.class)
                .extracting(e -> ((StoreException) e).kind())
                .isEqualTo(StoreException.Kind.BUSY);

        assertThat(one.<Boolean>read(tx -> tx.recordings().byId("mine").isPresent()))
                .isFalse();
        assertThat(one.<Integer>read(PostgresTwoHandlesTest::recordings)).isEqualTo(runs[0]);
    }

    @Test
    void bothHandlesGoByTheDatabasesClock() {
        long own = System.currentTimeMillis();

        assertThat(Math.abs(one.clock().millis() - two.clock().millis())).isLessThan(1_000);
        assertThat(Math.abs(one.clock().millis() - own)).isLessThan(10_000);
    }

    @Test
    void everyTextOfEveryTableIsComparedByItsBytes() {
        String columns = "SELECT table_name || '.' || column_name FROM information_schema.columns"
                + " WHERE table_schema = 'public' AND data_type = 'text' AND collation_name ";

        assertThat(TestPostgres.texts(access, columns + "= 'C'")).contains("instance.name");
        assertThat(TestPostgres.texts(access, columns + "IS DISTINCT FROM 'C'"))
                .as("columns of migrations that say TEXT and not ${text}")
                .isEmpty();
    }
}
