package io.davylamp.core.task;

import io.davylamp.core.recording.RecordingState;

/**
 * The progress of a task on one instance, as pages show it: the state of the assignment and, after DELIVERED, of its
 * recording. docs/reference/states.md lists both.
 */
public enum Progress {
    PENDING,
    OFFERED,
    ACCEPTED,
    RUNNING,
    RECEIVING,
    /** The recording is durable and waits for its reader, or has it. */
    STORED,
    READY,
    UNREADABLE,
    FAILED,
    TOO_LARGE,
    EXPIRED,
    CANCELLED;

    /** @param recording null when there is none */
    public static Progress of(AssignmentState assignment, RecordingState recording) {
        return switch (assignment) {
            case PENDING -> PENDING;
            case OFFERED -> OFFERED;
            case ACCEPTED -> ACCEPTED;
            case RUNNING -> RUNNING;
            case RECEIVING -> RECEIVING;
            case DELIVERED -> recording == null ? UNREADABLE : of(recording);
            case FAILED -> FAILED;
            case TOO_LARGE -> TOO_LARGE;
            case EXPIRED -> EXPIRED;
            case CANCELLED -> CANCELLED;
        };
    }

    private static Progress of(RecordingState recording) {
        return switch (recording) {
            case STORED, READING -> STORED;
            case READY -> READY;
            case UNREADABLE -> UNREADABLE;
        };
    }

    /** True while it changes by itself. */
    public boolean isLive() {
        return compareTo(STORED) <= 0;
    }
}
