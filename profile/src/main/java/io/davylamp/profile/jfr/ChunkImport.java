package io.davylamp.profile.jfr;

import io.davylamp.jfr.Chunk;
import io.davylamp.jfr.ChunkHeader;
import io.davylamp.jfr.ConstantPools;
import io.davylamp.jfr.EventCursor;
import io.davylamp.jfr.EventType;
import io.davylamp.jfr.FieldSlots;
import io.davylamp.jfr.FrameTable;
import io.davylamp.jfr.JfrFile;
import io.davylamp.jfr.MalformedJfrException;
import io.davylamp.profile.FrameKind;
import io.davylamp.profile.Measure;
import io.davylamp.profile.NameRules;
import io.davylamp.profile.ProfileBuilder;
import io.davylamp.profile.ProfileLimits;
import io.davylamp.profile.Samples;
import io.davylamp.profile.Unit;
import it.unimi.dsi.fastutil.ints.Int2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One chunk read into a builder of its own. Not thread-safe; different chunks may be read by different threads. */
final class ChunkImport {
    static final int MAX_PROFILER_WARNINGS = 50;

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

    /** Events that tell of the whole JVM, also where their type declares a stack trace, as async-profiler 2 does for settings. */
    private static final Set<String> NO_SAMPLES = Set.of(
            "jdk.ActiveSetting",
            "jdk.CPULoad",
            "jdk.GCHeapSummary",
            "jdk.GCPhasePause",
            "profiler.Span",
            "profiler.Log",
            "jdk.JVMInformation",
            "jdk.OSInformation",
            "jdk.CPUInformation",
            "jdk.CPUTimeSamplesLost",
            "jdk.DataLoss",
            "profiler.Free");

    /** The frame of samples whose stack the JVM could not walk; named as async-profiler names its own. */
    private static final String NOT_WALKABLE = "[not_walkable]";

    /** An object of one byte at an interval of a gigabyte. */
    private static final double MAX_WEIGHT = 1 << 30;

    // Slots of the fields of every event with a stack trace; the times and the thread also of other events.
    private static final int START_TIME = 0;
    private static final int DURATION = 1;
    private static final int STACK = 2;
    private static final int THREAD = 3;
    private static final int STATE = 4;
    private static final int VALUE = 5;
    private static final int CLASS = 6;
    private static final int OTHER_VALUE = 7;
    private static final int SECOND_VALUE = 8;
    /** The address of native memory, or the time of a live object's allocation. */
    private static final int EXTRA = 9;

    private static final int SETTING_NAME = 0;
    private static final int SETTING_VALUE = 1;
    private static final int SETTING_EVENT = 2;
    private static final FieldSlots SETTING_SLOTS = new FieldSlots()
            .with(SETTING_NAME, "name")
            .with(SETTING_VALUE, "value")
            .with(SETTING_EVENT, "id");

    private static final int JVM_USER = 1;
    private static final int JVM_SYSTEM = 2;
    private static final int MACHINE_TOTAL = 3;
    private static final FieldSlots CPU_LOAD_SLOTS = new FieldSlots()
            .with(START_TIME, "startTime")
            .with(JVM_USER, "jvmUser")
            .with(JVM_SYSTEM, "jvmSystem")
            .with(MACHINE_TOTAL, "machineTotal");

    private static final int HEAP_USED = 1;
    private static final int HEAP_COMMITTED = 2;
    private static final FieldSlots HEAP_SLOTS = new FieldSlots()
            .with(START_TIME, "startTime")
            .with(HEAP_USED, "heapUsed")
            .with(HEAP_COMMITTED, "heapSpace.committedSize");

    private static final FieldSlots GC_PAUSE_SLOTS =
            new FieldSlots().with(START_TIME, "startTime").with(DURATION, "duration");

    private static final int SPAN_TAG = 2;
    private static final FieldSlots SPAN_SLOTS = new FieldSlots()
            .with(START_TIME, "startTime")
            .with(DURATION, "duration")
            .with(SPAN_TAG, "tag")
            .with(THREAD, "eventThread");

