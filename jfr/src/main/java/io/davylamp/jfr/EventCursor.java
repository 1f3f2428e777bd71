package io.davylamp.jfr;

import java.io.IOException;
import java.util.Arrays;

/**
 * Walks the events of a chunk and reads the fields that were asked for; all other events are stepped over by their size.
 * One cursor, no object per event. Not thread-safe.
 *
 * <pre>{@code
 * cursor.want(type, SAMPLE, "startTime", "sampledThread", "stackTrace");
 * while (cursor.next()) {
 *     if (cursor.tag() == SAMPLE) { long thread = cursor.value(1); }
 * }
 * }</pre>
 */
public final class EventCursor {
    private final Chunk chunk;
    private final Input in;
    private final JfrLimits limits;
    private final ConstantPools pools;

    private final LongIntMap wanted = new LongIntMap();
    private FieldPlan[] plans = new FieldPlan[16];
    private int[] tags = new int[16];
    private long[] values = new long[8];
    private String[] texts = new String[8];

    private int tag;
    private long position;
    private long skippedEvents;

    EventCursor(Chunk chunk, Input in, JfrLimits limits, ConstantPools pools) {
        this.chunk = chunk;
        this.in = in;
        this.limits = limits;
        this.pools = pools;
    }

    /** Asks for events of {@code type}; {@code fields[i]} will be {@link #value}{@code (i)} or {@link #text}{@code (i)}. */
    public void want(EventType type, int tag, String... fields) throws IOException {
        int row = wanted.size();
        if (!wanted.putIfAbsent(type.id(), row)) {
            throw new IllegalArgumentException(type.name() + " is wanted already");
        }
        if (row == plans.length) {
            plans = Arrays.copyOf(plans, row * 2);
            tags = Arrays.copyOf(tags, row * 2);
        }
        plans[row] = FieldPlan.compile(chunk.metadata(), type, limits, fields);
        tags[row] = tag;
        if (fields.length > values.length) {
            values = new long[fields.length];
            texts = new String[fields.length];
        }
    }

    /** Moves to the next wanted event; false at the end of the chunk. */
    public boolean next() throws IOException {
        while (in.position() < in.end()) {
            long at = in.position();
            long sizeBytes = in.readVar();
            if (sizeBytes < 2 || sizeBytes > in.end() - at) {
                throw new MalformedJfrException(at, "event size", sizeBytes + " is outside of 2 to " + (in.end() - at));
            }
            long type = in.readVar();
            int row = wanted.get(type);
            long end = at + sizeBytes;
            if (row >= 0) {
                Arrays.fill(values, 0);
                Arrays.fill(texts, null);
                plans[row].run(in, values, texts, pools::string, limits.stringBytes());
                if (in.position() > end) {
                    throw new MalformedJfrException(at, "event size", sizeBytes + ", but its fields reach further");
                }
                in.seek(end, "event");
                tag = tags[row];
                position = at;
                return true;
            }
            if (type > 1) {
                skippedEvents++;
            }
            in.seek(end, "event");
        }
        return false;
    }

    /** The number that was given to {@link #want} for the type of the current event. */
    public int tag() {
        return tag;
    }

    /** Offset of the current event in the file. */
    public long position() {
        return position;
    }

    /** The value of the i-th wanted field; 0 when the type lacks it. Floating point as raw bits of a double. */
    public long value(int i) {
        return values[i];
    }

    /** The text of the i-th wanted field, or null. */
    public String text(int i) {
        return texts[i];
    }

    public long skippedEvents() {
        return skippedEvents;
    }
}
