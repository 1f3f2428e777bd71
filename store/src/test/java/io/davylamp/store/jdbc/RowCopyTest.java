package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.store.RecordingSamples;
import io.davylamp.store.TestPostgres;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows on their way in several transactions, of which any may be the last. */
class RowCopyTest {
    private static final int BATCH = 3;
    private static final int RECORDINGS = 20;

    @TempDir
    Path folder;

    private static void insert(JdbcStore store, int i) {
        store.<Void>write(tx -> {
            tx.recordings()
                    .insert(RecordingSamples.of("r" + (100 + i), Origin.OPENED_FILE, "", RecordingState.STORED, 1, i));
            return null;
        });
    }

    private static List<?> recordings(JdbcStore store) {
        return store.<List<?>>read(tx -> tx.recordings().ofOrigin(Origin.OPENED_FILE));
    }

    private static RowCopy.Rows copy(JdbcStore from, JdbcStore to, Runnable afterBatch) {
        return new RowCopy(from, to, BATCH, afterBatch).inSnapshot(snapshot -> snapshot.replace(5));
    }

    /** Fails after the transaction of this number. */
    private static Runnable failing(int last) {
        int[] batches = {0};
        return () -> {
            if (++batches[0] == last) {
                throw new IllegalStateException("killed");
            }
        };
    }

    private static void requireThatItGoesOn(JdbcStore from, JdbcStore to) {
        for (int i = 0; i < RECORDINGS; i++) {
            insert(from, i);
        }
        // What only the target has goes.
        insert(to, 50);
        insert(to, 500);

        // Each attempt comes a little further, because it need not repeat what the one before wrote.
        for (int attempt = 0; attempt < 3; attempt++) {
            assertThatThrownBy(() -> copy(from, to, failing(3))).hasMessage("killed");
            assertThat(to.isBeingCopied()).isTrue();
        }
        insert(from, 77);
        RowCopy.Rows rows = copy(from, to, () -> {});

        assertThat(to.isBeingCopied()).isFalse();
        assertThat(recordings(to)).isEqualTo(recordings(from)).hasSize(RECORDINGS + 1);
        assertThat(rows.byTable()).containsEntry("recording", RECORDINGS + 1L);
        assertThat(rows.written()).isLessThan(RECORDINGS / 2);
        assertThat(to.<List<String>>read(tx -> tx.leftovers().due(5, 10))).hasSize(4);
        assertThat(copy(from, to, () -> {}).written()).isZero();
    }

    @Test
    void aCopyIntoPostgresGoesOnWhereItWasKilled() {
        try (JdbcStore from = JdbcStore.sqlite(folder.resolve("from.db"));
                JdbcStore to = JdbcStore.postgres(TestPostgres.newDatabase())) {
            requireThatItGoesOn(from, to);
        }
    }

    @Test
    void aCopyOutOfPostgresGoesOnWhereItWasKilled() {
        try (JdbcStore from = JdbcStore.postgres(TestPostgres.newDatabase());
                JdbcStore to = JdbcStore.sqlite(folder.resolve("to.db"))) {
            requireThatItGoesOn(from, to);
        }
    }

    @Test
    void aTargetThatAServerWritesToIsNotCalledEqual() {
        try (JdbcStore from = JdbcStore.sqlite(folder.resolve("from.db"));
                JdbcStore to = JdbcStore.sqlite(folder.resolve("to.db"))) {
            insert(from, 1);
            int[] batches = {0};

            assertThatThrownBy(() -> copy(from, to, () -> {
                        if (++batches[0] == 2) {
                            insert(to, 2);
                        }
                    }))
                    .hasMessageContaining("the source has 1 rows, but the target has 2");
            assertThat(to.isBeingCopied()).isTrue();
        }
    }
}
