package io.davylamp.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AgentConfigTest {
    @Test
    void tlsIsSwitchedOnByItsFlagOrByAuthorities() {
        assertThat(AgentConfig.of("", Map.of()).tls.isOn()).isFalse();
        assertThat(AgentConfig.of("tls=true", Map.of()).tls.isOn()).isTrue();
        assertThat(AgentConfig.of("", Map.of("DAVY_AGENT_CA", "ca.pem")).tls.isOn())
                .isTrue();
        assertThatThrownBy(() -> AgentConfig.of("tls=maybe", Map.of())).hasMessageContaining("true and false");
        assertThatThrownBy(() -> AgentConfig.of("ca=ca.pem,key=k.pem", Map.of()))
                .hasMessageContaining("go together");
        assertThatThrownBy(() -> AgentConfig.of("certificate=c.pem,key=k.pem", Map.of()))
                .hasMessageContaining("needs tls=true");
    }

    @Test
    void argumentsWinOverTheEnvironmentAndThatOverDefaults() {
        AgentConfig config = AgentConfig.of(
                "service=shop, server=lamp:4711", Map.of("DAVY_SERVICE", "other", "DAVY_INSTANCE", "one"));

        assertThat(config.service).isEqualTo("shop");
        assertThat(config.instance).isEqualTo("one");
        assertThat(config.host).isEqualTo("lamp");
        assertThat(config.port).isEqualTo(4711);
        assertThat(AgentConfig.of(null, Map.of("HOSTNAME", "pod-7")).instance)
                .isEqualTo("pod-7-" + ProcessHandle.current().pid());
        assertThat(AgentConfig.of("", Map.of()).host).isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({"lamp, lamp, 11800", "lamp:1, lamp, 1", "[::1]:2, [::1], 2", "::1, ::1, 11800", "[::1], [::1], 11800"})
    void readsTheServersAddress(String server, String host, int port) {
        AgentConfig config = AgentConfig.of("server=" + server, Map.of());

        assertThat(config.host).isEqualTo(host);
        assertThat(config.port).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"servcie=x", "x", "server=lamp:0", "server=lamp:99999", "server=lamp:x"})
    void refusesWhatItDoesNotKnow(String arguments) {
        assertThatThrownBy(() -> AgentConfig.of(arguments, Map.of())).isInstanceOf(IllegalArgumentException.class);
    }
}
