package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Keycloak, set up as docs/how-to/login.md says. Opt-in: unpack {@code org.keycloak:keycloak-quarkus-dist} (zip) and name
 * its folder, {@code -DargLine=-Ddavylamp.keycloak=FOLDER}.
 */
@EnabledIfSystemProperty(named = "davylamp.keycloak", matches = ".+")
final class KeycloakTest {
    /** With the address of the server in place of {@code SERVER}; the e2e test in a browser reads it too. */
    private static final Path REALM = Path.of("src/test/resources/keycloak/realm.json");

    @TempDir
    Path folder;

    private String own;

    /** Follows redirects and keeps cookies, by host and port. */
    private final class Browser {
        private final HttpClient http =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        private final Map<String, Map<String, String>> cookies = new TreeMap<>();
        private URI at;
        /** Whether Keycloak wanted the password at the last sign-in, or knew who it was. */
        private boolean asked;

        HttpResponse<String> go(URI address, String form) throws Exception {
            at = address;
            HttpRequest.Builder request = HttpRequest.newBuilder(address);
            Map<String, String> jar = cookies.computeIfAbsent(address.getAuthority(), key -> new TreeMap<>());
            if (!jar.isEmpty()) {
                request.header(
                        "Cookie",
                        String.join(
                                "; ",
                                jar.entrySet().stream()
                                        .map(each -> each.getKey() + "=" + each.getValue())
                                        .toList()));
            }
            if (form != null) {
                request.header(
                                "Content-Type",
                                form.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded")
                        .POST(HttpRequest.BodyPublishers.ofString(form));
            }
            HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
            for (String cookie : answer.headers().allValues("set-cookie")) {
                String[] pair = cookie.split(";")[0].split("=", 2);
                if (pair[1].isEmpty() || cookie.contains("Max-Age=0")) {
                    jar.remove(pair[0]);
                } else {
                    jar.put(pair[0], pair[1]);
                }
            }
            if (answer.statusCode() == 302 || answer.statusCode() == 303) {
                return go(
                        address.resolve(answer.headers().firstValue("location").orElseThrow()), null);
            }
            return answer;
        }

        /** Signs in with the form of Keycloak. */
        HttpResponse<String> login(String name) throws Exception {
            HttpResponse<String> page = go(URI.create(own + "/api/v1/login/oidc?to=/tasks/1"), null);
            Matcher action = Pattern.compile("action=\"([^\"]+)\"").matcher(page.body());
            asked = action.find();
            if (!asked) {
                return page;
            }
            return go(
                    URI.create(action.group(1).replace("&amp;", "&")),
                    "username=" + name + "&password=" + URLEncoder.encode("of " + name, StandardCharsets.UTF_8));
        }

        JsonNode me() throws Exception {
            return ServerRig.json(go(URI.create(own + "/api/v1/me"), null));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private Process keycloak(int port) throws IOException {
        Path home = Path.of(System.getProperty("davylamp.keycloak"));
        Files.createDirectories(home.resolve("data/import"));
        Files.writeString(
                home.resolve("data/import/main.json"), Files.readString(REALM).replace("SERVER", own));
        ProcessBuilder start = new ProcessBuilder(
                home.resolve("bin/kc.sh").toString(),
                "start-dev",
                "--import-realm",
                "--db=dev-mem",
                "--http-host=127.0.0.1",
                "--http-port=" + port);
        start.environment()
                .putAll(Map.of(
                        "KC_BOOTSTRAP_ADMIN_USERNAME", "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD", "of admin",
                        "JAVA_OPTS_KC_HEAP", "-Xmx512m"));
        return start.redirectErrorStream(true)
                .redirectOutput(folder.resolve("keycloak.log").toFile())
                .start();
    }

    /** Has the realm sign with a new key from now on. */
    private void rotate(String keycloak) throws Exception {
        Browser admin = new Browser();
        String token = ServerRig.json(admin.go(
                        URI.create(keycloak + "/realms/master/protocol/openid-connect/token"),
                        "grant_type=password&client_id=admin-cli&username=admin&password=of+admin"))
                .get("access_token")
                .asText();
        HttpResponse<String> made = admin.http.send(
                HttpRequest.newBuilder(URI.create(keycloak + "/admin/realms/main/components"))
                        .header("Authorization", "Bearer " + token)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString("""
                                        {"name": "new", "providerId": "rsa-generated",
                                         "providerType": "org.keycloak.keys.KeyProvider",
                                         "config": {"priority": ["1000"]}}"""))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    @Test
    void peopleSignInHaveTheRolesOfTheirGroupsAndSignOut() throws Exception {
        int port = freePort();
        String keycloak = "http://127.0.0.1:" + port;
        Process process = null;
        try (ServerRig rig = new ServerRig(
                folder,
                "access.oidc.issuer=" + keycloak + "/realms/main",
                "access.oidc.client-id=davylamp",
                "access.oidc.client-secret=a secret",
                "access.groups=sre = admin *, shop = viewer shop-*")) {
            own = "http://127.0.0.1:" + rig.server.httpPort();
            process = keycloak(port);
            await().atMost(Duration.ofMinutes(8))
                    .pollInterval(Duration.ofSeconds(2))
                    .until(() -> rig.get("/api/v1/login/oidc").statusCode() == 302);

            Browser ada = new Browser();
            ada.login("ada");
            assertThat(ada.at.toString()).isEqualTo(own + "/tasks/1");
            assertThat(ada.me().get("name").asText()).isEqualTo("ada");
            assertThat(ada.me().get("grants").toString()).isEqualTo("[\"admin *\"]");

            Browser ben = new Browser();
            ben.login("ben");
            assertThat(ben.me().get("grants").toString()).isEqualTo("[\"viewer shop-*\"]");

            HttpResponse<String> eve = new Browser().login("eve");
            assertThat(eve.statusCode()).isEqualTo(403);
            assertThat(eve.body()).contains("has no role");

            String next = ServerRig.json(ada.go(URI.create(own + "/api/v1/logout"), "{}"))
                    .get("next")
                    .asText();
            ada.go(URI.create(next), null);
            assertThat(ada.at.toString()).as("back without a question").isEqualTo(own + "/");
            assertThat(ada.me().get("signedIn").asBoolean()).isFalse();

            rotate(keycloak);
            ada.login("ada");
            assertThat(ada.asked).as("the session at Keycloak has ended too").isTrue();
            assertThat(ada.me().get("signedIn").asBoolean())
                    .as("with a new key")
                    .isTrue();
        } finally {
            if (process != null) {
                process.descendants().forEach(ProcessHandle::destroy);
                process.destroy();
                assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
            }
        }
    }
}
