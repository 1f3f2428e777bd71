package io.davylamp.core.task;

/**
 * Sums over all that is kept.
 *
 * @param unread recordings that are stored and wait to be read
 */
public record AssignmentTotals(long tasks, long unread, long recordingBytes, long profileBytes) {}
