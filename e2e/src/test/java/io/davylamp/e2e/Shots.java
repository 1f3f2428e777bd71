package io.davylamp.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

/** Pictures of every page and state in both themes at four widths, for people to look at: {@code ./davy shots}. No test: it does not judge. */
class Shots {
    private static final Path INTO = Path.of(System.getProperty("shots.folder", "target/shots"));
    private static final int[][] SIZES = {{1440, 900}, {1920, 1080}, {1024, 768}, {390, 844}};
    /** Stacks that no JVM here has: code of many companies, native and of the kernel. */
    private static final String MIXED = "main;com.shop.Checkout.pay;org.springframework.web.Dispatcher.service 40\n"
            + "main;com.shop.Checkout.pay;com.shop.Pricing.discount;java.util.HashMap.get 130\n"
            + "main;com.shop.Search.find;org.apache.lucene.search.Scorer.score 90\n"
            + "main;com.shop.Search.find;libjvm.so.PhaseChaitin::Split 20\nmain;[kernel].do_syscall_64;read_[k] 12\n";

    /** A picture: its page, and what somebody does there first. */
    private record Shot(String path, Consumer<Page> before) {
        Shot(String path) {
            this(path, page -> {});
        }
    }

    @Test
    void takeThemAll(@TempDir Path folder) throws Exception {
        Files.createDirectories(INTO);
        Rig rig = new Rig(folder);
        try {
            rig.startServer();
            shoot(rig, folder, Map.of("empty", new Shot("/"), "missing", new Shot("/nope")));
            rig.startDemo("shop", "shop-1", rig.agentPort);
            rig.startDemo("shop", "shop-2", rig.agentPort);
            String earlier = rig.createTask("shop", "\"all\"", 3, "[\"cpu\"]", "{\"interval\": \"2ms\"}");
            rig.awaitState(earlier, "READY");
            String task = rig.createTask(
                    "shop", "\"all\"", 10, "[\"cpu\", \"alloc\", \"lock\", \"wall\"]", "{\"interval\": \"2ms\"}");
            rig.awaitState(task, "READY");
            Rig.await().until(() -> !rig.task(task).get("live").asBoolean());
            String file = open(rig, "mixed.collapsed", MIXED);
            shoot(rig, folder, shots(task, earlier, file));
            String running = rig.createTask("shop", "\"all\"", 600, "[\"cpu\"]", "{}");
            rig.awaitState(running, "RUNNING");
            Map<String, Shot> live = new LinkedHashMap<>();
            live.put("services-running", new Shot("/"));
            live.put("task-running", new Shot("/tasks/" + running));
            shoot(rig, folder, live);
            shootDesign(folder);
        } finally {
            rig.close();
        }
        System.out.println("pictures are in " + INTO.toAbsolutePath());
    }

    /** The id of a file that the server has opened. */
    private static String open(Rig rig, String name, String text) throws IOException, InterruptedException {
        return Rig.json(HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .build()
                        .send(
                                HttpRequest.newBuilder(URI.create(rig.url() + "/api/v1/files?name=" + name))
                                        .header("Content-Type", "application/octet-stream")
                                        .POST(HttpRequest.BodyPublishers.ofString(text))
                                        .build(),
                                HttpResponse.BodyHandlers.ofString()))
                .get("id")
                .asText();
    }

