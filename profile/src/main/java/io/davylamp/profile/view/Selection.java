package io.davylamp.profile.view;

import io.davylamp.profile.Measure;
import io.davylamp.profile.Profile;
import io.davylamp.profile.Samples;
import io.davylamp.profile.Spans;
import java.util.Arrays;
import java.util.stream.IntStream;

/** The samples of one profile that a query accepts. Not thread-safe. */
final class Selection {
    // What is known of a frame, and of a stack because of its frames.
    private static final byte INCLUDED = 1;
    private static final byte EXCLUDED = 2;
    static final byte ROOT = 4;
    static final byte LEAF = 8;
    static final byte HIDDEN = 16;
    /** The selected rows when every row is; nobody writes into it. */
    private static final int[] ALL_ROWS = IntStream.range(0, Samples.BLOCK).toArray();

    private final Profile profile;
    private final Samples samples;
    private final boolean count;
    private final long fromNanos;
    private final long toNanos;
    private final long min;
    private final boolean[] threads;
    private final boolean[] states;
    /** The flags of each frame; null when the filter has no frames. */
    private final byte[] frameMarks;
    /** The flags of each stack, with those of its callers; null when the filter has no frames. */
    private final byte[] stackMarks;

    private final boolean needsInclude;
    private final boolean needsRoot;
    /** Per thread the starts and ends of spans that count, by start; null when spans do not matter. */
    private final long[][] spans;

    /** By thread and by stack whether the profiler itself is meant; null when that does not matter. */
    private final boolean[] overheadThreads;

    private final boolean[] overheadStacks;
    private final boolean hidesOverhead;
    private long hidden;

    /** Whether every row of every block is selected, so that none needs a look. */
    private final boolean acceptsAll;

    private final int[] rows;

    /** Whether there is anything to select. */
    static boolean has(Profile profile, Measure measure) {
        return profile.measure(measure.name()) != null;
    }

    /**
     * @param measure what is asked for; where the profile has it in another unit, for it does not know how long a sample is or
     *     others do not, its samples are counted
     * @param range nanoseconds since the epoch
     */
    Selection(Profile profile, Measure measure, ProfileFilter filter, TimeRange range, boolean count) {
        Measure own = profile.measure(measure.name());
        this.profile = profile;
        this.samples = profile.measures().get(own);
        this.count = count || own.unit() != measure.unit();
        long start = profile.info().startNanos();
        this.fromNanos = range.fromNanos() == Long.MIN_VALUE ? Long.MIN_VALUE : range.fromNanos() - start;
        this.toNanos = range.toNanos() == Long.MAX_VALUE ? Long.MAX_VALUE : range.toNanos() - start;
        this.min = filter.min();
        boolean[] idle = filter.idle() == Idle.HIDE ? Idle.threads(profile, own, samples) : null;
        this.threads = threads(filter, idle);
        this.states = new boolean[Math.max(128, profile.states().length)];
        for (int s = 0; s < profile.states().length; s++) {
            states[s] =
                    filter.states().isEmpty() || filter.states().contains(ProfileFilter.stateWord(profile.states()[s]));
        }
        this.needsInclude = filter.include() != null;
        this.needsRoot = filter.root() != null;
        this.frameMarks = frameMarks(filter);
        this.stackMarks = frameMarks == null ? null : stackMarks();
        this.spans = filter.span() == null ? null : spans(filter);
        boolean keeps = filter.overhead() == Overhead.KEEP;
        this.hidesOverhead = filter.overhead() == Overhead.HIDE;
        this.overheadThreads = keeps ? null : Overhead.threads(profile);
        this.overheadStacks = keeps ? null : Overhead.stacks(profile, measure);
        this.acceptsAll = fromNanos == Long.MIN_VALUE
                && toNanos == Long.MAX_VALUE
                && filter.threads() == null
                && idle == null
                && filter.virtual() == null
                && filter.states().isEmpty()
                && min == Long.MIN_VALUE
                && stackMarks == null
                && spans == null
                && !hidesOverhead;
        this.rows = acceptsAll ? ALL_ROWS : new int[Samples.BLOCK];
    }

    private boolean[] threads(ProfileFilter filter, boolean[] idle) {
        Profile.Threads all = profile.threads();
        boolean[] accepted = new boolean[all.size()];
        for (int t = 0; t < accepted.length; t++) {
            accepted[t] = (filter.threads() == null || filter.threads().matches(all.name()[t]))
                    && (filter.virtual() == null || filter.virtual() == all.virtual()[t])
                    && (idle == null || !idle[t]);
        }
        return accepted;
    }

    private byte[] frameMarks(ProfileFilter filter) {
        NamePattern[] patterns = {filter.include(), filter.exclude(), filter.root(), filter.leaf(), filter.hide()};
        if (Arrays.stream(patterns).allMatch(pattern -> pattern == null)) {
            return null;
        }
        byte[] marks = new byte[profile.frames().size()];
        byte[] ofMethod = new byte[profile.methods().size()];
        Naming names = new Naming(Detail.METHOD, false, false);
        boolean[] known = new boolean[ofMethod.length];
        for (int f = 0; f < marks.length; f++) {
            int method = profile.frames().method()[f];
            if (!known[method]) {
                known[method] = true;
                String name = names.text(profile, f);
                for (int p = 0; p < patterns.length; p++) {
                    if (patterns[p] != null && patterns[p].matches(name)) {
                        ofMethod[method] |= (byte) (1 << p);
                    }
                }
            }
            marks[f] = ofMethod[method];
        }
        return marks;
    }

