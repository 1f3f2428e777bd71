package io.davylamp.profile;

import it.unimi.dsi.fastutil.ints.IntArrays;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongToIntFunction;

/**
 * Builds one {@link Profile}: equal symbols, methods, stacks and threads become one. Not thread-safe; builders of different
 * parts of a recording may be filled by different threads and then {@linkplain #merge merged}.
 */
public final class ProfileBuilder {
    /** Sampling is never as regular as a microsecond, and finer times would double what the times take on disk. */
    private static final long TIME_GRAIN_NANOS = 1000;

    private static final int KIND_BITS = 4;

    private final ProfileLimits limits;
    private final Symbols symbols = new Symbols();
    /** Class and name as the JVM gave them. */
    private final Pairs methods = new Pairs();

    private final IntList methodClass = new IntList();
    /** Method, and line with kind. */
    private final Pairs frames = new Pairs();

    private final PrefixTree stacks = new PrefixTree();
    private final Object2IntOpenHashMap<ThreadKey> threadIndex = new Object2IntOpenHashMap<>();
    private final List<ThreadKey> threads = new ArrayList<>();
    private final Symbols states = new Symbols();
    private final SortedMap<Measure, Samples> measures = new TreeMap<>();
    /** Samples whose measure is not known yet. */
    private final List<Samples> unnamed = new ArrayList<>();

    private final SortedMap<String, SeriesBuilder> series = new TreeMap<>();
    private final IntList spanTag = new IntList();
    private final IntList spanThread = new IntList();
    private final LongList spanStart = new LongList();
    private final LongList spanDuration = new LongList();
    private final LongList mallocAddress = new LongList();
    private final LongList freeAddress = new LongList();
    private final LongList freeTime = new LongList();
    private long samples;

    /** Its methods are written out for quick starts, as those of {@link Measure}. */
    private record ThreadKey(String name, long osId, long javaId, boolean virtual) {
        @Override
        public int hashCode() {
            return 31 * (31 * Objects.hashCode(name) + Long.hashCode(osId)) + Long.hashCode(javaId);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof ThreadKey that
                    && osId == that.osId
                    && javaId == that.javaId
                    && virtual == that.virtual
                    && Objects.equals(name, that.name);
        }
    }

    private record SeriesBuilder(Unit unit, LongList timeNanos, LongList value) {}

    public ProfileBuilder(ProfileLimits limits) {
        this.limits = limits;
        threadIndex.defaultReturnValue(-1);
    }

    public int symbol(String text) {
        return symbols.of(text);
    }

    /**
     * A method.
     *
     * @param rawClassName class as the JVM names it, dots for slashes
     * @param className the same normalised, which merges what is the same code in other JVMs
     */
    public int method(String rawClassName, String className, String methodName) {
        int before = methods.size();
        int method = methods.of(symbols.of(rawClassName), symbols.of(methodName));
        if (method == before) {
            methodClass.add(symbols.of(className));
        }
        return method;
    }

    /** A frame of {@code method}; {@code line} is 0 when unknown. */
    public int frame(int method, int line, FrameKind kind) {
        return frames.of(method, lineAndKind(line, kind));
    }

    /** Adds a frame without a search for an equal one, for callers whose frames are distinct; returns the next number. */
    public int newFrame(int method, int line, FrameKind kind) {
        return frames.append(method, lineAndKind(line, kind));
    }

    private static int lineAndKind(int line, FrameKind kind) {
        // Lines are below 2^26 in any class file: they are 16 bits there.
        return (line & (1 << 26) - 1) << KIND_BITS | kind.ordinal();
    }

    /** The node that {@code frame} has below {@code parent}; node 0 is the root. */
    public int child(int parent, int frame) {
        return requireRoom(stacks.child(parent, frame));
    }

    /** The node of a whole stack, innermost frame first. */
    public int stack(int[] innermostFirst, int depth) {
        return requireRoom(stacks.path(innermostFirst, depth));
    }

    /**
     * The node of a whole stack whose frames are known by keys, innermost frame first.
     *
     * @param numbers the frame of a key; asked only for the frames of a path that may be new, the innermost first
     */
    public int stack(long[] keysInnermostFirst, int depth, LongToIntFunction numbers) {
        return requireRoom(stacks.path(keysInnermostFirst, depth, numbers));
    }

