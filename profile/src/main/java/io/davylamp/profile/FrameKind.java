package io.davylamp.profile;

/** How the code of a frame ran; {@link #CLASS} is no code: the class of an allocated object or of a lock, innermost. */
public enum FrameKind {
    INTERPRETED("interpreted"),
    JIT("jit"),
    INLINED("inlined"),
    C1("c1"),
    NATIVE("native"),
    CPP("cpp"),
    KERNEL("kernel"),
    CLASS("class"),
    UNKNOWN("unknown");

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