    private static final int LOG_LEVEL = 0;
    private static final int LOG_MESSAGE = 1;
    private static final FieldSlots LOG_SLOTS =
            new FieldSlots().with(LOG_LEVEL, "level").with(LOG_MESSAGE, "message");

    private static final int JVM_NAME = 0;
    private static final int JVM_VERSION = 1;
    private static final FieldSlots JVM_SLOTS =
            new FieldSlots().with(JVM_NAME, "jvmName").with(JVM_VERSION, "jvmVersion");

    private static final int OS_VERSION = 0;
    private static final FieldSlots OS_SLOTS = new FieldSlots().with(OS_VERSION, "osVersion");

    private static final int CPU_NAME = 0;
    private static final int CPU_THREADS = 1;
    private static final FieldSlots CPU_SLOTS =
            new FieldSlots().with(CPU_NAME, "cpu").with(CPU_THREADS, "hwThreads");

    private static final int LOST_SAMPLES = 0;
    private static final FieldSlots LOST_SLOTS = new FieldSlots().with(LOST_SAMPLES, "lostSamples");

    private static final int LOST_BYTES = 0;
    private static final int LOST_BYTES_IN_ALL = 1;
    private static final FieldSlots DATA_LOSS_SLOTS =
            new FieldSlots().with(LOST_BYTES, "amount").with(LOST_BYTES_IN_ALL, "total");

    private static final int ADDRESS = 1;
    private static final FieldSlots FREE_SLOTS =
            new FieldSlots().with(START_TIME, "startTime").with(ADDRESS, "address");

    private final Chunk chunk;
    private final ChunkHeader header;
    private final NameRules rules;
    private final long startNanos;
    private final ProfileBuilder builder;
    private final StackNodes nodes = new StackNodes();
    /** By the name in the file: most classes have several methods. */
    private final Map<String, ClassNames> classNames = new HashMap<>();

    private final SortedMap<String, String> settings = new TreeMap<>();
    private final SortedMap<String, String> host = new TreeMap<>();
    private final List<String> profilerWarnings = new ArrayList<>();

    /** A class's name as the JVM gave it, and by the rules. */
    private record ClassNames(String raw, String ruled) {}

    private ConstantPools pools;
    private boolean writerKnown;
    private boolean asyncProfiler;
    private boolean sleepers;
    private final List<Found> found = new ArrayList<>();
    private long endNanos;
    private long missingStacks;
    private long missingStacksOfAllocations;
    private long truncatedStacks;
    private long lostSamples;
    private DataLoss dataLoss = DataLoss.NONE;
    private final SortedMap<String, Stackless> without = new TreeMap<>();
    private boolean datadog;
    private MalformedJfrException damage;

    // What the chunk's keys are in the builder, each found once.
    private final Long2IntOpenHashMap threads = new Long2IntOpenHashMap();
    private final Long2IntOpenHashMap classFrames = new Long2IntOpenHashMap();
    private final Long2ObjectOpenHashMap<String> stateNames = new Long2ObjectOpenHashMap<>();
    private final Int2IntOpenHashMap states = new Int2IntOpenHashMap();

    private ChunkImport(Chunk chunk, ChunkHeader header, NameRules rules, ProfileBuilder builder, long startNanos) {
        this.chunk = chunk;
        this.header = header;
        this.rules = rules;
        this.builder = builder;
        this.startNanos = startNanos;
        this.endNanos = header.startNanos() + Math.max(0, header.durationNanos());
        threads.defaultReturnValue(-1);
        classFrames.defaultReturnValue(-1);
        states.defaultReturnValue(-1);
    }

    /**
     * Reads one chunk as far as it is whole; {@link #damage} tells why not further.
     *
     * @param startNanos start of the recording, to which times are relative
     */
    static ChunkImport read(JfrFile file, ChunkHeader header, NameRules rules, ProfileLimits limits, long startNanos)
            throws IOException {
        ProfileBuilder builder = new ProfileBuilder(limits);
        ChunkImport chunk = new ChunkImport(null, header, rules, builder, startNanos);
        try {
            chunk = new ChunkImport(file.open(header), header, rules, builder, startNanos);
            chunk.read();
        } catch (MalformedJfrException e) {
            if (chunk.pools == null) { // stacks whose frames have no names are worth nothing
                chunk = new ChunkImport(null, header, rules, new ProfileBuilder(limits), startNanos);
            }
            chunk.damage = e;
        }
        return chunk;
    }

