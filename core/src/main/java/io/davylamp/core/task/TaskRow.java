package io.davylamp.core.task;

import io.davylamp.core.access.Author;

/** A task without its assignments. */
public record TaskRow(String id, TaskSpec spec, long createdMillis, Author author) {
    /** One of which nobody noted who made it. */
    public TaskRow(String id, TaskSpec spec, long createdMillis) {
        this(id, spec, createdMillis, Author.UNKNOWN);
    }
}
