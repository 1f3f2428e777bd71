package io.davylamp.profile.jfr;

/**
 * What the JVM says it lost because its buffers of events were full (event {@code jdk.DataLoss} of the JDK's
 * {@code metadata.xml}). Where much is lost most of these events are lost as well, so their amounts add up to little; but each
 * has its thread's total since that thread began, though not which thread that was.
 *
 * @param amounts sum of the amounts, in bytes; 0 when nothing was lost
 * @param leastBefore least total of a thread before an event, in bytes
 * @param greatestTotal greatest total of a thread after one, in bytes
 */
record DataLoss(long amounts, long leastBefore, long greatestTotal) {
    static final DataLoss NONE = new DataLoss(0, Long.MAX_VALUE, 0);

    DataLoss plus(long amount, long total) {
        return amount <= 0 || total < amount ? this : plus(new DataLoss(amount, total - amount, total));
    }

    DataLoss plus(DataLoss other) {
        long sum = amounts + other.amounts;
        return new DataLoss(
                sum < 0 ? Long.MAX_VALUE : sum,
                Math.min(leastBefore, other.leastBefore),
                Math.max(greatestTotal, other.greatestTotal));
    }

    /** Returns the warning; null if nothing was lost. */
    String warning() {
        return amounts == 0
                ? null
                : "the JVM lost at least " + Math.max(amounts, greatestTotal - leastBefore)
                        + " bytes of events because it could not write them as fast as they came: every measure may be too"
                        + " small; fewer events or a faster disk lose less";
    }
}
