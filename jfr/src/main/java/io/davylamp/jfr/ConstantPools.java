package io.davylamp.jfr;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The constant pools of one chunk, which events refer to by key: names, methods, classes, threads, states. It does not keep
 * stack traces; they pass through a {@link StackVisitor}. Not thread-safe while it is read, immutable afterwards.
 *
 * <p>Lookups answer null for a key that the pool lacks: recordings that were cut have such keys.
 */
public final class ConstantPools {
    private final Chunk chunk;
    private final JfrLimits limits;
    private final StackVisitor stacks;

    // Slots of the pools' fields. Texts come first: a pool keeps as many of them as it says.
    private static final int TEXT = 0;
    private static final int CLASS_NAME = 0;
    private static final int METHOD_CLASS = 0;
    private static final int METHOD_NAME = 1;
    private static final int OBJECT_CLASS = 0;
    private static final int THREAD_OS_NAME = 0;
    private static final int THREAD_JAVA_NAME = 1;
    private static final int THREAD_OS_ID = 2;
    private static final int THREAD_JAVA_ID = 3;
    private static final int THREAD_VIRTUAL = 4;

    private static final int FRAME_METHOD = 0;
    private static final int FRAME_LINE = 1;
    private static final int FRAME_TYPE = 2;
    private static final FieldSlots FRAME = new FieldSlots()
            .with(FRAME_METHOD, "method")
            .with(FRAME_LINE, "lineNumber")
            .with(FRAME_TYPE, "type");

    private static final FieldSlots NOTHING = new FieldSlots();

    private final Pool strings = Pool.ofTexts("java.lang.String", "");
    private final Pool symbols = Pool.ofTexts("jdk.types.Symbol", "string");
    private final Pool classes = Pool.ofNumbers("java.lang.Class", new FieldSlots().with(CLASS_NAME, "name"));
    private final Pool methods = Pool.ofNumbers(
            "jdk.types.Method", new FieldSlots().with(METHOD_CLASS, "type").with(METHOD_NAME, "name"));
    private final Pool threads = new Pool(
            "java.lang.Thread",
            5,
            2,
            new FieldSlots()
                    .with(THREAD_OS_NAME, "osName")
                    .with(THREAD_JAVA_NAME, "javaName")
                    .with(THREAD_OS_ID, "osThreadId")
                    .with(THREAD_JAVA_ID, "javaThreadId")
                    .with(THREAD_VIRTUAL, "virtual"));
    private final Pool frameTypes = Pool.ofTexts("jdk.types.FrameType", "description");
    private final Pool threadStates = Pool.ofTexts("jdk.types.ThreadState", "name");
    private final Pool oldObjects = Pool.ofNumbers("jdk.types.OldObject", new FieldSlots().with(OBJECT_CLASS, "type"));
    private final Pool logLevels = Pool.ofTexts("profiler.types.LogLevel", "name");
    private final Map<String, Pool> pools = new HashMap<>();
    /** Compiled once per type: a pool without entries is two bytes, its plan may be thousands of steps. */
    private final Map<PlanKey, FieldPlan> plans = new HashMap<>();

    /**
     * A type may be read in two ways: a crafted file declares the frames' type as a pool too. The methods are written out, because
     * what the JVM would make at the first call takes it milliseconds.
     */
    private record PlanKey(long typeId, FieldSlots slots) {
        @Override
        public int hashCode() {
            return 31 * Long.hashCode(typeId) + slots.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof PlanKey that && typeId == that.typeId && slots.equals(that.slots);
        }
    }

    private int entries;
    private long characters;

    private final FrameTable frames = new FrameTable();
    private long[] stackKeys = new long[64];

    private ConstantPools(Chunk chunk, JfrLimits limits, StackVisitor stacks) {
        this.chunk = chunk;
        this.limits = limits;
        this.stacks = stacks;
        for (Pool pool :
                List.of(strings, symbols, classes, methods, threads, frameTypes, threadStates, oldObjects, logLevels)) {
            pools.put(pool.typeName, pool);
        }
    }

