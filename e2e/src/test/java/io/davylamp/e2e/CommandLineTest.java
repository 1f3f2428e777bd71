package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import jdk.jfr.Recording;
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
        assertThat(recorded.err())
                .contains("event=cpu,alloc,interval=2ms on 1 instance of shop for 2 s")
                .contains("] running", "] ready")
                .doesNotContain("\r", "\033");
        assertThat(recorded.out())
                .contains("io.davylamp.demo.Pricing.discount", "flame graph: " + rig.url() + "/tasks/")
                .doesNotContain("] ready");

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

    private HttpResponse<byte[]> send(String method, String path, byte[] body) throws Exception {
        return Rig.HTTP.send(
                HttpRequest.newBuilder(URI.create(rig.url() + path))
                        .header("Content-Type", "application/octet-stream")
                        .method(method, HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
    }

    @Test
    void aPackedFileIsOpenedHereAndByTheServerAndComesBackAsItWas() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry("stacks.txt.gz"));
            try (GZIPOutputStream gzip = new GZIPOutputStream(zip)) {
                gzip.write("a.B.run;a.B.work 10\na.B.run 5\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        byte[] packed = bytes.toByteArray();
        // Its name says something else, and does not matter.
        Path file = Files.write(folder.resolve("packed.jfr"), packed);

        assertThat(rig.davy("flame", file.toString(), "--format", "collapsed").out())
                .contains("a.B.run;a.B.work 10");
        JsonNode opened = Rig.JSON.readTree(
                send("POST", "/api/v1/files?name=packed.jfr", packed).body());
        String path = "/api/v1/files/" + opened.get("id").asText();
        assertThat(new String(
                        send("GET", path + "/flame?format=collapsed", new byte[0])
                                .body(),
                        StandardCharsets.UTF_8))
                .contains("a.B.run;a.B.work 10");
        assertThat(send("GET", path + "/recording", new byte[0]).body()).isEqualTo(packed);
    }

    /** One answer: the page shows the server's sentence. */
    @Test
    void aRecordingWithoutSamplesGetsOneAnswerFromAllDoors() throws Exception {
        Path nothing = folder.resolve("nothing.jfr");
        try (Recording recording = new Recording()) {
            recording.start();
            recording.stop();
            recording.dump(nothing);
        }
        Path zero = Files.write(folder.resolve("zero.jfr"), new byte[0]);

        for (String[] question : new String[][] {
            {"info"}, {"info", "--json"}, {"flame"}, {"flame", "--format", "json"}, {"hot"}, {"threads"}, {"timeline"}
        }) {
            for (Path file : List.of(nothing, zero)) {
                List<String> words = new ArrayList<>(List.of(question));
                words.add(1, file.toString());
                Rig.Ran ran = rig.davy(words.toArray(String[]::new));
                assertThat(ran.exitCode()).as("%s", words).isEqualTo(1);
                assertThat(ran.out()).as("%s", words).isEmpty();
                assertThat(ran.err())
                        .as("%s", words)
                        .contains(
                                file.equals(zero)
                                        ? "the file is empty"
                                        : "nothing.jfr holds no samples: JDK wrote no event");
            }
        }
        HttpResponse<byte[]> refused = send("POST", "/api/v1/files?name=nothing.jfr", Files.readAllBytes(nothing));
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(Rig.JSON.readTree(refused.body()).get("detail").asText())
                .startsWith("nothing.jfr holds no samples: JDK wrote no event");
        assertThat(send("POST", "/api/v1/files?name=zero.jfr", new byte[0]).statusCode())
                .isEqualTo(400);
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
        Rig.Ran callers = rig.davy("callers", "Pricing.discount", id);
        assertThat(callers.exitCode()).isEqualTo(4);
        assertThat(callers.err()).contains("did you mean " + method + "?");
        Rig.Ran measure = rig.davy("hot", id, "--measure", "wall");
        assertThat(measure.exitCode()).isEqualTo(4);
        assertThat(measure.err()).contains("no measure \"wall\"; they have cpu, alloc");
        Rig.Ran empty = rig.davy("hot", id, "--measure", "cpu", "--include", "Pricing.discount");
        assertThat(empty.exitCode()).isZero();
        assertThat(empty.err())
                .contains(
                        "no samples of cpu match --include Pricing.discount; without these filters there are ",
                        "try --include '*Pricing.discount*'");
        assertThat(rig.davy("tasks", "--service", "nobody").out()).startsWith("No task of service \"nobody\"");
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

        Rig.Ran service = rig.davy("record", "nobody");
        assertThat(service.exitCode()).isEqualTo(4);
        assertThat(service.err()).endsWith("davy: no instance of service \"nobody\" was ever seen\n");
        Rig.Ran instance = rig.davy("record", "shop", "--instances", "shop-9");
        assertThat(instance.exitCode()).isEqualTo(4);
        assertThat(instance.err()).contains("has no instance \"shop-9\"; it has shop-1");
        assertThat(rig.davy("instances", "nobody").exitCode()).isEqualTo(4);
        assertThat(rig.davy("trust", "shop", "shop-9").exitCode()).isEqualTo(4);
        assertThat(rig.davy("record", "shop", "--for", "2h").exitCode()).isEqualTo(5);
        assertThat(rig.davy("record", "shop", "--for", "2h").err())
                .contains("the duration is 7200 s; allowed are 1 s to 3600 s");
        assertThat(rig.davy("record", "shop", "--for", "0s").err()).contains("it must be above 0");
        assertThat(rig.davy("record", "shop", "--option", "log=/tmp/x").err())
                .contains("option \"log\" is not allowed; allowed are interval");
        assertThat(rig.davy("record", "shop", "--events", "cpu,ctimer").err()).contains("cannot be recorded together");
        assertThat(rig.davy("hot", "nothing").exitCode()).isEqualTo(4);
        assertThat(rig.davy("record").exitCode()).isEqualTo(2);
        assertThat(rig.davy("tasks", "--json").json().get("tasks").findValuesAsText("live"))
                .doesNotContain("true");
    }

    @Test
    void anInterruptedRecordSaysWhatGoesOnAndHowToStopIt() throws Exception {
        rig.startDemo("interrupted", "one", rig.agentPort);
        Process record = rig.start(
                "record",
                Map.of("DAVY_SERVER", rig.url()),
                // Who runs the tests in the background has Ctrl-C ignored, and all that they start inherits that.
                List.of(
                        "env",
                        "--default-signal=INT",
                        Rig.HOME.resolve("bin/davy").toString(),
                        "record",
                        "interrupted",
                        "--for",
                        "10m",
                        "--events",
                        "cpu"));
        Rig.await().until(() -> rig.log("record").contains("] running"));

        assertThat(new ProcessBuilder("kill", "-INT", String.valueOf(record.pid()))
                        .start()
                        .waitFor())
                .isZero();

        assertThat(record.waitFor(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(record.exitValue()).isEqualTo(130);
        Matcher stop = Pattern.compile("davy stop ([0-9a-z]+)").matcher(rig.log("record"));
        assertThat(stop.find()).isTrue();
        String id = stop.group(1);
        assertThat(rig.log("record"))
                .contains("the task continues on the server", "davy task " + id, "davy cancel " + id);
        rig.awaitSamples(id);
        assertThat(rig.davy("stop", id).exitCode()).isZero();
        rig.awaitState(id, "READY");
    }

    @Test
    void tablesFitTheWidthThatIsAskedFor() throws Exception {
        for (int columns : new int[] {60, 100}) {
            for (String command :
                    List.of("services", "instances shop", "tasks", "--help", "hot --help", "server --help")) {
                Rig.Ran ran = Rig.run(
                        folder,
                        Map.of("DAVY_SERVER", rig.url(), "COLUMNS", String.valueOf(columns)),
                        Rig.HOME.resolve("bin/davy"),
                        command.split(" "));

                assertThat(ran.exitCode()).as(ran.err()).isZero();
                assertThat(ran.out().lines())
                        .as(command)
                        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(columns));
            }
        }
    }

    @Test
    void aServerThatIsNotThereIsSaidToBe() throws Exception {
        Rig.Ran ran = rig.davy("services", "--server", "http://127.0.0.1:" + Rig.freePort());

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.err()).contains("cannot be reached", "--server or DAVY_SERVER");
    }
}
