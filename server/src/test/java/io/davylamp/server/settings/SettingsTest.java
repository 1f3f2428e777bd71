package io.davylamp.server.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    @TempDir
    Path folder;

    private Settings of(String yaml, Map<String, String> environment, String... assignments) throws IOException {
        Path file = yaml == null ? null : Files.writeString(folder.resolve("davylamp.yaml"), yaml);
        return Settings.of(file, environment, List.of(assignments));
    }

    @Test
    void theLaterSourceWins() throws IOException {
        String yaml = "http:\n  port: 1\nagent:\n  port: 1\n";
        Map<String, String> environment = Map.of("DAVY_HTTP_PORT", "2", "DAVY_AGENT_PORT", "2");

        Settings settings = of(yaml, environment, "http.port=3");

        assertThat(settings.number(Setting.HTTP_PORT)).isEqualTo(3);
        assertThat(settings.number(Setting.AGENT_PORT)).isEqualTo(2);
        assertThat(of(yaml, Map.of()).number(Setting.AGENT_PORT)).isEqualTo(1);
        assertThat(of("", Map.of()).number(Setting.AGENT_PORT)).isEqualTo(11800);
    }

    @ParameterizedTest
    @EnumSource(Setting.class)
    void everyDefaultIsAllowedAndEverySettingCanBeGivenInEveryWay(Setting setting) throws IOException {
        assertThat(setting.accepts(setting.defaultText())).isTrue();
        String value = switch (setting.kind()) {
            case TEXT, OPTIONAL -> "text";
            case FLAG -> "false";
            case ADDRESS -> "http://oap:12800/graphql";
            case PATH -> "/tools/davy-lamp";
            case LINK -> "https://git.example/shop/blob/main/src/{class-as-path}.java#L{line}";
            case NETWORKS -> "10.0.0.0/8, ::1";
            case HOSTS -> "davy.example, lamp";
            case PORT, COUNT, LIMIT -> "4711";
            case THREADS -> "7";
            case SIZE, SPACE -> "3KB";
            case DURATION -> "90s";
            case DATABASE -> "jdbc:postgresql://one:5432,two:5432/davylamp?sslrootcert=/etc/ca.pem";
            case TLS -> "verify-full";
        };
        String yaml = setting.key() + ": " + value;

        assertThat(of(yaml, Map.of()).text(setting)).isEqualTo(value);
        assertThat(of(null, Map.of(setting.variable(), value)).text(setting)).isEqualTo(value);
        assertThat(of(null, Map.of(), setting.key() + "=" + value).text(setting))
                .isEqualTo(value);
    }

    /** A server may run in an environment that was made for agents. */
    @Test
    void variablesOfTheAgentAreNoSettings() throws IOException {
        Map<String, String> environment = new HashMap<>();
        AgentVariables.ALL.forEach(each -> environment.put(each, "x"));

        assertThat(of(null, environment).number(Setting.AGENT_PORT)).isEqualTo(11800);
        assertThat(AgentVariables.ALL)
                .doesNotContainAnyElementsOf(
                        Arrays.stream(Setting.values()).map(Setting::variable).toList());
    }

    @Test
    void unitsAreRead() throws IOException {
        Settings settings = of(null, Map.of(), "upload.max-size=2GB", "task.grace=1500ms", "task.max-duration=2h");

        assertThat(settings.sizeBytes(Setting.UPLOAD_MAX_SIZE)).isEqualTo(2L << 30);
        assertThat(settings.duration(Setting.TASK_GRACE)).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.duration(Setting.TASK_MAX_DURATION)).isEqualTo(Duration.ofHours(2));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data.database=postgres://db/davylamp",
                "data.database=jdbc:postgresql://db",
                "data.database=jdbc:postgresql://user:secret@db/davylamp",
                "data.database=jdbc:postgresql://db/davylamp?user=u&Password=secret",
                "data.database-tls=yes",
                "http.base-path=davy",
                "http.base-path=/",
                "http.base-path=/davy/",
                "http.base-path=//evil.example",
                "http.base-path=/a/../b",
                "http.base-path=/a\"b",
                "page.source-link=javascript:alert('{class}')",
                "page.source-link=https://{class}/x",
                "page.source-link=https://git.{class}.example/x",
                "page.source-link=https://git.example/",
                "page.source-link=https://git.example/{file}",
                "page.source-link=https://git.example/{class",
                "page.source-link=https://git.example/{class}\"onclick=",
                "page.source-link=ftp://git.example/{class}",
                "page.source-link=https://user@git.example/{class}",
                "http.proxies=proxy.example",
                "http.proxies=10.0.0.0/33",
                "http.hosts=https://davy.example",
                "http.hosts=davy.example:443",
                "http.port=70000",
                "http.port=-1",
                "http.port=x",
                "upload.max-size=1",
                "upload.max-size=1TB",
                "upload.max-size=0B",
                "data.min-free=999999999999999GB",
                "task.max-duration=0s",
                "task.max-duration=999ms",
                "data.kept=3651d",
                "data.kept=999999999999d",
                "index.threads=257",
                "task.grace=5",
                "index.threads=0",
                "access.max-queries=-1",
                "task.max-instances=0",
                "skywalking.enabled=maybe",
                "skywalking.upstream.grpc=oap 11800",
                "http.host="
            })
    void refusesAValueThatIsNotAllowed(String assignment) {
        assertThatThrownBy(() -> of(null, Map.of(), assignment))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("setting " + assignment.substring(0, assignment.indexOf('=')) + " = ")
                .hasMessageContaining("allowed is");
    }

    @Test
    void refusesWhatIsUnknownByName() {
        assertThatThrownBy(() -> of("http:\n  prot: 1\n", Map.of()))
                .hasMessageContaining("unknown setting \"http.prot\"");
        assertThatThrownBy(() -> of(null, Map.of("DAVY_HTTP_PROT", "1")))
                .hasMessageContaining("DAVY_HTTP_PROT is no setting");
        assertThatThrownBy(() -> of(null, Map.of(), "x=1")).hasMessageContaining("unknown setting \"x\"");
        assertThatThrownBy(() -> of("- a\n", Map.of())).isInstanceOf(SettingsException.class);
        assertThatThrownBy(() -> of("a: [", Map.of())).hasMessageContaining("is no YAML");
    }

    @ParameterizedTest
    @ValueSource(strings = {"doubled", "endless", "deep"})
    void aFileThatWouldFillAllMemoryIsRefused(String kind) {
        StringBuilder doubled = new StringBuilder("a0: &a0 {x: 1}\n");
        for (int i = 1; i < 25; i++) {
            doubled.append("a%1$d: &a%1$d {x: *a%2$d, y: *a%2$d}%n".formatted(i, i - 1));
        }
        String yaml = Map.of(
                        "doubled",
                        doubled.toString(),
                        "endless",
                        "a: &a {b: *a}\n",
                        "deep",
                        "{a: ".repeat(100_000) + "}".repeat(100_000))
                .get(kind);

        assertThatThrownBy(() -> of(yaml, Map.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("is no YAML");
    }

    @Test
    void leavesTheVariablesOfAgentAndCommandLineAlone() throws IOException {
        of(null, Map.of("DAVY_SERVER", "x", "DAVY_SERVICE", "y", "PATH", "z"));
    }

    @Test
    void variablesOfSkyWalkingsServerMeanTheSameHereAndOurOwnWin() throws IOException {
        Settings settings = of(
                "agent:\n  port: 1\n",
                Map.ofEntries(
                        Map.entry("SW_CORE_GRPC_HOST", "0.0.0.0"),
                        Map.entry("SW_CORE_GRPC_PORT", "11801"),
                        Map.entry("SW_RECEIVER_GRPC_PORT", "0"),
                        Map.entry("SW_CORE_REST_PORT", "12801"),
                        Map.entry("DAVY_HTTP_PORT", "9000"),
                        Map.entry("SW_RECEIVER_ASYNC_PROFILER", "-"),
                        Map.entry("SW_RECEIVER_ASYNC_PROFILER_JFR_MAX_SIZE", "31457280"),
                        Map.entry("SW_RECEIVER_ASYNC_PROFILER_MEMORY_PARSER_ENABLED", "false"),
                        Map.entry("SW_AUTHENTICATION", "secret"),
                        Map.entry("SW_CORE_GRPC_SSL_KEY_PATH", "not/enabled"),
                        Map.entry("SW_RECEIVER_GRPC_SSL_ENABLED", "true"),
                        Map.entry("SW_RECEIVER_GRPC_SSL_KEY_PATH", "key.pem"),
                        Map.entry("SW_CORE_RECORD_DATA_TTL", "3"),
                        Map.entry("SW_STORAGE", "elasticsearch")));

        assertThat(settings.text(Setting.AGENT_HOST)).isEqualTo("0.0.0.0");
        assertThat(settings.number(Setting.AGENT_PORT)).isEqualTo(11801);
        assertThat(settings.number(Setting.HTTP_PORT)).isEqualTo(9000);
        assertThat(settings.flag(Setting.SKYWALKING_PROFILING)).isFalse();
        assertThat(settings.flag(Setting.SKYWALKING_ENABLED)).isTrue();
        assertThat(settings.sizeBytes(Setting.UPLOAD_MAX_SIZE)).isEqualTo(31457280);
        assertThat(settings.text(Setting.AGENT_TOKEN)).isEqualTo("secret");
        assertThat(settings.text(Setting.AGENT_TLS_KEY)).isEqualTo("key.pem");
        assertThat(settings.duration(Setting.DATA_KEPT)).isEqualTo(Duration.ofDays(3));
        assertThatThrownBy(() -> of(null, Map.of("SW_CORE_GRPC_PORT", "many")))
                .hasMessageContaining("agent.port", "environment variable SW_CORE_GRPC_PORT");
    }

    @Test
    void theGuideListsEveryVariableOfSkyWalkingsServerThatIsHeeded() throws IOException {
        String guide = Files.readString(Path.of("../docs/how-to/from-skywalking.md"));

        for (SkyWalkingVariables variable : SkyWalkingVariables.values()) {
            assertThat(guide).contains("`" + variable + "`");
        }
    }

    @Test
    void theDocumentationListsEverySettingAsItIs() throws IOException {
        StringBuilder table = new StringBuilder();
        for (Setting setting : Setting.values()) {
            table.append("| `")
                    .append(setting.key())
                    .append("` | `")
                    .append(setting.variable())
                    .append("` | ")
                    .append(setting.defaultText().isEmpty() ? "" : "`" + setting.defaultText() + "`")
                    .append(" | ")
                    .append(setting.kind().allowed())
                    .append(" | ")
                    .append(setting.meaning().replace("*", "\\*"))
                    .append(" |\n");
        }

        assertThat(Files.readString(Path.of("../docs/reference/settings.md"))).contains(table.toString());
        assertThat(Arrays.stream(Setting.values()).map(Setting::variable)).doesNotHaveDuplicates();
    }
}
