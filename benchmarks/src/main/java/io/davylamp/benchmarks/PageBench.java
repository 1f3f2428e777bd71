package io.davylamp.benchmarks;

import java.io.BufferedWriter;
import java.io.File;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import one.convert.Arguments;
import one.convert.FlameGraph;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;

/** Measures the page in a browser, beside the HTML of async-profiler's converter, with the same stacks. */
final class PageBench {
    private static final int VIEWPORT_WIDTH = 1600;
    private static final int VIEWPORT_HEIGHT = 900;

    /** Our canvas has something on it. */
    static final String DRAWN = "const c = document.querySelector('.flame canvas');"
            + "return !!c && c.width > 300 && c.getContext('2d').getImageData(0, 0, c.width, 40).data.some(v => v)";

    private PageBench() {}

    static void run(List<Integer> sizes) throws Exception {
        Path script = Path.of(System.getProperty("davylamp.page-bench", ""));
        if (!Files.isRegularFile(script)) {
            throw new IllegalStateException(
                    "run it as ./davy bench page, on linux-x64: the page's parts are bundled there");
        }
        Path folder = Files.createTempDirectory("davylamp-page");
        try (ServerProcess server = ServerProcess.start("-Xmx2g", "query.max-nodes=4000000")) {
            for (int size : sizes) {
                Path stacks = folder.resolve(size + ".collapsed");
                write(stacks, size, 24);
                measure(server, Files.readString(script), folder, stacks, size + " nodes");
            }
            Path deep = folder.resolve("deep.collapsed");
            write(deep, 12_000, 5_000);
            measure(server, Files.readString(script), folder, deep, "5000 deep");
        }
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
        }
    }

    /** Random stacks that share most of their callers, as those of a service do, until there are so many nodes. */
    private static void write(Path file, int nodes, int depth) throws IOException {
        Random random = new Random(7);
        String[] stack = new String[depth];
        int[] below = new int[depth];
        int names = Math.max(1_000, nodes / 8);
        int made = 0;
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            int shared = 0;
            while (made < nodes) {
                for (int i = shared; i < depth; i++) {
                    // An eighth as many names as nodes; none twice among siblings.
                    long method = (i == shared ? below[i]++ : random.nextInt(names)) * 7919L % names;
                    stack[i] = "com.shop.part" + i % 40 + ".Class" + method % 97 + ".method" + method;
                    if (i > shared) {
                        below[i] = 1;
                    }
                    made++;
                }
                line(stack, 1 + (int) Math.exp(random.nextDouble() * 9), out);
                // Most of two neighbours' difference is near their leaves.
                shared = Math.max(1, depth - 1 - (int) (Math.abs(random.nextGaussian()) * Math.min(depth, 100) / 8));
            }
        }
    }

    private static void line(String[] stack, int value, Writer out) throws IOException {
        for (int i = 0; i < stack.length; i++) {
            out.append(i == 0 ? "" : ";").append(stack[i]);
        }
        out.append(' ').append(Integer.toString(value)).append('\n');
    }

    private static void measure(ServerProcess server, String script, Path folder, Path stacks, String title)
            throws Exception {
        String file = server.open(stacks);
        String ask = "/api/v1/files/" + file + "/flame?nodes=4000000&format=";
        WebDriver browser = browser(folder.resolve("browser"));
        Map<String, Double> times = new TreeMap<>();
        try {
            browser.get(server.url() + "/open");
            JavascriptExecutor page = (JavascriptExecutor) browser;
            page.executeScript(script);
            Object measured = page.executeAsyncScript(
                    "const done = arguments[arguments.length - 1];"
                            + "davylampBench(arguments[0], arguments[1], 'Class7.method1').then(done, e => done(String(e.stack)));",
                    ask + "columns",
                    ask + "json");
            if (!(measured instanceof Map<?, ?> map)) {
                throw new IllegalStateException(String.valueOf(measured));
            }
            map.forEach((name, value) -> times.put((String) name, ((Number) value).doubleValue()));
            times.put(
                    "navigation to painted, with the server",
                    navigated(browser, server.url() + "/files/" + file + "?nodes=4000000", DRAWN));
            Path html = folder.resolve("ours.html");
            Files.writeString(html, server.get(ask + "html"));
            times.put("our HTML: bytes", (double) Files.size(html));
            times.put(
                    "our HTML: navigation to painted",
                    navigated(browser, html.toUri().toString(), DRAWN));
            Path peer = folder.resolve("peer.html");
            try {
                FlameGraph.convert(stacks.toString(), peer.toString(), new Arguments());
                times.put("jfr-converter's HTML: bytes", (double) Files.size(peer));
                times.put(
                        "jfr-converter's HTML: navigation to painted",
                        navigated(
                                browser,
                                peer.toUri().toString(),
                                "const c = document.querySelector('canvas');"
                                        + "return document.readyState === 'complete' && !!c && c.width > 300"));
            } catch (StackOverflowError e) {
                System.out.println("jfr-converter's stack overflows: its frames are written recursively");
            }
        } finally {
            browser.quit();
        }
        System.out.println(title);
        times.forEach((name, value) -> System.out.printf("  %-46s %s%n", name, shown(name, value)));
    }

    private static String shown(String name, double value) {
        return name.contains("bytes") || name.equals("nodes") || name.equals("depth") || name.equals("names")
                ? String.format("%,.0f", value)
                : String.format("%.1f ms", value);
    }

    /** Milliseconds from the start of a navigation to the first frame in which {@code painted} is true; the median of three. */
    static double navigated(WebDriver browser, String url, String painted) {
        double[] times = new double[3];
        for (int i = 0; i < times.length; i++) {
            browser.get("about:blank");
            browser.get(url);
            Object time = ((JavascriptExecutor) browser)
                    .executeAsyncScript(
                            "const done = arguments[arguments.length - 1]; const is = new Function(arguments[0]);"
                                    + "const look = () => is() ? done(performance.now()) : setTimeout(look, 1); look();",
                            painted);
            times[i] = ((Number) time).doubleValue();
        }
        Arrays.sort(times);
        return times[1];
    }

    static ChromeDriver browser(Path profile) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(program("chromium"));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--window-size=" + VIEWPORT_WIDTH + "," + VIEWPORT_HEIGHT,
                "--user-data-dir=" + profile);
        ChromeDriverService driver = new ChromeDriverService.Builder()
                .usingDriverExecutable(new File(program("chromedriver")))
                .withSilent(true)
                .build();
        // It only wants to tell of a protocol that is not used here.
        Logger.getLogger("org.openqa.selenium").setLevel(Level.SEVERE);
        ChromeDriver browser = new ChromeDriver(driver, options);
        browser.manage().timeouts().scriptTimeout(Duration.ofMinutes(5)).pageLoadTimeout(Duration.ofMinutes(5));
        return browser;
    }

    private static String program(String name) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .map(entry -> Path.of(entry, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " is not installed; ./davy bench page installs it"))
                .toString();
    }
}
