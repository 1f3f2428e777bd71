package io.davylamp.core.store;

class InMemoryBlobsTest extends BlobsContract {
    @Override
    protected Blobs openEmpty() {
        return new InMemoryBlobs();
    }
}
