package io.davylamp.core.task;

import io.davylamp.core.recording.RecordingState;
import io.davylamp.core.recording.RecordingStep;
import java.util.ArrayList;
import java.util.List;

/** One line of the history of a task on one instance, as people are told. */
public record ProgressStep(long atMillis, Progress progress, String reason) {

    /** The history of an assignment and, behind it, that of its recording; oldest first. */
    public static List<ProgressStep> of(List<HistoryRow> assignment, List<RecordingStep> recording) {
        List<ProgressStep> steps = new ArrayList<>();
        for (HistoryRow row : assignment) {
            steps.add(new ProgressStep(row.atMillis(), Progress.of(row.state(), RecordingState.STORED), row.reason()));
        }
        for (RecordingStep step : recording) {
            steps.add(new ProgressStep(
                    step.atMillis(), Progress.of(AssignmentState.DELIVERED, step.state()), step.reason()));
        }
        return steps;
    }
}