    private int requireRoom(int node) {
        if (stacks.size() > limits.stackNodes()) {
            throw new TooLargeException("stack nodes", limits.stackNodes());
        }
        return node;
    }

    public int thread(String name, long osId, long javaId, boolean virtual) {
        return thread(new ThreadKey(name, osId, javaId, virtual));
    }

    private int thread(ThreadKey key) {
        int known = threadIndex.getInt(key);
        if (known >= 0) {
            return known;
        }
        threadIndex.put(key, threads.size());
        threads.add(key);
        return threads.size() - 1;
    }

    /** A thread state by name, at most 127 distinct ones; further ones become 0, unknown. */
    public byte state(String name) {
        int state = states.of(name);
        return state < 128 ? (byte) state : 0;
    }

    /** The samples of {@code measure}, to which {@link #add} adds. */
    public Samples samples(Measure measure) {
        Samples known = measures.get(measure);
        if (known == null) {
            if (measures.size() >= limits.measures()) {
                throw new TooLargeException("measures", limits.measures());
            }
            known = new Samples();
            measures.put(measure, known);
        }
        return known;
    }

    /** Samples of a measure that is not known yet; {@link #adopt} gives them to it, before or after builders are merged. */
    public Samples samples() {
        Samples samples = new Samples();
        unnamed.add(samples);
        return samples;
    }

    /** Takes over unnamed samples that {@link #add} has filled. */
    public void adopt(Measure measure, Samples filled) {
        if (filled.size() > 0) {
            samples(measure).addAll(filled);
        }
    }

    /**
     * Gives unnamed samples their time.
     *
     * @param nanos time that one sample stands for
     */
    public void scale(Samples filled, long nanos) {
        filled.scale(nanos);
    }

    /** Releases the space that was reserved for samples that did not come. */
    public void trim() {
        unnamed.forEach(Samples::trim);
        unnamed.removeIf(samples -> samples.size() == 0);
    }

    /** Adds a sample; its time, since the profile's start, is kept to the microsecond. */
    public void add(Samples into, long timeNanos, int stack, int thread, byte state, long value) {
        add(into, timeNanos, stack, thread, state, value, 1);
    }

    /** @param weight how many samples of the profiler it stands for */
    public void add(Samples into, long timeNanos, int stack, int thread, byte state, long value, int weight) {
        requireRoomForSamples(1);
        into.add(grained(timeNanos), stack, thread, state, value, weight);
    }

    private void requireRoomForSamples(long more) {
        samples += more;
        if (samples > limits.samples()) {
            throw new TooLargeException("samples", limits.samples());
        }
    }

    private static long grained(long timeNanos) {
        return Math.floorDiv(timeNanos, TIME_GRAIN_NANOS) * TIME_GRAIN_NANOS;
    }

    public void addToSeries(String name, Unit unit, long timeNanos, long value) {
        requireRoomForSamples(1);
        SeriesBuilder builder =
                series.computeIfAbsent(name, key -> new SeriesBuilder(unit, new LongList(), new LongList()));
        builder.timeNanos().add(grained(timeNanos));
        builder.value().add(value);
    }

    public void addSpan(int tag, int thread, long startNanos, long durationNanos) {
        requireRoomForSamples(1);
        spanTag.add(tag);
        spanThread.add(thread);
        spanStart.add(grained(startNanos));
        spanDuration.add(durationNanos);
    }

    /** Adds a sample of {@link Measure#NATIVE_MEMORY}; all of them must come with their address, or none. */
    public void addMalloc(long timeNanos, int stack, int thread, long sizeBytes, long address) {
        add(samples(Measure.NATIVE_MEMORY), timeNanos, stack, thread, (byte) 0, sizeBytes);
        mallocAddress.add(address);
    }

    public void addFree(long timeNanos, long address) {
        requireRoomForSamples(1);
        freeTime.add(grained(timeNanos));
        freeAddress.add(address);
    }

    public boolean isEmpty() {
        return samples == 0;
    }

