package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;

/** The page of a server at which people sign in: what each of them finds there, and what not. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessPagesTest {
    private static final String PASSWORD = "correct horse battery";
    private static final String AGENT_TOKEN = "the-token-of-agents-0123456789";

    private Path folder;
    private Rig rig;
    private Page page;
    private int browsers;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        rig = new Rig(folder);
        addUser("anna", "admin *");
        addUser("victor", "viewer shop");
        rig.startServer(Map.of("DAVY_AGENT_TOKEN", AGENT_TOKEN), "--set", "access.users=true");
        rig.start(
                "shop-1",
                Map.of(
                        "DAVY_SERVICE",
                        "shop",
                        "DAVY_INSTANCE",
                        "shop-1",
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
    }

    private void addUser(String name, String grant) throws IOException, InterruptedException {
        Process davy = new ProcessBuilder(
                        Rig.HOME.resolve("bin/davy").toString(),
                        "user",
                        "add",
                        name,
                        "--grant",
                        grant,
                        "--set",
                        "data.folder=" + rig.data())
                .redirectErrorStream(true)
                .start();
        davy.getOutputStream().write((PASSWORD + "\n").getBytes(StandardCharsets.UTF_8));
        davy.getOutputStream().close();
        String said = new String(davy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(davy.waitFor()).as(said).isZero();
    }

    @AfterAll
    void end() throws InterruptedException {
        rig.close();
    }

    @BeforeEach
    void open() {
        page = new Page(rig, folder.resolve("browser" + browsers++));
    }

    @AfterEach
    void close() {
        page.close();
    }

    private void enter(String name, String password) {
        page.see("input[name=name]").sendKeys(Keys.chord(Keys.CONTROL, "a"), name);
        page.see("input[name=password]").sendKeys(Keys.chord(Keys.CONTROL, "a"), password, Keys.ENTER);
    }

    private void signInAt(String path, String name) {
        page.show(path);
        enter(name, PASSWORD);
        page.see(".rail");
    }

    private int status(String token) throws IOException, InterruptedException {
        return Rig.HTTP
                .send(
                        HttpRequest.newBuilder(URI.create(rig.url() + "/api/v1/services"))
                                .header("Authorization", "Bearer " + token)
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .statusCode();
    }

    @Test
    @Order(1)
    void whoSignsInIsWhereTheyWantedAndWhoSignsOutIsNot() {
        page.show("/services/shop?seconds=77");
        assertThat(page.text("h1")).isEqualTo("Sign in to Davylamp");
        assertThat(page.browser.findElements(By.cssSelector(".rail"))).isEmpty();

        enter("anna", "not the password");
        page.until(() -> page.text("[role=alert]").equals("The name or the password is wrong."));
        enter("anna", PASSWORD);

        page.until(() -> page.text("h1").equals("shop"));
        assertThat(page.browser.getCurrentUrl()).isEqualTo(rig.url() + "/services/shop?seconds=77");
        assertThat(page.see("input[name=duration]").getDomProperty("value")).isEqualTo("77");

        page.see("[aria-label='Signed in as anna']").click();
        assertThat(page.text(".who")).contains("admin *");
        page.button("Sign out").click();
        page.until(() -> page.text("h1").equals("Sign in to Davylamp"));
        assertThat(page.browser.getCurrentUrl()).isEqualTo(rig.url() + "/");
        page.browser.navigate().back();
        page.until(() -> page.text("h1").equals("Sign in to Davylamp"));
    }

    @Test
    @Order(2)
    void whoMayOnlyViewIsOfferedNothingElse() {
        signInAt("/", "victor");
        page.until(() -> page.text("[data-testid=services]").contains("1 of 1"));
        assertThat(page.text("[data-testid=services]")).doesNotContain("Profile 30 s");

        page.show("/services/shop");
        page.until(() -> page.text("[data-testid=only-view]").contains("role profiler"));
        assertThat(page.browser.findElements(By.cssSelector("form.profile"))).isEmpty();
        page.show("/access");
        page.until(() -> page.text("main").contains("Nothing is being profiled."));
        assertThat(page.text("[role=tablist]")).isEqualTo("Running now");
        page.show("/settings");
        page.until(() -> page.text("main").contains("viewer shop"));
        assertThat(page.text("main")).doesNotContain("data.folder");
    }

    @Test
    @Order(3)
    void anAdministratorSeesWhoProfilesAndStopsIt() {
        signInAt("/services/shop?seconds=600", "anna");
        page.button("Profile").click();
        page.until(() -> page.browser.getCurrentUrl().contains("/tasks/"));
        page.until(() -> page.text(".head").contains("by anna"));

        page.show("/access");
        page.until(() -> page.text("[data-testid=running]").contains("anna"));
        page.button("Stop all").click();
        page.see("dialog button.danger").click();
        page.until(() -> page.text("main").contains("Nothing is being profiled."));
    }

    @Test
    @Order(4)
    void aTokenIsShownOnceAndWorksUntilItIsRevoked() throws IOException, InterruptedException {
        signInAt("/access/tokens", "anna");
        page.button("Make a token").click();
        page.see("input[name='token-name']").sendKeys("nightly", Keys.ENTER);
        String secret = page.text("[data-testid=secret]");
        assertThat(status(secret)).isEqualTo(200);
        page.button("Done").click();
        page.until(() -> page.text("[data-testid=tokens]").contains("nightly"));
        page.show("/access/tokens");
        page.until(() -> page.text("[data-testid=tokens]").contains("viewer *"));
        assertThat(page.browser.getPageSource()).doesNotContain(secret);

        page.button("Revoke").click();
        page.see("dialog button.danger").click();
        page.until(() -> page.browser
                .findElements(By.cssSelector("[data-testid=tokens]"))
                .isEmpty());
        assertThat(status(secret)).isEqualTo(401);

        page.show("/access/users");
        page.button("Add a user").click();
        page.see("input[name='new-name']").sendKeys("paula");
        page.see("input[name='new-password']").sendKeys(PASSWORD, Keys.ENTER);
        page.until(() -> page.text("[data-testid=users]").contains("paula"));

        page.show("/access/audit?action=token.revoke");
        page.until(() -> page.text("[data-testid=audit]").contains("nightly"));
        assertThat(page.text("[data-testid=audit]"))
                .contains("anna", "token.revoke", "done")
                .doesNotContain("token.make");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Order(5)
    void allTextStandsOutFromItsGroundAndAxeFindsNothing(boolean dark) throws IOException {
        page.close();
        page = new Page(rig, folder.resolve("browser" + browsers++), 1200, 900, dark);
        page.show("/");
        page.see("input[name=password]");
        Accessibility.requireNoFault(page, "to sign in");
        enter("anna", PASSWORD);
        page.see(".rail");

        page.show("/access");
        page.until(() -> page.text("main").contains("Nothing is being profiled."));
        Accessibility.requireNoFault(page, "running now");
        page.show("/access/users");
        page.see("[data-testid=users]");
        Accessibility.requireNoFault(page, "users");
        page.button("Add a user").click();
        page.see("input[name='new-name']");
        Accessibility.requireNoFault(page, "a new user");
        page.show("/access/tokens");
        page.button("Make a token").click();
        page.see("input[name='token-name']").sendKeys(dark ? "dark" : "light");
        Accessibility.requireNoFault(page, "a new token");
        page.see("input[name='token-name']").sendKeys(Keys.ENTER);
        page.see("[data-testid=secret]");
        Accessibility.requireNoFault(page, "the secret of a token");
        page.show("/access/audit");
        page.see("[data-testid=audit]");
        Accessibility.requireNoFault(page, "the audit log");
        page.show("/allow?port=4711&state=s&challenge=c&host=laptop");
        page.see("[data-testid=allow]");
        Accessibility.requireNoFault(page, "to allow davy");
    }

    /** Runs davy with logins of its own, and a browser that writes down where it should go. */
    private ProcessBuilder davy(String... arguments) throws IOException {
        Path browser = folder.resolve("browser.sh");
        Files.writeString(browser, "#!/bin/sh\necho \"$1\" > '" + folder.resolve("address") + "'\n");
        assertThat(browser.toFile().setExecutable(true)).isTrue();
        List<String> command =
                new ArrayList<>(List.of(Rig.HOME.resolve("bin/davy").toString()));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--server", rig.url()));
        ProcessBuilder davy = new ProcessBuilder(command).redirectErrorStream(true);
        davy.environment().put("BROWSER", browser.toString());
        davy.environment().put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        return davy;
    }

    private static String said(Process davy) throws IOException, InterruptedException {
        String said = new String(davy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return davy.waitFor() + " " + said;
    }

    @Test
    @Order(6)
    void davySignsInAsWhoeverAllowsItOnThePageUntilAnAdministratorEndsThat() throws Exception {
        Process login = davy("login", "--browser").start();
        Path address = folder.resolve("address");
        Rig.await()
                .until(() -> Files.exists(address) && Files.readString(address).endsWith("\n"));
        signInAt(Files.readString(address).strip().substring(rig.url().length()), "victor");
        page.until(() -> page.text("h1").equals("Allow davy to act as victor?"));
        assertThat(login.isAlive()).isTrue();

        page.button("Allow").click();

        assertThat(said(login)).startsWith("0 ").contains("as victor: viewer shop");
        page.until(() -> page.browser.getPageSource().contains("davy is signed in"));
        assertThat(said(davy("services").start())).startsWith("0 ").contains("shop");

        page.browser.get(rig.url() + "/");
        page.browser.manage().deleteAllCookies();
        signInAt("/access/users", "anna");
        page.until(() -> page.text("[data-testid=sessions]").contains("victor"));
        page.browser
                .findElement(By.xpath("//table[@data-testid='sessions']//tr[contains(., 'victor')]//button"))
                .click();
        page.see("dialog button.danger").click();
        page.until(() -> !page.text("[data-testid=sessions]").contains("victor"));
        assertThat(said(davy("services").start())).startsWith("5 ").contains("nobody is signed in");
    }

    @Test
    @Order(7)
    void aSessionThatEndsLosesNothingThatWasTyped() {
        signInAt("/services/shop", "anna");
        page.see("input[name=options]").sendKeys("interval=7ms");
        page.see("[data-testid=command]");
        page.browser.manage().deleteAllCookies();
        page.until(() -> page.text("dialog.sign-in h2").equals("Sign in again"));
        page.see("dialog input[name=password]").sendKeys(PASSWORD, Keys.ENTER);

        page.until(() -> page.browser.findElements(By.cssSelector("dialog")).isEmpty());
        assertThat(page.see("input[name=options]").getDomProperty("value")).isEqualTo("interval=7ms");
        page.until(() -> page.text("[data-testid=command]").contains("interval=7ms"));
    }

    /** Last: the address waits, too. */
    @Test
    @Order(8)
    void afterManyWrongAttemptsThePageSaysHowLongToWait() {
        page.show("/");
        page.until(() -> {
            enter("nobody", "wrong password");
            return page.text("[role=alert]").startsWith("Too many");
        });
        assertThat(page.text("[role=alert]")).matches("Too many wrong attempts\\. Try again in [0-9]+ s\\.");
        assertThat(page.see("form button").isEnabled()).isFalse();
    }
}
