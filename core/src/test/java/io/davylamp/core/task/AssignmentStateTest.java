package io.davylamp.core.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.task.AssignmentState.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AssignmentStateTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| ([A-Z_]+)[^|]*\\| ([A-Z_]+) \\|");

    @Test
    void doesWhatTheTableOfTheDocumentationSaysAndNothingElse() throws IOException {
        Set<String> documented = new TreeSet<>();
        String page = Files.readString(Path.of("../docs/reference/states.md"));
        Matcher rows = ROW.matcher(page.substring(page.indexOf("## Assignments"), page.indexOf("## Recordings")));
        while (rows.find()) {
            documented.add(rows.group(1) + " " + rows.group(2) + " " + rows.group(3));
        }

        Set<String> coded = new TreeSet<>();
        for (AssignmentState from : AssignmentState.values()) {
            for (Event event : Event.values()) {
                from.next(event).ifPresent(to -> coded.add(from + " " + event + " " + to));
            }
        }

        assertThat(coded).isEqualTo(documented);
    }

    @Test
    void everyStateIsEitherLiveOrFinal() {
        for (AssignmentState state : AssignmentState.values()) {
            assertThat(state.isLive()).as(state.name()).isNotEqualTo(AssignmentState.FINAL.contains(state));
        }
    }

    @Test
    void whatIsLiveAtTheAgentCanBeCancelledAndExpires() {
        assertThat(Stream.of(AssignmentState.values())
                        .filter(state -> state.next(Event.DEADLINE).isPresent()))
                .containsExactlyInAnyOrderElementsOf(AssignmentState.BLOCKING);
        assertThat(Stream.of(AssignmentState.values())
                        .filter(state -> state.next(Event.CANCEL).isPresent()))
                .containsExactlyInAnyOrderElementsOf(AssignmentState.BLOCKING);
        assertThat(Stream.of(AssignmentState.values())
                        .filter(state -> state.next(Event.LOSE).isPresent()))
                .containsExactlyInAnyOrderElementsOf(AssignmentState.WITH_AGENT);
    }
}
