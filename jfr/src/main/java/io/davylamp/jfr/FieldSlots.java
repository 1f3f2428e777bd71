package io.davylamp.jfr;

import java.util.Arrays;

/**
 * Maps fields of an event, or of a pool's entry, to the slots that they are read into. Slots are the reader's constants, so that the place
 * that reads a slot and the place that asks for its field agree by name and not by counting. Not thread-safe while it is made.
 *
 * <pre>{@code
 * private static final int START_TIME = 0;
 * private static final FieldSlots PAUSE = new FieldSlots().with(START_TIME, "startTime");
 * }</pre>
 */
public final class FieldSlots {
    private String[] fields = {};

    /**
     * Asks for a field.
     *
     * @param field its name; inside inline structures names are joined by a dot, as in {@code "heapSpace.committedSize"}; empty
     *     for none. A type that lacks the field leaves the slot at 0 or null.
     */
    public FieldSlots with(int slot, String field) {
        if (slot >= fields.length) {
            fields = Arrays.copyOf(fields, slot + 1);
        }
        if (fields[slot] != null) {
            throw new IllegalArgumentException("slot " + slot + " is for " + fields[slot] + " already");
        }
        fields[slot] = field.isEmpty() ? null : field;
        return this;
    }

    /** One more than the highest slot. */
    int size() {
        return fields.length;
    }

    /** The slot of a field, or -1 when nobody asked for it. */
    int slotOf(String field) {
        for (int slot = 0; slot < fields.length; slot++) {
            if (field.equals(fields[slot])) {
                return slot;
            }
        }
        return -1;
    }
}