    private void read() throws IOException {
        pools = chunk.readPools((id, depth, keys, frames, truncated) -> {
            if (truncated) {
                truncatedStacks++;
            }
            nodes.putIfAbsent(id, builder.stack(keys, depth, frames::number));
        });
        // async-profiler always declares these, the JDK never; a scrubbed recording has lost what it does not use.
        asyncProfiler = pools.hasFrameType("Kernel")
                || chunk.metadata().types().stream()
                        .anyMatch(type -> type.name().startsWith("profiler."));
        datadog = asyncProfiler
                && chunk.metadata().types().stream()
                        .anyMatch(type -> type.name().startsWith("datadog."));
        writerKnown = true;
        resolveFrames();
        Events events = new Events();
        try {
            events.read();
        } finally {
            events.finish(); // what stands before a damage is whole
        }
    }

    /** The stacks were built over the chunk's own frame numbers; the builder's frames take the same numbers. */
    private void resolveFrames() {
        FrameTable frames = pools.frames();
        Long2IntOpenHashMap methods = new Long2IntOpenHashMap();
        methods.defaultReturnValue(-1);
        Int2IntOpenHashMap kinds = new Int2IntOpenHashMap();
        kinds.defaultReturnValue(-1);
        for (int f = 0; f < frames.size(); f++) {
            long key = frames.method(f);
            int method = methods.get(key);
            if (method < 0) {
                method = resolveMethod(key);
                methods.put(key, method);
            }
            int type = frames.type(f);
            int kind = kinds.get(type);
            if (kind < 0) {
                kind = kindOf(pools.frameType(type)).code();
                kinds.put(type, kind);
            }
            builder.newFrame(method, frames.line(f), FrameKind.ofCode(kind));
        }
    }

    private int resolveMethod(long key) {
        String className = pools.methodClassName(key);
        String methodName = pools.methodName(key);
        if (className == null && methodName == null) {
            return builder.method("", "", "unknown");
        }
        return method(className == null ? "" : className, methodName == null ? "" : methodName);
    }

    private int method(String className, String methodName) {
        ClassNames names = classNames.get(className);
        if (names == null) {
            names = new ClassNames(NameRules.RAW.className(className), rules.className(className));
            classNames.put(className, names);
        }
        return builder.method(names.raw(), names.ruled(), methodName);
    }

    private int classFrame(long key) {
        int known = classFrames.get(key);
        if (known < 0) {
            String name = pools.className(key);
            known = builder.frame(method(name == null ? "unknown" : name, ""), 0, FrameKind.CLASS);
            classFrames.put(key, known);
        }
        return known;
    }

