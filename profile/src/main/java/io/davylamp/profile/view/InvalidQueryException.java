package io.davylamp.profile.view;

/** A question that cannot be asked; the message says what was given and what is allowed. */
public final class InvalidQueryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String parameter;
    private final boolean unknown;

    public InvalidQueryException(String parameter, String message) {
        this(parameter, message, false);
    }

    private InvalidQueryException(String parameter, String message, boolean unknown) {
        super(message);
        this.parameter = parameter;
        this.unknown = unknown;
    }

    /** A question for a measure or a method that the profiles do not have. */
    public static InvalidQueryException unknown(String parameter, String message) {
        return new InvalidQueryException(parameter, message, true);
    }

    /** Whether the parameter names something that the profiles do not have, rather than something that is not allowed. */
    public boolean isUnknown() {
        return unknown;
    }

    /** Name of the parameter that was wrong. */
    public String parameter() {
        return parameter;
    }
}
