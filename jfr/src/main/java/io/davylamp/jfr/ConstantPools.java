package io.davylamp.jfr;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What events of one chunk refer to by key: names, methods, classes, threads, states. Stack traces are not kept; they pass
 * through a {@link StackVisitor}. Not thread-safe while it is read, immutable afterwards.
 *
 * <p>Lookups answer null for a key that the pool lacks: recordings that were cut have such keys.
 */
public final class ConstantPools {
    private final Chunk chunk;
    private final JfrLimits limits;
    private final StackVisitor stacks;

    private final Pool strings = new Pool("java.lang.String", 0, 1);
    private final Pool symbols = new Pool("jdk.types.Symbol", 0, 1, "string");
    private final Pool classes = new Pool("java.lang.Class", 1, 0, "name");
    private final Pool methods = new Pool("jdk.types.Method", 2, 0, "type", "name");
    private final Pool threads =
            new Pool("java.lang.Thread", 5, 2, "osName", "javaName", "osThreadId", "javaThreadId", "virtual");
    private final Pool frameTypes = new Pool("jdk.types.FrameType", 0, 1, "description");
    private final Pool threadStates = new Pool("jdk.types.ThreadState", 0, 1, "name");
    private final Pool oldObjects = new Pool("jdk.types.OldObject", 1, 0, "type");
    private final Pool logLevels = new Pool("profiler.types.LogLevel", 0, 1, "name");
    private final Map<String, Pool> pools = new HashMap<>();

    private int entries;
    private long characters;
    private long stackTraces;

    private final FrameTable frames = new FrameTable();
    private int[] stackFrames = new int[64];

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
        while (true) {
            in.seek(header.offset() + position, "constant pool offset");
            long delta = pools.readCheckpoint(in);
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
            position += delta;
        }
    }

    private long readCheckpoint(Input in) throws IOException {
        long at = in.position();
        long sizeBytes = in.readVar();
        if (sizeBytes < 6 || sizeBytes > in.end() - at) {
            throw new MalformedJfrException(
                    at, "constant pool size", sizeBytes + " is outside of 6 to " + (in.end() - at));
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
            FieldPlan skip = FieldPlan.compile(chunk.metadata(), type, limits);
            for (int i = 0; i < count; i++) {
                in.readVar();
                skip.run(in, null, null, strings::text, limits.stringBytes());
            }
        } else {
            readKept(in, type, count, pool);
        }
    }

    private void readKept(Input in, EventType type, int count, Pool pool) throws IOException {
        boolean isString = pool == strings;
        FieldPlan plan = isString ? null : FieldPlan.compile(chunk.metadata(), type, limits, pool.fields);
        long[] values = new long[Math.max(1, pool.fields.length)];
        String[] texts = new String[Math.max(1, pool.fields.length)];
        for (int i = 0; i < count; i++) {
            long at = in.position();
            if (++entries > limits.poolEntries()) {
                throw new MalformedJfrException(at, type.name(), "more than " + limits.poolEntries() + " pool entries");
            }
            long key = in.readVar();
            if (isString) {
                texts[0] = in.readStringBody(in.readByte(), type.name(), limits.stringBytes());
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
        FieldPlan plan = FieldPlan.compile(metadata, frame, limits, "method", "lineNumber", "type");
        boolean fast = isPlainFrame(metadata, frame);
        long[] values = new long[3];
        String[] texts = new String[3]; // for files that declare a text where a number belongs
        for (int i = 0; i < count; i++) {
            long id = in.readVar();
            boolean truncated = in.readByte() != 0;
            int depth = in.readCount(
                    "StackTrace.frames", limits.stackDepth(), frame.fields().size());
            if (depth > stackFrames.length) {
                stackFrames = new int[Math.max(depth, stackFrames.length * 2)];
            }
            if (fast) {
                frames.read(in, depth, stackFrames);
            } else {
                for (int f = 0; f < depth; f++) {
                    values[0] = values[1] = values[2] = 0;
                    plan.run(in, values, texts, strings::text, limits.stringBytes());
                    stackFrames[f] = frames.of(values[0], (int) values[1], (int) values[2]);
                }
            }
            stackTraces++;
            stacks.stack(id, depth, stackFrames, truncated);
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

    public long stackTraceCount() {
        return stackTraces;
    }

    /** The method's name without its class, or null. */
    public String methodName(long method) {
        int row = methods.row(method);
        return row < 0 ? null : symbols.text(methods.value(row, 1));
    }

    /** The name of the method's class in the file's own form ({@code a/b/C}), or null. */
    public String methodClassName(long method) {
        int row = methods.row(method);
        return row < 0 ? null : className(methods.value(row, 0));
    }

    /** The class's name in the file's own form ({@code a/b/C}, {@code [B}), or null. */
    public String className(long type) {
        int row = classes.row(type);
        return row < 0 ? null : symbols.text(classes.value(row, 0));
    }

    /** Key of the class of an entry of the pool of old objects; 0 when it is unknown. */
    public long oldObjectClass(long key) {
        int row = oldObjects.row(key);
        return row < 0 ? 0 : oldObjects.value(row, 0);
    }

    /** The Java name if there is one, else the operating system's; null when neither is known. */
    public String threadName(long thread) {
        int row = threads.row(thread);
        if (row < 0) {
            return null;
        }
        String java = threads.text(row, 1);
        return java == null || java.isEmpty() ? threads.text(row, 0) : java;
    }

    public long threadOsId(long thread) {
        int row = threads.row(thread);
        return row < 0 ? 0 : threads.value(row, 2);
    }

    public long threadJavaId(long thread) {
        int row = threads.row(thread);
        return row < 0 ? 0 : threads.value(row, 3);
    }

    public boolean threadIsVirtual(long thread) {
        int row = threads.row(thread);
        return row >= 0 && threads.value(row, 4) != 0;
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
        final String[] fields;
        final int valueCount;
        final int textCount;
        private final LongIntMap rows = new LongIntMap();
        private long[] values = new long[0];
        private String[] texts = new String[0];

        Pool(String typeName, int valueCount, int textCount, String... fields) {
            this.typeName = typeName;
            this.valueCount = valueCount;
            this.textCount = textCount;
            this.fields = fields;
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
            return row < 0 ? null : texts[row * textCount];
        }

        boolean hasText(String text) {
            return Arrays.asList(texts).contains(text);
        }
    }
}
