package io.davylamp.store;

import io.davylamp.core.intake.UploadsContract;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class SqliteAndFilesUploadsTest extends UploadsContract {
    @TempDir
    Path folder;

    @Override
    protected Store openStore() {
        return JdbcStore.sqlite(folder.resolve("davylamp.db"));
    }

    @Override
    protected Blobs openBlobs() throws IOException {
        return FileBlobs.open(folder.resolve("blobs"));
    }
}
