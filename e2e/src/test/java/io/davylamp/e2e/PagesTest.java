package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.interactions.Actions;

/** Every page, for everybody: by keyboard alone, on a phone, in the dark, on paper, and when the server is gone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PagesTest {
    private Path folder;
    private Rig rig;
    private String task;
    private Page page;
    private int browsers;

    @BeforeAll
    void record(@TempDir Path temporary) throws IOException {
        folder = temporary;
        rig = new Rig(folder);
        rig.startServer();
        rig.startDemo("shop", "shop-1", rig.agentPort);
        rig.startDemo("shop", "shop-2", rig.agentPort);
        task = rig.createTask("shop", "\"all\"", 3, "[\"cpu\", \"alloc\"]", "{\"interval\": \"2ms\"}");
        Rig.await().until(() -> !rig.task(task).get("live").asBoolean());
        rig.awaitState(task, "READY");
    }

    @AfterAll
    void end() throws InterruptedException {
        rig.close();
    }

    private Page open(int width, int height, boolean dark) {
        page = new Page(rig, folder.resolve("browser" + browsers++), width, height, dark);
        return page;
    }

    @AfterEach
    void close() {
        page.close();
    }

    private List<String> pages() {
        return List.of(
                "/",
                "/services/shop",
                "/tasks/" + task + "?measure=cpu",
                "/tasks/" + task + "?measure=cpu&view=hot",
                "/tasks/" + task + "?measure=cpu&view=threads&time=heat",
                "/tasks/" + task + "?measure=cpu&view=tree",
                "/tasks/" + task + "?measure=cpu&view=time",
                "/tasks/" + task + "?measure=cpu&beside=hot",
                "/tasks/" + task + "?measure=cpu&base-instance=shop-1",
                "/tasks/" + task + "?measure=cpu&base-instance=shop-1&layout=sides",
                "/profiles?service=shop",
                "/open",
                "/settings",
                "/docs/",
                "/docs/how-to/when-something-is-wrong.html");
    }

    private void shown() {
        page.see("main h1");
        page.until(() -> page.browser.findElements(By.cssSelector(".skeleton")).isEmpty());
    }

    @Test
    void theWholeWayIsGoneByKeyboardAlone() {
        open(1200, 900, false).show("/");
        page.see("[data-testid=services]");
        page.tabToText("shop");
        page.press(Keys.ENTER);
        page.see("form.profile");
        page.until(() -> page.text("[data-testid=command]").equals("event=cpu"));
        page.tabToText("Allocations");
        page.press(Keys.SPACE);
        page.until(() -> page.text("[data-testid=command]").equals("alloc"));
        page.tabTo("input[name=duration]");
        page.press(Keys.chord(Keys.CONTROL, "a"), "2");
        page.until(() -> page.address().contains("seconds=2"));
        page.tabToText("Profile");
        page.press(Keys.ENTER);
        page.until(() -> page.browser.getCurrentUrl().contains("/tasks/"));
        page.flame();

        page.tabTo(".timeline canvas");
        page.press(Keys.ARROW_RIGHT);
        page.until(() -> page.address().contains("from=") && page.address().contains("to="));
        page.press(Keys.ESCAPE);
        page.until(() -> !page.address().contains("from="));
        page.tabTo(".flame canvas");
        page.press(Keys.ARROW_DOWN);
        page.until(() -> !page.frame().startsWith("all ") && !page.frame().isBlank());
        String frame = page.frame();
        page.press(Keys.ENTER);
        page.until(() -> page.address().contains("zoom="));
        page.press("m");
        page.see("[role=menu]");
        page.press(Keys.ENTER);
        page.until(
                () -> page.browser.findElements(By.cssSelector("[role=menu]")).isEmpty());
        assertThat(frame).isNotBlank();
        page.press(Keys.ESCAPE);
        page.until(() -> !page.address().contains("zoom="));
        assertThat(Chromium.severeLogs(page.browser)).isEmpty();
    }

    /** The last is a window of 1440 x 900 at 200 %. */
    @ParameterizedTest
    @CsvSource({"1440, 900, 1", "1920, 1080, 1", "1024, 768, 1", "390, 844, 1", "720, 450, 2"})
    void nothingOverlapsOrIsCutOrLeavesTheWindow(int width, int height, int ratio) {
        open(1200, 900, false).sized(width, height, ratio);
        for (String path : pages()) {
            page.show(path);
            shown();
            assertThat(page.number("return innerWidth")).isEqualTo(width);
            Layout.requireInPlace(page, path + " at " + width);
        }
        for (String path : List.of("/", "/services/shop", "/tasks/" + task + "?measure=cpu")) {
            page.show(path);
            shown();
            Layout.requireMenusInside(page, path + " at " + width);
        }
    }

    @ParameterizedTest
    @CsvSource({"1440, 900, 300", "1920, 1080, 300", "390, 844, 420"})
    void theGraphBeginsHighAndNothingJumpsWhileThePageLoads(int width, int height, int most) {
        open(1200, 900, false).sized(width, height, 1);
        for (String path : List.of("/tasks/" + task, "/tasks/" + task + "?measure=cpu&base-instance=shop-1", "/")) {
            page.show(path);
            shown();
            if (path.startsWith("/tasks")) {
                page.flame();
                assertThat(page.number("return document.querySelector('.flame canvas').getBoundingClientRect().top"))
                        .as(path)
                        .isLessThanOrEqualTo(most + (path.contains("base-") ? 80 : 0));
            }
            assertThat(Layout.shifted(page)).as(path + " at " + width).isLessThanOrEqualTo(0.02);
        }
    }

    @Test
    void theGraphIsReachedByFewKeys() {
        open(1440, 900, false).show("/tasks/" + task + "?measure=cpu");
        page.flame();
        int stops = 0;
        do {
            page.press(Keys.TAB);
            stops++;
        } while (stops < 12
                && !page.browser.switchTo().activeElement().getText().equals("Skip to the graph"));
        page.press(Keys.ENTER);

        page.until(() -> (Boolean) page.run("return document.activeElement.matches('.flame canvas')"));
        assertThat(stops).isLessThanOrEqualTo(2);
    }

    @Test
    void aTaskHasTheTitleThatAPersonGivesItEverywhere() throws Exception {
        String title = "Before <b>the</b> cache";
        open(1440, 900, false).show("/tasks/" + task + "?measure=cpu");
        page.flame();
        page.see("button[aria-label='Rename this task']").click();
        page.see("input[name=title]").sendKeys(title);
        page.button("Rename").click();

        page.until(() -> page.text("h1").equals(title));
        page.until(() -> page.browser.getTitle().equals("shop · " + title + " · Davylamp"));
        page.show("/");
        page.until(() -> page.text("[data-testid=recent]").contains(title));
        String other = rig.createTask("shop", "[\"shop-1\"]", 3, "[\"cpu\"]", "{\"interval\": \"2ms\"}");
        rig.awaitState(other, "READY");
        page.show("/tasks/" + other + "?base-task=" + task);
        page.until(() -> page.text(".chip.base").equals("Baseline: " + title));
        page.button("Compare").click();
        page.see(By.xpath("//button[@value='base-task=" + task + "'][contains(., '" + title + "')]"));
        page.show("/profiles?task=" + task + "&task=" + other);
        page.until(() -> page.text(".parts").contains(title));
        assertThat(rig.davy("tasks").out()).contains(title);
        assertThat(rig.text("/api/v1/tasks/" + task + "/flame?format=html"))
                .contains("shop Before &lt;b>the&lt;/b> cache");

        page.show("/tasks/" + task + "?measure=cpu");
        page.see("button[aria-label='Rename this task']").click();
        page.see("input[name=title]").sendKeys(Keys.chord(Keys.CONTROL, "a"), Keys.DELETE);
        page.button("Rename").click();
        page.until(() -> page.text("h1").equals("CPU, allocations · 3 s"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void allTextStandsOutFromItsGroundAndAxeFindsNothing(boolean dark) throws IOException {
        open(1200, 900, dark);
        for (String path : pages()) {
            page.show(path);
            shown();
            Accessibility.requireNoFault(page, path);
        }
    }

    @Test
    void everythingThatCanBeUsedHasANameAndComesInTheOrderOfThePage() {
        open(1200, 900, false);
        for (String path : pages()) {
            page.show(path);
            shown();
            assertThat((List<?>) page.run("return [...document.querySelectorAll('button, input, select, canvas, a,"
                            + " [tabindex]')].filter(e => e.checkVisibility() && e.id !== 'main' &&"
                            + " !e.ariaHidden).filter(e => !(e.textContent.trim() || e.ariaLabel ||"
                            + " e.labels?.length || e.title || e.placeholder)).map(e => e.outerHTML.slice(0,"
                            + " 100))"))
                    .as(path)
                    .isEmpty();
            assertThat(
                            page.number(
                                    "return"
                                            + " document.querySelectorAll('[tabindex]:not([tabindex=\"0\"]):not([tabindex=\"-1\"])').length"))
                    .as(path)
                    .isZero();
        }
    }

    @Test
    void noPageAsksAnybodyElseOrRunsWhatIsNotOurs() {
        open(1200, 900, false);
        for (String path : pages()) {
            page.show(path);
            shown();
            assertThat((List<?>) page.run("return performance.getEntriesByType('resource').map(e => e.name)"
                            + ".filter(name => !name.startsWith(location.origin))"))
                    .as(path)
                    .isEmpty();
            assertThat(page.number("return document.querySelectorAll('script:not([src]), style, [style*=url]').length"))
                    .as(path)
                    .isZero();
            assertThat(Chromium.severeLogs(page.browser)).as(path).isEmpty();
        }
        page.run("const s = document.createElement('script'); s.textContent = 'window.ran = true';"
                + " document.body.append(s)");
        assertThat(page.run("return window.ran ?? 'refused'")).isEqualTo("refused");
    }

    @Test
    void thePageTellsThatTheServerIsGoneAndGoesOnWhenItIsBack() throws Exception {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu");
        long before = Chromium.pixels(page.browser, page.flame());
        rig.killServer();

        page.choose("View", "Bottom-up");
        page.until(() -> page.text(".gone").startsWith("The server does not answer."));
        rig.startServer();
        page.until(() -> page.browser.findElements(By.cssSelector(".gone")).isEmpty());
        page.flame();
        page.choose("View", "Top-down");
        page.run("document.activeElement.blur()");
        page.until(() -> Chromium.pixels(page.browser, page.flame()) == before);

        page.show("/");
        page.see("[data-testid=services]");
        rig.killServer();
        page.see(".gone");
        rig.startServer();
        page.until(() -> page.browser.findElements(By.cssSelector(".gone")).isEmpty());
        page.until(() -> page.text("[data-testid=services]").contains("shop"));
    }

    /** Types into the search of the documentation, and goes to the first result. */
    private void searchTheDocumentation(String words) {
        page.see(".search input");
        page.press("/");
        page.until(() -> (Boolean) page.run("return document.activeElement.matches('.search input')"));
        page.press(words);
        page.until(() -> !page.browser.findElements(By.cssSelector(".found a")).isEmpty());
        page.press(Keys.ARROW_DOWN);
        page.until(() -> (Boolean) page.run("return document.activeElement.matches('.found a')"));
        page.press(Keys.ENTER);
    }

    @Test
    void theDocumentationIsSearchedByKeyboardAlsoFromTheDisk() {
        open(1200, 900, false);
        for (String first : List.of(
                rig.url() + "/docs/",
                Rig.HOME.resolve("docs/index.html").toUri().toString())) {
            page.browser.get(first);
            searchTheDocumentation("the instance never asked");

            page.until(() -> page.browser.getCurrentUrl().contains("/how-to/when-something-is-wrong.html"));
            assertThat(page.text("main")).contains("the instance never asked for the task");
            assertThat(Chromium.severeLogs(page.browser)).as(first).isEmpty();
        }
    }

    @Test
    void theDocumentationHasTheThemeOfThePageAndCommandsThatAreCopied() {
        open(1200, 900, false).show("/docs/");
        ((ChromeDriver) page.browser)
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        page.button("Copy").click();
        page.button("Copied");
        assertThat((String) page.run("return navigator.clipboard.readText()")).startsWith("./davy demo");

        page.button("Theme: system").click();
        page.button("Theme: light").click();
        page.button("Theme: dark");
        page.show("/open").see("main h1");
        assertThat((Boolean) page.run("return document.documentElement.classList.contains('dark')"))
                .isTrue();
    }

    @Test
    void aHelpLinkLeadsToItsSection() {
        open(1200, 900, false).show("/services/nothing");
        String address = page.see("a.doc").getDomAttribute("href");

        page.show(address);

        assertThat(page.see("h2:target").getText()).startsWith("An instance is missing");
    }

    @Test
    void whatRunsIsOnTheFirstPageUntilItIsOver() {
        open(1200, 900, false).show("/");
        String running = rig.createTask("shop", "[\"shop-1\"]", 600, "[\"cpu\"]", "{}");

        page.see("[data-testid=running] a[href='/tasks/" + running + "']");
        rig.awaitState(running, "RUNNING");
        rig.post("/api/v1/tasks/" + running + "/stop", "{}");
        page.see("[data-testid=recent] a[href='/tasks/" + running + "']");
        page.until(() -> page.browser
                .findElements(By.cssSelector("[data-testid=running]"))
                .isEmpty());
    }

    @Test
    void oneInstanceIsComparedWithAnother() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu&instance=shop-2&view=hot");
        page.chooseValue("Compare", "base-instance=shop-1");

        page.until(() -> page.address().contains("base-instance=shop-1"));
        page.see(By.xpath("//th[contains(., 'Change of self')]"));
        JsonNode hot = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&instance=shop-2&base-instance=shop-1");
        JsonNode other = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&instance=shop-1");
        assertThat(hot.get("baselineTotal").asLong())
                .isEqualTo(other.get("total").asLong());
    }

    @Test
    void filesAreKeptComparedMergedAndDeleted() throws IOException {
        open(1200, 900, false);
        for (String stacks : new String[] {"before a;b 10\n", "after a;b 4\na;c 8\n"}) {
            String name = stacks.substring(0, stacks.indexOf(' '));
            Path file = Files.writeString(folder.resolve(name + ".collapsed"), stacks.substring(name.length() + 1));
            page.show("/open");
            page.see("input[type=file]").sendKeys(file.toString());
            page.until(() -> page.browser.getCurrentUrl().contains("/files/"));
            page.flame();
        }
        page.button("Keep").click();
        page.until(() -> page.text("main").contains("kept"));

        page.show("/open");
        page.see("input[aria-label='choose before.collapsed']").click();
        page.see("input[aria-label='choose after.collapsed']").click();
        page.button("Compare").click();
        page.until(() -> page.address().contains("base-file="));
        WebElement canvas = page.flame();
        canvas.sendKeys(Keys.ARROW_DOWN);
        // Nobody knows how long stacks were sampled: shares are compared.
        page.until(() -> page.frame()
                .startsWith("a — 12 events, 100.0 %, self 0 events, 0.0 %, before 100.0 %, 0.0 points (0.0 %)"));

        page.show("/open");
        page.see("input[aria-label='choose before.collapsed']").click();
        page.see("input[aria-label='choose after.collapsed']").click();
        page.button("Merge").click();
        page.until(() -> page.address().contains("file=") && !page.address().contains("base-"));
        page.flame().sendKeys(Keys.ARROW_DOWN);
        page.until(() -> page.frame().startsWith("a — 22 events"));

        page.show("/open");
        page.see("[data-testid=files]");
        page.see(By.xpath("//tr[contains(., 'after.collapsed')]//button[. = 'Delete']"))
                .click();
        page.see("dialog button.danger").click();
        page.until(() -> !page.text("[data-testid=files]").contains("after.collapsed"));
    }

    @Test
    void behindThePicturesAreTablesThatCanBeCopied() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu&view=hot");
        ((ChromeDriver) page.browser)
                .executeCdpCommand(
                        "Browser.grantPermissions",
                        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
        page.see("[data-testid=hot]");
        page.button("Copy all").click();
        page.until(() ->
                page.browser.findElements(By.xpath("//button[. = 'Copied']")).size() == 1);
        String copied = (String) page.run("return navigator.clipboard.readText()");
        assertThat(copied.lines().findFirst()).contains("Self\tSelf value\tSelf samples\tTotal\tMethod");
        assertThat(copied.lines().skip(1).findFirst().orElse("")).endsWith("\tio.davylamp.demo.Pricing.discount");

        page.see("[aria-label='Timeline options']").click();
        page.button("Show as a table").click();
        page.until(() -> page.text("[data-testid=time-table]").contains("cpu-user"));
        assertThat(page.number(
                        "return +document.querySelector('[data-testid=time-table]').getAttribute('aria-rowcount')"))
                .isEqualTo(300);
    }

    @Test
    void onPaperIsTheWholeGraph() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu&detail=line");
        WebElement canvas = page.flame();
        int shown = canvas.getSize().height;
        long whole = page.number("const box = document.querySelector('.flame-scroll'); return box.scrollHeight");

        page.run("dispatchEvent(new Event('beforeprint'))");

        page.until(() -> canvas.getSize().height >= Math.min(whole, 16_000) - 40);
        page.run("dispatchEvent(new Event('afterprint'))");
        page.until(() -> canvas.getSize().height == shown);
    }

    @Test
    void anHtmlExportWorksFromTheDiskWithoutAnyServer() throws Exception {
        assertThat(rig.davy("download", task).exitCode()).isZero();
        Path recording;
        try (Stream<Path> files = Files.list(folder)) {
            recording = files.filter(file -> file.toString().endsWith(".jfr"))
                    .findFirst()
                    .orElseThrow();
        }
        Rig.Ran ran = rig.davy("flame", recording.toString(), "-o", "one.html");
        assertThat(ran.exitCode()).as(ran.err()).isZero();
        Path html = folder.resolve("one.html");
        assertThat(Files.readString(html)).containsOnlyOnce("</body>");

        open(1200, 900, false);
        page.browser.get(html.toUri().toString());
        WebElement canvas = page.flame();
        assertThat(page.text("h1")).isEqualTo(recording.getFileName().toString());
        assertThat(page.text("body")).doesNotContain("Reading…");
        page.button("Allocated").click();
        page.button("CPU").click();
        page.see("input[aria-label='search frames']").sendKeys("/pricing\\.disc/");
        page.until(() -> page.text("[data-testid=matched]").matches("[1-9].* frames?, [1-9].* %"));
        canvas.sendKeys(Keys.ARROW_DOWN, Keys.ARROW_DOWN, Keys.ENTER);
        page.until(() -> page.browser.getCurrentUrl().contains("zoom="));
        String link = page.browser.getCurrentUrl();
        // Away from the frame that is pointed at, which is drawn with a border.
        new Actions(page.browser).moveToElement(canvas).moveToLocation(5, 5).perform();
        page.until(() -> page.frame().isBlank());
        long picture = Chromium.pixels(page.browser, canvas);
        page.browser.get("about:blank");
        page.browser.get(link);
        page.until(() -> Chromium.pixels(page.browser, page.flame()) == picture);
        page.button("Tree").click();
        page.until(() -> page.text("[data-testid=tree]").contains("io.davylamp.demo.Pricing.discount"));
        assertThat((List<?>) page.run("return performance.getEntriesByType('resource').map(e => e.name)"
                        + ".filter(name => !name.startsWith('data:'))"))
                .isEmpty();
        assertThat(Chromium.severeLogs(page.browser)).isEmpty();
    }

    @Test
    void anExportOfThePageIsAFileThatWorks() throws IOException {
        Path downloads = Files.createDirectories(folder.resolve("downloads"));
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu");
        ((ChromeDriver) page.browser)
                .executeCdpCommand(
                        "Browser.setDownloadBehavior",
                        Map.of("behavior", "allow", "downloadPath", downloads.toString()));
        page.flame();
        page.chooseValue("Export", "html");
        Path html = downloads.resolve("shop_" + task + ".html");
        page.until(() -> Files.exists(html));

        page.browser.get(html.toUri().toString());
        page.flame();
        assertThat(page.text("h1")).isEqualTo("shop " + task);
        assertThat(Chromium.severeLogs(page.browser)).isEmpty();
    }

    @Test
    void totalsAreThoseOfTheInstanceThatIsChosen() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu");
        page.flame();
        String all = page.text("[aria-label=measure] [aria-selected=true]");
        page.see(By.xpath("//option[. = 'shop-1' and not(@value)]")).click();

        page.until(() -> !page.text("[aria-label=measure] [aria-selected=true]").equals(all));
        assertThat(page.text("[aria-label=measure] [aria-selected=true]")).containsPattern("^CPU\\s+[0-9.]+ m?s");
    }

    @Test
    void lightAndDarkAreChosenAndRemembered() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu");
        long light = Chromium.pixels(page.browser, page.flame());
        String ground = "return getComputedStyle(document.body).backgroundColor";
        assertThat(page.run(ground)).isEqualTo("rgb(255, 255, 255)");

        page.chooseValue("Theme", "dark");

        page.until(() -> page.run(ground).equals("rgb(21, 24, 28)"));
        page.until(() -> Chromium.pixels(page.browser, page.flame()) != light);
        page.show("/settings");
        page.until(() -> page.run(ground).equals("rgb(21, 24, 28)"));
        page.chooseValue("Theme", "system");
        page.until(() -> page.run(ground).equals("rgb(255, 255, 255)"));
    }

    @Test
    void theRootMayBeAtTheBottom() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu");
        page.flame();
        page.choose("View", "Flip");
        page.until(() -> page.address().contains("root-at=bottom"));
        WebElement canvas = page.flame();
        page.until(() ->
                page.number("const s = document.querySelector('.flame-scroll'); return s.scrollTop + s.clientHeight -"
                                + " s.scrollHeight")
                        >= -2);
        page.run("arguments[0].scrollIntoView({block: 'end'})", canvas);
        new Actions(page.browser)
                .moveToElement(canvas, 0, canvas.getSize().height / 2 - 5)
                .perform();
        page.until(() -> page.frame().startsWith("all "));
        canvas.sendKeys(Keys.ARROW_UP);
        page.until(() -> !page.frame().startsWith("all "));

        page.browser.navigate().refresh();
        page.flame();
        page.until(() ->
                page.number("const s = document.querySelector('.flame-scroll'); return s.scrollTop + s.clientHeight -"
                                + " s.scrollHeight")
                        >= -2);
    }

    @Test
    void matchesAreVisitedOneAfterTheOther() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu&search=io.davylamp.demo");
        WebElement canvas = page.flame();
        page.until(() -> page.text("[data-testid=matched]").contains("%"));
        canvas.sendKeys("n");
        page.until(() -> page.frame().startsWith("io.davylamp.demo."));
        String first = page.frame();
        canvas.sendKeys("n");
        page.until(() ->
                page.frame().startsWith("io.davylamp.demo.") && !page.frame().equals(first));
        canvas.sendKeys("N");
        page.until(() -> page.frame().equals(first));
        page.see("button[aria-label='next match']").click();
        page.until(() -> !page.frame().equals(first));
    }

    @Test
    void whatCameAfterWhatIsShownByThread() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu&instance=shop-1&threads=checkout");
        long byValue = Chromium.pixels(page.browser, page.flame());
        page.button("Time order").click();
        page.until(() -> page.address().contains("view=time"));
        page.until(() -> Chromium.pixels(page.browser, page.flame()) != byValue);
        WebElement canvas = page.flame();
        canvas.sendKeys(Keys.ARROW_DOWN);
        page.until(() -> page.frame().startsWith("checkout"));
        page.see("input[aria-label='search frames']").sendKeys("Pricing.discount");
        page.until(() -> page.text("[data-testid=matched]").contains("%"));
        canvas.sendKeys("n");
        canvas.sendKeys(Keys.ENTER);
        page.until(() -> page.address().contains("zoom=n"));
        String first = page.address();
        // The same frame again, entered anew: the address tells them apart.
        canvas.sendKeys(Keys.ESCAPE);
        page.until(() -> !page.address().contains("zoom="));
        canvas.sendKeys("n");
        canvas.sendKeys(Keys.ENTER);
        page.until(() -> page.address().contains("zoom=n") && !page.address().equals(first));
        assertThat(page.frame()).startsWith("io.davylamp.demo.Pricing.discount");
    }

    @Test
    void theCardBesideThePointerTellsOfItsFrame() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu");
        WebElement canvas = page.flame();
        page.run("arguments[0].scrollIntoView({block: 'start'})", canvas);
        new Actions(page.browser)
                .moveToElement(canvas, -canvas.getSize().width / 2 + 60, -canvas.getSize().height / 2 + 27)
                .perform();

        page.until(
                () -> page.text(".card").contains("self") && page.text(".card").contains("%"));
        assertThat(page.frame()).startsWith(page.text(".card .mono"));
    }

    @Test
    void allScriptIsBelowAHundredKilobytesAsItTravels() throws IOException {
        open(600, 400, false).show("/");
        page.see("main h1");
        String script = (String) page.run("return document.querySelector('script[src]').getAttribute('src')");
        assertThat(script).isEqualTo("/ui/app.js");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(rig.text(script).getBytes(StandardCharsets.UTF_8));
            gzip.write(rig.text("/ui/worker.js").getBytes(StandardCharsets.UTF_8));
        }
        assertThat(packed.size()).isBetween(10_000, 100_000);
    }

    @Test
    void theSettingsPageTellsHowTheServerIs() {
        open(1200, 900, false).show("/settings");

        page.until(() -> page.text("[data-testid=settings]").contains("agent.port"));
        assertThat(page.text("main")).contains("JVMs connected", "programs on this machine only", "OK: ");
        assertThat(page.text("[data-testid=settings] b")).isNotBlank();
        assertThat(page.browser.getTitle()).isEqualTo("Settings · Davylamp");
    }

    @Test
    void aLinkToAFrameShowsThatFrame() {
        open(1200, 900, false).show("/tasks/" + task + "?measure=cpu&include=io.davylamp.demo.Demo.checkout");
        WebElement canvas = page.flame();
        for (int i = 0; i < 30 && !page.frame().startsWith("io.davylamp.demo."); i++) {
            String was = page.frame();
            canvas.sendKeys(Keys.ARROW_DOWN);
            page.until(() -> !page.frame().equals(was));
        }
        String frame = page.frame().substring(0, page.frame().indexOf(" — "));
        canvas.sendKeys(Keys.ENTER);
        page.until(() -> page.address().contains("zoom="));
        String link = page.browser.getCurrentUrl();

        page.browser.navigate().back();
        page.until(() -> !page.address().contains("zoom="));
        page.browser.get(link);
        page.flame();
        page.until(() -> frame.equals(page.see(".crumbs span:last-child button").getDomAttribute("title")));
    }
}
