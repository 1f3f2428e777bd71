package io.davylamp.agent.link;

import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;

/** Limits the rate of uploads: bytes per second, and an eighth of it while the host has no idle processor. */
final class Pace {
    private static final double BUSY = 0.9;
    private static final int YIELDING = 8;
    private static final long LOOK_NANOS = 1_000_000_000L;

    private final long bytesPerSecond;
    private long freeNanos = System.nanoTime();
    private long lookedNanos;
    private boolean busy;

    Pace(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /**
     * Notes that so many bytes were sent.
     *
     * @return milliseconds to wait before the next
     */
    long took(long bytes) {
        long now = System.nanoTime();
        if (now - lookedNanos > LOOK_NANOS) {
            lookedNanos = now;
            busy = load() > BUSY;
        }
        long nanos = bytes * 1_000_000_000L / bytesPerSecond * (busy ? YIELDING : 1);
        // What was not used for a while is no credit.
        freeNanos = Math.max(freeNanos, now - nanos) + nanos;
        return Math.max(0, (freeNanos - now) / 1_000_000);
    }

    /** Share of the processors that are busy, 0 to 1; negative when the JVM cannot tell. */
    private static double load() {
        try {
            OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
            return system instanceof com.sun.management.OperatingSystemMXBean
                    ? ((com.sun.management.OperatingSystemMXBean) system).getSystemCpuLoad()
                    : -1;
        } catch (Throwable e) {
            return -1; // another vendor's JVM
        }
    }
}
