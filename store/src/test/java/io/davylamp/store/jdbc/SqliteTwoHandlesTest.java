package io.davylamp.store.jdbc;

import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreContract;
import io.davylamp.core.store.TwoHandles;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteTwoHandlesTest extends StoreContract {
    @TempDir
    Path folder;

    @Override
    protected Store openEmpty() {
        Path file = folder.resolve("davylamp.db");
        return new TwoHandles(JdbcStore.sqlite(file), JdbcStore.sqlite(file));
    }
}
