package io.davylamp.server;

import java.util.function.LongSupplier;

/**
 * A job whose cost grows with what is kept: it is left out while it would take more than a share of the time. For one thread at a
 * time.
 */
final class Sparingly {
    private final Runnable job;
    private final int share;
    private final LongSupplier nanos;
    private long notBeforeNanos;
    private boolean ran;

    /**
     * @param share the job may take one of so many parts of the time
     * @param nanos a clock that never jumps
     */
    Sparingly(Runnable job, int share, LongSupplier nanos) {
        this.job = job;
        this.share = share;
        this.nanos = nanos;
    }

    void run() {
        long start = nanos.getAsLong();
        if (ran && start - notBeforeNanos < 0) {
            return;
        }
        job.run();
        long end = nanos.getAsLong();
        ran = true;
        notBeforeNanos = start + (end - start) * share;
    }
}
