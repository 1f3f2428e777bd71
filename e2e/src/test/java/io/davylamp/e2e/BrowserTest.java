package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.Rectangle;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** A person's whole way in a real browser: from the list of services to the hottest method in the flame graph. */
class BrowserTest {
    @TempDir
    Path folder;

    private Rig rig;
    private WebDriver browser;

    @BeforeEach
    void open() throws IOException {
        rig = new Rig(folder);
        rig.startServer();
        browser = Chromium.start(folder.resolve("browser"), 1200, 900, false);
    }

    @AfterEach
    void close() throws InterruptedException {
        if (browser != null) {
            browser.quit();
        }
        rig.close();
    }

    private WebElement see(By what) {
        return new WebDriverWait(browser, Rig.PATIENCE).until(ExpectedConditions.visibilityOfElementLocated(what));
    }

    private static By button(String text) {
        return By.xpath("//button[starts-with(normalize-space(), '" + text + "')]");
    }

    /** What the page shows is run as it stands there, in any folder, but for the program that people replace by theirs. */
    @Test
    void anEmptyServerLeadsToTheFirstProfileByTheCommandThatItShows() throws IOException {
        browser.get(rig.url() + "/");
        By shown = By.cssSelector("[data-testid=attach-command]");
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.textToBePresentInElementLocated(
                        shown, "DAVY_SERVER=127.0.0.1:" + rig.agentPort));
        String command = see(shown).getText();
        assertThat(command).contains("/agent/davylamp-agent.jar").contains("-jar my-service.jar");
        assertThat(see(By.cssSelector("[data-testid=arrivals]")).getText()).startsWith("Waiting for the first JVM");
        assertThat(see(button("Profile for 30 s")).isEnabled()).isFalse();

