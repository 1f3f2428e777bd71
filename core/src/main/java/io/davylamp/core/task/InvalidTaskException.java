package io.davylamp.core.task;

/** A task that cannot be created: which field, what was wrong with it, and what is allowed. Nothing was stored. */
public final class InvalidTaskException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    public InvalidTaskException(String field, String message) {
        super(message);
        this.field = field;
    }

    /** The field of the request, as REST names it. */
    public String field() {
        return field;
    }
}
