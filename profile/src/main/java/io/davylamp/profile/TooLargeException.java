package io.davylamp.profile;

/** A profile or a view that would pass a limit; the message says which, and what is allowed. */
public final class TooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TooLargeException(String what, long limit) {
        super("more than " + limit + " " + what);
    }
}
