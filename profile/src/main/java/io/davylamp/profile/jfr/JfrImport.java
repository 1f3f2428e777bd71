package io.davylamp.profile.jfr;

import io.davylamp.jfr.ByteSource;
import io.davylamp.jfr.Chunk;
import io.davylamp.jfr.ChunkHeader;
import io.davylamp.jfr.ConstantPools;
import io.davylamp.jfr.EventCursor;
import io.davylamp.jfr.EventType;
import io.davylamp.jfr.JfrFile;
import io.davylamp.jfr.JfrLimits;
import io.davylamp.jfr.MalformedJfrException;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.PrefixTree;
import io.davylamp.profile.Profile;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileInfo;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.SeekableBytes;
import io.davylamp.profile.TooLargeException;
import io.davylamp.profile.Unit;
import io.davylamp.profile.UnreadableRecordingException;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Makes a {@link Profile} of a recording: every event type with a stack trace becomes a measure. Not thread-safe; one import
 * per instance.
 *
 * <p>Memory grows with the distinct stacks and the samples' columns, never with the file. What is damaged is left out and
 * named in {@link ProfileInfo#warnings}; what is whole is kept.
 */
public final class JfrImport {
    /** Settings that tell how the profiler measured; all others may hold secrets or only noise. */
    private static final Set<String> KEPT_SETTINGS = Set.of(
            "version",
            "engine",
            "event",
            "interval",
            "cpu",
            "wall",
            "alloc",
            "live",
            "lock",
            "nativemem",
            "nativelock",
            "jstackdepth",
            "cstack",
            "clock",
            "filter",
            "threads",
            "sched",
            "features",
            "chunktime",
            "chunksize",
            "ringbuffer");

    private static final int START_TIME = 0;
    private static final int DURATION = 1;
    private static final int STACK = 2;
    private static final int THREAD = 3;
    private static final int STATE = 4;
    private static final int VALUE = 5;
    private static final int CLASS = 6;
    private static final int ALTERNATIVE = 7;

    private final NameRules rules;
    private final JfrLimits jfrLimits;
    private final ProfileLimits limits;
    private final ProfileBuilder builder;
    private final SortedMap<String, String> settings = new TreeMap<>();
    private final List<String> warnings = new ArrayList<>();
    private boolean asyncProfiler;
    private long startNanos = Long.MAX_VALUE;
    private long endNanos = Long.MIN_VALUE;
    private long missingStacks;
    private long truncatedStacks;

    private JfrImport(NameRules rules, JfrLimits jfrLimits, ProfileLimits limits) {
        this.rules = rules;
        this.jfrLimits = jfrLimits;
        this.limits = limits;
        this.builder = new ProfileBuilder(limits);
    }

    /** Reads with the default limits and the current naming rules. */
    public static Profile read(SeekableBytes recording) throws IOException {
        return read(recording, NameRules.CURRENT, JfrLimits.DEFAULT, ProfileLimits.DEFAULT);
    }

    /**
     * Reads a recording. The caller keeps and closes the bytes.
     *
     * @throws UnreadableRecordingException if not even one chunk could be read, or a limit of {@code limits} is passed
     */
    public static Profile read(SeekableBytes recording, NameRules rules, JfrLimits jfrLimits, ProfileLimits limits)
            throws IOException {
        ByteSource source = new ByteSource() {
            @Override
            public long sizeBytes() {
                return recording.sizeBytes();
            }

            @Override
            public int read(long position, byte[] into, int offset, int length) throws IOException {
                return recording.read(position, into, offset, length);
            }

            @Override
            public void close() {}
        };
        try {
            return new JfrImport(rules, jfrLimits, limits).importAll(source);
        } catch (MalformedJfrException e) {
            throw new UnreadableRecordingException(e.getMessage(), e);
        } catch (TooLargeException e) {
            throw new UnreadableRecordingException("the recording has " + e.getMessage(), e);
        }
    }

    private Profile importAll(ByteSource source) throws IOException {
        JfrFile file = JfrFile.open(source, jfrLimits);
        for (ChunkHeader header : file.chunks()) {
            startNanos = Math.min(startNanos, header.startNanos());
        }
        int read = 0;
        MalformedJfrException first = null;
        for (ChunkHeader header : file.chunks()) {
            try {
                readChunk(file.open(header));
                read++;
            } catch (MalformedJfrException e) {
                warnings.add("chunk at offset " + header.offset() + " is damaged, " + e.getMessage());
                first = first == null ? e : first;
            }
        }
        if (read == 0 && first != null && builder.isEmpty()) {
            throw first;
        }
        for (MalformedJfrException loss : file.losses()) {
            warnings.add((source.sizeBytes() - loss.offset()) + " bytes at the end are lost, " + loss.getMessage());
        }
        if (missingStacks > 0) {
            warnings.add(missingStacks + " events refer to a stack trace that the recording lacks");
        }
        if (truncatedStacks > 0) {
            warnings.add(truncatedStacks + " stacks were cut by the profiler's depth limit");
        }
        return builder.build(new ProfileInfo(
                asyncProfiler ? "async-profiler" : "JDK",
                startNanos,
                Math.max(startNanos, endNanos),
                settings,
                rules.version(),
                List.copyOf(warnings)));
    }

    private void readChunk(Chunk chunk) throws IOException {
        StackTree tree = new StackTree(limits.stackNodes());
        ConstantPools pools = chunk.readPools(tree);
        truncatedStacks += tree.truncatedStacks();
        if (pools.hasFrameType("Kernel")) {
            asyncProfiler = true; // the JDK has no such frames; async-profiler always declares them
        }
        ChunkHeader header = chunk.header();
        endNanos = Math.max(endNanos, header.startNanos() + Math.max(0, header.durationNanos()));
        readSettings(chunk, pools);
        new ChunkImport(chunk, pools, tree).run();
    }

    private void readSettings(Chunk chunk, ConstantPools pools) throws IOException {
        EventType type = chunk.metadata().type("jdk.ActiveSetting");
        if (type == null || !asyncProfiler) {
            return;
        }
        EventCursor cursor = chunk.events(pools);
        cursor.want(type, 0, "name", "value");
        while (cursor.next()) {
            String name = cursor.text(0);
            if (name != null && KEPT_SETTINGS.contains(name) && cursor.text(1) != null) {
                settings.put(name, cursor.text(1));
            }
        }
    }

    /** One chunk: its keys resolved to the builder's numbers, each once. */
    private final class ChunkImport {
        private final Chunk chunk;
        private final ConstantPools pools;
        private final StackTree tree;
        private final int[] nodes;
        private final Long2IntOpenHashMap threads = new Long2IntOpenHashMap();
        private final Long2IntOpenHashMap classFrames = new Long2IntOpenHashMap();
        private final Long2ObjectOpenHashMap<String> stateNames = new Long2ObjectOpenHashMap<>();
        private final Int2IntOpenHashMap states = new Int2IntOpenHashMap();

        ChunkImport(Chunk chunk, ConstantPools pools, StackTree tree) {
            this.chunk = chunk;
            this.pools = pools;
            this.tree = tree;
            this.nodes = resolveStacks();
            threads.defaultReturnValue(-1);
            classFrames.defaultReturnValue(-1);
            states.defaultReturnValue(-1);
        }

        /** From the chunk's nodes to the profile's: methods once, then frames once, then nodes, parents first. */
        private int[] resolveStacks() {
            Long2IntOpenHashMap methods = new Long2IntOpenHashMap();
            methods.defaultReturnValue(-1);
            FrameKind[] kinds = new FrameKind[16];
            int[] frames = new int[tree.frames()];
            for (int f = 0; f < frames.length; f++) {
                long key = tree.frameMethod(f);
                int method = methods.get(key);
                if (method < 0) {
                    method = resolveMethod(key);
                    methods.put(key, method);
                }
                int type = tree.frameType(f);
                if (kinds[type] == null) {
                    kinds[type] = kindOf(pools.frameType(type));
                }
                frames[f] = builder.frame(method, tree.frameLine(f), kinds[type]);
            }
            PrefixTree stacks = tree.tree();
            int[] resolved = new int[stacks.size()];
            for (int node = 1; node < resolved.length; node++) {
                resolved[node] = builder.child(resolved[stacks.parent(node)], frames[stacks.frame(node)]);
            }
            return resolved;
        }

        private int resolveMethod(long key) {
            String className = pools.methodClassName(key);
            String methodName = pools.methodName(key);
            if (className == null && methodName == null) {
                return builder.method("", "unknown");
            }
            return builder.method(
                    className == null ? "" : rules.className(className), methodName == null ? "" : methodName);
        }

        void run() throws IOException {
            EventCursor cursor = chunk.events(pools);
            List<EventRule> eventRules = new ArrayList<>();
            List<Samples> samples = new ArrayList<>();
            List<Boolean> execution = new ArrayList<>();
            for (EventType type : chunk.metadata().types()) {
                if (!type.isEvent() || type.field("stackTrace") == null) {
                    continue;
                }
                EventRule rule = EventRule.of(type.name());
                String thread = type.field("sampledThread") != null ? "sampledThread" : "eventThread";
                cursor.want(
                        type,
                        eventRules.size(),
                        "startTime",
                        "duration",
                        "stackTrace",
                        thread,
                        "state",
                        rule.valueField() == null ? "" : rule.valueField(),
                        rule.classField() == null ? "" : rule.classField(),
                        type.name().equals("jdk.ObjectAllocationInNewTLAB") ? "allocationSize" : "");
                eventRules.add(rule);
                samples.add(null);
                execution.add(asyncProfiler && type.name().equals(EventRule.EXECUTION_SAMPLE));
            }
            ChunkHeader header = chunk.header();
            while (cursor.next()) {
                int tag = cursor.tag();
                EventRule rule = eventRules.get(tag);
                long stackKey = cursor.value(STACK);
                if (stackKey == 0) {
                    continue; // the profiler took no stack for this event
                }
                int chunkNode = tree.nodeOf(stackKey);
                if (chunkNode < 0) {
                    missingStacks++;
                    continue;
                }
                int node = nodes[chunkNode];
                if (node == 0) {
                    continue; // a stack without frames tells nothing
                }
                Samples into;
                if (execution.get(tag)) {
                    into = builder.samples(executionMeasure(cursor.value(STATE)));
                } else {
                    into = samples.get(tag);
                    if (into == null) {
                        into = builder.samples(rule.measure());
                        samples.set(tag, into);
                    }
                }
                if (rule.classField() != null && cursor.value(CLASS) != 0) {
                    node = builder.child(node, classFrame(cursor.value(CLASS)));
                }
                long value = switch (rule.value()) {
                    case ONE -> 1;
                    case DURATION -> header.nanos(cursor.value(DURATION));
                    case FIELD -> cursor.value(VALUE) == 0 ? cursor.value(ALTERNATIVE) : cursor.value(VALUE);
                };
                long timeNanos = header.nanosAt(cursor.value(START_TIME)) - startNanos;
                endNanos = Math.max(endNanos, startNanos + timeNanos);
                builder.add(into, timeNanos, node, thread(cursor.value(THREAD)), state(cursor.value(STATE)), value);
            }
        }

        /**
         * async-profiler writes samples of its CPU engines without a state; samples of its wall-clock engine, up to 3.0 or
         * with {@code nobatch}, are the same event with one.
         */
        private Measure executionMeasure(long stateKey) {
            String state = stateName(stateKey);
            if (state.equals("STATE_RUNNABLE") || state.equals("STATE_SLEEPING")) {
                return Measure.WALL;
            }
            String event = settings.getOrDefault("event", "cpu");
            return switch (event) {
                case "cpu", "ctimer", "itimer", "cpu-clock", "wall", "alloc", "lock", "" -> Measure.CPU;
                default -> new Measure(event, Unit.EVENTS);
            };
        }

        private String stateName(long key) {
            String name = stateNames.get(key);
            if (name == null) {
                name = pools.threadState(key);
                name = name == null ? "" : name;
                stateNames.put(key, name);
            }
            return name;
        }

        private byte state(long key) {
            if (key == 0) {
                return 0;
            }
            int known = states.get((int) key);
            if (known < 0) {
                known = builder.state(stateName(key));
                states.put((int) key, known);
            }
            return (byte) known;
        }

        private int thread(long key) {
            int known = threads.get(key);
            if (known < 0) {
                String name = pools.threadName(key);
                known = builder.thread(name == null ? "" : name, pools.threadOsId(key), pools.threadJavaId(key));
                threads.put(key, known);
            }
            return known;
        }

        private int classFrame(long key) {
            int known = classFrames.get(key);
            if (known < 0) {
                String name = pools.className(key);
                known = builder.frame(
                        builder.method(name == null ? "unknown" : rules.className(name), ""), 0, FrameKind.CLASS);
                classFrames.put(key, known);
            }
            return known;
        }
    }

    private static FrameKind kindOf(String description) {
        if (description == null) {
            return FrameKind.UNKNOWN;
        }
        return switch (description) {
            case "Interpreted" -> FrameKind.INTERPRETED;
            case "JIT compiled" -> FrameKind.JIT;
            case "Inlined" -> FrameKind.INLINED;
            case "Native" -> FrameKind.NATIVE;
            case "C++" -> FrameKind.CPP;
            case "Kernel" -> FrameKind.KERNEL;
            case "C1 compiled" -> FrameKind.C1;
            default -> FrameKind.UNKNOWN;
        };
    }
}
