package io.davylamp.demo;

/** The allocator of the demo: some 20 MB a second, all garbage, and little CPU beside the checkout. */
final class Cart {
    private static final int COPIES = 8;
    private static final int COPY_BYTES = 16 << 10;

    /** Seen by other threads, so that no compiler finds the copies useless. */
    volatile byte[] items = new byte[COPY_BYTES];

    void keepCopying() {
        while (true) {
            for (int i = 0; i < COPIES; i++) {
                copyItems();
            }
            Pause.millis(5);
        }
    }

    void copyItems() {
        items = new byte[COPY_BYTES];
    }
}
