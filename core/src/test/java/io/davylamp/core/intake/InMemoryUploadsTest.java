package io.davylamp.core.intake;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.Store;

class InMemoryUploadsTest extends UploadsContract {
    private final InMemoryStore store = new InMemoryStore();
    private final InMemoryBlobs blobs = new InMemoryBlobs();

    @Override
    protected Store openStore() {
        return store;
    }

    @Override
    protected Blobs openBlobs() {
        return blobs;
    }
}
