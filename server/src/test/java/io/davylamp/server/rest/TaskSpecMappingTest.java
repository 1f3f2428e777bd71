package io.davylamp.server.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.task.TaskSpec;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A part of a task that one of its forms forgets would be lost there without a word. */
class TaskSpecMappingTest {
    /** SkyWalking's door keeps it for itself: how its own users wrote the options. */
    private static final String OF_A_DIALECT = "optionsText";

    private static Stream<String> parts() {
        return Arrays.stream(TaskSpec.class.getRecordComponents())
                .map(RecordComponent::getName)
                .filter(name -> !name.equals(OF_A_DIALECT));
    }

    private static String inJson(String part) {
        return part.equals("duration") ? "durationSeconds" : part;
    }

    private static Stream<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName);
    }

    private static String text(String path) throws IOException {
        return Files.readString(Path.of("..").resolve(path));
    }

    @ParameterizedTest
    @MethodSource("parts")
    void everyPartIsAskedForShownDescribedAndStored(String part) throws IOException {
        assertThat(components(NewTaskJson.class)).contains(inJson(part));
        assertThat(components(TaskJson.class)).contains(inJson(part));
        assertThat(text("server/src/main/resources/io/davylamp/server/openapi.yaml"))
                .contains(inJson(part) + ":");
        assertThat(text("store/src/main/java/io/davylamp/store/jdbc/TaskTable.java"))
                .contains("spec." + part + "()");
        assertThat(text("ui/src/api/rest.ts")).contains(inJson(part) + ":");
        assertThat(text("cli/src/main/java/io/davylamp/cli/RecordCommand.java")).contains('"' + inJson(part) + '"');
    }
}
