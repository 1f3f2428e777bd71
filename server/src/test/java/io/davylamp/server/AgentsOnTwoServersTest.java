package io.davylamp.server;

import io.davylamp.core.store.Store;
import io.davylamp.store.jdbc.JdbcStore;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** On two handles of one SQLite file, which only tests have. */
class AgentsOnTwoServersTest extends AgentsOnTwoServers {
    @TempDir
    Path folder;

    @Override
    protected Store handle() {
        return JdbcStore.sqlite(folder.resolve("davylamp.db"));
    }
}
