package io.davylamp.profile.container;

import io.davylamp.profile.UnreadableRecordingException;

/** A container whose bytes contradict its format, or end too early; the message says where. */
final class DamagedException extends UnreadableRecordingException {
    private static final long serialVersionUID = 1L;

    DamagedException(String message) {
        super(message, null);
    }
}
