package io.davylamp.server.rest;

import io.davylamp.core.intake.Ingest;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Part;
import io.davylamp.core.task.ProfilerEvent;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskSpecText;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** A task as REST shows it; field by field in openapi.yaml. Times are ISO 8601 in UTC. */
record TaskJson(
        String id,
        String service,
        List<String> instances,
        long durationSeconds,
        List<String> events,
        Map<String, String> options,
        String command,
        String created,
        boolean live,
        String author,
        String title,
        List<AssignmentJson> assignments) {

    record AssignmentJson(
            String id,
            String instance,
            String state,
            String reason,
            String engine,
            String note,
            String since,
            String runningSince,
            String windowEnd,
            String deadline,
            long declaredBytes,
            long receivedBytes,
            long recordingBytes,
            String recordingSha256,
            long profileBytes) {}

    static TaskJson of(Task task, Ingest ingest) {
        Map<String, Long> received = ingest.receivedBytes(task.parts().stream()
                .map(Part::assignment)
                .filter(assignment -> assignment.state() == AssignmentState.RECEIVING)
                .map(Assignment::id)
                .toList());
        return new TaskJson(
                task.id(),
                task.spec().service(),
                task.spec().instances(),
                task.spec().duration().toSeconds(),
                task.spec().events().stream().map(ProfilerEvent::word).toList(),
                task.spec().options(),
                TaskSpecText.of(task.spec()),
                time(task.createdMillis()),
                task.isLive(),
                task.author().name(),
                task.title(),
                task.parts().stream().map(part -> assignment(part, received)).toList());
    }

    private static AssignmentJson assignment(Part part, Map<String, Long> received) {
        Assignment a = part.assignment();
        return new AssignmentJson(
                a.id(),
                a.instanceName(),
                part.progress().name(),
                part.reason(),
                a.engine(),
                a.note(),
                time(part.sinceMillis()),
                a.runningMillis() == 0 ? null : time(a.runningMillis()),
                time(a.windowEndMillis()),
                time(a.deadlineMillis()),
                a.declaredBytes(),
                received.getOrDefault(a.id(), part.recordingBytes()),
                part.recordingBytes(),
                part.recordingSha256(),
                part.profileBytes());
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
