package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.recording.Recording;
import io.davylamp.core.task.Assignment;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Where REST shows each component of the rows; the names of a new one are added here when it has its place, or a reason. */
class ShownComponentsTest {
    private static final String NOT = "not shown: ";

    private static final Map<String, String> RECORDING = new TreeMap<>(Map.ofEntries(
            Map.entry("id", "id of the assignment or the file"),
            Map.entry("origin", "the resource: tasks or files"),
            Map.entry("taskId", "the task's id"),
            Map.entry("service", "the task's service"),
            Map.entry("instance", "instance, or the file's name"),
            Map.entry("labels", "the labels of the instance; the label of a view's question"),
            Map.entry("fromMillis", NOT + "the profile says it more exactly"),
            Map.entry("toMillis", NOT + "the profile says it more exactly"),
            Map.entry("bytesKey", NOT + "the store's own"),
            Map.entry("profileKey", NOT + "the store's own"),
            Map.entry("bytes", "recordingBytes, or the file's sizeBytes"),
            Map.entry("sha256", "recordingSha256"),
            Map.entry("originalSha256", NOT + "for comparisons with the agent's log, in the database"),
            Map.entry("state", "state"),
            Map.entry("version", NOT + "the store's own"),
            Map.entry("leaseMillis", NOT + "the readers' own"),
            Map.entry("reason", "reason"),
            Map.entry("stateMillis", "since"),
            Map.entry("profileBytes", "profileBytes"),
            Map.entry("storedMillis", "the file's opened; the history of an assignment"),
            Map.entry("keptUntilMillis", "the file's kept"),
            Map.entry("owner", NOT + "who sees a file is its owner or an administrator")));

    /** Of {@code stopMillis} the note says it. */
    private static final Set<String> ASSIGNMENT_NOT_SHOWN =
            Set.of("taskId", "instanceId", "version", "createdMillis", "blocking", "resumeState", "life", "stopMillis");

    private static Set<String> components(Class<? extends Record> type) {
        Set<String> names = new TreeSet<>();
        for (RecordComponent each : type.getRecordComponents()) {
            names.add(each.getName());
        }
        return names;
    }

    @Test
    void everyComponentOfARecordingHasItsPlaceOrAReason() {
        assertThat(components(Recording.class)).isEqualTo(RECORDING.keySet());
    }

    @Test
    void everyComponentOfAnAssignmentIsAFieldOfItsJsonOrNamedHere() throws ClassNotFoundException {
        Class<?> json = Class.forName("io.davylamp.server.rest.TaskJson$AssignmentJson");
        List<String> fields = Arrays.stream(json.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
        Map<String, String> called = Map.of(
                "instanceName", "instance",
                "windowEndMillis", "windowEnd",
                "deadlineMillis", "deadline",
                "stateMillis", "since",
                "runningMillis", "runningSince");

        for (String component : components(Assignment.class)) {
            if (!ASSIGNMENT_NOT_SHOWN.contains(component)) {
                assertThat(fields).contains(called.getOrDefault(component, component));
            }
        }
    }
}
