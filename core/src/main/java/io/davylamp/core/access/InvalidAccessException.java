package io.davylamp.core.access;

/** A user, token or grant that cannot be; the message says what is wrong and what is allowed. */
public final class InvalidAccessException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String field;

    public InvalidAccessException(String message) {
        this("", message);
    }

    /** @param field of the request that is wrong; empty when it is not known here */
    public InvalidAccessException(String field, String message) {
        super(message);
        this.field = field;
    }

    public String field() {
        return field;
    }
}
