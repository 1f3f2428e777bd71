package io.davylamp.core.task;

import io.davylamp.core.access.Author;

/**
 * A task without its assignments.
 *
 * @param title that a person gave it; empty while nobody did
 */
public record TaskRow(String id, TaskSpec spec, long createdMillis, Author author, String title) {
    /** A new one. */
    public TaskRow(String id, TaskSpec spec, long createdMillis, Author author) {
        this(id, spec, createdMillis, author, "");
    }

    /** One of which nobody noted who made it. */
    public TaskRow(String id, TaskSpec spec, long createdMillis) {
        this(id, spec, createdMillis, Author.UNKNOWN);
    }
}
