package io.davylamp.profile;

/**
 * The way in which the code of a frame ran. Two kinds are not code: {@link #CLASS}, the class of an allocated object or of a lock, innermost; and
 * {@link #GROUP}, a thread, state or instance that a view was asked to put above the stacks.
 */
public enum FrameKind {
    INTERPRETED("interpreted"),
    JIT("jit"),
    INLINED("inlined"),
    C1("c1"),
    NATIVE("native"),
    CPP("cpp"),
    KERNEL("kernel"),
    CLASS("class"),
    UNKNOWN("unknown"),
    GROUP("group");

    private static final FrameKind[] VALUES = values();

    private final String word;

    FrameKind(String word) {
        this.word = word;
    }

    /** The word used in files, REST and CLI. */
    public String word() {
        return word;
    }

    /** The number used in files: the ordinal, which therefore never changes. */
    public byte code() {
        return (byte) ordinal();
    }

    public static FrameKind ofCode(int code) {
        return code >= 0 && code < VALUES.length ? VALUES[code] : UNKNOWN;
    }
}