    /** Takes over all that {@code other} holds; it must not be used afterwards. */
    public void merge(ProfileBuilder other) {
        int[] symbolMap = other.symbols.mapTo(symbols);
        int[] methodMap = new int[other.methods.size()];
        for (int m = 0; m < methodMap.length; m++) {
            int before = methods.size();
            methodMap[m] = methods.of(symbolMap[other.methods.first(m)], symbolMap[other.methods.second(m)]);
            if (methodMap[m] == before) {
                methodClass.add(symbolMap[other.methodClass.values[m]]);
            }
        }
        int[] frameMap = new int[other.frames.size()];
        for (int f = 0; f < frameMap.length; f++) {
            frameMap[f] = frames.of(methodMap[other.frames.first(f)], other.frames.second(f));
        }
        int[] nodeMap = new int[other.stacks.size()];
        for (int n = 1; n < nodeMap.length; n++) {
            nodeMap[n] = stacks.child(nodeMap[other.stacks.parent(n)], frameMap[other.stacks.frame(n)]);
        }
        requireRoom(0);
        int[] threadMap = new int[other.threads.size()];
        for (int t = 0; t < threadMap.length; t++) {
            threadMap[t] = thread(other.threads.get(t));
        }
        byte[] stateMap = new byte[128];
        for (int s = 0; s < Math.min(128, other.states.size()); s++) {
            stateMap[s] = state(other.states.text(s));
        }
        other.measures.forEach((measure, theirs) -> {
            renumber(theirs, nodeMap, threadMap, stateMap);
            samples(measure).addAll(theirs);
        });
        for (Samples theirs : other.unnamed) {
            renumber(theirs, nodeMap, threadMap, stateMap);
            unnamed.add(theirs);
        }
        other.series.forEach((name, theirs) -> {
            SeriesBuilder ours = series.computeIfAbsent(
                    name, key -> new SeriesBuilder(theirs.unit(), new LongList(), new LongList()));
            ours.timeNanos().addAll(theirs.timeNanos());
            ours.value().addAll(theirs.value());
        });
        for (int i = 0; i < other.spanTag.size; i++) {
            spanTag.add(symbolMap[other.spanTag.values[i]]);
            spanThread.add(threadMap[other.spanThread.values[i]]);
        }
        spanStart.addAll(other.spanStart);
        spanDuration.addAll(other.spanDuration);
        mallocAddress.addAll(other.mallocAddress);
        freeTime.addAll(other.freeTime);
        freeAddress.addAll(other.freeAddress);
        requireRoomForSamples(other.samples);
    }

    private static void renumber(Samples samples, int[] nodeMap, int[] threadMap, byte[] stateMap) {
        for (Samples.Block block : samples.blocks()) {
            for (int i = 0; i < block.size; i++) {
                block.stack[i] = nodeMap[block.stack[i]];
                block.thread[i] = threadMap[block.thread[i]];
                block.state[i] = stateMap[block.state[i]];
            }
        }
    }

    /**
     * What was allocated and not freed. Buffers of several threads are written one after the other, so allocations and frees
     * are first brought into the order of their times. A recording without any free was told not to watch them.
     */
    private void findLeaks() {
        if (freeTime.size == 0 || mallocAddress.size == 0) {
            return;
        }
        List<Samples.Block> blocks = measures.get(Measure.NATIVE_MEMORY).blocks();
        int mallocs = mallocAddress.size;
        long[] times = new long[mallocs + freeTime.size];
        int row = 0;
        for (Samples.Block block : blocks) {
            System.arraycopy(block.timeNanos, 0, times, row, block.size);
            row += block.size;
        }
        System.arraycopy(freeTime.values, 0, times, mallocs, freeTime.size);
        int[] order = new int[times.length];
        Arrays.setAll(order, i -> i);
        // At the same microsecond an allocation comes first: it has the lower index.
        IntArrays.quickSort(
                order, (a, b) -> times[a] != times[b] ? Long.compare(times[a], times[b]) : Integer.compare(a, b));
        Long2IntOpenHashMap live = new Long2IntOpenHashMap();
        for (int i : order) {
            if (i < mallocs) {
                live.put(mallocAddress.values[i], i);
            } else {
                live.remove(freeAddress.values[i - mallocs]);
            }
        }
        int[] leaked = live.values().toIntArray();
        Arrays.sort(leaked);
        Samples leaks = samples(Measure.NATIVE_LEAK);
        int next = 0;
        int start = 0;
        for (Samples.Block block : blocks) {
            for (; next < leaked.length && leaked[next] < start + block.size; next++) {
                int i = leaked[next] - start;
                leaks.add(block.timeNanos[i], block.stack[i], block.thread[i], block.state[i], block.value[i], 1);
            }
            start += block.size;
        }
    }

