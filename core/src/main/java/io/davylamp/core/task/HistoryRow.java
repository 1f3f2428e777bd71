package io.davylamp.core.task;

/** One line of an assignment's history. */
public record HistoryRow(long atMillis, AssignmentState state, String reason) {}
