package io.davylamp.profile;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;

/**
 * One recording as columns: symbols, methods, frames, a prefix tree of stacks, threads, and per measure the samples.
 * Immutable and thread-safe; the arrays are shared, nobody writes to them.
 *
 * <p>Shapes: {@code methodClass} and {@code methodName} are indexes into {@code symbols}; {@code frameMethod} into the methods;
 * {@code stackFrame} into the frames. {@code stackParent[i] < i}; node 0 is the root, its parent is -1 and its frame is -1.
 */
public final class Profile {
    final String[] symbols;
    final int[] methodClass;
    final int[] methodName;
    final int[] frameMethod;
    /** 0 when unknown. */
    final int[] frameLine;
    /** {@link FrameKind#code()}. */
    final byte[] frameKind;
    /** Caller of node i, as an index below i; -1 for the root. Same length as {@link #stackFrame}, at most 2^24. */
    final int[] stackParent;

    final int[] stackFrame;
    final String[] threadName;
    final long[] threadOsId;
    final long[] threadJavaId;
    /** Thread states by index; index 0 is the empty text: unknown. */
    final String[] states;

    private final SortedMap<Measure, Samples> measures;
    private final ProfileInfo info;

    public Profile(
            String[] symbols,
            int[] methodClass,
            int[] methodName,
            int[] frameMethod,
            int[] frameLine,
            byte[] frameKind,
            int[] stackParent,
            int[] stackFrame,
            String[] threadName,
            long[] threadOsId,
            long[] threadJavaId,
            String[] states,
            SortedMap<Measure, Samples> measures,
            ProfileInfo info) {
        this.symbols = symbols;
        this.methodClass = methodClass;
        this.methodName = methodName;
        this.frameMethod = frameMethod;
        this.frameLine = frameLine;
        this.frameKind = frameKind;
        this.stackParent = stackParent;
        this.stackFrame = stackFrame;
        this.threadName = threadName;
        this.threadOsId = threadOsId;
        this.threadJavaId = threadJavaId;
        this.states = states;
        this.measures = measures;
        this.info = info;
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
        return FrameKind.ofCode(frameKind[frame]);
    }

    public int frameLine(int frame) {
        return frameLine[frame];
    }

    public String className(int frame) {
        return symbols[methodClass[frameMethod[frame]]];
    }

    public String methodName(int frame) {
        return symbols[methodName[frameMethod[frame]]];
    }

    public int threadCount() {
        return threadName.length;
    }

    public String threadName(int thread) {
        return threadName[thread];
    }

    public String stateName(int state) {
        return states[state];
    }

    public String[] symbols() {
        return symbols;
    }

    public int[] methodClass() {
        return methodClass;
    }

    public int[] methodNames() {
        return methodName;
    }

    public int[] frameMethod() {
        return frameMethod;
    }

    public int[] frameLines() {
        return frameLine;
    }

    public byte[] frameKinds() {
        return frameKind;
    }

    public String[] threadNames() {
        return threadName;
    }

    public long[] threadOsIds() {
        return threadOsId;
    }

    public long[] threadJavaIds() {
        return threadJavaId;
    }

    public String[] states() {
        return states;
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
        int[] lineOfFrame = new int[frameMethod.length];
        for (int f = 0; f < lineOfFrame.length; f++) {
            long key = (long) frameMethod[f] << 32 | frameLine[f];
            lineOfFrame[f] = lines.computeIfAbsent(key, k -> lines.size());
        }
        Long2IntOpenHashMap known = new Long2IntOpenHashMap();
        for (int i = 1; i < paths.length; i++) {
            int under = paths[stackParent[i]];
            if (frameKind[stackFrame[i]] == FrameKind.CLASS.code()) {
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
        Set<String> threads = new HashSet<>();
        boolean[] threadSeen = new boolean[threadName.length];
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
                threads.add(threadName[t]);
            }
        }
        return new MeasureSummary(
                measure,
                samples.size(),
                total,
                stacks,
                threads.size(),
                info.startNanos() + first,
                info.startNanos() + last);
    }
}
