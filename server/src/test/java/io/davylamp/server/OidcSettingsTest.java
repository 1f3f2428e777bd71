package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.server.oidc.OidcConfig;
import io.davylamp.server.settings.Settings;
import io.davylamp.server.settings.SettingsException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The settings of an identity provider that cannot work stop the start, in words. */
final class OidcSettingsTest {
    private static final List<String> RIGHT = List.of(
            "access.oidc.issuer=https://login.example/realms/main",
            "access.oidc.client-id=davylamp",
            "access.oidc.client-secret=hush",
            "access.groups=sre = admin *");

    private static ServerConfig.AccessConfig access(String... changed) {
        List<String> all = new ArrayList<>(RIGHT);
        all.addAll(List.of(changed));
        return ServerConfig.of(Settings.of(null, Map.of(), all)).access();
    }

    @Test
    void aProviderTurnsAccessOn(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("secret"), "of the file\n");

        ServerConfig.AccessConfig access = access(
                "access.oidc.client-secret=",
                "access.oidc.client-secret-file=" + file,
                "access.oidc.groups-claim=hd, email");

        assertThat(access.isOn()).isTrue();
        assertThat(access.users()).isFalse();
        assertThat(access.oidc())
                .isEqualTo(new OidcConfig(
                        URI.create("https://login.example/realms/main"),
                        "davylamp",
                        "of the file",
                        List.of("openid", "profile", "email"),
                        List.of("hd", "email")));
        assertThat(access.toString()).doesNotContain("of the file");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "access.oidc.issuer=http://login.example   | must begin with https://",
                "access.oidc.issuer=login.example:443      | must begin with https://",
                "access.oidc.issuer=https://login.example/?a=b | must not have ?",
                "access.oidc.client-id=                    | needs access.oidc.client-id",
                "access.oidc.client-secret=                | or access.oidc.client-secret-file",
                "access.oidc.client-secret-file=/no/file   | are both given",
                "access.oidc.scopes=profile                | it must have openid",
                "access.groups=                            | needs access.groups",
                "access.groups=sre                         | names no group"
            })
    void whatCannotWorkStopsTheStart(String setting, String words) {
        assertThatThrownBy(() -> access(setting))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("hush");
    }
}
