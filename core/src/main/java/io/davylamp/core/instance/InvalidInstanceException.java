package io.davylamp.core.instance;

/** What an agent says of itself cannot be taken; the message says why and what is allowed. */
public final class InvalidInstanceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidInstanceException(String message) {
        super(message);
    }
}
