package io.davylamp.profile;

import it.unimi.dsi.fastutil.objects.Object2IntOpenHashMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Builds one {@link Profile}: equal symbols, methods, frames, stacks and threads become one. Not thread-safe.
 *
 * <p>Work per distinct stack, never per sample: an importer resolves a stack once and then adds samples by its node.
 */
public final class ProfileBuilder {
    private final ProfileLimits limits;
    private final Symbols symbols = new Symbols();
    private final Columns methods = new Columns();
    private final Columns frames = new Columns();
    private final IntList frameKinds = new IntList();
    private final PrefixTree stacks = new PrefixTree();
    private final Object2IntOpenHashMap<ThreadKey> threadIndex = new Object2IntOpenHashMap<>();
    private final List<ThreadKey> threads = new ArrayList<>();
    private final Symbols states = new Symbols();
    private final SortedMap<Measure, Samples> measures = new TreeMap<>();
    private long samples;

    private record ThreadKey(String name, long osId, long javaId) {}

    public ProfileBuilder(ProfileLimits limits) {
        this.limits = limits;
        threadIndex.defaultReturnValue(-1);
    }

    public int method(String className, String methodName) {
        return methods.of(symbols.of(className), symbols.of(methodName));
    }

    /** A frame of {@code method}; {@code line} is 0 when unknown. */
    public int frame(int method, int line, FrameKind kind) {
        // Lines are below 2^26 in any class file (they are 16 bits there); the kind rides in the low bits of the key.
        int lineAndKind = (line & (1 << 26) - 1) << 4 | kind.ordinal();
        int before = frames.size();
        int frame = frames.of(method, lineAndKind);
        if (frame == before) {
            frameKinds.add(kind.ordinal());
        }
        return frame;
    }

    /** The node that {@code frame} has below {@code parent}; node 0 is the root. */
    public int child(int parent, int frame) {
        int node = stacks.child(parent, frame);
        if (node >= limits.stackNodes()) {
            throw new TooLargeException("stack nodes", limits.stackNodes());
        }
        return node;
    }

    public int thread(String name, long osId, long javaId) {
        ThreadKey key = new ThreadKey(name, osId, javaId);
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

    public void add(Samples into, long timeNanos, int stack, int thread, byte state, long value) {
        if (++samples > limits.samples()) {
            throw new TooLargeException("samples", limits.samples());
        }
        into.add(timeNanos, stack, thread, state, value);
    }

    public boolean isEmpty() {
        return samples == 0;
    }

    public Profile build(ProfileInfo info) {
        int[] lines = frames.second();
        for (int i = 0; i < lines.length; i++) {
            lines[i] >>>= 4;
        }
        byte[] kinds = new byte[frameKinds.size];
        for (int i = 0; i < kinds.length; i++) {
            kinds[i] = (byte) frameKinds.values[i];
        }
        measures.values().removeIf(s -> s.size() == 0);
        return new Profile(
                symbols.toArray(),
                methods.first(),
                methods.second(),
                frames.first(),
                lines,
                kinds,
                stacks.parents(),
                stacks.frames(),
                threads.stream().map(ThreadKey::name).toArray(String[]::new),
                threads.stream().mapToLong(ThreadKey::osId).toArray(),
                threads.stream().mapToLong(ThreadKey::javaId).toArray(),
                states.toArray(),
                measures,
                info);
    }

    private static final class IntList {
        int[] values = new int[256];
        int size;

        void add(int value) {
            if (size == values.length) {
                values = Arrays.copyOf(values, size * 2);
            }
            values[size++] = value;
        }
    }

    /** Distinct pairs of ints by number: open addressing over the columns themselves, four bytes a slot. */
    private static final class Columns {
        private final IntList first = new IntList();
        private final IntList second = new IntList();
        private int[] table = emptyTable(1 << 10);

        private static int[] emptyTable(int slots) {
            int[] table = new int[slots];
            Arrays.fill(table, -1);
            return table;
        }

        int size() {
            return first.size;
        }

        void append(int a, int b) {
            first.add(a);
            second.add(b);
        }

        int of(int a, int b) {
            int mask = table.length - 1;
            int i = slot(a, b, mask);
            for (int n; (n = table[i]) >= 0; i = i + 1 & mask) {
                if (first.values[n] == a && second.values[n] == b) {
                    return n;
                }
            }
            int next = first.size;
            append(a, b);
            table[i] = next;
            if (first.size * 2 > table.length) {
                table = emptyTable(table.length * 2);
                mask = table.length - 1;
                for (int n = 0; n < first.size; n++) {
                    i = slot(first.values[n], second.values[n], mask);
                    while (table[i] >= 0) {
                        i = i + 1 & mask;
                    }
                    table[i] = n;
                }
            }
            return next;
        }

        private static int slot(int a, int b, int mask) {
            long h = ((long) a << 32 | b & 0xffffffffL) * 0x9E3779B97F4A7C15L;
            return (int) (h >>> 35) & mask;
        }

        int[] first() {
            return Arrays.copyOf(first.values, first.size);
        }

        int[] second() {
            return Arrays.copyOf(second.values, second.size);
        }
    }
}
