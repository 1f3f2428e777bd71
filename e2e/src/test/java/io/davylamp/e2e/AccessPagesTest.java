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
    private static final String PASSWORD = Rig.PASSWORD;
    private static final String AGENT_TOKEN = "the-token-of-agents-0123456789";
    /** What would be an element if a page took it for markup. */
    private static final String MARKUP = "<img src=x onerror=document.title='pwned'>";
    /** The service that only administrators may see. */
    private static final String HIDDEN = "ghost" + MARKUP;

    private Path folder;
    private Rig rig;
    private Page page;
    private int browsers;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException, InterruptedException {
        folder = temporary;
        rig = new Rig(folder);
        rig.addUser("anna", "admin *");
        rig.addUser("victor", "viewer shop");
        rig.startServer(Map.of("DAVY_AGENT_TOKEN", AGENT_TOKEN), "--set", "access.users=true");
        startJvm("shop", "shop-1");
    }

    private void startJvm(String service, String instance) throws IOException {
        rig.start(
                instance.replaceAll("[^a-z0-9-]", "_"),
                Map.of(
                        "DAVY_SERVICE",
                        service,
                        "DAVY_INSTANCE",
                        instance,
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
                        "io.davylamp.demo.Demo",
                        "--calm"));
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

    /** With what the server answers a request of this browser, which brings its session. */
    private long statusOf(String path, String options) {
        return ((Number) page.answer("const done = arguments[arguments.length - 1]; fetch('" + path + "', " + options
                        + ").then(answer => done(answer.status), () => done(0));"))
                .longValue();
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
        assertThat(statusOf(
                        "/api/v1/tasks",
                        "{method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({service: 'shop',"
                                + " instances: 'all', durationSeconds: 1, events: ['cpu']})}"))
                .as("a task that the page does not offer")
                .isEqualTo(403);
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

    /** What there is of the hidden service, made once for both tests that look for it. */
    private record Ghost(String ready, String running, String file, String ofShop) {}

    private Ghost ghost;

    private Ghost ghost() throws IOException, InterruptedException {
        if (ghost == null) {
            rig.bring("Bearer " + rig.token("anna", "token " + MARKUP, "API", "admin *"));
            rig.addUser("nina", "viewer " + HIDDEN);
            rig.token("anna", "ghosts", "AGENT", "viewer " + HIDDEN);
            startJvm(HIDDEN, "ghost-1" + MARKUP);
            rig.awaitInstance(HIDDEN, "ghost-1" + MARKUP);
            rig.awaitInstance("shop", "shop-1");
            String ofShop = rig.createTask("shop", "\"all\"", 2, "[\"cpu\"]", "{\"interval\": \"1ms\"}");
            String ready = rig.createTask(HIDDEN, "\"all\"", 2, "[\"cpu\"]", "{\"interval\": \"1ms\"}");
            rig.awaitState(ofShop, "READY");
            rig.awaitState(ready, "READY");
            String running = rig.createTask(HIDDEN, "\"all\"", 600, "[\"cpu\"]", "{}");
            rig.awaitState(running, "RUNNING");
            ghost = new Ghost(ready, running, open("ghost " + MARKUP, "main;" + MARKUP + " 3\nmain;b 1\n"), ofShop);
        }
        return ghost;
    }

    private String open(String name, String stacks) throws IOException, InterruptedException {
        return Rig.json(Rig.HTTP.send(
                        HttpRequest.newBuilder(URI.create(rig.url() + "/api/v1/files?name=" + Rig.encode(name)))
                                .header("Content-Type", "application/octet-stream")
                                .header("Authorization", rig.authorization())
                                .POST(HttpRequest.BodyPublishers.ofString(stacks))
                                .build(),
                        HttpResponse.BodyHandlers.ofString()))
                .get("id")
                .asText();
    }

    /** Types into the search of services, and says what is found. */
    private String searched() {
        page.see("input[type=search]").sendKeys("ghost");
        page.until(() -> !page.text("[data-testid=services]").contains("shop"));
        return page.text("main");
    }

    @Test
    @Order(8)
    void aServiceOutOfScopeAppearsNowhere() throws Exception {
        Ghost hidden = ghost();
        signInAt("/", "anna");
        page.until(() -> page.text("[data-testid=services]").contains("ghost"));
        page.until(() -> page.text("[data-testid=running]").contains("ghost"));
        page.until(() -> page.text("[data-testid=recent]").contains("ghost"));
        searched();
        assertThat(page.text("[data-testid=services]")).contains("ghost");
        assertThat(statusOf("/api/v1/tasks/" + hidden.ready() + "/changes", "{}"))
                .isEqualTo(200);
        page.show("/files/" + hidden.file());
        page.button("Compare").click();
        page.until(() -> page.text(".panel").contains("shop"));
        assertThat(page.text(".panel")).contains("ghost");
        page.close();

        page = new Page(rig, folder.resolve("browser" + browsers++));
        signInAt("/", "victor");
        page.until(() -> page.text("[data-testid=services]").contains("1 of 1"));
        page.until(() -> page.text("[data-testid=recent]").contains("shop"));
        assertThat(page.browser.getPageSource()).doesNotContain("ghost");
        assertThat(searched()).contains("No matching service.");
        page.show("/access");
        page.until(() -> page.text("main").contains("Nothing is being profiled."));
        for (String task : List.of(hidden.ready(), hidden.running())) {
            page.show("/tasks/" + task);
            page.until(() -> page.text("h1").equals("There is no such task"));
            assertThat(page.browser.getPageSource()).doesNotContain("ghost");
            assertThat(statusOf("/api/v1/tasks/" + task + "/changes", "{}")).isEqualTo(404);
        }
        page.show("/files/" + hidden.file());
        page.until(() -> page.text("h1").equals("There is no such file"));
        page.show("/services/" + Rig.encode(HIDDEN));
        page.until(() -> page.text("main").contains("has connected to this server"));
        String asked = page.text("main").replace(HIDDEN, "NAME");
        page.show("/services/nobody");
        page.until(() -> page.text("main").contains("has connected to this server"));
        assertThat(page.text("main").replace("nobody", "NAME")).isEqualTo(asked);
        page.show("/profiles?task=" + hidden.ofShop());
        page.button("Compare").click();
        page.until(() -> page.text(".panel").contains("Another task"));
        assertThat(page.text(".panel")).contains("shop").doesNotContain("ghost", "opened file");
    }

    /** Visits a page that shows such a name; answers where it became an element. */
    private void look(String path, String shown, List<String> elements) {
        page.show(path);
        page.until(() -> page.text("main").contains(shown));
        if (((Number) page.run("return document.querySelectorAll('img, [onerror], iframe').length")).intValue() > 0
                || page.browser.getTitle().equals("pwned")) {
            elements.add(path);
        }
    }

    @Test
    @Order(9)
    void aNameIsMarkupOnNoPageAndInNoExport() throws Exception {
        Ghost names = ghost();
        List<String> elements = new ArrayList<>();
        signInAt("/", "anna");
        look("/", MARKUP, elements);
        look("/services/" + Rig.encode(HIDDEN), MARKUP, elements);
        for (String view : List.of("flame", "hot", "method", "tree", "threads", "time")) {
            look("/tasks/" + names.ready() + "?view=" + view, MARKUP, elements);
            look("/files/" + names.file() + "?view=" + view + "&method=" + Rig.encode(MARKUP), MARKUP, elements);
        }
        look("/tasks/" + names.running(), MARKUP, elements);
        look("/tasks/" + names.ready() + "?base-file=" + names.file(), MARKUP, elements);
        look("/profiles?service=" + Rig.encode(HIDDEN), MARKUP, elements);
        look("/open", MARKUP, elements);
        look("/access", MARKUP, elements);
        look("/access/users", MARKUP, elements);
        look("/access/tokens", MARKUP, elements);
        look("/access/audit", MARKUP, elements);
        assertThat(elements).isEmpty();

        Path html = folder.resolve("export.html");
        Rig.HTTP.send(
                HttpRequest.newBuilder(URI.create(rig.url() + "/api/v1/files/" + names.file() + "/flame?format=html"))
                        .header("Authorization", "Bearer " + rig.token("anna", "exports", "API", "admin *"))
                        .build(),
                HttpResponse.BodyHandlers.ofFile(html));
        page.browser.get(html.toUri().toString());
        page.flame();
        assertThat(page.text("h1")).contains(MARKUP);
        page.button("Tree").click();
        page.until(() -> page.text("[data-testid=tree]").contains(MARKUP));
        assertThat(page.run("return document.querySelectorAll('img, [onerror]').length"))
                .isEqualTo(0L);
        assertThat(page.browser.getTitle()).isNotEqualTo("pwned");
    }

    /** Last: the address waits, too. */
    @Test
    @Order(10)
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
