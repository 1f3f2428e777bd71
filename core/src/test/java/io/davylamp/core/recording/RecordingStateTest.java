package io.davylamp.core.recording;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.recording.RecordingState.Event;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class RecordingStateTest {
    private static final Pattern ROW = Pattern.compile("\\| ([A-Z_]+) \\| ([A-Z_]+)[^|]*\\| ([A-Z_]+) \\|");
    private static final long LEASE = Recording.LEASE.toMillis();

    @Test
    void doesWhatTheTableOfTheDocumentationSaysAndNothingElse() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/states.md"));
        Set<String> documented = new TreeSet<>();
        Matcher rows = ROW.matcher(page.substring(page.indexOf("## Recordings")));
        while (rows.find()) {
            documented.add(rows.group(1) + " " + rows.group(2) + " " + rows.group(3));
        }

        Set<String> coded = new TreeSet<>();
        for (RecordingState from : RecordingState.values()) {
            for (Event event : Event.values()) {
                from.next(event).ifPresent(to -> coded.add(from + " " + event + " " + to));
            }
        }

        assertThat(coded).isEqualTo(documented);
    }

    private static Recording stored() {
        return new Recording(
                "r",
                Origin.ASSIGNMENT,
                "t",
                "shop",
                "shop-1",
                new TreeMap<>(),
                0,
                0,
                "r.jfr",
                "r.dlp",
                1,
                "",
                RecordingState.STORED,
                0,
                0,
                "",
                0,
                0,
                0,
                Recording.FOR_GOOD);
    }

    @Test
    void aReadersLeaseKeepsOthersAwayUntilItRunsOut() {
        Recording taken = stored().taken(1_000).orElseThrow();

        assertThat(taken.isFree(1_000)).isFalse();
        assertThat(taken.taken(999 + LEASE)).isEmpty();
        assertThat(taken.renewed(2_000).orElseThrow().isFree(1_000 + LEASE)).isFalse();
        assertThat(taken.taken(1_000 + LEASE)).isPresent();
    }

    @Test
    void aLeaseOfBeforeTheClockWasSetBackKeepsNobodyAway() {
        Recording taken = stored().taken(100_000_000).orElseThrow();

        assertThat(taken.taken(1_000)).isPresent();
    }
}
