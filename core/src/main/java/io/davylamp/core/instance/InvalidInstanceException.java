package io.davylamp.core.instance;

/** An agent described its instance with values that are refused; the message has the reason and the allowed values. */
public final class InvalidInstanceException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InvalidInstanceException(String message) {
        super(message);
    }
}