    public Profile build(ProfileInfo info) {
        findLeaks();
        int[] lines = frames.second();
        byte[] kinds = new byte[lines.length];
        for (int i = 0; i < lines.length; i++) {
            kinds[i] = (byte) (lines[i] & (1 << KIND_BITS) - 1);
            lines[i] >>>= KIND_BITS;
        }
        measures.values().removeIf(s -> s.size() == 0);
        List<Series> lists = new ArrayList<>();
        series.forEach((name, s) -> lists.add(
                new Series(name, s.unit(), s.timeNanos().toArray(), s.value().toArray())));
        return new Profile(
                SymbolTable.of(symbols.toArray()),
                new Profile.Methods(methodClass.toArray(), methods.first(), methods.second()),
                new Profile.Frames(frames.first(), lines, kinds),
                stacks.parents(),
                stacks.frames(),
                threads(),
                states.toArray(),
                measures,
                List.copyOf(lists),
                new Spans(spanTag.toArray(), spanThread.toArray(), spanStart.toArray(), spanDuration.toArray()),
                info);
    }

    private Profile.Threads threads() {
        int n = threads.size();
        Profile.Threads columns = new Profile.Threads(new String[n], new long[n], new long[n], new boolean[n]);
        for (int i = 0; i < n; i++) {
            columns.name()[i] = threads.get(i).name();
            columns.osId()[i] = threads.get(i).osId();
            columns.javaId()[i] = threads.get(i).javaId();
            columns.virtual()[i] = threads.get(i).virtual();
        }
        return columns;
    }

    private static final class IntList {
        int[] values = new int[64];
        int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        int[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }

    private static final class LongList {
        long[] values = new long[16];
        int size;

        void add(long value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }

        void addAll(LongList others) {
            for (int i = 0; i < others.size; i++) {
                add(others.values[i]);
            }
        }

        long[] toArray() {
            return Arrays.copyOf(values, size);
        }
    }

    /** Pairs of ints by number. Searched by open addressing over the columns themselves, in a table that is made when first needed. */
    private static final class Pairs {
        // Drawn anew, so that no recording can hold pairs that all fall into one slot.
        private final long spread = ThreadLocalRandom.current().nextLong() | 1;
        private final IntList first = new IntList();
        private final IntList second = new IntList();
        /** Numbers plus one; empty until the first search. */
        private int[] table = new int[0];

        int size() {
            return first.size;
        }

        int first(int n) {
            return first.values[n];
        }

        int second(int n) {
            return second.values[n];
        }

        int append(int a, int b) {
            first.add(a);
            second.add(b);
            if (table.length > 0) {
                put(first.size - 1);
            }
            return first.size - 1;
        }

        int of(int a, int b) {
            if (table.length == 0) {
                rehash();
            }
            int mask = table.length - 1;
            for (int i = slot(a, b, mask), n; (n = table[i] - 1) >= 0; i = i + 1 & mask) {
                if (first.values[n] == a && second.values[n] == b) {
                    return n;
                }
            }
            return append(a, b);
        }

        private void put(int n) {
            if (first.size * 2 > table.length) {
                rehash();
                return;
            }
            int mask = table.length - 1;
            int i = slot(first.values[n], second.values[n], mask);
            while (table[i] != 0) {
                i = i + 1 & mask;
            }
            table[i] = n + 1;
        }

        private void rehash() {
            table = new int[Math.max(64, Integer.highestOneBit(first.size + 1) * 4)];
            for (int n = 0; n < first.size; n++) {
                put(n);
            }
        }

        private int slot(int a, int b, int mask) {
            long h = ((long) a << 32 | b & 0xffffffffL) * spread;
            return (int) (h >>> 35) & mask;
        }

        int[] first() {
            return first.toArray();
        }

        int[] second() {
            return second.toArray();
        }
    }
}