    static ConstantPools read(Chunk chunk, Input in, JfrLimits limits, StackVisitor stacks) throws IOException {
        ConstantPools pools = new ConstantPools(chunk, limits, stacks);
        ChunkHeader header = chunk.header();
        long position = header.poolOffset();
        long end = in.end();
        while (true) {
            in.seek(header.offset() + position, "constant pool offset");
            long delta = pools.readCheckpoint(in, end);
            if (delta == 0) {
                return pools;
            }
            // The chain may only move backwards, or a crafted file keeps us busy for ever.
            if (delta > 0 || position + delta < ChunkHeader.BYTES) {
                throw new MalformedJfrException(
                        header.offset() + position,
                        "constant pool delta",
                        delta + " does not move backwards inside the chunk");
            }
            end = header.offset() + position;
            position += delta;
        }
    }

    /**
     * Reads one checkpoint.
     *
     * @param end where the checkpoint read before it begins. Checkpoints are read from the last to the first; one that reached
     *     into another would have the same bytes read again and again: work that is quadratic in the file's size
     * @return the distance to the checkpoint before it, below 0; or 0 when there is none
     */
    private long readCheckpoint(Input in, long end) throws IOException {
        long at = in.position();
        long sizeBytes = in.readVar();
        if (sizeBytes < 6 || sizeBytes > end - at) {
            throw new MalformedJfrException(
                    at,
                    "constant pool size",
                    sizeBytes + " is outside of 6 to " + (end - at)
                            + (end < in.end() ? ", where the next constant pool begins" : ""));
        }
        long type = in.readVar();
        if (type != 1) {
            throw new MalformedJfrException(at, "constant pool", "event type " + type + " stands where 1 is expected");
        }
        in.skipVars(2); // start time, duration
        long delta = in.readVar();
        in.readByte(); // kind of checkpoint
        int poolCount = in.readCount("constant pools", limits.types(), 2);
        for (int i = 0; i < poolCount; i++) {
            readPool(in);
        }
        if (in.position() > at + sizeBytes) {
            throw new MalformedJfrException(at, "constant pool size", sizeBytes + ", but its pools reach further");
        }
        return delta;
    }

    private void readPool(Input in) throws IOException {
        long at = in.position();
        long typeId = in.readVar();
        EventType type = chunk.metadata().type(typeId);
        if (type == null) {
            throw new MalformedJfrException(
                    at, "constant pool type", typeId + " is not declared in the chunk's metadata");
        }
        int count = in.readCount(type.name(), Integer.MAX_VALUE, 1);
        Pool pool = pools.get(type.name());
        if (type.name().equals("jdk.types.StackTrace")) {
            readStacks(in, type, count);
        } else if (pool == null) {
            FieldPlan skip = plan(type, NOTHING);
            for (int i = 0; i < count; i++) {
                in.readVar();
                skip.run(in, null, null, strings::text, limits.stringBytes());
            }
        } else {
            readKept(in, type, count, pool);
        }
    }

    private FieldPlan plan(EventType type, FieldSlots slots) throws IOException {
        PlanKey key = new PlanKey(type.id(), slots);
        FieldPlan plan = plans.get(key);
        if (plan == null) {
            plan = FieldPlan.compile(chunk.metadata(), type, limits, slots);
            plans.put(key, plan);
        }
        return plan;
    }

