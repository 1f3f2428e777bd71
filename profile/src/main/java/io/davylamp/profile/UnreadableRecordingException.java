package io.davylamp.profile;

import java.io.IOException;

/** A recording of which no profile can be made; the message says what was read, where, and what is allowed. */
public class UnreadableRecordingException extends IOException {
    private static final long serialVersionUID = 1L;

    public UnreadableRecordingException(String message, Throwable cause) {
        super(message, cause);
    }
}
