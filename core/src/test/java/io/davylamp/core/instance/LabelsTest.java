package io.davylamp.core.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LabelsTest {
    private final List<String> refused = new ArrayList<>();

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of("", "x", "label \"\": a key is a letter and up to 62 letters, digits or . _ / -"),
                Arguments.of("1a", "x", "label \"1a\": a key is"),
                Arguments.of("a b", "x", "label \"a b\": a key is"),
                Arguments.of("zone=a", "x", "label \"zone=a\": a key is"),
                Arguments.of("zöne", "x", "label \"zöne\": a key is"),
                Arguments.of("a\nWARN forged", "x", "label \"a?WARN forged\": a key is"),
                Arguments.of("k".repeat(64), "x", "a key is a letter and up to 62"),
                Arguments.of("k".repeat(1 << 20), "x", "(1048576 characters)"),
                Arguments.of("zone", "x".repeat(201), "label zone has 201 characters; at most 200 are allowed"),
                Arguments.of("zone", "a\u0000b", "label zone holds a control character; none is allowed"),
                Arguments.of("zone", "a\u0085b", "label zone holds a control character; none is allowed"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void oneThatIsNotAllowedIsLeftOutAndTheOthersStay(String key, String value, String why) {
        Map<String, String> said = new HashMap<>(Map.of("env", "prod", key, value));

        assertThat(Labels.allowed(said, refused::add).values()).containsOnly(Map.entry("env", "prod"));

        assertThat(refused).singleElement().asString().contains(why).hasSizeLessThan(300);
        assertThatThrownBy(() -> new Labels(new TreeMap<>(said)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(why);
    }

    @Test
    void theBoundsAreThoseOfTheDocumentation() throws IOException {
        Matcher row = Pattern.compile(
                        "labels of an instance \\| (\\d+); a key of (\\d+) characters, a value of (\\d+) \\|")
                .matcher(Files.readString(Path.of("../docs/reference/limits.md")));
        assertThat(row.find()).isTrue();
        String key = "k".repeat(Integer.parseInt(row.group(2)));
        String value = "v".repeat(Integer.parseInt(row.group(3)));
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < Integer.parseInt(row.group(1)); i++) {
            most.put("k" + i, value);
        }

        assertThat(Labels.allowed(most, refused::add).values()).isEqualTo(most);
        assertThat(Labels.allowed(Map.of(key, value), refused::add).values()).containsKey(key);
        assertThat(refused).isEmpty();
        most.put("z", value);
        assertThat(Labels.allowed(most, refused::add).values()).hasSize(most.size() - 1);
        assertThat(Labels.allowed(Map.of(key + "k", value), refused::add).values())
                .isEmpty();
        assertThat(Labels.allowed(Map.of(key, value + "v"), refused::add).values())
                .isEmpty();
    }

    @Test
    void whatIsAllowedStaysAsItIsInTheOrderOfItsKeys() {
        Map<String, String> said =
                Map.of("zone", "", "k8s.io/pod_name-1", "ü,=; \u2603", "a".repeat(63), "x".repeat(200));

        Labels labels = Labels.allowed(said, refused::add);

        assertThat(labels.values()).isEqualTo(new TreeMap<>(said));
        assertThat(refused).isEmpty();
        assertThat(new Labels(labels.values())).isEqualTo(labels);
    }

    @Test
    void ofTooManyTheFirstByTheirKeysStay() {
        Map<String, String> said = new HashMap<>();
        for (int i = 100; i < 200; i++) {
            said.put("k" + i, "x");
        }

        assertThat(Labels.allowed(said, refused::add).values())
                .hasSize(32)
                .containsKey("k131")
                .doesNotContainKey("k132");

        assertThat(refused).containsExactly("100 labels; at most 32 are allowed (and 67 more are refused)");
        assertThatThrownBy(() -> new Labels(new TreeMap<>(said))).hasMessage("100 labels; at most 32 are allowed");
    }

    @Test
    void nobodyChangesThemAfterwards() {
        TreeMap<String, String> given = new TreeMap<>(Map.of("zone", "a"));
        Labels labels = new Labels(given);

        given.clear();

        assertThat(labels.values()).containsOnlyKeys("zone");
        assertThatThrownBy(() -> labels.values().clear()).isInstanceOf(UnsupportedOperationException.class);
    }
}
