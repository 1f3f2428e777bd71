package io.davylamp.server;

/** The server cannot start; the message says why and which setting changes it. */
final class StartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartException(String message) {
        super(message);
    }
}
