package io.davylamp.store;

import io.davylamp.core.intake.UploadsContract;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.PostgresAccess;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class PostgresAndFilesUploadsTest extends UploadsContract {
    @TempDir
    Path folder;

    private final PostgresAccess access = TestPostgres.newDatabase();

    @Override
    protected Store openStore() {
        return JdbcStore.postgres(access);
    }

    @Override
    protected Blobs openBlobs() throws IOException {
        return FileBlobs.open(folder.resolve("blobs"));
    }
}
