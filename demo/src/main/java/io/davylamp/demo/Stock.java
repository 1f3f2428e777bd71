package io.davylamp.demo;

/** The lock of the demo: two threads want it, one holds it most of the time. */
final class Stock {
    private static final long HELD_MILLIS = 20;

    void keepReserving() {
        while (true) {
            reserve();
            Pause.millis(5);
        }
    }

    synchronized void reserve() {
        Pause.millis(HELD_MILLIS);
    }
}
