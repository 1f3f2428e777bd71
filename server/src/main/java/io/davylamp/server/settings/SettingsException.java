package io.davylamp.server.settings;

/** A setting that is unknown or has a value that is not allowed; the message names it, its source and what is allowed. */
public final class SettingsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SettingsException(String message) {
        super(message);
    }
}
