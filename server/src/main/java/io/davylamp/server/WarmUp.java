package io.davylamp.server;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rehearses on a small recording what people wait for, once the ports are open, so that the first recording is read by compiled code:
 * docs/adr/0034. It uses half of one processor for some seconds, ends at once when there is real work, and does nothing where memory
 * is tight. {@code -Ddavy.warm-up=off} turns it off.
 */
final class WarmUp {
    private static final Logger log = LoggerFactory.getLogger(WarmUp.class);
    private static final String PROPERTY = "davy.warm-up";
    /** The JVM compiles a method for good after some thousand calls; these are enough for the loops of a reader. */
    private static final int ROUNDS = 60;

    private static final Duration LONGEST = Duration.ofSeconds(8);
    /** What a round allocates is gone after it; with less heap it would push out what the server keeps. */
    private static final long LEAST_HEAP_BYTES = 192L << 20;

    private static final long LEAST_FREE_BYTES = 256L << 20;

    /** Something to do again and again. */
    interface Work {
        void run() throws IOException;
    }

    private final BooleanSupplier busy;
    private final Supplier<Work> work;
    private final Thread thread = new Thread(this::run, "warm-up");
    private volatile boolean stopped;

    /**
     * Makes one that is not started.
     *
     * @param busy whether there is real work
     * @param work what is rehearsed, made when it begins
     */
    WarmUp(BooleanSupplier busy, Supplier<Work> work) {
        this.busy = busy;
        this.work = work;
        thread.setDaemon(true);
    }

    /** Begins in a thread of its own, unless it is turned off. */
    void start() {
        if (!"off".equals(System.getProperty(PROPERTY))) {
            thread.start();
        }
    }

    /** Ends it after the round that runs. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    private static boolean hasRoom() {
        return Runtime.getRuntime().maxMemory() >= LEAST_HEAP_BYTES
                && (!(ManagementFactory.getOperatingSystemMXBean()
                                instanceof com.sun.management.OperatingSystemMXBean machine)
                        || machine.getFreeMemorySize() >= LEAST_FREE_BYTES);
    }

    /** Rehearses, until it is enough. */
    void run() {
        try {
            long begin = System.nanoTime();
            Work rehearsal = null;
            int round = 0;
            while (round < ROUNDS
                    && !stopped
                    && !busy.getAsBoolean()
                    && System.nanoTime() - begin < LONGEST.toNanos()
                    && hasRoom()) {
                long nanos = System.nanoTime();
                rehearsal = rehearsal == null ? work.get() : rehearsal;
                rehearsal.run();
                round++;
                // As long as the round took: half of a processor stays for others.
                Thread.sleep((System.nanoTime() - nanos) / 1_000_000);
            }
            log.debug("rehearsed {} times in {} ms", round, (System.nanoTime() - begin) / 1_000_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            log.warn("the rehearsal failed; the first recordings are read more slowly", e);
        }
    }
}
