package io.davylamp.core.store;

import java.io.IOException;

/** Blobs that another machine keeps cannot be read or written; the message says what was tried, what came back, and a remedy. */
public final class BlobsException extends IOException {
    private static final long serialVersionUID = 1L;

    /** What to do about it. */
    public enum Kind {
        /** It does not answer, or is overloaded; try again later. */
        AWAY,
        /** It refuses: credentials, rights, a bucket that is not there. Someone has to change something. */
        REFUSED,
        /** It has no room. */
        FULL,
        /** A blob was replaced while it was read, or is not as long as it should be. */
        CHANGED
    }

    private final Kind kind;

    public BlobsException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
