package io.davylamp.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreContract;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
        Instance instance = new Instance("i", "s", "n", new TreeMap<>(), "", "l", Abilities.ALL, 1, 2);
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
}
