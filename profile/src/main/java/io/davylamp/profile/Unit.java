package io.davylamp.profile;

import java.math.BigDecimal;

/** The unit of the values of a measure. */
public enum Unit {
    SAMPLES("samples"),
    BYTES("bytes"),
    NANOSECONDS("nanoseconds"),
    EVENTS("events"),
    /** Shares, 1,000,000 for the whole. */
    MILLIONTHS("millionths"),
    /** Events that were counted with decimals: 1,000,000 is one event. */
    MILLIONTHS_OF_EVENTS("millionths of events");

    private final String word;

    Unit(String word) {
        this.word = word;
    }

    /** The word used in files, REST and CLI. */
    public String word() {
        return word;
    }

    /** A value as text in formats that know no units: with its decimals where the unit is for them. */
    public String text(long value) {
        return this == MILLIONTHS_OF_EVENTS
                ? BigDecimal.valueOf(value, 6).stripTrailingZeros().toPlainString()
                : Long.toString(value);
    }

    public static Unit ofWord(String word) {
        for (Unit unit : values()) {
            if (unit.word.equals(word)) {
                return unit;
            }
        }
        throw new IllegalArgumentException("unit \"" + word + "\"");
    }
}
