package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive, unpacked into a folder with a space in its name, as a newcomer runs it. */
class DistributionTest {
    @TempDir
    Path folder;

    private Path davy;

    @BeforeEach
    void unpack() throws IOException, InterruptedException {
        Path home = Files.createDirectory(folder.resolve("a folder"));
        Process tar = new ProcessBuilder(
                        "tar",
                        "xzf",
                        Path.of(System.getProperty("davylamp.archive"))
                                .toAbsolutePath()
                                .toString())
                .directory(home.toFile())
                .inheritIO()
                .start();
        assertThat(tar.waitFor()).isZero();
        try (Stream<Path> unpacked = Files.list(home)) {
            davy = unpacked.findFirst().orElseThrow().resolve("bin/davy");
        }
    }

    private Rig.Ran davy(String... arguments) throws IOException, InterruptedException {
        // No archive is made behind: what is left is counted.
        return Rig.run(folder, Map.of("DAVY_ARCHIVE", "off"), davy, arguments);
    }

    @Test
    void theDemoEndsWithTheHottestMethodsAndLeavesOnlyItsData() throws Exception {
        String agentPort = "agent.port=" + Rig.freePort();
        String httpPort = "http.port=" + Rig.freePort();

        Rig.Ran demo = davy("demo", "--once", "--for", "3s", "--set", agentPort, "--set", httpPort);

        assertThat(demo.exitCode()).as(demo.out() + demo.err()).isZero();
        assertThat(demo.err()).contains("shop-1", "shop-2", "] ready", "davy: starting the server ...");
        assertThat(demo.out())
                .containsSubsequence("cpu: ", "io.davylamp.demo.Pricing.discount")
                .containsSubsequence("alloc: ", "io.davylamp.demo.Cart.copyItems")
                .containsSubsequence("lock: ", "io.davylamp.demo.Stock.reserve")
                .contains("Flame graph: http://127.0.0.1:");
        assertThat(ProcessHandle.allProcesses()
                        .flatMap(process -> process.info().commandLine().stream())
                        .filter(line -> line.contains(folder.toString())))
                .isEmpty();
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left.map(path -> path.getFileName().toString()).filter(name -> !name.endsWith(".txt")))
                    .containsExactlyInAnyOrder("a folder", "davylamp-data");
        }
    }

    @Test
    void aPreparedServerTakesItsClassesFromTheArchiveAndAMovedOneDoesWithout() throws Exception {
        // Java 17 takes no class from a folder whose name it has to escape.
        davy = moved("plain");
        Rig.Ran prepared = davy("prepare");
        assertThat(prepared.exitCode()).as(prepared.err()).isZero();
        assertThat(prepared.out()).startsWith("The server and the commands start faster from now on");
        assertThat(davy.resolveSibling("../lib/server.jsa").normalize()).isNotEmptyFile();
        assertThat(davy.resolveSibling("../lib/davy.jsa").normalize()).isNotEmptyFile();
        assertThat(davy("prepare", "it").exitCode()).isEqualTo(2);
        try (Stream<Path> left = Files.list(davy.resolveSibling("../lib").normalize())) {
            assertThat(left).noneMatch(file -> file.toString().endsWith(".new"));
        }

        assertThat(startAndStop("-Xlog:class+load").out())
                .contains("io.davylamp.server.Main source: shared objects file (top)");
        davy = moved("elsewhere");
        assertThat(startAndStop("-Xlog:class+load").out())
                .contains("io.davylamp.server.Main source: file:", " is ready after ");
        Rig.Ran silent = startAndStop("-Ddavy=moved");
        assertThat(silent.out() + silent.err()).doesNotContain("warning", "archive");
    }

    private Path moved(String to) throws IOException {
        return Files.move(davy.getParent().getParent(), folder.resolve(to)).resolve("bin/davy");
    }

    private Rig.Ran startAndStop(String javaOptions) throws IOException, InterruptedException {
        Rig.Ran server = Rig.run(
                folder,
                Map.of("DAVY_JAVA_OPTS", javaOptions),
                davy,
                "server",
                "--stop-with-stdin",
                "--set",
                "agent.port=0",
                "--set",
                "http.port=0");
        assertThat(server.exitCode()).as(server.err()).isZero();
        return server;
    }

    @Test
    void anotherCollectorMayBeChosen() throws Exception {
        assertThat(startAndStop("-XX:+UseG1GC -Xlog:gc").out()).contains("Using G1", " is ready after ");
    }

    /** Each of them is some hundred classes, or a tenth of a second: docs/adr/0034. */
    @Test
    void aServerLoadsNothingOfWhatIsNotSetUp() throws Exception {
        assertThat(startAndStop("-Xlog:class+load").out())
                .contains(" is ready after ")
                .doesNotContain(
                        "bouncycastle",
                        "sun.security.ssl.SSLContextImpl",
                        "com.nimbusds",
                        "software.amazon",
                        "org.postgresql");
    }

    @Test
    void whatCannotBePreparedSaysSo() throws Exception {
        Path inTheWay = davy.resolveSibling("../lib/server.jsa.new").normalize();
        Files.createFile(Files.createDirectory(inTheWay).resolve("file"));

        Rig.Ran prepared = davy("prepare");

        assertThat(prepared.exitCode()).isEqualTo(1);
        assertThat(prepared.err()).contains("Unable to create shared archive file");
    }

    @Test
    void aBusyPortIsReportedWithItsSettingBeforeAnythingStarts() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Rig.Ran demo = davy(
                    "demo",
                    "--once",
                    "--set",
                    "agent.port=" + Rig.freePort(),
                    "--set",
                    "http.port=" + busy.getLocalPort());

            assertThat(demo.exitCode()).isEqualTo(1);
            assertThat(demo.err())
                    .contains("port " + busy.getLocalPort() + " for web and REST is in use", "--set http.port=");
            assertThat(folder.resolve("davylamp-data")).doesNotExist();
        }
    }

    @Test
    void aWrongSettingStopsTheStartAndIsNamed() throws Exception {
        Rig.Ran unknown = davy("server", "--set", "http.prot=1");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err())
                .startsWith("davy server: unknown setting \"http.prot\" (--set); settings are agent.host,");

        Rig.Ran wrong = davy("server", "--set", "upload.max-size=much");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.err()).contains("setting upload.max-size = \"much\" (--set): allowed is a size such as 64MB");

        Rig.Ran variable = Rig.run(folder, Map.of("DAVY_HTTP_PROT", "1"), davy, "server");
        assertThat(variable.exitCode()).isEqualTo(2);
        assertThat(variable.err()).contains("environment variable DAVY_HTTP_PROT is no setting");
        assertThat(folder.resolve("davylamp-data")).doesNotExist();
    }

    @Test
    void aBusyPortStopsTheServerWithTheSettingThatChangesIt() throws Exception {
        try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Rig.Ran server = davy("server", "--set", "agent.port=" + busy.getLocalPort(), "--set", "http.port=0");

            assertThat(server.exitCode()).isEqualTo(1);
            assertThat(server.err())
                    .contains("port " + busy.getLocalPort() + " on 127.0.0.1 cannot be opened", "agent.port");
        }
    }

    @Test
    void commandsThatTakeAFileNeedNoServer() throws Exception {
        Path text = Files.writeString(
                folder.resolve("notes.jfr"), "no recording at all, only a text that is long enough for a header");

        Rig.Ran info = davy("info", text.toString());

        assertThat(info.exitCode()).isEqualTo(1);
        assertThat(info.err())
                .contains("notes.jfr cannot be read: line 1: \"header\" stands where a number is expected");
        assertThat(davy("info", "nothing.jfr").exitCode()).isEqualTo(4);
        assertThat(davy("--help").out()).contains("record", "server", "Exit codes");
    }

    @Test
    void everyCommandHasAManPage() throws Exception {
        Path pages = davy.resolveSibling("../man/man1").normalize();
        String help = davy("--help").out();

        assertThat(pages.resolve("davy.1")).content().contains(".SH EXIT STATUS");
        for (String command : List.of("record", "hot", "attach", "server", "prepare", "completion")) {
            assertThat(help).contains("  " + command + " ");
            assertThat(pages.resolve("davy-" + command + ".1")).content().contains(".SH SYNOPSIS");
        }
        assertThat(davy("prepare", "--help").out()).startsWith("Usage: davy prepare");
    }
}
