package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
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
    private Page page;
    private int browsers;

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
        page = new Page(rig, folder.resolve("browser" + browsers++));
    }

    @AfterEach
    void close() {
        // What the server refuses while somebody types is shown to them, and logged by the browser.
        assertThat(Chromium.severeLogs(page.browser))
                .filteredOn(entry -> !entry.contains("/api/v1/tasks/check ") && !entry.contains("/api/v1/files?"))
                .isEmpty();
        assertThat(page.browser.getTitle()).endsWith("Davylamp");
        page.close();
    }

    private void show(String query) {
        page.show("/tasks/" + task + query);
    }

    @Test
    void aSliceOfTheTimelineIsInTheAddressAndALinkShowsTheSamePicture() {
        show("?measure=cpu");
        long whole = Chromium.pixels(page.browser, page.flame());
        page.drag(page.see(".timeline canvas"), 0.25, 0.5, false);
        page.until(() -> page.address().contains("from=") && page.address().contains("to="));
        page.until(() -> Chromium.pixels(page.browser, page.flame()) != whole);
        page.see(".chip");
        new Actions(page.browser).moveToLocation(5, 5).perform();
        long sliced = Chromium.pixels(page.browser, page.flame());

        try (Page other = new Page(rig, folder.resolve("other"))) {
            other.browser.get(page.browser.getCurrentUrl());
            other.until(() -> Chromium.pixels(other.browser, other.flame()) == sliced);
        }

        page.see(".chip button").click();
        page.until(() -> !page.address().contains("from="));
    }

    @Test
    void twoSlicesAreComparedWithEachOther() {
        show("?measure=cpu&view=hot");
        WebElement timeline = page.see(".timeline canvas");
        page.drag(timeline, 0.1, 0.4, false);
        page.until(() -> page.address().contains("from="));
        page.drag(timeline, 0.6, 0.9, true);
        page.until(() -> page.address().contains("base-from="));

        page.see(By.xpath("//th[contains(., 'Change of self')]"));
        assertThat(page.see("[data-testid=hot] tbody tr td:nth-child(5)").getText())
                .matches("[+-]?[0-9,.]+ .*");
    }

    @Test
    void anotherTaskIsTheBaseline() {
        show("?measure=cpu");
        page.flame();
        page.chooseValue("Compare", "base-task=" + earlier);

        page.until(() -> page.address().contains("base-task=" + earlier));
        WebElement canvas = page.flame();
        canvas.click();
        canvas.sendKeys(Keys.ARROW_DOWN);
        page.until(() -> page.see("[data-testid=frame]").getText().contains("before"));
    }

    @Test
    void recordingsOfOtherLengthsAreComparedPerSecondAndOtherwiseWhenAsked() {
        show("?measure=cpu&base-task=" + earlier);
        page.until(() -> page.text("[data-testid=compared]").startsWith("Compared per second: 4."));
        assertThat(page.text("[data-testid=legend]")).contains("share of the whole profile", "new or gone");
        page.see(By.cssSelector("[aria-label='compare values'] option[value=value]"))
                .click();

        page.until(() -> page.address().contains("compare=value"));
        page.until(() -> page.text("[data-testid=compared]").startsWith("Compared as plain values"));
        show("?measure=cpu&normalised=true&colours=own-change&base-task=" + earlier);
        page.until(() -> page.text("[data-testid=compared]").startsWith("Compared as shares of the whole"));
        assertThat(page.text("[data-testid=legend]")).contains("share of the frame itself", "Twice");
    }

    @Test
    void aMeasureThatTheBaselineDidNotRecordIsNotZeroBefore() {
        show("?measure=alloc&base-task=" + earlier);

        page.until(() -> page.text("[role=alert]")
                .equals("the baseline has no measure \"alloc\": it was not recorded there; both have cpu"));
        page.show("/profiles?measure=alloc&task=" + task + "&task=" + earlier);
        page.until(() -> page.text("[data-testid=lacking]").startsWith("1 instance did not record alloc"));
    }

    @Test
    void framesThatAreNewOrGoneAreMarked() throws IOException {
        openStacks("before.collapsed", "a;b 10\na;c 5\n");
        String before = page.browser.getCurrentUrl().replaceAll(".*/files/([^?]*).*", "$1");
        openStacks("after.collapsed", "a;b 10\na;d 20\n");
        String after = page.browser.getCurrentUrl().replaceAll(".*/files/([^?]*).*", "$1");

        page.show("/files/" + after + "?base-file=" + before);
        page.flame().sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        untilFrame("d — 20 events.*, before 0\\.0 %, new, .*");
        page.show("/files/" + after + "?widths=before&base-file=" + before);
        page.flame().sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ARROW_RIGHT, Keys.ARROW_RIGHT);
        untilFrame("c — .*, gone, .*");
        page.show("/files/" + after + "?view=hot&base-file=" + before);
        page.until(() -> page.text("[data-testid=hot]").contains("gone"));
    }

    @Test
    void theTabsSayWhatTheSliceHolds() {
        show("?measure=cpu");
        page.flame();
        String whole = page.text("[aria-label=measure] [aria-selected=true]");
        show("?measure=cpu&threads=cart");
        page.until(() -> !page.text("[aria-label=measure] [aria-selected=true]").equals(whole));
        long samples = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&threads=cart&overhead=hide")
                .get("total")
                .asLong();
        assertThat(rig.get("/api/v1/tasks/" + task + "/measures?threads=cart&overhead=hide")
                        .get("measures")
                        .get(0)
                        .get("total")
                        .asLong())
                .isEqualTo(samples);
    }

    @Test
    void theProfilersOwnSamplesAreHiddenAndShownByOneSwitch() {
        show("?measure=wall&idle=keep"); // the agent's threads only wait
        page.until(() -> page.text("[data-testid=overhead]").matches("(?s)Profiler overhead: .*, hidden\\..*"));
        page.see("[data-testid=overhead] button").click();

        page.until(() -> page.address().contains("overhead=group"));
        page.until(() -> page.text("[data-testid=overhead]").contains("in a group of its own"));
        String exported = rig.text("/api/v1/tasks/" + task + "/flame?measure=wall&format=collapsed");
        assertThat(exported).contains("io.davylamp.agent.").doesNotContain("profiler overhead");
    }

    @Test
    void threadsThatOnlyWaitedAreHiddenFromWallAndShownByOneSwitch() {
        show("?measure=wall&view=threads");
        page.until(() -> page.text("[data-testid=idle]").startsWith("Idle threads: hidden."));
        page.until(() -> page.text("[data-testid=threads]").contains("checkout"));
        assertThat(page.text("[data-testid=threads]")).doesNotContain("Reference Handler");
        page.see("[data-testid=idle] button").click();

        page.until(() -> page.address().contains("idle=keep"));
        page.until(() -> page.text("[data-testid=threads]").contains("Reference Handler"));
        show("?measure=cpu&view=threads");
        page.see("[data-testid=threads]");
        assertThat(page.browser.findElements(By.cssSelector("[data-testid=idle]")))
                .isEmpty();
    }

    @Test
    void eachThreadSaysItsStatesByName() {
        show("?measure=wall&view=threads");
        page.until(() -> page.text("[data-testid=threads] tbody tr").matches("(?s).*(sleeping|runnable) [0-9.]+ %.*"));
        assertThat(page.text("[data-testid=threads] thead"))
                .startsWith("Thread")
                .contains("States");
        show("?measure=cpu&view=threads");
        page.until(() -> page.text("[data-testid=threads] tbody tr").contains("%"));
        assertThat(page.text("[data-testid=threads] thead")).doesNotContain("States");
    }

    @Test
    void aHotMethodLeadsToItsCallersAndCallees() {
        show("?measure=cpu&view=hot");
        WebElement first = page.see("[data-testid=hot] tbody tr:first-child td:last-child button");
        assertThat(first.getText()).isEqualTo("io.davylamp.demo.Pricing.discount");
        first.click();

        page.until(() -> page.address().contains("method=io.davylamp.demo.Pricing.discount"));
        page.see(By.xpath("//h3[starts-with(., 'Callers')]"));
        page.see(By.xpath("//h3[starts-with(., 'Callees')]"));
    }

    @Test
    void whatStandsOutIsSaidAndLeadsToIt() {
        show("?measure=cpu");
        page.button("Pricing.discount uses").click();

        page.until(() -> page.address().contains("method=io.davylamp.demo.Pricing.discount"));
        page.see(By.xpath("//h3[starts-with(., 'Callers')]"));
    }

    @Test
    void aThreadIsAFilter() {
        show("?measure=cpu&view=threads");
        page.see(By.xpath("//button[text()='checkout']")).click();

        page.until(() -> page.address().contains("threads=checkout"));
        page.flame();
        assertThat(page.see(".filters .chip").getText()).startsWith("Threads: checkout");
    }

    @Test
    void theCallTreeIsATableThatIsOpenedByKeyboard() {
        show("?measure=cpu&view=tree");
        WebElement table = page.see("[data-testid=tree]");
        page.until(() -> table.getText().contains("io.davylamp.demo.Pricing.discount"));
        WebElement toggle = page.see("[data-testid=tree] button[aria-expanded=true]");
        toggle.sendKeys(Keys.ENTER);

        page.until(() -> !table.getText().contains("io.davylamp.demo.Pricing.discount"));
    }

    @Test
    void aFrameIsHiddenByKeyboardAlone() {
        show("?measure=cpu&include=io.davylamp.demo.Demo.checkout");
        WebElement canvas = page.flame();
        long before = Chromium.pixels(page.browser, canvas);
        page.run("arguments[0].focus()", canvas);
        WebElement frame = page.browser.findElement(By.cssSelector("[data-testid=frame]"));
        for (int i = 0; i < 30 && !frame.getText().startsWith("io.davylamp.demo."); i++) {
            String was = frame.getText();
            canvas.sendKeys(Keys.ARROW_DOWN);
            page.until(() -> !frame.getText().equals(was));
        }
        canvas.sendKeys("m");
        page.see("[role=menu]");
        for (int i = 0; i < 5; i++) {
            page.browser.switchTo().activeElement().sendKeys(Keys.ARROW_DOWN);
        }
        assertThat(page.browser.switchTo().activeElement().getText()).isEqualTo("Hide this frame");
        page.browser.switchTo().activeElement().sendKeys(Keys.ENTER);

        page.until(() -> page.address().contains("hide=io.davylamp.demo."));
        page.until(() -> Chromium.pixels(page.browser, page.flame()) != before);
    }

    private boolean changes(WebElement element, String was) {
        try {
            new WebDriverWait(page.browser, Duration.ofSeconds(3), Duration.ofMillis(20))
                    .until(b -> !element.getText().equals(was));
            return true;
        } catch (TimeoutException e) {
            return false;
        }
    }

    @Test
    void whatTheNodeBudgetCutIsAskedForAndShown() {
        show("?measure=cpu&nodes=4&include=io.davylamp.demo.Demo.checkout");
        WebElement canvas = page.flame();
        page.run("arguments[0].focus()", canvas);
        WebElement frame = page.browser.findElement(By.cssSelector("[data-testid=frame]"));
        boolean asked = false;
        for (int i = 0; i < 40 && !frame.getText().startsWith("io.davylamp.demo.Pricing.discount"); i++) {
            String was = frame.getText();
            canvas.sendKeys(Keys.ARROW_DOWN);
            // Below the last frame that is there is what the budget cut: the key leads nowhere.
            if (!changes(frame, was) && was.contains("too small to draw")) {
                canvas.sendKeys("+");
                asked = true;
            }
            page.until(() -> !frame.getText().equals(was));
        }
        assertThat(asked).isTrue();
        assertThat(frame.getText()).startsWith("io.davylamp.demo.Pricing.discount");
    }

    @Test
    void everyExportIsOfferedAndThere() {
        show("?measure=cpu");
        page.flame();
        page.button("Export").click();
        for (String format : new String[] {"collapsed", "speedscope", "json"}) {
            assertThat(page.browser.findElements(By.cssSelector(".panel button[value='" + format + "']")))
                    .hasSize(1);
            assertThat(rig.text("/api/v1/tasks/" + task + "/flame?measure=cpu&format=" + format))
                    .contains("Pricing.discount");
        }
    }

    @Test
    void theHeatMapAndRowsPerThreadAreShown() {
        show("?measure=cpu&time=heat");
        WebElement heat = page.see(".timeline canvas");
        page.until(() -> Chromium.colours(page.browser, heat) > 3);
        int one = heat.getSize().height;
        show("?measure=wall&rows=thread&idle=keep");
        page.until(() -> page.see(".timeline canvas").getSize().height > one);
    }

    @Test
    void twoTasksAreLookedAtAsOne() {
        page.show("/services/shop");
        page.see(By.cssSelector("input[type=checkbox][value='" + task + "']")).click();
        page.see(By.cssSelector("input[type=checkbox][value='" + earlier + "']"))
                .click();
        page.button("Merge").click();

        page.until(() -> page.browser.getCurrentUrl().contains("/profiles?task="));
        page.flame();
        String words = "/api/v1/profiles/flame?measure=cpu&task=";
        long both = rig.get(words + task + "&task=" + earlier).get("total").asLong();
        assertThat(both)
                .isEqualTo(rig.get(words + task).get("total").asLong()
                        + rig.get(words + earlier).get("total").asLong());
        assertThat(page.see("[aria-label=measure] [aria-selected=true]").getText())
                .containsPattern("[0-9.]+ m?s");
    }

    @Test
    void aFileIsOpenedLikeATask() throws IOException {
        WebElement canvas = openStacks("some.collapsed", "a;b;c 10\na;d 5\n");
        canvas.sendKeys(Keys.ARROW_DOWN);
        page.until(() -> page.see("[data-testid=frame]").getText().startsWith("a — 15 events, 100.0 %"));

        page.show("/open");
        Path damaged = Files.writeString(folder.resolve("damaged.jfr"), "FLR\0 and then nothing");
        page.see("input[type=file]").sendKeys(damaged.toString());
        assertThat(page.see("[role=alert]").getText()).startsWith("damaged.jfr cannot be read: ");
    }

    private WebElement openStacks(String name, String stacks) throws IOException {
        page.show("/open");
        page.see("input[type=file]")
                .sendKeys(Files.writeString(folder.resolve(name), stacks).toString());
        page.until(() -> page.browser.getCurrentUrl().contains("/files/"));
        return page.flame();
    }

    private void untilFrame(String like) {
        page.until(() -> page.frame().matches(like));
    }

    @Test
    void framesThatOnlyPassOnAreFoldedIntoWhatTheyLeadToAndOpenedOneByOne() throws IOException {
        WebElement canvas = openStacks("chains.collapsed", "t;run;work;handle;x 10\nt;run;work;handle;y;z;leaf 5\n");
        page.choose("View", "Merge single-child frames");
        page.until(() -> page.address().contains("fold-chains=true"));

        canvas.sendKeys(Keys.ARROW_DOWN);
        untilFrame("handle — 15 events.* 3 merged callers");
        canvas.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_RIGHT);
        untilFrame("leaf — 5 events.* 2 merged callers");
        canvas.sendKeys(Keys.ARROW_UP, "o");
        untilFrame("handle — 15 events, 100.0 %, self 0 events, 0.0 %, Unknown kind");
        canvas.sendKeys(Keys.ARROW_UP);
        untilFrame("work — .*");
        // What is searched for is found in the box it is folded into.
        page.see("input[aria-label='search frames']").sendKeys("z");
        page.until(() -> page.text("[data-testid=matched]").equals("1 frame, 33.3 %"));
        canvas.sendKeys("n");
        untilFrame("leaf — .*");

        page.choose("View", "Merge single-child frames");
        page.until(() -> !page.address().contains("fold-chains"));
        canvas.sendKeys("n");
        untilFrame("z — .*");
    }

    @Test
    void recursionIsFoldedIntoItsOutermostCall() throws IOException {
        openStacks("recursion.collapsed", "a;b;a;c 10\na;b 5\n");
        page.choose("View", "Collapse recursion");
        page.until(() -> page.address().contains("fold-recursion=true"));

        page.until(() -> {
            WebElement canvas = page.see(".flame canvas");
            canvas.sendKeys(Keys.ESCAPE, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_UP, Keys.ARROW_DOWN, Keys.ARROW_DOWN);
            return page.frame().startsWith("c — 10 events");
        });
    }

    @Test
    void methodsStandBesideTheFlameGraphAndAreShownInIt() {
        show("?measure=cpu");
        page.flame();
        page.choose("View", "Show method list");
        page.until(() -> page.address().contains("beside=hot"));
        WebElement canvas = page.flame();
        long before = Chromium.pixels(page.browser, canvas);
        page.see("[data-testid=hot] tbody tr:first-child td:last-child button").click();

        page.until(() -> page.address().contains("search=io.davylamp.demo.Pricing.discount"));
        page.until(() -> page.text("[data-testid=matched]").matches("[1-9].* frames?, [1-9].* %"));
        page.until(() -> Chromium.pixels(page.browser, canvas) != before);
        assertThat(page.text("[data-testid=hot] tr[aria-current=true]")).contains("Pricing.discount");
        assertThat(page.browser.findElements(By.cssSelector("[data-testid=hot] tbody tr")))
                .hasSizeGreaterThan(1);
    }

    @Test
    void aNameIsNeverMarkup() {
        page.show("/services/shop");
        page.until(() -> page.see("[data-testid=instances]").getText().contains(NASTY));
        show("");
        page.button("1 of 1 ready").click();
        page.until(() -> page.see("[data-testid=assignments]").getText().contains(NASTY));
        assertThat(page.browser.findElements(By.tagName("img"))).isEmpty();
    }

    @Test
    void theFormShowsTheExactCommandAndWhatIsImpossible() {
        page.show("/services/shop");
        page.button("Allocations").click();
        page.until(() -> page.see("[data-testid=command]").getText().equals("alloc"));
        page.see(By.name("options")).sendKeys("alloc=64k");
        page.until(() -> page.see("[data-testid=command]").getText().equals("alloc=64k"));
        page.see(By.name("options")).sendKeys(",file=/x");
        page.until(() -> page.see("form.profile [role=alert]").getText().contains("\"file\" is not allowed"));
        assertThat(page.button("Profile").isEnabled()).isFalse();
    }
}
