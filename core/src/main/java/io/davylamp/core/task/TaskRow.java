package io.davylamp.core.task;

/** A task without its assignments. */
public record TaskRow(String id, TaskSpec spec, long createdMillis) {}
