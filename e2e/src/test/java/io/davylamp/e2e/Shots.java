package io.davylamp.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.TakesScreenshot;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Pictures of every page in both themes, for people to look at: {@code ./davy shots}. No test: it does not judge them. */
class Shots {
    private static final Path INTO = Path.of(System.getProperty("shots.folder", "target/shots"));

    @Test
    void takeThemAll(@TempDir Path folder) throws Exception {
        Files.createDirectories(INTO);
        Rig rig = new Rig(folder);
        try {
            rig.startServer();
            shoot(rig, folder, "empty", Map.of("empty-fleet", "/"));
            rig.startDemo("shop", "shop-1", rig.agentPort);
            rig.startDemo("shop", "shop-2", rig.agentPort);
            String earlier = rig.createTask("shop", "\"all\"", 3, "[\"cpu\"]", "{\"interval\": \"2ms\"}");
            rig.awaitState(earlier, "READY");
            String task = rig.createTask(
                    "shop", "\"all\"", 8, "[\"cpu\", \"alloc\", \"lock\", \"wall\"]", "{\"interval\": \"2ms\"}");
            rig.awaitState(task, "READY");
            Rig.await().until(() -> !rig.task(task).get("live").asBoolean());
            Map<String, String> pages = new LinkedHashMap<>();
            pages.put("fleet", "/");
            pages.put("service", "/services/shop");
            pages.put("flame", "/tasks/" + task + "?measure=cpu");
            pages.put("beside", "/tasks/" + task + "?measure=cpu&beside=hot&fold-chains=true&search=discount");
            pages.put("reversed", "/tasks/" + task + "?measure=cpu&view=reversed&colours=kind");
            pages.put("time", "/tasks/" + task + "?measure=cpu&instance=shop-1&view=time");
            pages.put("hot", "/tasks/" + task + "?measure=alloc&view=hot");
            pages.put("method", "/tasks/" + task + "?measure=cpu&view=method&method=io.davylamp.demo.Pricing.discount");
            pages.put("tree", "/tasks/" + task + "?measure=cpu&view=tree");
            pages.put("threads", "/tasks/" + task + "?measure=wall&view=threads&rows=thread");
            pages.put("heat", "/tasks/" + task + "?measure=cpu&time=heat&from=2s&to=4s");
            pages.put("settings", "/settings");
            pages.put("files", "/open");
            pages.put("compare", "/tasks/" + task + "?measure=cpu&base-task=" + earlier + "&normalised=true");
            shoot(rig, folder, "pages", pages);
        } finally {
            rig.close();
        }
        System.out.println("pictures are in " + INTO.toAbsolutePath());
    }

    private static void shoot(Rig rig, Path folder, String profile, Map<String, String> pages) throws Exception {
        for (boolean dark : new boolean[] {false, true}) {
            WebDriver browser = Chromium.start(folder.resolve(profile + dark), 1280, 1000, dark);
            try {
                for (Map.Entry<String, String> page : pages.entrySet()) {
                    browser.get(rig.url() + page.getValue());
                    new WebDriverWait(browser, Rig.PATIENCE)
                            .until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("main h1, main h2")));
                    if (page.getValue().startsWith("/tasks")) {
                        new WebDriverWait(browser, Rig.PATIENCE)
                                .until(ExpectedConditions.presenceOfElementLocated(By.cssSelector(".flame, .rows")));
                    }
                    // A frame for the canvas.
                    Chromium.run(browser, "return new Promise(done => setTimeout(done, 400))");
                    byte[] png = ((TakesScreenshot) browser).getScreenshotAs(OutputType.BYTES);
                    Files.write(INTO.resolve(page.getKey() + (dark ? "-dark" : "-light") + ".png"), png);
                }
            } finally {
                browser.quit();
            }
        }
    }
}
