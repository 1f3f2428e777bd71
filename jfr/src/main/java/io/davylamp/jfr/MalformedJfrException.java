package io.davylamp.jfr;

import java.io.IOException;

/** Bytes that contradict the JFR format or pass a limit: where, in which field, and why. */
public final class MalformedJfrException extends IOException {
    private static final long serialVersionUID = 1L;

    private final long offset;
    private final String field;
    private final String reason;

    public MalformedJfrException(long offset, String field, String reason) {
        super(field + " at offset " + offset + ": " + reason);
        this.offset = offset;
        this.field = field;
        this.reason = reason;
    }

    /** Position in the file, in bytes from its start. */
    public long offset() {
        return offset;
    }

    public String field() {
        return field;
    }

    public String reason() {
        return reason;
    }
}
