package io.davylamp.profile;

import java.util.List;

/**
 * What is summed: a name such as {@code cpu} or {@code alloc}, and the unit of its values.
 *
 * <p>Known names are listed in docs/reference/measures.md; an event type that nobody knows gives a measure of its own name.
 */
public record Measure(String name, Unit unit) implements Comparable<Measure> {
    public static final Measure CPU = new Measure("cpu", Unit.SAMPLES);
    public static final Measure WALL = new Measure("wall", Unit.SAMPLES);
    public static final Measure ALLOC = new Measure("alloc", Unit.BYTES);
    /** That part of {@link #ALLOC} that did not fit into a thread's buffer. */
    public static final Measure ALLOC_OUTSIDE_TLAB = new Measure("alloc-outside-tlab", Unit.BYTES);

    public static final Measure LIVE = new Measure("live", Unit.BYTES);
    public static final Measure LOCK = new Measure("lock", Unit.NANOSECONDS);
    public static final Measure WAIT = new Measure("wait", Unit.NANOSECONDS);
    public static final Measure NATIVE_MEMORY = new Measure("native-memory", Unit.BYTES);
    /** Native memory that was not freed while the recording ran. */
    public static final Measure NATIVE_LEAK = new Measure("native-leak", Unit.BYTES);

    public static final Measure NATIVE_LOCK = new Measure("native-lock", Unit.NANOSECONDS);
    public static final Measure METHOD = new Measure("method", Unit.NANOSECONDS);
    public static final Measure NATIVE = new Measure("native", Unit.SAMPLES);

    private static final List<String> ORDER = List.of(
            "cpu",
            "wall",
            "alloc",
            "alloc-outside-tlab",
            "live",
            "lock",
            "wait",
            "native-memory",
            "native-leak",
            "native-lock",
            "method",
            "native");

    /** Whether a measure of that name has a meaning of its own here. */
    public static boolean isKnown(String name) {
        return ORDER.contains(name);
    }

    /** The order people expect: the known measures first, then by name. */
    @Override
    public int compareTo(Measure other) {
        int byRank = Integer.compare(rank(), other.rank());
        return byRank != 0 ? byRank : name.compareTo(other.name);
    }

    private int rank() {
        int index = ORDER.indexOf(name);
        return index < 0 ? ORDER.size() : index;
    }
}
