package io.davylamp.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
    private static AgentConfig of(String arguments) {
        return AgentConfig.of(arguments, Map.of());
    }

    @Test
    void argumentsWinOverTheEnvironmentAndThatOverDefaults() {
        AgentConfig config = AgentConfig.of(
                "service=shop, server=lamp:4711",
                Map.of("DAVY_SERVICE", "other", "DAVY_INSTANCE", "one", "DAVY_AGENT_MAX_DURATION", "5m"));

        assertThat(config.service).isEqualTo("shop");
        assertThat(config.instance).isEqualTo("one");
        assertThat(config.servers).extracting(Object::toString).containsExactly("lamp:4711");
        assertThat(config.maxSeconds).isEqualTo(300);
        assertThat(config.problem()).isEmpty();
        assertThat(AgentConfig.of(null, Map.of("HOSTNAME", "pod-7")).instance)
                .isEqualTo("pod-7-" + ProcessHandle.current().pid());
        assertThat(of("").servers).extracting(Object::toString).containsExactly("127.0.0.1:11800");
    }

    @ParameterizedTest
    @CsvSource({
        "lamp, lamp:11800",
        "lamp:1, lamp:1",
        "[::1]:2, [::1]:2",
        "::1, ::1:11800",
        "[::1], [::1]:11800",
        "a:1;b, a:1 b:11800"
    })
    void readsTheServersAddresses(String server, String addresses) {
        assertThat(of("server=" + server).servers).extracting(Object::toString).containsExactly(addresses.split(" "));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "servcie=x",
                "x",
                "server=lamp:0",
                "server=lamp:99999",
                "server=lamp:x",
                "tls=maybe",
                "ca=ca.pem,key=k.pem",
                "certificate=c.pem,key=k.pem",
                "maxDuration=long",
                "quota=0s",
                "uploadRate=-1",
                "outboxSize=2t",
                "protocol=telepathy",
                "events=cpu+dance",
                "engine=steam",
                "proxy=host:port",
                "proxy=nobody@proxy:1"
            })
    void whatIsWrongIsAProblemAndEverythingElseHolds(String arguments) {
        AgentConfig config = of("service=shop," + arguments);

        assertThat(config.problem()).isNotEmpty().contains("allowed");
        assertThat(config.service).isEqualTo("shop");
        assertThat(config.servers).isNotEmpty();
        assertThat(config.maxSeconds).isPositive();
    }

    @Test
    void labelsAreJoinedBySemicolons() {
        assertThat(of("labels=zone=a; version=1.4=x ;,service=shop").labels)
                .containsOnly(Map.entry("zone", "a"), Map.entry("version", "1.4=x"));
        assertThat(AgentConfig.of("", Map.of("DAVY_LABELS", "zone=a,env=")).labels)
                .containsOnly(Map.entry("zone", "a"), Map.entry("env", ""));
        assertThat(of("").labels).isEmpty();
        assertThat(of("").remarks()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"zone", "=a", "1zone=a", "zo ne=a", "zo\nne=a\u0000b", "zone=a\tb", "zone=%LONG%", "%LONG%=a"})
    void aLabelThatIsNotAllowedIsLeftOutAndKeepsNobodyFromProfiling(String label) {
        AgentConfig config = of("labels=env=prod;" + label.replace("%LONG%", "x".repeat(201)) + ";a=b");

        assertThat(config.labels).containsOnly(Map.entry("env", "prod"), Map.entry("a", "b"));
        assertThat(config.problem()).isEmpty();
        assertThat(config.remarks())
                .singleElement()
                .asString()
                .contains("is left out: ")
                .hasSizeLessThan(300);
        assertThat(config.remarks().get(0).chars()).noneMatch(Character::isISOControl);
    }

    @Test
    void ofTooManyLabelsTheFirstStay() {
        StringBuilder many = new StringBuilder("labels=");
        for (int i = 0; i < 40; i++) {
            many.append("k").append(i).append("=x;");
        }

        AgentConfig config = of(many.toString());

        assertThat(config.labels).hasSize(32).containsKey("k31");
        assertThat(config.remarks()).hasSize(8).allMatch(each -> each.endsWith("there are at most 32"));
    }

    @Test
    void aSecretIsInNoProblem() {
        assertThat(of("tokne=hidden,proxy=me:hidden@:0").problem()).doesNotContain("hidden");
    }

    @Test
    void tlsIsSwitchedOnByItsFlagOrByAuthorities() {
        assertThat(of("").tls.isOn()).isFalse();
        assertThat(of("tls=true").tls.isOn()).isTrue();
        assertThat(AgentConfig.of("", Map.of("DAVY_AGENT_CA", "ca.pem")).tls.isOn())
                .isTrue();
        assertThat(of("tls=maybe").tls.isOn()).isTrue();
    }

    @Test
    void aTokenInAFileIsReadAnewEachTime(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("token"), "first\n");
        AgentConfig config = of("tokenFile=" + file);
        assertThat(config.token.read()).isEqualTo("first");

        Files.writeString(file, "second");

        assertThat(config.token.read()).isEqualTo("second");
    }

    /** The page that users read. */
    @Test
    void everySettingIsInTheReferenceWithItsVariableAndDefault() throws IOException {
        String page = Files.readString(Path.of("../docs/reference/agent.md"));
        for (AgentConfig.Setting setting : AgentConfig.Setting.values()) {
            assertThat(page)
                    .containsPattern(Pattern.quote("| `" + setting.argument + "` | `" + setting.variable() + "` | "
                            + (setting.fallback.isEmpty() ? "none" : setting.fallback) + " |"));
        }
        assertThat(page.lines().filter(line -> line.startsWith("| `")).count())
                .isEqualTo(AgentConfig.Setting.values().length);
    }
}
