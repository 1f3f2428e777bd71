package io.davylamp.benchmarks;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/** Times in buckets of 2 %, from a microsecond on. Thread-safe. */
final class Latencies {
    private static final double BASE = Math.log(1.02);
    private final AtomicLong[] buckets = new AtomicLong[1_000];
    private final AtomicLong count = new AtomicLong();

    Latencies() {
        Arrays.setAll(buckets, i -> new AtomicLong());
    }

    void add(long nanos) {
        double micros = Math.max(1, nanos / 1e3);
        buckets[(int) Math.min(buckets.length - 1, Math.log(micros) / BASE)].incrementAndGet();
        count.incrementAndGet();
    }

    long count() {
        return count.get();
    }

    /** Milliseconds below which a share of all is. */
    double quantile(double share) {
        long rest = (long) Math.ceil(count.get() * share);
        for (int i = 0; i < buckets.length; i++) {
            rest -= buckets[i].get();
            if (rest <= 0) {
                return Math.exp((i + 1) * BASE) / 1e3;
            }
        }
        return Double.NaN;
    }
}
