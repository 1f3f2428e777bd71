package io.davylamp.store.s3;

import io.davylamp.core.intake.UploadsContract;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.Store;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class S3UploadsTest extends UploadsContract {
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static S3Server server;

    private final String prefix = "uploads" + PREFIXES.incrementAndGet();
    private final InMemoryStore store = new InMemoryStore();

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @Override
    protected Store openStore() {
        return store;
    }

    @Override
    protected Blobs openBlobs() throws IOException {
        return S3Blobs.unchecked(server.config(prefix), S3Server.CREDENTIALS);
    }
}
