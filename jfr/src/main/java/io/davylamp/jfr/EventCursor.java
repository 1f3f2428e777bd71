package io.davylamp.jfr;

import java.io.IOException;
import java.util.Arrays;

/**
 * Walks the events of a chunk and reads the fields that were asked for; all other events are stepped over by their size.
 * One cursor, no object per event. Not thread-safe.
 *
 * <pre>{@code
 * cursor.want(type, SAMPLE, new FieldSlots().with(START_TIME, "startTime").with(THREAD, "sampledThread"));
 * while (cursor.next()) {
 *     if (cursor.tag() == SAMPLE) { long thread = cursor.value(THREAD); }
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
    private long[] values = new long[0];
    private String[] texts = new String[0];

    private int tag;

    EventCursor(Chunk chunk, Input in, JfrLimits limits, ConstantPools pools) {
        this.chunk = chunk;
        this.in = in;
        this.limits = limits;
        this.pools = pools;
    }

    /** Asks for events of {@code type}, which {@link #tag} will tell by {@code tag}, and for their fields in {@code slots}. */
    public void want(EventType type, int tag, FieldSlots slots) throws IOException {
        int row = wanted.size();
        if (!wanted.putIfAbsent(type.id(), row)) {
            throw new IllegalArgumentException(type.name() + " is wanted already");
        }
        if (row == plans.length) {
            plans = Arrays.copyOf(plans, row * 2);
            tags = Arrays.copyOf(tags, row * 2);
        }
        plans[row] = FieldPlan.compile(chunk.metadata(), type, limits, slots);
        tags[row] = tag;
        if (slots.size() > values.length) {
            values = new long[slots.size()];
            texts = new String[slots.size()];
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
                return true;
            }
            in.seek(end, "event");
        }
        return false;
    }

    /** The number that was given to {@link #want} for the type of the current event. */
    public int tag() {
        return tag;
    }

    /** The number in that slot; 0 when the event's type lacks the field. Floating point as raw bits of a double. */
    public long value(int slot) {
        return values[slot];
    }

    /** The text in that slot; null when the event's type lacks the field. */
    public String text(int slot) {
        return texts[slot];
    }
}