    private void readKept(Input in, EventType type, int count, Pool pool) throws IOException {
        boolean isString = pool == strings;
        FieldPlan plan = isString ? null : plan(type, pool.slots);
        long[] values = new long[pool.slots.size()];
        String[] texts = new String[pool.slots.size()];
        for (int i = 0; i < count; i++) {
            long at = in.position();
            if (++entries > limits.poolEntries()) {
                throw new MalformedJfrException(at, type.name(), "more than " + limits.poolEntries() + " pool entries");
            }
            long key = in.readVar();
            if (isString) {
                texts[TEXT] = in.readStringBody(in.readByte(), type.name(), limits.stringBytes());
            } else {
                Arrays.fill(values, 0);
                Arrays.fill(texts, null);
                plan.run(in, values, texts, strings::text, limits.stringBytes());
            }
            for (int t = 0; t < pool.textCount; t++) {
                characters += texts[t] == null ? 0 : texts[t].length();
            }
            if (characters > limits.poolBytes()) {
                throw new MalformedJfrException(
                        at, type.name(), "strings of the pools are longer than " + limits.poolBytes() + " in all");
            }
            pool.put(key, values, texts);
        }
    }

    /** Frames as every writer so far lays them out: method, line, bytecode index, frame type; others go by their plan. */
    private void readStacks(Input in, EventType type, int count) throws IOException {
        Metadata metadata = chunk.metadata();
        Field framesField = type.field("frames");
        Field first = type.fields().isEmpty() ? null : type.fields().get(0);
        EventType frame = framesField == null ? null : metadata.type(framesField.typeId());
        if (frame == null
                || !framesField.array()
                || framesField.pooled()
                || type.fields().size() != 2
                || first == framesField
                || !"truncated".equals(first.name())) {
            throw new MalformedJfrException(
                    in.position(), "jdk.types.StackTrace", "its fields are not (truncated, frames[])");
        }
        FieldPlan plan = plan(frame, FRAME);
        if (plan.minBytes() == 0) { // or a stack of three bytes would be read for as long as the deepest one
            throw new MalformedJfrException(in.position(), frame.name(), "it has no fields");
        }
        boolean fast = isPlainFrame(metadata, frame);
        long[] values = new long[FRAME.size()];
        String[] texts = new String[FRAME.size()]; // for files that declare a text where a number belongs
        for (int i = 0; i < count; i++) {
            long id = in.readVar();
            boolean truncated = in.readByte() != 0;
            int depth = in.readCount("StackTrace.frames", limits.stackDepth(), plan.minBytes());
            if (depth > stackKeys.length) {
                stackKeys = new long[Math.max(depth, stackKeys.length * 2)];
            }
            if (fast) {
                frames.readKeys(in, depth, stackKeys);
            } else {
                for (int f = 0; f < depth; f++) {
                    Arrays.fill(values, 0);
                    plan.run(in, values, texts, strings::text, limits.stringBytes());
                    stackKeys[f] = FrameTable.keyOf(
                            frames.of(values[FRAME_METHOD], (int) values[FRAME_LINE], (int) values[FRAME_TYPE]));
                }
            }
            stacks.stack(id, depth, stackKeys, frames, truncated);
        }
    }

    private static boolean isPlainFrame(Metadata metadata, EventType frame) {
        List<String> names = new ArrayList<>();
        for (Field field : frame.fields()) {
            EventType type = metadata.type(field.typeId());
            boolean varint = field.pooled() || type != null && type.name().equals("int");
            if (!varint || field.array()) {
                return false;
            }
            names.add(field.name());
        }
        return names.equals(List.of("method", "lineNumber", "bytecodeIndex", "type"));
    }

    /** The distinct frames of the stack traces. */
    public FrameTable frames() {
        return frames;
    }

    /** The method's name without its class, or null. */
    public String methodName(long method) {
        int row = methods.row(method);
        return row < 0 ? null : symbols.text(methods.value(row, METHOD_NAME));
    }

    /** The name of the method's class in the file's own form ({@code a/b/C}), or null. */
    public String methodClassName(long method) {
        int row = methods.row(method);
        return row < 0 ? null : className(methods.value(row, METHOD_CLASS));
    }

