package io.davylamp.demo;

/** The lock of the demo: two threads want it, one holds it most of the time. */
final class Stock {
    private static final long HELD_MILLIS = 5;

    void keepReserving() {
        while (true) {
            reserve();
            Pause.millis(1);
        }
    }

    synchronized void reserve() {
        Pause.millis(HELD_MILLIS);
    }
}
