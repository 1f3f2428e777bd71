package io.davylamp.profile;

/** What the values of a measure count. */
public enum Unit {
    SAMPLES("samples"),
    BYTES("bytes"),
    NANOSECONDS("nanoseconds"),
    EVENTS("events"),
    /** Shares, 1,000,000 for the whole. */
    MILLIONTHS("millionths");

    private final String word;

    Unit(String word) {
        this.word = word;
    }

    /** The word used in files, REST and CLI. */
    public String word() {
        return word;
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
