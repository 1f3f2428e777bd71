package io.davylamp.core.task;

/** A task that cannot be created: which field, what was wrong with it, and what is allowed. Nothing was stored. */
public final class InvalidTaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;
    private final boolean unknown;

    public InvalidTaskException(String field, String message) {
        this(field, message, false);
    }

    private InvalidTaskException(String field, String message, boolean unknown) {
        super(message);
        this.field = field;
        this.unknown = unknown;
    }

    /** A task that names a service or an instance that is not there. */
    public static InvalidTaskException unknown(String field, String message) {
        return new InvalidTaskException(field, message, true);
    }

    /** Whether the field names something that is not there, rather than something that is not allowed. */
    public boolean isUnknown() {
        return unknown;
    }

    /** The field of the request, as REST names it. */
    public String field() {
        return field;
    }
}
