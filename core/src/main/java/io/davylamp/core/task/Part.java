package io.davylamp.core.task;

import io.davylamp.core.recording.Recording;
import java.util.Optional;

/**
 * A task on one instance: the assignment, and the recording that came of it.
 *
 * @param recording empty before it was delivered
 */
public record Part(Assignment assignment, Optional<Recording> recording) {

    public Progress progress() {
        return Progress.of(assignment.state(), recording.map(Recording::state).orElse(null));
    }

    /** Returns the reason for the state, as a sentence; empty when there is none. */
    public String reason() {
        return recording.map(Recording::reason).orElse(assignment.reason());
    }

    /** When it came into its {@link #progress}. */
    public long sinceMillis() {
        return recording.map(Recording::stateMillis).orElse(assignment.stateMillis());
    }

    /** Size of the recording; 0 before it was delivered. */
    public long recordingBytes() {
        return recording.map(Recording::bytes).orElse(0L);
    }

    /** Hash of the recording in hex; empty before it was delivered. */
    public String recordingSha256() {
        return recording.map(Recording::sha256).orElse("");
    }

    /** Size of the profile; 0 before there is one. */
    public long profileBytes() {
        return recording.map(Recording::profileBytes).orElse(0L);
    }
}
