package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The command line against a real server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandLineTest {
    @TempDir
    static Path folder;

    private Rig rig;

    @BeforeAll
    void open() throws IOException {
        rig = new Rig(folder);
        rig.startServer();
        rig.startDemo("shop", "shop-1", rig.agentPort);
    }

    @AfterAll
    void close() throws InterruptedException {
        rig.close();
    }

    @Test
    void recordsShowsDownloadsAndDeletes() throws Exception {
        Rig.Ran recorded =
                rig.davy("record", "shop", "--for", "2s", "--events", "cpu,alloc", "--option", "interval=2ms");
        assertThat(recorded.exitCode()).as(recorded.err()).isZero();
        assertThat(recorded.out())
                .contains("event=cpu,alloc,interval=2ms on 1 instance of shop for 2 s")
                .contains(
                        "] running",
                        "] ready",
                        "io.davylamp.demo.Pricing.discount",
                        "flame graph: " + rig.url() + "/tasks/");

        JsonNode task = rig.davy("tasks", "--json").json().get("tasks").get(0);
        String id = task.get("id").asText();
        assertThat(rig.davy("task", id).out()).contains("shop-1", "ready");
        assertThat(rig.davy("services").out()).contains("shop");
        assertThat(rig.davy("instances", "shop").out()).contains("shop-1", "yes");

        JsonNode hot =
                rig.davy("hot", id, "--measure", "cpu", "-n", "1", "--json").json();
        assertThat(hot.get("measure").asText()).isEqualTo("cpu");
        assertThat(hot.get("unit").asText()).isEqualTo("nanoseconds");
        assertThat(hot.at("/methods/0/selfSamples").asLong()).isPositive();
        assertThat(hot.get("methods")).hasSize(1);
        assertThat(hot.get("methods").get(0).get("name").asText()).isEqualTo("io.davylamp.demo.Pricing.discount");

        JsonNode files =
                rig.davy("download", id, "-o", "down loads", "--json").json().get("files");
        String file = files.get(0).get("file").asText();
        JsonNode info = rig.davy("info", file, "--json").json();
        assertThat(info.get("measures").get(0).get("name").asText()).isEqualTo("cpu");
        assertThat(info.get("measures").get(0).get("total").asLong())
                .isEqualTo(hot.get("total").asLong());
        assertThat(rig.davy("hot", file, "--json")
                        .json()
                        .get("methods")
                        .get(0)
                        .get("self")
                        .asLong())
                .isEqualTo(hot.get("methods").get(0).get("self").asLong());

        assertThat(rig.davy("flame", id, "-o", "task.html").exitCode()).isZero();
        assertThat(Files.readString(folder.resolve("task.html")))
                .contains("<title>shop " + id + "</title>", "application/vnd.davylamp.flame");
        assertThat(rig.davy("flame", file, "--format", "collapsed").out())
                .contains(";io.davylamp.demo.Demo.checkout;io.davylamp.demo.Pricing.discount ");

        theSameQuestionsHaveTheSameAnswersOfATaskAndOfItsFile(id, file);

        assertThat(rig.davy("delete", id).exitCode()).isZero();
        assertThat(rig.davy("task", id).exitCode()).isEqualTo(4);
    }

    private void theSameQuestionsHaveTheSameAnswersOfATaskAndOfItsFile(String id, String file) throws Exception {
        String method = "io.davylamp.demo.Pricing.discount";
        for (String[] question : new String[][] {
            {"hot", "--from", "500ms", "--to", "-200ms", "-n", "5"},
            {"hot", "--include", "io.davylamp.demo.*", "--exclude", "*.tax", "--detail", "class"},
            {"callers", method},
            {"callees", "io.davylamp.demo.Demo.checkout", "--measure", "cpu"},
            {"threads", "--fold"},
            {"timeline", "--cells", "20", "--by", "threads"},
            {"flame", "--format", "json", "--reversed", "--nodes", "100"},
            {"flame", "--format", "json", "--fold-recursion", "--nodes", "100"},
            {"flame", "--format", "json", "--by", "thread", "--root", "io.davylamp.demo.Demo.checkout"}
        }) {
            List<String> ofTask = new ArrayList<>(List.of(question));
            List<String> ofFile = new ArrayList<>(List.of(question));
            ofTask.addAll(List.of(id, "--json"));
            ofFile.addAll(List.of(file, "--json"));

            JsonNode task = rig.davy(ofTask.toArray(String[]::new)).json();
            JsonNode recording = rig.davy(ofFile.toArray(String[]::new)).json();

            assertThat(withoutInstance(task)).as(String.join(" ", question)).isEqualTo(withoutInstance(recording));
        }
        JsonNode none = rig.davy("diff", id, id, "--json").json();
        assertThat(none.get("baselineTotal")).isEqualTo(none.get("total"));
        assertThat(none.get("methods").get(0).get("baselineSelf"))
                .isEqualTo(none.get("methods").get(0).get("self"));
        JsonNode halves = rig.davy("diff", id, id, "--base-to", "1s", "--from", "1s", "--json")
                .json();
        assertThat(halves.get("total").asLong() + halves.get("baselineTotal").asLong())
                .isEqualTo(none.get("total").asLong());
        assertThat(rig.davy("callers", "no.such.method", id).err()).contains("no stack has the method");
        assertThat(rig.davy("hot", id, "--measure", "wall").err())
                .contains("no measure \"wall\"; they have cpu, alloc");
        assertThat(rig.davy("info", id).out()).contains("shop-1", "engine=", "jvm=", "alloc");
        assertThat(rig.davy("flame", id, "--format", "pprof", "-o", "task.pb.gz")
                        .exitCode())
                .isZero();
        assertThat(Files.readAllBytes(folder.resolve("task.pb.gz"))).startsWith(0x1f, 0x8b);
    }

    /** A file's name stands where a task has its instance's. */
    private static String withoutInstance(JsonNode answer) {
        return answer.toString().replaceAll("\"instance\":\"[^\"]*\"", "\"instance\":\"\"");
    }

    @Test
    void refusalsSayWhatWasWrongAndWhatIsAllowed() throws Exception {
        Rig.Ran event = rig.davy("record", "shop", "--events", "cpu,magic");
        assertThat(event.exitCode()).isEqualTo(5);
        assertThat(event.err()).startsWith("davy: event \"magic\" is unknown; known are cpu, ctimer,");

        assertThat(rig.davy("record", "nobody").err())
                .isEqualTo("davy: no instance of service \"nobody\" was ever seen\n");
        assertThat(rig.davy("record", "shop", "--instances", "shop-9").err())
                .contains("has no instance \"shop-9\"; it has shop-1");
        assertThat(rig.davy("record", "shop", "--for", "2h").err())
                .contains("the duration is 7200 s; allowed are 1 s to 3600 s");
        assertThat(rig.davy("record", "shop", "--for", "0s").err()).contains("the duration must be above 0");
        assertThat(rig.davy("record", "shop", "--option", "log=/tmp/x").err())
                .contains("option \"log\" is not allowed; allowed are interval");
        assertThat(rig.davy("record", "shop", "--events", "cpu,ctimer").err()).contains("cannot be recorded together");
        assertThat(rig.davy("hot", "nothing").exitCode()).isEqualTo(4);
        assertThat(rig.davy("record").exitCode()).isEqualTo(2);
        assertThat(rig.davy("tasks", "--json").json().get("tasks").findValuesAsText("live"))
                .doesNotContain("true");
    }

    @Test
    void aServerThatIsNotThereIsSaidToBe() throws Exception {
        Rig.Ran ran = rig.davy("services", "--server", "http://127.0.0.1:" + Rig.freePort());

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("cannot be reached", "--server or DAVY_SERVER");
    }
}