    /** The class's name in the file's own form ({@code a/b/C}, {@code [B}), or null. */
    public String className(long type) {
        int row = classes.row(type);
        return row < 0 ? null : symbols.text(classes.value(row, CLASS_NAME));
    }

    /** Key of the class of an entry of the pool of old objects; 0 when it is unknown. */
    public long oldObjectClass(long key) {
        int row = oldObjects.row(key);
        return row < 0 ? 0 : oldObjects.value(row, OBJECT_CLASS);
    }

    /** The Java name if there is one, else the operating system's; null when neither is known. */
    public String threadName(long thread) {
        int row = threads.row(thread);
        if (row < 0) {
            return null;
        }
        String java = threads.text(row, THREAD_JAVA_NAME);
        return java == null || java.isEmpty() ? threads.text(row, THREAD_OS_NAME) : java;
    }

    public long threadOsId(long thread) {
        int row = threads.row(thread);
        return row < 0 ? 0 : threads.value(row, THREAD_OS_ID);
    }

    public long threadJavaId(long thread) {
        int row = threads.row(thread);
        return row < 0 ? 0 : threads.value(row, THREAD_JAVA_ID);
    }

    public boolean threadIsVirtual(long thread) {
        int row = threads.row(thread);
        return row >= 0 && threads.value(row, THREAD_VIRTUAL) != 0;
    }

    /** The description of a frame type, such as {@code "JIT compiled"}, or null. */
    public String frameType(long key) {
        return frameTypes.text(key);
    }

    /** The name of a thread state, such as {@code "STATE_RUNNABLE"}, or null. */
    public String threadState(long key) {
        return threadStates.text(key);
    }

    /** The name of a level of the profiler's own log, such as {@code "WARN"}, or null. */
    public String logLevel(long key) {
        return logLevels.text(key);
    }

    public boolean hasFrameType(String description) {
        return frameTypes.hasText(description);
    }

    String string(long key) {
        return strings.text(key);
    }

    /** One kept pool: rows of numbers and of texts. The first {@code textCount} fields are texts. */
    private static final class Pool {
        final String typeName;
        final FieldSlots slots;
        final int valueCount;
        final int textCount;
        private final LongIntMap rows = new LongIntMap();
        private long[] values = new long[0];
        private String[] texts = new String[0];

        Pool(String typeName, int valueCount, int textCount, FieldSlots slots) {
            this.typeName = typeName;
            this.valueCount = valueCount;
            this.textCount = textCount;
            this.slots = slots;
        }

        static Pool ofTexts(String typeName, String field) {
            return new Pool(typeName, 0, 1, new FieldSlots().with(TEXT, field));
        }

        static Pool ofNumbers(String typeName, FieldSlots slots) {
            return new Pool(typeName, slots.size(), 0, slots);
        }

        void put(long key, long[] newValues, String[] newTexts) {
            int row = rows.size();
            if (!rows.putIfAbsent(key, row)) {
                return;
            }
            if (valueCount > 0) {
                if ((row + 1) * valueCount > values.length) {
                    values = Arrays.copyOf(
                            values, Math.max(64, values.length * 2) / valueCount * valueCount + valueCount);
                }
                System.arraycopy(newValues, 0, values, row * valueCount, valueCount);
            }
            if (textCount > 0) {
                if ((row + 1) * textCount > texts.length) {
                    texts = Arrays.copyOf(texts, Math.max(64, texts.length * 2) / textCount * textCount + textCount);
                }
                System.arraycopy(newTexts, 0, texts, row * textCount, textCount);
            }
        }

        int row(long key) {
            return rows.get(key);
        }

        long value(int row, int field) {
            return values[row * valueCount + field];
        }

        String text(int row, int field) {
            return texts[row * textCount + field];
        }

        String text(long key) {
            int row = rows.get(key);
            return row < 0 ? null : text(row, TEXT);
        }

        boolean hasText(String text) {
            return Arrays.asList(texts).contains(text);
        }
    }
}