    private static Map<String, Shot> shots(String task, String earlier, String file) {
        String cpu = "/tasks/" + task + "?measure=cpu";
        Map<String, Shot> shots = new LinkedHashMap<>();
        shots.put("services", new Shot("/"));
        shots.put("service", new Shot("/services/shop"));
        shots.put("flame", new Shot(cpu));
        shots.put("flame-selected", new Shot(cpu, Shots::select));
        shots.put("flame-hover", new Shot(cpu, Shots::hover));
        shots.put("flame-search", new Shot(cpu + "&search=Pricing"));
        shots.put("flame-sliced", new Shot(cpu + "&from=2s&to=5s&threads=checkout*"));
        shots.put("flame-own", new Shot(cpu + "&own=true&fold-chains=true"));
        shots.put("bottom-up", new Shot(cpu + "&view=reversed"));
        shots.put("beside", new Shot(cpu + "&beside=hot&search=discount"));
        shots.put("wall", new Shot("/tasks/" + task + "?measure=wall"));
        shots.put("menu", new Shot(cpu, page -> page.flame().sendKeys("m")));
        shots.put("view", new Shot(cpu, page -> page.button("View").click()));
        shots.put("filter", new Shot(cpu, page -> page.button("Filter").click()));
        shots.put(
                "export",
                new Shot(
                        cpu,
                        page -> page.see(By.xpath("//button[contains(., 'Export')]"))
                                .click()));
        shots.put("hot", new Shot("/tasks/" + task + "?measure=alloc&view=hot"));
        shots.put("callers", new Shot(cpu + "&view=method&method=io.davylamp.demo.Pricing.discount"));
        shots.put("tree", new Shot(cpu + "&view=tree"));
        shots.put("threads", new Shot("/tasks/" + task + "?measure=wall&view=threads"));
        shots.put("time-order", new Shot(cpu + "&instance=shop-1&view=time"));
        shots.put("heat", new Shot(cpu + "&time=heat&from=2s&to=4s"));
        shots.put("rows", new Shot("/tasks/" + task + "?measure=wall&rows=state"));
        shots.put("compare", new Shot(cpu + "&base-task=" + earlier + "&compare=share"));
        shots.put("compare-sides", new Shot(cpu + "&base-task=" + earlier + "&compare=share&layout=sides"));
        shots.put("file", new Shot("/files/" + file));
        shots.put("files", new Shot("/open"));
        shots.put("settings", new Shot("/settings"));
        shots.put("keys", new Shot(cpu, page -> page.press("?")));
        shots.put("missing-task", new Shot("/tasks/nope"));
        shots.put("missing-service", new Shot("/services/nope"));
        return shots;
    }

    private static void hover(Page page) {
        WebElement canvas = page.flame();
        new Actions(page.browser)
                .moveToElement(canvas, -canvas.getSize().width / 4, -canvas.getSize().height / 2 + 80)
                .perform();
    }

    private static void select(Page page) {
        hover(page);
        new Actions(page.browser).click().perform();
    }

    private static void shoot(Rig rig, Path folder, Map<String, Shot> shots) throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            try (Page page = new Page(rig, Files.createTempDirectory(folder, "browser"), 1440, 900, dark)) {
                for (int[] size : SIZES) {
                    page.sized(size[0], size[1], 1);
                    for (Map.Entry<String, Shot> shot : shots.entrySet()) {
                        page.show(shot.getValue().path());
                        page.see("main h1");
                        page.until(() -> page.browser
                                .findElements(By.cssSelector(".skeleton, .pane [aria-busy=true]"))
                                .isEmpty());
                        List<WebElement> canvas = page.browser.findElements(By.cssSelector(".flame canvas"));
                        if (!canvas.isEmpty()) {
                            page.flame();
                        }
                        shot.getValue().before().accept(page);
                        // What moves comes to rest.
                        page.answer("const done = arguments[arguments.length - 1]; setTimeout(done, 400)");
                        save(page, shot.getKey() + "-" + size[0] + (dark ? "-dark" : "-light"));
                    }
                }
            }
        }
    }

    /** The parts that pages are made of; the build leaves that page beside the bundle. */
    private static void shootDesign(Path folder) throws Exception {
        Path design = Rig.ROOT.resolve("ui/target/design/design.html");
        if (!Files.exists(design)) {
            return;
        }
        for (boolean dark : new boolean[] {false, true}) {
            try (Page page = new Page(
                    design.toUri().toString(), Files.createTempDirectory(folder, "browser"), 1440, 900, dark)) {
                page.sized(1440, 3200, 1);
                page.show("");
                page.see("main h1");
                page.answer("const done = arguments[arguments.length - 1]; setTimeout(done, 400)");
                save(page, "design" + (dark ? "-dark" : "-light"));
            }
        }
    }

    private static void save(Page page, String name) {
        try {
            Files.write(
                    INTO.resolve(name + ".png"), ((TakesScreenshot) page.browser).getScreenshotAs(OutputType.BYTES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