    private byte[] stackMarks() {
        byte[] marks = new byte[profile.stackCount()];
        int[] parent = profile.stackParent();
        int[] frame = profile.stackFrame();
        for (int i = 1; i < marks.length; i++) {
            marks[i] = (byte) (marks[parent[i]] | frameMarks[frame[i]]);
        }
        return marks;
    }

    private long[][] spans(ProfileFilter filter) {
        Spans all = profile.spans();
        int[] counts = new int[profile.threads().size()];
        boolean[] counted = new boolean[all.size()];
        for (int i = 0; i < counted.length; i++) {
            counted[i] = all.durationNanos()[i] >= filter.spanMinNanos()
                    && filter.span().matches(profile.symbols().get(all.tag()[i]));
            if (counted[i]) {
                counts[all.thread()[i]]++;
            }
        }
        long[][] byThread = new long[counts.length][];
        for (int i = 0; i < counted.length; i++) {
            if (counted[i]) {
                int t = all.thread()[i];
                if (byThread[t] == null) {
                    byThread[t] = new long[counts[t] * 2];
                    counts[t] = 0;
                }
                byThread[t][counts[t]++] = all.startNanos()[i];
                byThread[t][counts[t]++] = all.startNanos()[i] + all.durationNanos()[i];
            }
        }
        for (int t = 0; t < byThread.length; t++) {
            byThread[t] = byThread[t] == null ? new long[0] : union(byThread[t]);
        }
        return byThread;
    }

    /** Disjoint, ascending stretches that cover the same time: nested and overlapping spans are joined. */
    private static long[] union(long[] pairs) {
        long[][] sorted = new long[pairs.length / 2][];
        for (int i = 0; i < sorted.length; i++) {
            sorted[i] = new long[] {pairs[i * 2], pairs[i * 2 + 1]};
        }
        Arrays.sort(sorted, (a, b) -> Long.compare(a[0], b[0]));
        long[] joined = new long[pairs.length];
        int n = 0;
        for (long[] span : sorted) {
            if (n > 0 && span[0] <= joined[n - 1]) {
                joined[n - 1] = Math.max(joined[n - 1], span[1]);
            } else {
                joined[n++] = span[0];
                joined[n++] = span[1];
            }
        }
        return Arrays.copyOf(joined, n);
    }

    private boolean inSpan(int thread, long timeNanos) {
        int at = Arrays.binarySearch(spans[thread], timeNanos);
        // Starts stand at even places: a time lies inside when it is after an odd number of bounds.
        return at >= 0 ? at % 2 == 0 : (-at - 1) % 2 == 1;
    }

    Samples samples() {
        return samples;
    }

    /** {@link #ROOT}, {@link #LEAF} and {@link #HIDDEN} of a frame. */
    byte marksOfFrame(int frame) {
        return frameMarks == null ? 0 : frameMarks[frame];
    }

    boolean changesStacks() {
        return frameMarks != null;
    }

    /** Whether stacks begin at a root pattern. */
    boolean needsRoot() {
        return needsRoot;
    }

    /** The value that a row of a block counts for. */
    long value(Samples.Block block, int row) {
        return count ? block.weight(row) : block.value(row);
    }

    /** Fills {@link #rows()} with the rows of {@code block} that are accepted; answers how many. */
    int select(Samples.Block block) {
        if (acceptsAll) {
            return block.size();
        }
        int n = 0;
        for (int i = 0; i < block.size(); i++) {
            long time = block.timeNanos(i);
            if (time >= fromNanos
                    && time < toNanos
                    && threads[block.thread(i)]
                    && states[block.state(i) & 0x7f]
                    && block.value(i) >= min
                    && (stackMarks == null || accepts(stackMarks[block.stack(i)]))
                    && (spans == null || inSpan(block.thread(i), time))) {
                if (hidesOverhead && isOverhead(block, i)) {
                    hidden += value(block, i);
                } else {
                    rows[n++] = i;
                }
            }
        }
        return n;
    }

    /** Whether the profiler's own samples are told apart. */
    boolean tellsOverhead() {
        return overheadStacks != null;
    }

    /** Whether a row of a block is of the profiler itself; only when that is told apart. */
    boolean isOverhead(Samples.Block block, int row) {
        return overheadThreads[block.thread(row)] || overheadStacks[block.stack(row)];
    }

    /** Returns the value of the profiler overhead that was left out so far. */
    long hidden() {
        return hidden;
    }

    private boolean accepts(byte marks) {
        return (!needsInclude || (marks & INCLUDED) != 0)
                && (marks & EXCLUDED) == 0
                && (!needsRoot || (marks & ROOT) != 0);
    }

    /** The rows that {@link #select} accepted last; to be read only. */
    int[] rows() {
        return rows;
    }
}
