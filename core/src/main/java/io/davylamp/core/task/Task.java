package io.davylamp.core.task;

import java.util.List;

/** One request to profile, with where it stands on each instance. */
public record Task(String id, TaskSpec spec, long createdMillis, List<Assignment> assignments) {

    /** True while something may still change by itself. */
    public boolean isLive() {
        return assignments.stream().anyMatch(assignment -> assignment.state().isLive());
    }
}