    private int thread(long key) {
        int known = threads.get(key);
        if (known < 0) {
            String name = pools.threadName(key);
            known = builder.thread(
                    name == null ? "" : name,
                    pools.threadOsId(key),
                    pools.threadJavaId(key),
                    pools.threadIsVirtual(key));
            threads.put(key, known);
        }
        return known;
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

    private long relativeNanos(long ticks) {
        long nanos = header.nanosAt(ticks);
        endNanos = Math.max(endNanos, nanos);
        return nanos - startNanos;
    }

    /** The events of the chunk: samples by their rule, and the few others that say something of the whole JVM. */
    private final class Events {
        private static final int SAMPLE = 16;

        private static final int SETTING = 0;
        private static final int CPU_LOAD = 1;
        private static final int HEAP = 2;
        private static final int GC_PAUSE = 3;
        private static final int SPAN = 4;
        private static final int LOG = 5;
        private static final int JVM = 6;
        private static final int OS = 7;
        private static final int CPU = 8;
        private static final int FREE = 9;
        private static final int LOST = 10;
        private static final int DATA_LOSS = 11;

        private final EventCursor cursor = chunk.events(pools);
        private final List<EventRule> rulesByTag = new ArrayList<>();
        private final List<Samples> samples = new ArrayList<>();
        private final List<Samples> second = new ArrayList<>();
        private final List<String> typeNames = new ArrayList<>();
        /** async-profiler's execution samples with a thread state; {@link #samples} has those without. */
        private final Samples stated = builder.samples();

        /** By tag, events of that type, and those of them that have no stack. */
        private long[] events = {};

        private long[] stackless = {};

        private int executionTag = -1;
        private int cpuTimeTag = -1;
        private int wallTag = -1;
        private int parkTag = -1;
        private int mallocTag = -1;
        private int liveTag = -1;
        private Samples waits;
        private final Long2IntOpenHashMap lockClasses = new Long2IntOpenHashMap();
        private boolean lacksPeriods;
        private long executionSampleType = -1;
        private long nativeSampleType = -1;
        private String executionPeriod;
        private String nativePeriod;

        void read() throws IOException {
            wantSamples();
            wantOthers();
            while (cursor.next()) {
                int tag = cursor.tag();
                if (tag >= SAMPLE) {
                    sample(tag - SAMPLE);
                } else {
                    other(tag);
                }
            }
        }

        /** Leaves what was read to be named, for the chunk alone does not always tell what it is. */
        void finish() {
            builder.trim();
            for (int tag = 0; tag < events.length; tag++) {
                if (stackless[tag] > 0) {
                    without.put(typeNames.get(tag), new Stackless(stackless[tag], events[tag]));
                }
            }
            if (stated.size() > 0) {
                found.add(new Found(EventRule.EXECUTION_SAMPLE, Found.Kind.STATED, null, stated, null, Found.UNKNOWN));
            }
            for (int tag = 0; tag < samples.size(); tag++) {
                EventRule rule = rulesByTag.get(tag);
                Samples of = samples.get(tag);
                if (of != null && of.size() > 0 && rule.isNamedLater()) {
                    Found.Kind kind = tag == executionTag
                            ? Found.Kind.UNSTATED
                            : tag == wallTag ? Found.Kind.WALL : asyncProfiler ? Found.Kind.PROFILER : Found.Kind.JDK;
                    found.add(new Found(
                            typeNames.get(tag),
                            kind,
                            kind == Found.Kind.UNSTATED ? null : rule.measure(),
                            of,
                            rule.measure().equals(Measure.ALLOC) ? second.get(tag) : null,
                            intervalNanos(typeNames.get(tag), rule)));
                }
            }
        }

        /** Returns the interval of a JDK sampler, from settings or samples; async-profiler's settings may be in another chunk. */
        private long intervalNanos(String typeName, EventRule rule) {
            if (rule.value() == EventRule.Value.TICKS) {
                return lacksPeriods ? Found.UNKNOWN : Found.OWN;
            }
            return switch (typeName) {
                case EventRule.EXECUTION_SAMPLE -> Periods.nanos(executionPeriod);
                case EventRule.NATIVE_SAMPLE -> Periods.nanos(nativePeriod);
                default -> Found.UNKNOWN;
            };
        }

        private void wantSamples() throws IOException {
            for (EventType type : chunk.metadata().types()) {
                if (!type.isEvent() || type.field("stackTrace") == null || NO_SAMPLES.contains(type.name())) {
                    continue;
                }
                EventRule rule = EventRule.of(type);
                int tag = rulesByTag.size();
                switch (type.name()) {
                    case EventRule.EXECUTION_SAMPLE -> executionTag = asyncProfiler ? tag : -1;
                    case EventRule.CPU_TIME_SAMPLE -> cpuTimeTag = tag;
                    case EventRule.WALL_SAMPLE -> wallTag = tag;
                    case EventRule.THREAD_PARK -> parkTag = tag;
                    case EventRule.MALLOC -> mallocTag = tag;
                    case EventRule.LIVE_OBJECT -> liveTag = tag;
                    default -> {}
                }
                cursor.want(
                        type,
                        SAMPLE + tag,
                        new FieldSlots()
                                .with(START_TIME, "startTime")
                                .with(DURATION, "duration")
                                .with(STACK, "stackTrace")
                                .with(THREAD, type.field("sampledThread") != null ? "sampledThread" : "eventThread")
                                .with(STATE, "state")
                                .with(VALUE, rule.valueField())
                                .with(CLASS, rule.classField())
                                .with(OTHER_VALUE, rule.otherField())
                                .with(SECOND_VALUE, rule.secondField().equals(EventRule.SAME) ? "" : rule.secondField())
                                .with(EXTRA, type.name().equals(EventRule.MALLOC) ? "address" : "allocationTime"));
                rulesByTag.add(rule);
                typeNames.add(type.name());
                samples.add(null);
                second.add(null);
            }
            events = new long[typeNames.size()];
            stackless = new long[typeNames.size()];
        }

        private void wantOthers() throws IOException {
            EventType execution = chunk.metadata().type(EventRule.EXECUTION_SAMPLE);
            executionSampleType = execution == null ? -1 : execution.id();
            EventType nativeSample = chunk.metadata().type(EventRule.NATIVE_SAMPLE);
            nativeSampleType = nativeSample == null ? -1 : nativeSample.id();
            want("jdk.ActiveSetting", SETTING, SETTING_SLOTS);
            want("jdk.CPULoad", CPU_LOAD, CPU_LOAD_SLOTS);
            want("jdk.GCHeapSummary", HEAP, HEAP_SLOTS);
            want("jdk.GCPhasePause", GC_PAUSE, GC_PAUSE_SLOTS);
            want("profiler.Span", SPAN, SPAN_SLOTS);
            want("profiler.Log", LOG, LOG_SLOTS);
            want("jdk.JVMInformation", JVM, JVM_SLOTS);
            want("jdk.OSInformation", OS, OS_SLOTS);
            want("jdk.CPUInformation", CPU, CPU_SLOTS);
            want("profiler.Free", FREE, FREE_SLOTS);
            want("jdk.CPUTimeSamplesLost", LOST, LOST_SLOTS);
            want("jdk.DataLoss", DATA_LOSS, DATA_LOSS_SLOTS);
        }

        private void want(String name, int tag, FieldSlots slots) throws IOException {
            EventType type = chunk.metadata().type(name);
            if (type != null) {
                cursor.want(type, tag, slots);
            }
        }

        private void sample(int tag) {
            events[tag]++;
            long stackKey = cursor.value(STACK);
            // A failed sample of processor time tells a time that was used: without it the total would be too small.
            int node = stackKey != 0 ? nodes.get(stackKey) : tag == cpuTimeTag ? notWalkable() : 0;
            if (node < 0) {
                missingStacks++;
                missingStacksOfAllocations +=
                        Measure.ALLOC.equals(rulesByTag.get(tag).measure()) ? 1 : 0;
                return;
            }
            if (node == 0) {
                stackless[tag]++; // no stack was taken for this event, or one without frames
                return;
            }
            EventRule rule = rulesByTag.get(tag);
            long classKey = rule.classField().isEmpty() ? 0 : cursor.value(CLASS);
            if (rule.classField().equals(EventRule.OLD_OBJECT)) {
                classKey = pools.oldObjectClass(classKey);
            }
            if (classKey != 0) {
                node = builder.child(node, classFrame(classKey));
            }
            long value = switch (rule.value()) {
                case ONE -> 1;
                case DURATION -> header.nanos(cursor.value(DURATION));
                case TICKS -> header.nanos(cursor.value(VALUE));
                case FIELD -> cursor.value(VALUE) == 0 ? cursor.value(OTHER_VALUE) : cursor.value(VALUE);
                case WEIGHTED -> weighted(cursor.value(VALUE), Double.longBitsToDouble(cursor.value(OTHER_VALUE)));
            };
            lacksPeriods |= rule.value() == EventRule.Value.TICKS && value <= 0;
            long timeNanos = relativeNanos(cursor.value(START_TIME));
            int thread = thread(cursor.value(THREAD));
            if (tag == mallocTag) {
                builder.addMalloc(timeNanos, node, thread, value, cursor.value(EXTRA));
                return;
            }
            if (tag == liveTag && cursor.value(EXTRA) != 0) {
                timeNanos = Math.max(0, relativeNanos(cursor.value(EXTRA)));
            }
            byte state = state(cursor.value(STATE));
            if (rule.isNumberOfSamples()) {
                // One event stands for many samples of a thread that sleeps.
                int weight = (int) Math.max(0, Math.min(Integer.MAX_VALUE, value));
                builder.add(samplesOf(tag, rule, classKey), timeNanos, node, thread, state, weight, weight);
                return;
            }
            builder.add(samplesOf(tag, rule, classKey), timeNanos, node, thread, state, value);
            if (rule.second() != null && (rule.otherField().isEmpty() || cursor.value(VALUE) == 0)) {
                long other = rule.secondField().equals(EventRule.SAME)
                        ? value
                        : rule.secondField().isEmpty()
                                ? header.nanos(cursor.value(DURATION))
                                : cursor.value(SECOND_VALUE);
                if (other != 0) {
                    if (second.get(tag) == null) {
                        second.set(tag, rule.isNamedLater() ? builder.samples() : builder.samples(rule.second()));
                    }
                    builder.add(second.get(tag), timeNanos, node, thread, state, other);
                }
            }
        }

        private int notWalkable() {
            return builder.child(0, builder.frame(method("", NOT_WALKABLE), 0, FrameKind.UNKNOWN));
        }

        private Samples samplesOf(int tag, EventRule rule, long classKey) {
            if (tag == executionTag) {
                String state = stateName(cursor.value(STATE));
                if (state.equals("STATE_SLEEPING")) {
                    sleepers = true;
                    return stated;
                }
                if (state.equals("STATE_RUNNABLE")) {
                    return stated;
                }
            } else if (tag == parkTag && !isLock(classKey)) {
                waits = waits == null ? builder.samples(Measure.WAIT) : waits;
                return waits;
            }
            Samples into = samples.get(tag);
            if (into == null) {
                into = rule.isNamedLater() ? builder.samples() : builder.samples(rule.measure());
                samples.set(tag, into);
            }
            return into;
        }

        /** A weight is 1 or more; what is none (another type of number, a crafted one) counts as 1. */
        private static long weighted(long value, double weight) {
            boolean credible = weight >= 1 && weight <= MAX_WEIGHT;
            return credible ? Math.round(value * weight) : value;
        }

        private boolean isLock(long parkedClass) {
            int known = lockClasses.get(parkedClass);
            if (known == 0) {
                String name = parkedClass == 0 ? null : pools.className(parkedClass);
                // async-profiler has left out all other parks before, and may not know the class.
                known = (name == null ? asyncProfiler : EventRule.isLock(name)) ? 1 : -1;
                lockClasses.put(parkedClass, known);
            }
            return known > 0;
        }

        private void other(int tag) {
            switch (tag) {
                case SETTING -> setting();
                case CPU_LOAD -> {
                    long time = relativeNanos(cursor.value(START_TIME));
                    builder.addToSeries("cpu-user", Unit.MILLIONTHS, time, millionths(cursor.value(JVM_USER)));
                    builder.addToSeries("cpu-system", Unit.MILLIONTHS, time, millionths(cursor.value(JVM_SYSTEM)));
                    builder.addToSeries("cpu-machine", Unit.MILLIONTHS, time, millionths(cursor.value(MACHINE_TOTAL)));
                }
                case HEAP -> {
                    long time = relativeNanos(cursor.value(START_TIME));
                    builder.addToSeries("heap-used", Unit.BYTES, time, cursor.value(HEAP_USED));
                    builder.addToSeries("heap-committed", Unit.BYTES, time, cursor.value(HEAP_COMMITTED));
                }
                case GC_PAUSE ->
                    builder.addToSeries(
                            "gc-pause",
                            Unit.NANOSECONDS,
                            relativeNanos(cursor.value(START_TIME)),
                            header.nanos(cursor.value(DURATION)));
                case SPAN ->
                    builder.addSpan(
                            builder.symbol(cursor.text(SPAN_TAG) == null ? "" : cursor.text(SPAN_TAG)),
                            thread(cursor.value(THREAD)),
                            relativeNanos(cursor.value(START_TIME)),
                            header.nanos(cursor.value(DURATION)));
                case LOG -> log();
                case JVM -> host("jvm", join(cursor.text(JVM_NAME), cursor.text(JVM_VERSION)));
                case OS -> host("os", cursor.text(OS_VERSION));
                case CPU -> {
                    host("cpu", cursor.text(CPU_NAME));
                    host("cores", Long.toString(cursor.value(CPU_THREADS)));
                }
                case LOST -> lostSamples += Math.max(0, cursor.value(LOST_SAMPLES));
                case DATA_LOSS -> dataLoss = dataLoss.plus(cursor.value(LOST_BYTES), cursor.value(LOST_BYTES_IN_ALL));
                case FREE -> builder.addFree(relativeNanos(cursor.value(START_TIME)), cursor.value(ADDRESS));
                default -> throw new AssertionError(tag);
            }
        }

        private void setting() {
            String name = cursor.text(SETTING_NAME);
            String value = cursor.text(SETTING_VALUE);
            if (name == null || value == null) {
                return;
            }
            if (asyncProfiler && KEPT_SETTINGS.contains(name)) {
                settings.put(name, value);
            } else if (!asyncProfiler && name.equals("period")) {
                if (cursor.value(SETTING_EVENT) == executionSampleType) {
                    executionPeriod = value;
                    keepPeriod("interval", value);
                } else if (cursor.value(SETTING_EVENT) == nativeSampleType) {
                    nativePeriod = value;
                    keepPeriod("native-interval", value);
                }
            }
        }

        /** A sampler that was off has a period that is none. */
        private void keepPeriod(String name, String period) {
            if (Periods.nanos(period) != Found.UNKNOWN) {
                settings.put(name, period);
            }
        }

        private void log() {
            String level = pools.logLevel(cursor.value(LOG_LEVEL));
            String message = cursor.text(LOG_MESSAGE);
            if (message != null
                    && ("WARN".equals(level) || "ERROR".equals(level))
                    && profilerWarnings.size() < MAX_PROFILER_WARNINGS) {
                profilerWarnings.add("the profiler says: " + message);
            }
        }

        private void host(String key, String value) {
            if (value != null && !value.isEmpty()) {
                host.put(key, value.lines().findFirst().orElse("").strip());
            }
        }

        private static String join(String name, String version) {
            return version == null ? name : name == null ? version : name + " " + version;
        }

        private static long millionths(long doubleBits) {
            double share = Double.longBitsToDouble(doubleBits);
            return Double.isFinite(share) ? Math.round(Math.max(0, Math.min(1e6, share)) * 1_000_000) : 0;
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

    ProfileBuilder builder() {
        return builder;
    }

    SortedMap<String, String> settings() {
        return settings;
    }

    SortedMap<String, String> host() {
        return host;
    }

    /** Returns the profiler's own warnings. */
    List<String> profilerWarnings() {
        return profilerWarnings;
    }

    /** Whether the chunk was whole enough to tell whether {@link #asyncProfiler} wrote it. */
    boolean isWriterKnown() {
        return writerKnown;
    }

    boolean asyncProfiler() {
        return asyncProfiler;
    }

    /** Whether it is Datadog's profiler: one of async-profiler's kind, with events of its own. */
    boolean datadog() {
        return datadog;
    }

    /** Event types of which some have no stack. */
    SortedMap<String, Stackless> without() {
        return without;
    }

    /** Whether async-profiler took execution samples of threads that sleep. */
    boolean hasSleepers() {
        return sleepers;
    }

    /** The samples that are still to be named. */
    List<Found> found() {
        return found;
    }

    /** The last moment, nanoseconds since the epoch. */
    long endNanos() {
        return endNanos;
    }

    /** Events whose stack trace the chunk lacks. */
    long missingStacks() {
        return missingStacks;
    }

    /** Those of them that are allocations. */
    long missingStacksOfAllocations() {
        return missingStacksOfAllocations;
    }

    long truncatedStacks() {
        return truncatedStacks;
    }

    /** Samples of processor time that the JVM says it could not keep. */
    long lostSamples() {
        return lostSamples;
    }

    DataLoss dataLoss() {
        return dataLoss;
    }

    /** Returns why the chunk could not be read to its end; null if it was read whole. */
    MalformedJfrException damage() {
        return damage;
    }
}
