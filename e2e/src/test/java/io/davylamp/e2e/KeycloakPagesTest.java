package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/**
 * People sign in with a browser at a real Keycloak, which is set up as docs/how-to/login.md says. Opt-in: unpack {@code
 * org.keycloak:keycloak-quarkus-dist} (zip) and name its folder, {@code -DargLine=-Ddavylamp.keycloak=FOLDER}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@EnabledIfSystemProperty(named = "davylamp.keycloak", matches = ".+")
class KeycloakPagesTest {
    private static final String AGENT_TOKEN = "the-token-of-agents-0123456789";

    private Path folder;
    private Rig rig;
    private String keycloak;
    private Process process;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        rig = new Rig(folder);
        int port = Rig.freePort();
        keycloak = "http://127.0.0.1:" + port;
        process = startKeycloak(port);
        rig.startServer(
                Map.of("DAVY_AGENT_TOKEN", AGENT_TOKEN, "DAVY_ACCESS_OIDC_CLIENT_SECRET", "a secret"),
                "--set",
                "access.oidc.issuer=" + keycloak + "/realms/main",
                "--set",
                "access.oidc.client-id=davylamp",
                "--set",
                "access.groups=sre = admin *, shop = viewer shop-*");
        rig.start(
                "shop-web-1",
                Map.of(
                        "DAVY_SERVICE",
                        "shop-web",
                        "DAVY_INSTANCE",
                        "shop-web-1",
                        "DAVY_SERVER",
                        "127.0.0.1:" + rig.agentPort,
                        "DAVY_TOKEN",
                        AGENT_TOKEN,
                        "DAVY_FOLDER",
                        folder.resolve("agents").toString()),
                List.of(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-Xmx64m",
                        "-XX:+UseSerialGC",
                        "-javaagent:" + Rig.HOME.resolve("agent/davylamp-agent.jar"),
                        "-cp",
                        Rig.HOME.resolve("demo/davylamp-demo.jar").toString(),
                        "io.davylamp.demo.Demo"));
        Rig.await().until(() -> ask(rig.url() + "/api/v1/login/oidc", null, "").statusCode() == 302);
    }

    private Process startKeycloak(int port) throws IOException {
        Path home = Path.of(System.getProperty("davylamp.keycloak"));
        Files.createDirectories(home.resolve("data/import"));
        Files.writeString(
                home.resolve("data/import/main.json"),
                Files.readString(Rig.ROOT.resolve("server/src/test/resources/keycloak/realm.json"))
                        .replace("SERVER", rig.url()));
        return rig.start(
                "keycloak",
                Map.of(
                        "KC_BOOTSTRAP_ADMIN_USERNAME", "admin",
                        "KC_BOOTSTRAP_ADMIN_PASSWORD", "of admin",
                        "JAVA_OPTS_KC_HEAP", "-Xmx512m"),
                List.of(
                        home.resolve("bin/kc.sh").toString(),
                        "start-dev",
                        "--import-realm",
                        "--db=dev-mem",
                        "--http-host=127.0.0.1",
                        "--http-port=" + port));
    }

    @AfterAll
    void end() throws InterruptedException {
        try (Stream<ProcessHandle> children = process.descendants()) {
            children.toList().forEach(ProcessHandle::destroyForcibly);
        }
        rig.close();
    }

    private static HttpResponse<String> ask(String address, String body, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (body != null) {
            request.header(
                            "Content-Type",
                            body.startsWith("{") ? "application/json" : "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(body));
        }
        return Rig.HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** Has Keycloak sign with a new key from now on. */
    private void rotateKeys() throws IOException, InterruptedException {
        String token = Rig.json(ask(
                        keycloak + "/realms/master/protocol/openid-connect/token",
                        "grant_type=password&client_id=admin-cli&username=admin&password=of+admin",
                        ""))
                .get("access_token")
                .asText();
        HttpResponse<String> made = ask(keycloak + "/admin/realms/main/components", """
                {"name": "new", "providerId": "rsa-generated", "providerType": "org.keycloak.keys.KeyProvider",
                 "config": {"priority": ["1000"]}}""", token);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    }

    /** Presses the page's button, and fills the form of Keycloak. */
    private void signIn(Page page, String name) {
        page.see(By.partialLinkText("Sign in with 127.0.0.1")).click();
        page.see("#username").sendKeys(name);
        page.see("#password").sendKeys("of " + name, Keys.ENTER);
    }

    @Test
    void peopleSignInHaveTheRolesOfTheirGroupsAndSignOutOfBoth() throws Exception {
        List<String> addresses = new ArrayList<>();
        try (Page page = new Page(rig, folder.resolve("browser"))) {
            page.show("/services/shop-web?seconds=77");
            signIn(page, "ben");
            page.until(() -> page.text("h1").equals("shop-web"));
            assertThat(page.browser.getCurrentUrl()).isEqualTo(rig.url() + "/services/shop-web?seconds=77");
            page.until(() -> page.text("[data-testid=only-view]").contains("role profiler"));
            assertThat(page.browser.findElements(By.cssSelector("form.profile")))
                    .as("what starts a task")
                    .isEmpty();

            page.see("[aria-label='Signed in as ben']").click();
            assertThat(page.text(".who")).contains("viewer shop-*");
            page.button("Sign out").click();
            page.until(() -> page.text("h1").equals("Sign in to Davylamp"));
            page.until(() -> page.browser.getCurrentUrl().equals(rig.url() + "/"));

            rotateKeys();
            page.show("/services/shop-web");
            // Keycloak asks again, so the session there has ended too.
            signIn(page, "ada");
            page.until(() -> page.text("h1").equals("shop-web"));
            page.see("form.profile");
            page.button("Profile").click();
            page.until(() -> page.browser.getCurrentUrl().contains("/tasks/"));
            page.until(() -> page.text(".head").contains("by ada"));
            addresses.add(page.browser.getCurrentUrl());
        }
        try (Page page = new Page(rig, folder.resolve("another browser"))) {
            page.show("/");
            signIn(page, "eve");
            page.until(() -> page.text("h1").equals("Sign-in failed"));
            assertThat(page.text("body")).contains("eve has no role");
        }
        assertThat(addresses).noneMatch(address -> address.contains("code=") || address.contains("davy_"));
        assertThat(rig.log("server")).doesNotContain("a secret", "code=");
    }
}
