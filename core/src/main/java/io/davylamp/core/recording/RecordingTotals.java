package io.davylamp.core.recording;

/**
 * Sums over recordings.
 *
 * @param unread wait for their profile, or have a reader
 * @param bytes as they came
 */
public record RecordingTotals(long count, long unread, long bytes, long profileBytes) {}
