package io.davylamp.store.jdbc;

import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/**
 * Writes the statements of this version, one a line, for {@link OldServerTest}; run when a version is released: {@code
 * -Dtest=StatementsOfTheContract -Dreleased.statements=FILE}.
 */
class StatementsOfTheContract extends StoreContract {
    private static final Set<String> statements = new ConcurrentSkipListSet<>();

    @TempDir
    Path folder;

    @Override
    protected Store openEmpty() {
        JdbcStore store = JdbcStore.sqlite(folder.resolve("davylamp.db"));
        store.observe(sql -> statements.add(sql.strip()
                .replaceAll("\\s+", " ")
                // Lists of any length are one statement.
                .replaceAll("(\\(\\?(, ?\\?)*\\))(, ?\\(\\?(, ?\\?)*\\))+", "$1")
                .replaceAll("(?i) in \\(\\?(, ?\\?)*\\)", " IN (?, ?)")));
        return store;
    }

    @AfterAll
    static void write() throws IOException {
        String file = System.getProperty("released.statements");
        if (file != null) {
            statements.removeIf(each -> each.startsWith("PRAGMA"));
            Files.write(Path.of(file), statements);
        }
    }
}
