package io.davylamp.e2e;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;

/** Debian's Chromium and its driver. */
final class Chromium {
    private Chromium() {}

    /** @param profile a folder of its own */
    static WebDriver start(Path profile, int width, int height, boolean dark) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium"));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--window-size=" + width + "," + height,
                "--user-data-dir=" + profile);
        if (dark) {
            options.addArguments("--blink-settings=preferredColorScheme=0");
        }
        // It only wants to tell of a protocol that we do not use.
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(onPath("chromedriver")))
                .withSilent(true)
                .build();
        return new ChromeDriver(driver, options);
    }

    private static String onPath(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(entry -> Path.of(entry, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(program + " is not installed; ./davy test installs it"))
                .toString();
    }

    static Object run(WebDriver browser, String script, Object... arguments) {
        return ((JavascriptExecutor) browser).executeScript(script, arguments);
    }

    /** Distinct colours among some of the canvas's pixels: an empty canvas has one. */
    static long colours(WebDriver browser, WebElement canvas) {
        return (Long) run(
                browser,
                "const c = arguments[0], d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                        + "const s = new Set(); for (let i = 0; i < d.length; i += 388) s.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);"
                        + "return s.size;",
                canvas);
    }

    /** All of a canvas's pixels, as a number that another picture has not. */
    static long pixels(WebDriver browser, WebElement canvas) {
        return ((Number) run(
                        browser,
                        "const c = arguments[0], d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;"
                                + "let h = 7; for (let i = 0; i < d.length; i++) h = (Math.imul(h, 31) + d[i]) | 0; return h;",
                        canvas))
                .longValue();
    }

    static List<String> severeLogs(WebDriver browser) {
        return browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(LogEntry::getMessage)
                .toList();
    }
}
