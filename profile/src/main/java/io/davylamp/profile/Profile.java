package io.davylamp.profile;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * One recording as columns: symbols, methods, frames, a prefix tree of stacks, threads, and per measure the samples. Immutable
 * and thread-safe; the arrays are shared, nobody writes to them.
 *
 * <p>Shapes: {@code methods} refer to {@code symbols}, {@code frames} to methods, {@code stackFrame} to frames. {@code
 * stackParent[i] < i}; node 0 is the root, its parent is -1 and its frame is -1. The same path may stand in the tree more than
 * once: views merge by name.
 */
public final class Profile {
    /** Methods: their class normalised and as the JVM gave it, and their name; indexes of symbols, columns of the same length. */
    public record Methods(int[] className, int[] rawClassName, int[] name) {
        public int size() {
            return name.length;
        }
    }

    /** Frames: their method, their line (0 when unknown), and {@link FrameKind#code()}; columns of the same length. */
    public record Frames(int[] method, int[] line, byte[] kind) {
        public int size() {
            return method.length;
        }
    }

    /** Threads; columns of the same length. Java ids are 0 for threads that are not Java's. */
    public record Threads(String[] name, long[] osId, long[] javaId, boolean[] virtual) {
        public int size() {
            return name.length;
        }
    }

    final SymbolTable symbols;
    final Methods methods;
    final Frames frames;
    final int[] stackParent;
    final int[] stackFrame;
    final Threads threads;
    /** Thread states by index; index 0 is the empty text: unknown. */
    final String[] states;

    private final SortedMap<Measure, Samples> measures;
    private final List<Series> series;
    private final Spans spans;
    private final ProfileInfo info;

    public Profile(
            SymbolTable symbols,
            Methods methods,
            Frames frames,
            int[] stackParent,
            int[] stackFrame,
            Threads threads,
            String[] states,
            SortedMap<Measure, Samples> measures,
            List<Series> series,
            Spans spans,
            ProfileInfo info) {
        this.symbols = symbols;
        this.methods = methods;
        this.frames = frames;
        this.stackParent = stackParent;
        this.stackFrame = stackFrame;
        this.threads = threads;
        this.states = states;
        this.measures = measures;
        this.series = series;
        this.spans = spans;
        this.info = info;
    }

    /** This profile with other samples, which refer to the same stacks, threads and states. */
    public Profile with(SortedMap<Measure, Samples> others) {
        return new Profile(
                symbols,
                methods,
                frames,
                stackParent,
                stackFrame,
                threads,
                states,
                new TreeMap<>(others),
                series,
                spans,
                info);
    }

    /** This profile, of which something else is said. */
    public Profile with(ProfileInfo other) {
        return new Profile(
                symbols, methods, frames, stackParent, stackFrame, threads, states, measures, series, spans, other);
    }

    public ProfileInfo info() {
        return info;
    }

    /** Measures in the order people expect, with their samples. */
    public SortedMap<Measure, Samples> measures() {
        return measures;
    }

    /** The measure of that name, or null when this profile has none. */
    public Measure measure(String name) {
        for (Measure measure : measures.keySet()) {
            if (measure.name().equals(name)) {
                return measure;
            }
        }
        return null;
    }

    public List<Series> series() {
        return series;
    }

    public Spans spans() {
        return spans;
    }

    public SymbolTable symbols() {
        return symbols;
    }

    public Methods methods() {
        return methods;
    }

    public Frames frames() {
        return frames;
    }

    public Threads threads() {
        return threads;
    }

    public String[] states() {
        return states;
    }

    public int stackCount() {
        return stackParent.length;
    }

    public int[] stackParent() {
        return stackParent;
    }

    public int[] stackFrame() {
        return stackFrame;
    }

    public FrameKind frameKind(int frame) {
        return FrameKind.ofCode(frames.kind[frame]);
    }

    /** The normalised class of a frame's method; empty for code without one. */
    public String className(int frame) {
        return symbols.get(methods.className[frames.method[frame]]);
    }

    /** The class of a frame's method as this JVM named it. */
    public String rawClassName(int frame) {
        return symbols.get(methods.rawClassName[frames.method[frame]]);
    }

    public String methodName(int frame) {
        return symbols.get(methods.name[frames.method[frame]]);
    }

    /** Bytes that this profile takes in memory, about: what a cache must count. */
    public long weightBytes() {
        long bytes = 8L * stackParent.length
                + 9L * frames.size()
                + 12L * methods.size()
                + 48L * threads.size()
                + symbols.weightBytes();
        for (Samples samples : measures.values()) {
            bytes += samples.weightBytes();
        }
        for (Series s : series) {
            bytes += 16L * s.value().length;
        }
        return bytes + 24L * spans.size();
    }

    /** Counts and sums of each measure, in the order people expect. */
    public List<MeasureSummary> summaries() {
        int[] paths = paths();
        List<MeasureSummary> summaries = new ArrayList<>();
        measures.forEach((measure, samples) -> summaries.add(summary(measure, samples, paths)));
        return summaries;
    }

    /**
     * Per node the first node with the same call path by names and lines: how the code ran (interpreted, compiled, inlined)
     * and the class frame of allocations and locks make no other path.
     */
    private int[] paths() {
        int[] paths = new int[stackParent.length];
        Long2IntOpenHashMap lines = new Long2IntOpenHashMap();
        int[] lineOfFrame = new int[frames.size()];
        for (int f = 0; f < lineOfFrame.length; f++) {
            long key = (long) frames.method[f] << 32 | frames.line[f];
            lineOfFrame[f] = lines.computeIfAbsent(key, k -> lines.size());
        }
        Long2IntOpenHashMap known = new Long2IntOpenHashMap();
        for (int i = 1; i < paths.length; i++) {
            int under = paths[stackParent[i]];
            if (frames.kind[stackFrame[i]] == FrameKind.CLASS.code()) {
                paths[i] = under;
                continue;
            }
            int node = i;
            paths[i] = known.computeIfAbsent((long) under << 32 | lineOfFrame[stackFrame[i]], k -> node);
        }
        return paths;
    }

    private MeasureSummary summary(Measure measure, Samples samples, int[] paths) {
        long total = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        boolean[] pathSeen = new boolean[stackParent.length];
        int stacks = 0;
        Set<String> names = new HashSet<>();
        boolean[] threadSeen = new boolean[threads.size()];
        for (Samples.Block block : samples.blocks()) {
            for (int i = 0; i < block.size; i++) {
                total += block.value[i];
                first = Math.min(first, block.timeNanos[i]);
                last = Math.max(last, block.timeNanos[i]);
                int path = paths[block.stack[i]];
                if (!pathSeen[path]) {
                    pathSeen[path] = true;
                    stacks++;
                }
                threadSeen[block.thread[i]] = true;
            }
        }
        for (int t = 0; t < threadSeen.length; t++) {
            if (threadSeen[t]) {
                names.add(threads.name[t]);
            }
        }
        return new MeasureSummary(
                measure,
                samples.size(),
                samples.weights(),
                samples.intervalNanos(measure),
                total,
                stacks,
                names.size(),
                info.startNanos() + first,
                info.startNanos() + last);
    }
}
