package io.davylamp.core.recording;

/** One line of a recording's history, from its first reading on. */
public record RecordingStep(long atMillis, RecordingState state, String reason) {}
