package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** One profile from all sides, in a real browser; what is shown is in the address. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExploreTest {
    /** Nothing that a JVM may be called is markup. */
    private static final String NASTY = "<img src=x onerror=document.title='pwned'>";

    private Path folder;
    private Rig rig;
    private String task;
    private String earlier;
    private WebDriver browser;
    private int profiles;

    @BeforeAll
    void record(@TempDir Path temporary) throws IOException {
        folder = temporary;
        rig = new Rig(folder);
        rig.startServer();
        rig.startDemo("shop", NASTY, "127.0.0.1:" + rig.agentPort, "");
        earlier = rig.createTask("shop", "\"all\"", 2, "[\"cpu\"]", "{\"interval\": \"2ms\"}");
        rig.awaitState(earlier, "READY");
        task = rig.createTask(
                "shop", "\"all\"", 4, "[\"cpu\", \"alloc\", \"lock\", \"wall\"]", "{\"interval\": \"2ms\"}");
        rig.awaitState(task, "READY");
    }

    @AfterAll
    void end() throws InterruptedException {
        rig.close();
    }

    @BeforeEach
    void open() {
        browser = start(1200, 900, false);
    }

    private WebDriver start(int width, int height, boolean dark) {
        return Chromium.start(folder.resolve("browser" + profiles++), width, height, dark);
    }

    @AfterEach
    void close() {
        // What the server refuses while somebody types is shown to them, and logged by the browser.
        assertThat(Chromium.severeLogs(browser))
                .filteredOn(entry -> !entry.contains("/api/v1/tasks/check ") && !entry.contains("/api/v1/files?"))
                .isEmpty();
        assertThat(browser.getTitle()).endsWith("Davylamp");
        browser.quit();
    }

    private void show(String query) {
        browser.get(rig.url() + "/tasks/" + task + query);
    }

    private WebElement see(By what) {
        return new WebDriverWait(browser, Duration.ofSeconds(40))
                .until(ExpectedConditions.visibilityOfElementLocated(what));
    }

    private void until(BooleanSupplier condition) {
        new WebDriverWait(browser, Duration.ofSeconds(20)).until(b -> condition.getAsBoolean());
    }

    private static By button(String text) {
        return By.xpath("//button[starts-with(normalize-space(), '" + text + "')]");
    }

    private WebElement flame() {
        WebElement canvas = see(By.cssSelector(".flame canvas"));
        until(() -> Chromium.colours(browser, canvas) > 3);
        return canvas;
    }

    private String address() {
        return URI.create(browser.getCurrentUrl()).getQuery() == null
                ? ""
                : URI.create(browser.getCurrentUrl()).getQuery();
    }

    private void drag(WebElement over, double from, double to, boolean shift) {
        int width = over.getSize().width;
        Actions actions = new Actions(browser);
        if (shift) {
            actions.keyDown(Keys.SHIFT);
        }
        actions.moveToElement(over, (int) ((from - 0.5) * width), 0)
                .clickAndHold()
                .moveToElement(over, (int) ((to - 0.5) * width), 0)
                .release();
        if (shift) {
            actions.keyUp(Keys.SHIFT);
        }
        actions.perform();
    }

    @Test
    void aSliceOfTheTimelineIsInTheAddressAndALinkShowsTheSamePicture() {
        show("?measure=cpu");
        long whole = Chromium.pixels(browser, flame());
        drag(see(By.cssSelector(".timeline canvas")), 0.25, 0.5, false);
        until(() -> address().contains("from=") && address().contains("to="));
        until(() -> Chromium.pixels(browser, flame()) != whole);
        see(By.cssSelector(".chip"));
        new Actions(browser).moveToLocation(5, 5).perform();
        long sliced = Chromium.pixels(browser, flame());

        WebDriver other = start(1200, 900, false);
        try {
            other.get(browser.getCurrentUrl());
            new WebDriverWait(other, Duration.ofSeconds(20)).until(b -> {
                var canvases = b.findElements(By.cssSelector(".flame canvas"));
                return !canvases.isEmpty() && Chromium.pixels(b, canvases.get(0)) == sliced;
            });
        } finally {
            other.quit();
        }

        see(By.cssSelector(".chip button")).click();
        until(() -> !address().contains("from="));
    }

    @Test
    void twoSlicesAreComparedWithEachOther() {
        show("?measure=cpu&view=hot");
        WebElement timeline = see(By.cssSelector(".timeline canvas"));
        drag(timeline, 0.1, 0.4, false);
        until(() -> address().contains("from="));
        drag(timeline, 0.6, 0.9, true);
        until(() -> address().contains("base-from="));

        see(By.xpath("//th[contains(., 'Change of self')]"));
        assertThat(see(By.cssSelector("[data-testid=hot] tbody tr td:nth-child(4)"))
                        .getText())
                .matches("[+-]?[0-9,.]+ .*");
    }

    @Test
    void anotherTaskIsTheBaseline() {
        show("?measure=cpu");
        flame();
        see(By.cssSelector("option[value='base-task=" + earlier + "']")).click();

        until(() -> address().contains("base-task=" + earlier));
        WebElement canvas = flame();
        canvas.click();
        canvas.sendKeys(Keys.ARROW_DOWN);
        until(() -> see(By.cssSelector("[data-testid=frame]")).getText().contains("before"));
    }

    @Test
    void aHotMethodLeadsToItsCallersAndCallees() {
        show("?measure=cpu&view=hot");
        WebElement first = see(By.cssSelector("[data-testid=hot] tbody tr:first-child td:last-child button"));
        assertThat(first.getText()).isEqualTo("io.davylamp.demo.Pricing.discount");
        first.click();

        until(() -> address().contains("method=io.davylamp.demo.Pricing.discount"));
        see(By.xpath("//h3[starts-with(., 'Callers')]"));
        see(By.xpath("//h3[starts-with(., 'Callees')]"));
    }

    @Test
    void aThreadIsAFilter() {
        show("?measure=cpu&view=threads");
        see(By.xpath("//button[text()='checkout']")).click();

        until(() -> address().contains("threads=checkout"));
        flame();
        assertThat(see(By.cssSelector(".filters .chip")).getText()).startsWith("threads: checkout");
    }

    @Test
    void theCallTreeIsATableThatIsOpenedByKeyboard() {
        show("?measure=cpu&view=tree");
        WebElement table = see(By.cssSelector("[data-testid=tree]"));
        until(() -> table.getText().contains("io.davylamp.demo.Pricing.discount"));
        WebElement toggle = see(By.cssSelector("[data-testid=tree] button[aria-expanded=true]"));
        toggle.sendKeys(Keys.ENTER);

        until(() -> !table.getText().contains("io.davylamp.demo.Pricing.discount"));
    }

    @Test
    void aFrameIsHiddenByKeyboardAlone() {
        show("?measure=cpu");
        WebElement canvas = flame();
        long before = Chromium.pixels(browser, canvas);
        Chromium.run(browser, "arguments[0].focus()", canvas);
        WebElement frame = browser.findElement(By.cssSelector("[data-testid=frame]"));
        for (int i = 0; i < 30 && !frame.getText().startsWith("io.davylamp.demo."); i++) {
            String was = frame.getText();
            canvas.sendKeys(Keys.ARROW_DOWN);
            until(() -> !frame.getText().equals(was));
        }
        canvas.sendKeys("m");
        see(By.cssSelector("[role=menu]"));
        for (int i = 0; i < 5; i++) {
            browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
        }
        assertThat(browser.switchTo().activeElement().getText()).isEqualTo("Hide it");
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);

        until(() -> address().contains("hide=io.davylamp.demo."));
        until(() -> Chromium.pixels(browser, flame()) != before);
    }

    private boolean changes(WebElement element, String was) {
        try {
            new WebDriverWait(browser, Duration.ofMillis(500), Duration.ofMillis(20))
                    .until(b -> !element.getText().equals(was));
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void whatTheNodeBudgetCutIsAskedForAndShown() {
        show("?measure=cpu&nodes=4");
        WebElement canvas = flame();
        Chromium.run(browser, "arguments[0].focus()", canvas);
        WebElement frame = browser.findElement(By.cssSelector("[data-testid=frame]"));
        boolean asked = false;
        for (int i = 0; i < 40 && !frame.getText().startsWith("io.davylamp.demo.Pricing.discount"); i++) {
            String was = frame.getText();
            canvas.sendKeys(Keys.ARROW_DOWN);
            // Below the last frame that is there is what the budget cut.
            if (!changes(frame, was)) {
                assertThat(was).contains("not shown");
                canvas.sendKeys("+");
                asked = true;
                until(() -> !frame.getText().equals(was));
            }
        }
        assertThat(asked).isTrue();
        assertThat(frame.getText()).startsWith("io.davylamp.demo.Pricing.discount");
    }

    @Test
    void everyExportIsOfferedAndThere() {
        show("?measure=cpu");
        flame();
        for (String format : new String[] {"collapsed", "speedscope", "json"}) {
            assertThat(browser.findElements(By.xpath("//option[.='" + format + "']")))
                    .hasSize(1);
            assertThat(rig.text("/api/v1/tasks/" + task + "/flame?measure=cpu&format=" + format))
                    .contains("Pricing.discount");
        }
    }

    @Test
    void theHeatMapAndRowsPerThreadAreShown() {
        show("?measure=cpu&time=heat");
        WebElement heat = see(By.cssSelector(".timeline canvas"));
        until(() -> Chromium.colours(browser, heat) > 3);
        int one = heat.getSize().height;
        show("?measure=cpu&rows=thread");
        until(() -> see(By.cssSelector(".timeline canvas")).getSize().height > one);
    }

    @Test
    void aNarrowDarkScreenShowsAllWithoutScrollingSideways() {
        browser.quit();
        browser = start(500, 900, true);
        for (String page : new String[] {"/", "/services/shop", "/tasks/" + task, "/tasks/" + task + "?view=hot"}) {
            browser.get(rig.url() + page);
            see(By.tagName("table"));
            assertThat((Boolean) Chromium.run(browser, "return matchMedia('(prefers-color-scheme: dark)').matches"))
                    .isTrue();
            assertThat(((Number) Chromium.run(browser, "return document.scrollingElement.scrollWidth - innerWidth"))
                            .intValue())
                    .as(page)
                    .isLessThanOrEqualTo(0);
        }
    }

    @Test
    void twoTasksAreLookedAtAsOne() {
        browser.get(rig.url() + "/services/shop");
        see(By.cssSelector("input[aria-label='choose " + task + "']")).click();
        see(By.cssSelector("input[aria-label='choose " + earlier + "']")).click();
        see(button("Merge")).click();

        until(() -> browser.getCurrentUrl().contains("/profiles?task="));
        flame();
        long both = rig.get("/api/v1/profiles/flame?measure=cpu&task=" + task + "&task=" + earlier)
                .get("total")
                .asLong();
        assertThat(see(By.cssSelector("[aria-label=measure] [aria-pressed=true]"))
                        .getText())
                .contains(String.format(Locale.ROOT, "%,d samples", both));
    }

    @Test
    void aFileIsOpenedLikeATask() throws IOException {
        Path stacks = Files.writeString(folder.resolve("some.collapsed"), "a;b;c 10\na;d 5\n");
        browser.get(rig.url() + "/open");
        see(By.cssSelector("input[type=file]")).sendKeys(stacks.toString());
        until(() -> browser.getCurrentUrl().contains("/files/"));
        WebElement canvas = flame();
        canvas.sendKeys(Keys.ARROW_DOWN);
        until(() -> see(By.cssSelector("[data-testid=frame]")).getText().startsWith("a — 15 events, 100.0 %"));

        browser.get(rig.url() + "/open");
        Path damaged = Files.writeString(folder.resolve("damaged.jfr"), "FLR\0 and then nothing");
        see(By.cssSelector("input[type=file]")).sendKeys(damaged.toString());
        assertThat(see(By.cssSelector("[role=alert]")).getText()).startsWith("damaged.jfr cannot be read: ");
    }

    @Test
    void aNameIsNeverMarkup() {
        browser.get(rig.url() + "/services/shop");
        until(() -> see(By.cssSelector("[data-testid=instances]")).getText().contains(NASTY));
        show("");
        until(() -> see(By.cssSelector("[data-testid=assignments]")).getText().contains(NASTY));
        assertThat(browser.findElements(By.tagName("img"))).isEmpty();
    }

    @Test
    void theFormShowsTheExactCommandAndWhatIsImpossible() {
        browser.get(rig.url() + "/services/shop");
        see(button("Allocations")).click();
        until(() -> see(By.cssSelector("[data-testid=command]")).getText().equals("alloc"));
        see(By.name("options")).sendKeys("alloc=64k");
        until(() -> see(By.cssSelector("[data-testid=command]")).getText().equals("alloc=64k"));
        see(By.name("options")).sendKeys(",file=/x");
        until(() -> see(By.cssSelector("form.profile [role=alert]")).getText().contains("\"file\" is not allowed"));
        assertThat(see(button("Profile")).isEnabled()).isFalse();
    }
}
