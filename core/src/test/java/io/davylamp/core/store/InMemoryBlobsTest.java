package io.davylamp.core.store;

class InMemoryBlobsTest extends BlobsContract {
    private final InMemoryBlobs blobs = new InMemoryBlobs();

    @Override
    protected Blobs openEmpty() {
        return blobs;
    }

    @Override
    protected Blobs openAgain() {
        return blobs;
    }
}
