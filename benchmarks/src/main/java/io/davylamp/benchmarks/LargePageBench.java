package io.davylamp.benchmarks;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.openqa.selenium.By;
import org.openqa.selenium.chrome.ChromeDriver;

/** Measures the page with a large recording, as somebody opens it and looks at it. */
final class LargePageBench {
    private static final long BYTES = 164_000_000;
    private static final int SECONDS = 20;
    /** Of the wheel, there and back, so often. */
    private static final int SCROLLS = 6;
    /** Pixels of the wheel in a second, as somebody turns it who looks for something. */
    private static final int SPEED = 2_500;

    private static final int MOVES = 60;

    /** Begins to note layout shifts that nobody caused. */
    private static final String NOTE_SHIFTS = "window.shifted = 0; new PerformanceObserver(list => {"
            + "for (const each of list.getEntries()) if (!each.hadRecentInput) window.shifted += each.value;"
            + "}).observe({type: 'layout-shift', buffered: true});";

    /** Notes when something is seen for the first time. */
    private static final String NOTE_WHEN = "window.seen = null; const is = new Function(arguments[0]);"
            + "const look = () => { if (is()) window.seen = performance.now(); else requestAnimationFrame(look); }; look();";

    /** Begins to note when frames are made. */
    private static final String NOTE_FRAMES = "window.frames_ = []; window.goesOn = true;"
            + "const frame = time => { window.frames_.push(time); if (window.goesOn) requestAnimationFrame(frame); };"
            + "requestAnimationFrame(frame);";

    private static final String DEMANDED = "return [...document.querySelectorAll('.missing h2')]"
            + ".some(each => each.textContent.startsWith('Choose a slice'))";

    private final ChromeDriver browser;
    private final String url;

    private LargePageBench(ChromeDriver browser, String url) {
        this.browser = browser;
        this.url = url;
    }

