package io.davylamp.core.access;

/**
 * How much one person, or one token, may use; for each 0 is no limit.
 *
 * @param runningTasks tasks that go on
 * @param tasksPerHour tasks started within any hour
 * @param queries views that one server computes, or has waiting, at the same time
 * @param openedBytesPerDay bytes of files opened within any 24 hours
 */
public record PersonLimits(int runningTasks, int tasksPerHour, int queries, long openedBytesPerDay) {
    public static final PersonLimits DEFAULT = new PersonLimits(1_000, 5_000, 24, 100L << 30);
    public static final PersonLimits NONE = new PersonLimits(0, 0, 0, 0);
}
