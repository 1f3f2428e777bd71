package io.davylamp.profile;

/**
 * Stretches of a thread's time that the program itself marked, with a tag, such as a request: columns of the same length.
 *
 * @param tag symbol of the profile
 * @param thread thread of the profile
 * @param startNanos since the profile's start
 * @param durationNanos how long it took
 */
public record Spans(int[] tag, int[] thread, long[] startNanos, long[] durationNanos) {
    public static final Spans NONE = new Spans(new int[0], new int[0], new long[0], new long[0]);

    public int size() {
        return tag.length;
    }
}
