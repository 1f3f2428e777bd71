package io.davylamp.store.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.TestClock;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.store.TestPostgres;
import io.davylamp.store.jdbc.JdbcStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From SQLite to PostgreSQL, and back. */
class CopyBetweenKindsTest {
    @TempDir
    Path folder;

    private final TestClock clock = new TestClock();

    private Copy.Result copy(JdbcStore from, InMemoryBlobs fromBlobs, JdbcStore to, InMemoryBlobs toBlobs)
            throws IOException {
        try (Copy copy = new Copy(from, fromBlobs, to, toBlobs, clock, (blobs, bytes) -> {})) {
            return copy.run();
        }
    }

    @Test
    void everyRowAndBlobComesBackFromPostgresAsItWas() throws Exception {
        InMemoryBlobs first = new InMemoryBlobs();
        InMemoryBlobs second = new InMemoryBlobs();
        InMemoryBlobs third = new InMemoryBlobs();
        try (JdbcStore from = JdbcStore.sqlite(folder.resolve("from.db"));
                JdbcStore postgres = JdbcStore.postgres(TestPostgres.newDatabase());
                JdbcStore back = JdbcStore.sqlite(folder.resolve("back.db"))) {
            CopyTest.fill(from, first, "a");
            CopyTest.fill(from, first, "b");

            assertThat(copy(from, first, postgres, second).troubles()).isEmpty();
            // The second time there is something to replace.
            assertThat(copy(from, first, postgres, second).blobs()).isZero();
            assertThat(copy(postgres, second, back, third).troubles()).isEmpty();
        }
        List<String> rows = CopyTest.dumpOf(folder.resolve("from.db"));
        assertThat(CopyTest.dumpOf(folder.resolve("back.db"))).isEqualTo(rows).hasSize(14);
        assertThat(third.all()).containsExactlyInAnyOrderEntriesOf(first.all());
    }
}