        rig.start(
                "shown",
                Map.of("DAVY_FOLDER", folder.resolve("agents").toString(), "DAVY_INSTANCE", "first"),
                List.of(
                        "sh",
                        "-c",
                        "PATH='" + System.getProperty("java.home") + "/bin':$PATH exec env "
                                + command.replace(
                                        "-jar my-service.jar",
                                        "-Xmx64m -cp '" + Rig.HOME
                                                + "/demo/davylamp-demo.jar' io.davylamp.demo.Demo")));

        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.textToBePresentInElementLocated(
                        By.cssSelector("[data-testid=arrivals]"), "first of my-service is connected"));
        assertThat(browser.findElements(By.cssSelector(".step.done"))).hasSize(2);
        see(button("Profile my-service for 30 s")).click();
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.textMatches(
                        By.cssSelector(".progress-cell"), Pattern.compile("([2-9]|[12][0-9]) of 30 s")));
        see(button("Stop and keep data")).click();
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.visibilityOfElementLocated(By.cssSelector(".flame canvas")));
        assertThat(Chromium.severeLogs(browser)).isEmpty();
    }

    /** Every way names what this server asks for, and says where agents of other machines cannot come. */
    @Test
    void theCommandsForContainersSayThatTheAgentsPortIsClosedToThem() {
        browser.get(rig.url() + "/");
        see(By.cssSelector("[data-testid=attach-command]"));
        for (String way : List.of("Container", "Kubernetes")) {
            see(button(way)).click();

            assertThat(see(By.cssSelector("[data-testid=attach-command]")).getText())
                    .as(way)
                    .contains("JAVA_TOOL_OPTIONS", "-javaagent:/davylamp/davylamp-agent.jar")
                    .doesNotContain("127.0.0.1");
            assertThat(see(By.cssSelector(".how-to-attach .problem")).getText())
                    .as(way)
                    .contains("agent.host=0.0.0.0");
        }
    }

    @Test
    void aTaskCreatedOnThePageEndsInAFlameGraphThatNamesTheHottestMethod() throws IOException {
        rig.startDemo("shop", "shop-1", rig.agentPort);
        rig.startDemo("shop", "shop-2", rig.agentPort);
        browser.get(rig.url() + "/");
        see(By.linkText("shop")).click();
        see(button("CPU")).click();
        WebElement duration = see(By.name("duration"));
        duration.sendKeys(Keys.chord(Keys.CONTROL, "a"), "600");
        see(button("Profile")).click();

        assertThat(see(By.cssSelector("td.state-RUNNING")).getText()).isEqualTo("Running");
        see(By.tagName("progress"));
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.numberOfElementsToBe(By.cssSelector("td.state-RUNNING"), 2));
        // Long enough that not only the compilers of two fresh JVMs are in it.
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.textMatches(
                        By.cssSelector(".progress-cell"), Pattern.compile("([5-9]|[1-9][0-9]+) of 600 s")));
        see(button("Stop and keep data")).click();
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.textToBe(By.cssSelector(".head .state-READY"), "2 of 2 ready"));

        WebElement canvas = see(By.cssSelector(".flame canvas"));
        new WebDriverWait(browser, Rig.PATIENCE).until(b -> Chromium.colours(browser, canvas) > 3);
        // To the code that ran, wherever it is: which thread is the largest depends on how busy the compilers were.
        By matched = By.cssSelector("[data-testid=matched]");
        WebElement search = see(By.cssSelector("input[aria-label='search frames']"));
        search.sendKeys("Pricing.discount");
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.textMatches(matched, Pattern.compile("[0-9,]+ frames?, [0-9.]+ %")));
        WebElement frame = browser.findElement(By.cssSelector("[data-testid=frame]"));
        canvas.sendKeys("n");
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(b -> frame.getText().startsWith("io.davylamp.demo.Pricing.discount"));
        assertThat(frame.getText())
                .matches("io\\.davylamp\\.demo\\.Pricing\\.discount — .*self"
                        + " .*(JIT-compiled|Interpreted|Inlined|C1-compiled).*");

        // The same frame under the mouse: rows are 18 pixels high, and it fills its row once the graph is zoomed to it.
        canvas.sendKeys(Keys.ENTER);
        int depth = depthOf(canvas, frame);
        Chromium.run(browser, "arguments[0].scrollIntoView({block: 'start'})", canvas);
        Rectangle box = onScreen(canvas);
        new Actions(browser).moveToLocation(box.x + 60, box.y + depth * 18 + 9).perform();
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(b -> frame.getText().startsWith("io.davylamp.demo.Pricing.discount"));

        canvas.sendKeys(Keys.ESCAPE);
        search.sendKeys(Keys.chord(Keys.CONTROL, "a"), "Pricing");
        // As much as the server says of the only method that is found; how much that is depends on what the compiler
        // took.
        String task = browser.getCurrentUrl().replaceAll(".*/tasks/([^/?]+).*", "$1");
        JsonNode known = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu");
        double discount = 0;
        for (JsonNode method : known.get("methods")) {
            discount += method.get("name").asText().contains("Pricing")
                    ? method.get("total").asDouble()
                    : 0;
        }
        new WebDriverWait(browser, Rig.PATIENCE).until(ExpectedConditions.urlMatches("search=Pricing(&|$)"));
        assertThat(Double.parseDouble(see(matched).getText().replaceAll(".*, | %", "")))
                .isCloseTo(100 * discount / known.get("total").asDouble(), within(2.0));

        see(button("Top methods")).click();
        see(By.cssSelector("input[aria-label='search methods']"))
                .sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.BACK_SPACE);
        WebElement hot = see(By.cssSelector("[data-testid=hot] tbody tr:first-child td:last-child"));
        new WebDriverWait(browser, Rig.PATIENCE).until(b -> hot.getText().equals("io.davylamp.demo.Pricing.discount"));

        String address = browser.getCurrentUrl();
        see(By.cssSelector("[aria-label=More]")).click();
        see(button("Run again")).click();
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(b ->
                        !b.getCurrentUrl().equals(address) && b.getCurrentUrl().contains("/tasks/"));
        see(button("Cancel")).click();
        new WebDriverWait(browser, Rig.PATIENCE)
                .until(ExpectedConditions.numberOfElementsToBe(By.cssSelector("td.state-CANCELLED"), 2));
        assertThat(Chromium.severeLogs(browser)).isEmpty();
    }

    /** Counts up from the frame by keyboard, and comes back. */
    private int depthOf(WebElement canvas, WebElement frame) {
        int depth = 0;
        while (!frame.getText().startsWith("all ")) {
            press(canvas, frame, Keys.ARROW_UP);
            depth++;
        }
        return depth;
    }

    private Rectangle onScreen(WebElement element) {
        List<?> box = (List<?>) ((JavascriptExecutor) browser)
                .executeScript(
                        "const b = arguments[0].getBoundingClientRect();"
                                + "return [b.x, b.y, b.width, b.height].map(Math.round);",
                        element);
        int[] numbers = box.stream().mapToInt(n -> ((Number) n).intValue()).toArray();
        return new Rectangle(numbers[0], numbers[1], numbers[3], numbers[2]);
    }

    /** The page draws a moment after the key. */
    private void press(WebElement canvas, WebElement frame, Keys key) {
        String before = frame.getText();
        canvas.sendKeys(key);
        new WebDriverWait(browser, Rig.PATIENCE).until(b -> !frame.getText().equals(before));
    }

    @Test
    void aRefusedTaskSaysWhyOnThePage() throws IOException {
        rig.startDemo("shop", "shop-1", rig.agentPort);
        browser.get(rig.url() + "/services/shop");
        see(By.name("options")).sendKeys("file=/etc/passwd");
        see(button("Profile")).click();

        assertThat(see(By.cssSelector("form [role=alert]")).getText())
                .startsWith("option \"file\" is not allowed; allowed are interval,");
        assertThat(rig.get("/api/v1/tasks").get("tasks")).isEmpty();
    }
}
