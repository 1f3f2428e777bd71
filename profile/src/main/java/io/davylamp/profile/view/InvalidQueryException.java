package io.davylamp.profile.view;

/** A question that cannot be asked; the message says what was given and what is allowed. */
public final class InvalidQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;

    public InvalidQueryException(String parameter, String message) {
        super(message);
        this.parameter = parameter;
    }

    /** Name of the parameter that was wrong. */
    public String parameter() {
        return parameter;
    }
}