    /** @param recording null to make one */
    static void run(Path recording) throws Exception {
        Path folder = Files.createTempDirectory("davylamp-large-page");
        try (ServerProcess server = ServerProcess.start("-Xmx2g")) {
            Path file = recording == null ? CorpusRecorder.large(folder, BYTES, SECONDS) : recording.toAbsolutePath();
            System.out.printf("%s, %.1f MB%n", file.getFileName(), Files.size(file) / 1e6);
            ChromeDriver browser = PageBench.browser(folder.resolve("browser"));
            try {
                new LargePageBench(browser, server.url()).measure(file);
            } finally {
                browser.quit();
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    private void measure(Path file) throws Exception {
        browser.get(url + "/open");
        until("return !!document.querySelector('input[type=file]')");
        run(NOTE_SHIFTS);
        run(NOTE_WHEN, PageBench.DRAWN);
        browser.findElement(By.cssSelector("input[type=file]")).sendKeys(file.toString());
        until("return window.seen !== null");
        double read = number(
                "const all = performance.getEntriesByType('resource').filter(each => each.name.includes('/api/v1/files?name='));"
                        + "return all[all.length - 1].responseEnd");
        double began = number(
                "const all = performance.getEntriesByType('resource').filter(each => each.name.includes('/api/v1/files?name='));"
                        + "return all[all.length - 1].startTime");
        print("upload and reading", read - began, "");
        print("read to first picture", number("return window.seen") - read, "goal 1000 ms");
        rest();
        System.out.printf("  %-46s %.4f    goal 0.02%n", "layout shift until then", number("return window.shifted"));
        String page = browser.getCurrentUrl();
        print(
                "the same page again: navigation to picture",
                PageBench.navigated(browser, page, PageBench.DRAWN),
                "goal 1000 ms");
        rest();
        scroll("scrolling", page, SPEED);
        scroll("scrolling fast", page, SPEED * 4);
        hover();
        zoom();
        timeOrder();
    }

    /** Lets all that the page asked for arrive. */
    private void rest() throws InterruptedException {
        until("return !document.querySelector('[aria-busy=true], .skeleton')");
        TimeUnit.MILLISECONDS.sleep(500);
    }

    private void scroll(String title, String page, int speed) throws Exception {
        browser.get(page);
        until(PageBench.DRAWN);
        rest();
        Map<?, ?> box = (Map<?, ?>)
                run(
                        "const box = document.querySelector('.flame-scroll'), at = box.getBoundingClientRect();"
                                + "return {x: at.left + at.width / 3, y: at.top + at.height / 2, room: box.scrollHeight - box.clientHeight}");
        int room = ((Number) box.get("room")).intValue();
        if (room < 100) {
            System.out.println("  " + title + ": the graph fits the window");
            return;
        }
        run(NOTE_SHIFTS);
        run(NOTE_FRAMES);
        for (int i = 0; i < SCROLLS; i++) {
            int distance = Math.min(room, 6_000) * (i % 2 == 0 ? -1 : 1);
            browser.executeCdpCommand(
                    "Input.synthesizeScrollGesture",
                    Map.of(
                            "x",
                            box.get("x"),
                            "y",
                            box.get("y"),
                            "yDistance",
                            distance,
                            "speed",
                            speed,
                            "gestureSourceType",
                            "mouse",
                            "preventFling",
                            true));
        }
        frames(title + ", " + room + " px");
        System.out.printf("  %-46s %.4f    goal 0.02%n", title + ": layout shift", number("return window.shifted"));
    }

    private void hover() throws Exception {
        Map<?, ?> box = (Map<?, ?>) run("const box = document.querySelector('.flame-scroll').getBoundingClientRect();"
                + "return {x: box.left, y: box.top, width: box.width, height: box.height}");
        run(NOTE_FRAMES);
        for (int i = 0; i < MOVES; i++) {
            double at = (i * 0.618033988749895 + 0.1) % 1;
            mouse(
                    "mouseMoved",
                    at(box, "x") + at * at(box, "width"),
                    at(box, "y") + (0.05 + 0.4 * at) * at(box, "height"),
                    0);
        }
        frames("hovering");
    }

    private void zoom() throws Exception {
        Map<?, ?> box = (Map<?, ?>) run("const box = document.querySelector('.flame-scroll').getBoundingClientRect();"
                + "return {x: box.left + box.width / 3, y: box.top + box.height / 4}");
        run(NOTE_FRAMES);
        for (int i = 0; i < MOVES; i++) {
            mouse("mouseWheel", at(box, "x"), at(box, "y"), i < MOVES / 2 ? -60 : 60);
        }
        frames("zooming by Ctrl and the wheel");
    }

    private static double at(Map<?, ?> box, String name) {
        return ((Number) box.get(name)).doubleValue();
    }

    /** @param wheel how far the wheel turns, with Ctrl; 0 for a move of the pointer */
    private void mouse(String type, double x, double y, int wheel) {
        browser.executeCdpCommand(
                "Input.dispatchMouseEvent",
                wheel == 0
                        ? Map.of("type", type, "x", x, "y", y)
                        : Map.of("type", type, "x", x, "y", y, "deltaX", 0, "deltaY", wheel, "modifiers", 2));
    }

    private void timeOrder() throws Exception {
        run(NOTE_WHEN, DEMANDED + " || (location.search.includes('view=time') && (() => {" + PageBench.DRAWN + "})())");
        double start = number(
                "const tab = [...document.querySelectorAll('[role=tab]')].find(each => each.textContent.startsWith('Time order'));"
                        + "const now = performance.now(); tab.click(); return now");
        until("return window.seen !== null");
        boolean demanded = (Boolean) run(DEMANDED);
        print(
                "time order: click to " + (demanded ? "the demand for a slice or a thread" : "picture"),
                number("return window.seen") - start,
                "goal 2000 ms");
    }

    /** Ends the noting of frames, and prints the times between them. */
    private void frames(String title) {
        @SuppressWarnings("unchecked")
        List<Number> noted = (List<Number>) run("window.goesOn = false; return window.frames_");
        List<Double> times = new ArrayList<>();
        for (int i = 1; i < noted.size(); i++) {
            times.add(noted.get(i).doubleValue() - noted.get(i - 1).doubleValue());
        }
        times.sort(Comparator.naturalOrder());
        System.out.printf(
                "  %-46s %d frames; median %.1f, p95 %.1f, p99 %.1f, worst %.1f ms    goals p95 16.7, worst 50%n",
                title,
                times.size(),
                part(times, 0.5),
                part(times, 0.95),
                part(times, 0.99),
                times.get(times.size() - 1));
    }

    private static double part(List<Double> sorted, double part) {
        return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(part * sorted.size())));
    }

    private static void print(String title, double millis, String goal) {
        System.out.printf("  %-46s %.0f ms    %s%n", title, millis, goal);
    }

    private Object run(String script, Object... arguments) {
        return browser.executeScript(script, arguments);
    }

    private double number(String script) {
        return ((Number) run(script)).doubleValue();
    }

    private void until(String condition) {
        for (int tries = 0; tries < 60_000; tries++) {
            if ((Boolean) run(condition)) {
                return;
            }
            try {
                TimeUnit.MILLISECONDS.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        throw new IllegalStateException("it does not come: " + condition);
    }
}
