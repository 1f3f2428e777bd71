package io.davylamp.core.access;

/**
 * Somebody asked for more than they may do with something that they may see. What they may not see does not exist for them, and is answered
 * like what nobody knows. The message says which role is missing.
 */
public final class DeniedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DeniedException(String message) {
        super(message);
    }
}
