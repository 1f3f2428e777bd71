package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** What is much larger, deeper or emptier than usual is shown like all else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LargeProfilesTest {
    private static final int NODES = 1_000_000;
    private static final int THREADS = 3_000;
    private static final int DEPTH = 5_000;

    private Path folder;
    private Rig rig;
    private Page page;
    private int browsers;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        rig = new Rig(folder);
        rig.startServer("--set", "query.max-nodes=2000000");
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
        // The browser also logs what the server rightly refuses.
        assertThat(Chromium.severeLogs(page.browser))
                .allMatch(line -> line.contains("the server responded with a status of 400"));
        page.close();
    }

    private String open(Path file) throws IOException, InterruptedException {
        HttpResponse<String> opened = Rig.HTTP.send(
                HttpRequest.newBuilder(URI.create(rig.url() + "/api/v1/files?name=" + file.getFileName()))
                        .header("Content-Type", "application/octet-stream")
                        .POST(HttpRequest.BodyPublishers.ofFile(file))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(opened.statusCode()).as(opened.body()).isEqualTo(201);
        return Rig.json(opened).get("id").asText();
    }

    @Test
    void aMillionNodesAreDrawnSearchedAndZoomed() throws Exception {
        Path stacks = folder.resolve("million.collapsed");
        try (BufferedWriter out = Files.newBufferedWriter(stacks)) {
            int made = 1;
            for (int first = 0; made < NODES; first++) {
                made++;
                for (int second = 0; second < 100 && made < NODES; second++) {
                    made += 6;
                    out.write("app.Main.run" + first + ";app.A.a" + second + ";app.B.b;app.C.c;app.D.d;app.E.e;app.F.f"
                            + (first * 31 + second) % 5_000 + " " + (1 + second) + "\n");
                }
            }
        }
        String file = open(stacks);
        page.show("/files/" + file + "?nodes=2000000");
        WebElement canvas = page.flame();

        canvas.sendKeys(Keys.ARROW_DOWN);
        page.until(() -> page.frame().startsWith("app.Main.run"));
        JsonNode all = rig.get("/api/v1/files/" + file + "/flame");
        assertThat(all.at("/nodes/parent")).hasSizeGreaterThanOrEqualTo(NODES);

        page.see("input[aria-label='search frames']").sendKeys("/^app\\.Main\\.run7$/");
        page.until(() -> page.text("[data-testid=matched]").matches("[0-9,]+ frames?, 0\\.1 %"));
        long before = Chromium.pixels(page.browser, canvas);
        canvas.sendKeys(Keys.ENTER);
        page.until(() -> Chromium.pixels(page.browser, canvas) != before);
        assertThat(page.address()).contains("zoom=");

        page.button("Tree").click();
        page.button("Expand all").click();
        page.until(
                () -> page.number("return +document.querySelector('[data-testid=tree]').getAttribute('aria-rowcount')")
                        >= NODES);
        page.run("document.querySelector('.rows').scrollTop = 1e9");
        page.until(() -> page.text("[data-testid=tree]").contains("app.F.f"));
    }

    @Test
    void aSearchThatTakesTooLongIsEndedAndThePageGoesOn() throws Exception {
        String name = "a".repeat(60);
        Path stacks = Files.writeString(folder.resolve("slow.collapsed"), name + "!;b 10\n" + name + "?;c;d 5\n");
        page.show("/files/" + open(stacks));
        WebElement canvas = page.flame();

        page.see("input[aria-label='search frames']").sendKeys("/^(a+)+$/");

        page.until(() -> page.text("[data-testid=matched]").equals("This expression takes too long."));
        page.see("input[aria-label='search frames']").sendKeys(Keys.chord(Keys.CONTROL, "a"), "d");
        page.until(() -> page.text("[data-testid=matched]").equals("1 frame, 33.3 %"));
        // One that is asked for while the slow one still runs has its own time.
        page.see("input[aria-label='search frames']").sendKeys(Keys.chord(Keys.CONTROL, "a"), "/^(a+)+$/");
        page.see("input[aria-label='search frames']").sendKeys(Keys.chord(Keys.CONTROL, "a"), "c");
        page.until(() -> page.text("[data-testid=matched]").equals("1 frame, 33.3 %"));
        canvas.sendKeys(Keys.ARROW_DOWN);
        page.until(() -> page.frame().startsWith(name));
    }

    @Test
    void fiveThousandFramesOfOneStackAreScrolledThrough() throws Exception {
        try (HostJvm host =
                HostJvm.plan(rig, "deep").agent("").jvm("-Xss64m").start().awaitReady()) {
            rig.awaitInstance("shop", "deep");
            assertThat(host.ask("deep " + (DEPTH + 500))).isEqualTo("started");
            String task = rig.createTask("shop", "[\"deep\"]", 4, "[\"cpu\"]", "{\"jstackdepth\": \"8192\"}");
            rig.awaitState(task, "READY");

            page.show("/tasks/" + task + "?measure=cpu&include=*.Host.descend");
            WebElement canvas = page.flame();
            WebElement map = page.see("[data-testid=map]");
            long top = Chromium.pixels(page.browser, map);
            page.run("arguments[0].scrollIntoView({block: 'center'})", map);
            page.until(() -> {
                map.click();
                return page.number("return document.querySelector('.flame-scroll').scrollTop") >= DEPTH / 3 * 18;
            });
            page.until(() -> Chromium.pixels(page.browser, map) != top);
            page.run("document.querySelector('.flame-scroll').scrollTop = 5000 * 18");
            page.until(() -> page.number("return document.querySelector('.flame-scroll').scrollTop") >= DEPTH * 18);
            page.until(() -> Chromium.colours(page.browser, canvas) >= 2);
            assertThat(canvas.getSize().height).isLessThan(2_000);
            // The innermost frames of the picture are what every sample went through.
            page.run("arguments[0].scrollIntoView({block: 'start'})", canvas);
            new Actions(page.browser)
                    .moveToElement(canvas, -canvas.getSize().width / 2 + 40, -canvas.getSize().height / 2 + 9)
                    .perform();
            page.until(() -> page.frame().startsWith("io.davylamp.e2e.host.Host.descend"));

            page.choose("View", "Collapse recursion");
            page.until(() -> page.number("return document.querySelector('.flame-scroll').scrollHeight") < 1_000);
            page.flame();
        }
    }

    @Test
    void threeThousandThreadsAreRowsOfATable() throws Exception {
        try (HostJvm host = HostJvm.plan(rig, "crowd")
                .agent("")
                .jvm("-Dhost.idle=true")
                .start()
                .awaitReady()) {
            rig.awaitInstance("shop", "crowd");
            String task = rig.createTask("shop", "[\"crowd\"]", 8, "[\"alloc\"]", "{\"alloc\": \"1k\"}");
            Rig.await().until(() -> rig.state(task).equals("RUNNING"));
            assertThat(host.ask("crowd " + THREADS)).isEqualTo("ended");
            rig.awaitState(task, "READY");
            page.show("/tasks/" + task + "?measure=alloc&view=threads");
            page.until(() -> page.number(
                            "return +(document.querySelector('[data-testid=threads]')?.getAttribute('aria-rowcount') ?? 0)")
                    >= THREADS);
            assertThat(page.browser.findElements(By.cssSelector("[data-testid=threads] tbody tr")))
                    .hasSizeLessThan(200);
            page.run("document.querySelector('.rows').scrollTop = 1e9");
            page.until(() -> page.text("[data-testid=threads]").contains("crowd-"));

            page.see("input[type=checkbox]").click();
            page.until(() -> page.text("[data-testid=threads]").contains("crowd-*"));

            page.show("/tasks/" + task + "?measure=alloc&rows=thread");
            page.until(() -> page.text("[data-testid=time]").contains("the 400 largest of"));
        }
    }

    @Test
    void aRecordingWithoutSamplesSaysSo() throws Exception {
        try (HostJvm host = HostJvm.plan(rig, "idle")
                .agent("")
                .jvm("-Dhost.idle=true")
                .start()
                .awaitReady()) {
            rig.awaitInstance("shop", "idle");
            String task = rig.createTask("shop", "[\"idle\"]", 1, "[\"lock\"]", "{}");
            Rig.await().until(() -> rig.state(task).equals("UNREADABLE"));
            page.show("/tasks/" + task);
            page.until(() -> page.text("[data-testid=assignments]").contains("the recording holds no samples"));
            assertThat(host.ask("logging")).isNotEmpty();

            String assignment = rig.assignment(task).get("id").asText();
            Path recording = folder.resolve("empty.jfr");
            Rig.HTTP.send(
                    HttpRequest.newBuilder(URI.create(
                                    rig.url() + "/api/v1/tasks/" + task + "/assignments/" + assignment + "/recording"))
                            .build(),
                    HttpResponse.BodyHandlers.ofFile(recording));
            page.show("/open");
            page.see("input[type=file]").sendKeys(recording.toString());
            page.until(() -> page.text("[role=alert]").startsWith("empty.jfr holds no samples"));
        }
    }

    @Test
    void longNamesAndManySiblingsDoNotBreakTheTable() throws Exception {
        String names = IntStream.range(0, 20_000)
                .mapToObj(i -> "root;" + "very.long.package.".repeat(30) + "C" + i + ".m 1")
                .collect(Collectors.joining("\n"));
        page.show("/files/" + open(Files.writeString(folder.resolve("wide.collapsed"), names)) + "?view=hot");

        page.until(() -> page.text("[data-testid=hot]").contains("very.long.package."));
        assertThat(page.number("return document.scrollingElement.scrollWidth - innerWidth"))
                .isLessThanOrEqualTo(0);
        assertThat(page.browser.findElements(By.cssSelector("[data-testid=hot] tbody tr")))
                .hasSizeLessThan(200);
    }
}
