package io.davylamp.core.store;

import java.io.IOException;

/** The storage cannot be written or read now, for a reason outside of this program; the message has the reason and a remedy. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The kinds of reasons. */
    public enum Kind {
        FULL("the server's disk is full: delete tasks or opened files, or make room on it"),
        READ_ONLY("the server's data folder cannot be written to: it is read-only, or belongs to another user"),
        BUSY("the server's database is busy; try again in a moment"),
        AWAY("the server's database cannot be reached; try again in a moment"),
        BROKEN(
                "the server's data folder cannot be read or written: its disk fails, or files in it are missing or damaged");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Kind kind;

    public StoreException(Kind kind, Throwable cause) {
        super(kind.words, cause);
        this.kind = kind;
    }

    /** @param message what happened, why, and what to do */
    public StoreException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** @param detail what exactly there is too little of */
    public StoreException(Kind kind, String detail) {
        super(kind.words + " (" + detail + ")");
        this.kind = kind;
    }

    private StoreException(Kind kind, BlobsException cause) {
        super(cause.getMessage(), cause);
        this.kind = kind;
    }

    /** Makes an exception for the storage of bytes; the cause has the system's message. */
    public static StoreException of(IOException e) {
        if (e instanceof BlobsException blobs) {
            return new StoreException(
                    switch (blobs.kind()) {
                        case AWAY -> Kind.AWAY;
                        case FULL -> Kind.FULL;
                        case REFUSED -> Kind.READ_ONLY;
                        case CHANGED -> Kind.BROKEN;
                    },
                    blobs);
        }
        String text = String.valueOf(e.getMessage());
        Kind kind = text.contains("No space left") || text.contains("quota")
                ? Kind.FULL
                : text.contains("Read-only") || e instanceof java.nio.file.AccessDeniedException
                        ? Kind.READ_ONLY
                        : Kind.BROKEN;
        return new StoreException(kind, e);
    }

    public Kind kind() {
        return kind;
    }
}
