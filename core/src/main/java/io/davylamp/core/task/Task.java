package io.davylamp.core.task;

import io.davylamp.core.access.Author;
import io.davylamp.core.recording.Recording;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One request to profile, with where it stands on each instance.
 *
 * @param title that a person gave it; empty while nobody did
 * @param recordings what has been delivered, by the assignment's id
 */
public record Task(
        String id,
        TaskSpec spec,
        long createdMillis,
        Author author,
        String title,
        List<Assignment> assignments,
        Map<String, Recording> recordings) {

    /** @param recordings what has been delivered, by the assignment's id */
    public Task(TaskRow row, List<Assignment> assignments, Map<String, Recording> recordings) {
        this(row.id(), row.spec(), row.createdMillis(), row.author(), row.title(), assignments, recordings);
    }

    /** Its instances, in the order of {@code assignments}. */
    public List<Part> parts() {
        return assignments.stream()
                .map(assignment -> new Part(assignment, Optional.ofNullable(recordings.get(assignment.id()))))
                .toList();
    }

    /** True while something may still change by itself. */
    public boolean isLive() {
        return parts().stream().anyMatch(part -> part.progress().isLive());
    }
}
