package io.davylamp.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LabelsTest {
    private final List<String> refused = new ArrayList<>();

    /** The server's own test holds it to the same row. */
    @Test
    void theBoundsAreThoseOfTheDocumentationWhichAreTheServers() throws IOException {
        Matcher row = Pattern.compile(
                        "labels of an instance \\| (\\d+); a key of (\\d+) characters, a value of (\\d+) \\|")
                .matcher(Files.readString(Path.of("../docs/reference/limits.md")));
        assertThat(row.find()).isTrue();
        int most = Integer.parseInt(row.group(1));
        String key = "k".repeat(Integer.parseInt(row.group(2)));
        String value = "v".repeat(Integer.parseInt(row.group(3)));

        assertThat(Labels.of(labels(most, value), refused)).hasSize(most);
        assertThat(Labels.of(key + "=" + value, refused)).containsKey(key);
        assertThat(refused).isEmpty();
        assertThat(Labels.of(labels(most + 1, value), refused)).hasSize(most);
        assertThat(Labels.of(key + "k=" + value, refused)).isEmpty();
        assertThat(Labels.of(key + "=" + value + "v", refused)).isEmpty();
    }

    private static String labels(int count, String value) {
        return IntStream.range(0, count).mapToObj(i -> "k" + i + "=" + value).collect(Collectors.joining(";"));
    }
}
