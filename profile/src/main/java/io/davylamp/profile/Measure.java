package io.davylamp.profile;

import io.davylamp.profile.vocabulary.Vocabulary;
import java.util.List;
import java.util.Set;

/**
 * What is summed: a name such as {@code cpu} or {@code alloc}, and the unit of its values.
 *
 * <p>Known names are those of the {@link Vocabulary}, in their order, and listed in docs/reference/measures.md; an event type that nobody knows gives a measure of its own name.
 */
public record Measure(String name, Unit unit) implements Comparable<Measure> {
    /** Time on processors: samples, each worth the interval at which they were taken. */
    public static final Measure CPU = new Measure("cpu", Unit.NANOSECONDS);
    /** Time that passed for threads, running or not, taken in the same way. */
    public static final Measure WALL = new Measure("wall", Unit.NANOSECONDS);

    public static final Measure ALLOC = new Measure("alloc", Unit.BYTES);
    /** The part of {@link #ALLOC} that did not fit into a thread's buffer. */
    public static final Measure ALLOC_OUTSIDE_TLAB = new Measure("alloc-outside-tlab", Unit.BYTES);

    public static final Measure LIVE = new Measure("live", Unit.BYTES);
    public static final Measure LOCK = new Measure("lock", Unit.NANOSECONDS);
    public static final Measure WAIT = new Measure("wait", Unit.NANOSECONDS);
    public static final Measure NATIVE_MEMORY = new Measure("native-memory", Unit.BYTES);
    /** Native memory that was not freed while the recording ran. */
    public static final Measure NATIVE_LEAK = new Measure("native-leak", Unit.BYTES);

    public static final Measure NATIVE_LOCK = new Measure("native-lock", Unit.NANOSECONDS);
    public static final Measure METHOD = new Measure("method", Unit.NANOSECONDS);
    public static final Measure NATIVE = new Measure("native", Unit.NANOSECONDS);

    /** The measures whose samples are taken at an interval; the last two exist beside a better source of {@link #CPU}. */
    private static final Set<String> SAMPLED =
            Set.of("cpu", "wall", "native", "jdk.ExecutionSample", "jdk.CPUTimeSample");

    private static final List<String> ORDER = Vocabulary.names(Vocabulary.all().measures());

    /** Whether a measure of that name has a meaning of its own here. */
    public static boolean isKnown(String name) {
        return ORDER.contains(name);
    }

    /** Whether its values are samples times their interval. */
    public boolean isSampledTime() {
        return unit == Unit.NANOSECONDS && SAMPLED.contains(name);
    }

    /** This measure where the interval of its samples is not known: they are counted. */
    public Measure inSamples() {
        return new Measure(name, Unit.SAMPLES);
    }

    /** The order people expect: the known measures first, then by name. */
    @Override
    public int compareTo(Measure other) {
        int byRank = Integer.compare(rank(), other.rank());
        int byName = byRank != 0 ? byRank : name.compareTo(other.name);
        return byName != 0 ? byName : unit.compareTo(other.unit);
    }

    /** As of any record; written out like {@link #equals}, because what the JVM would make at the first call takes it milliseconds. */
    @Override
    public int hashCode() {
        return 31 * name.hashCode() + unit.hashCode();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Measure that && unit == that.unit && name.equals(that.name);
    }

    private int rank() {
        int index = ORDER.indexOf(name);
        return index < 0 ? ORDER.size() : index;
    }
}
