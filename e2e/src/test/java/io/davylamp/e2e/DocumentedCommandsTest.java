package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.e2e.CommandBlocks.Block;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of the tutorial and of the how-to pages do what the pages say. They run against one server with the two JVMs of the
 * demo, a page's blocks in one shell after the other.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class DocumentedCommandsTest {
    private static final Path DOCS = Rig.ROOT.resolve("docs");
    private static final String END = "@@ends with ";

    private Path folder;
    private Rig rig;

    @BeforeAll
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        rig = new Rig(folder);
        rig.startServer();
        rig.startDemo("demo-shop", "shop-1", rig.agentPort);
        rig.startDemo("demo-shop", "shop-2", rig.agentPort);
        // What the pages name: the launcher of a clone, and the server's data.
        Files.createSymbolicLink(folder.resolve("davylamp-data"), rig.data());
        for (Path home : List.of(folder, Files.createDirectory(folder.resolve("bin")))) {
            Files.createSymbolicLink(home.resolve("davy"), Rig.HOME.resolve("bin/davy"));
        }
    }

    @AfterAll
    void end() throws InterruptedException {
        rig.close();
    }

    static List<Path> pages() throws IOException {
        List<Path> pages = new ArrayList<>(List.of(DOCS.resolve("index.md")));
        for (String kind : List.of("tutorial", "how-to")) {
            try (Stream<Path> files = Files.walk(DOCS.resolve(kind))) {
                files.filter(file -> file.toString().endsWith(".md")).sorted().forEach(pages::add);
            }
        }
        return pages;
    }

    /** Pages with something to run. */
    static List<Path> runPages() throws IOException {
        List<Path> run = new ArrayList<>();
        for (Path page : pages()) {
            if (CommandBlocks.of(page).stream()
                    .anyMatch(block -> block.isRun() || !block.until().isEmpty())) {
                run.add(page);
            }
        }
        return run;
    }

    @Test
    void everyBlockSaysWhatItIsAndEveryCommandWhetherItIsRun() throws IOException {
        List<String> faults = new ArrayList<>();
        for (Path page : pages()) {
            for (Block block : CommandBlocks.of(page)) {
                if (!block.fault().isEmpty()) {
                    faults.add(DOCS.relativize(page) + ":" + block.line() + " " + block.fault());
                }
            }
        }

        assertThat(faults).isEmpty();
        assertThat(runPages()).hasSizeGreaterThan(3);
    }

    @Test
    void dotsAndNumbersStandForWhatVariesAndNothingElseDoes() {
        assertThat(CommandBlocks.shows("12 rows, 0.1 MB", "7 rows, 1,234.5 MB")).isTrue();
        assertThat(CommandBlocks.shows("12 rows", "12 lines")).isFalse();
        assertThat(CommandBlocks.shows("a ... c\n...\nz", "a  b  c\nx\ny\nz\n")).isTrue();
        assertThat(CommandBlocks.shows("a ... c\n...\nz", "a b c\nz")).isTrue();
        assertThat(CommandBlocks.shows("a ... c", "a b d")).isFalse();
        assertThat(CommandBlocks.shows("a", "a\nb")).isFalse();
        assertThat(CommandBlocks.shows("{\"a\":...}", "{\"a\":1}")).isTrue();
    }

    @ParameterizedTest
    @MethodSource("runPages")
    void theCommandsOfAPageDoWhatItSays(Path page) throws Exception {
        Process shell = shell("bash", "--noprofile", "--norc");
        try (Writer in = shell.outputWriter(StandardCharsets.UTF_8);
                BufferedReader out = reader(shell)) {
            in.write("trap 'failed=$?' ERR\n");
            for (Block block : CommandBlocks.of(page)) {
                String where = DOCS.relativize(page) + ":" + block.line();
                if (block.isRun()) {
                    in.write("failed=0\n{\n" + here(block.text()) + "\n} </dev/null\nprintf '\\n" + END
                            + "%s\\n' $failed\n");
                    in.flush();
                    StringBuilder printed = new StringBuilder();
                    String code = read(out, printed);
                    assertThat(code)
                            .as(where + " ends, and printed:\n" + printed)
                            .isEqualTo("0");
                    requireShown(block, printed.toString(), where);
                } else if (!block.until().isEmpty()) {
                    requireShown(block, runUntil(block, where), where);
                }
            }
        } finally {
            end(shell);
        }
    }

    private void requireShown(Block block, String printed, String where) {
        if (block.printed() != null) {
            assertThat(CommandBlocks.shows(block.printed(), there(printed)))
                    .as(where + " says that this is printed:\n" + block.printed() + "\nand it is:\n" + there(printed))
                    .isTrue();
        }
    }

    private String runUntil(Block block, String where) throws Exception {
        Process process = shell("bash", "--noprofile", "--norc", "-c", here(block.text()));
        process.getOutputStream().close();
        StringBuilder printed = new StringBuilder();
        try (BufferedReader out = reader(process)) {
            String line = out.readLine();
            while (line != null) {
                printed.append(line).append('\n');
                if (line.contains(block.until())) {
                    return printed.toString();
                }
                line = out.readLine();
            }
        } finally {
            end(process);
        }
        throw new AssertionError(where + " never printed \"" + block.until() + "\" but:\n" + printed);
    }

    private Process shell(String... command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        builder.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment()
                .putAll(Map.of(
                        "DAVY_SERVER",
                        rig.url(),
                        // For servers that a page starts.
                        "DAVY_HTTP_PORT",
                        "0",
                        "DAVY_AGENT_PORT",
                        "0",
                        "DAVY_DATA_FOLDER",
                        folder.resolve("started").toString()));
        return builder.start();
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads up to the end of a block; returns the code with which it ended. */
    private static String read(BufferedReader out, StringBuilder printed) {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                if (line.startsWith(END)) {
                    return line.substring(END.length());
                }
                printed.append(line).append('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return "the end of the shell";
    }

    private static void end(Process process) throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    /** With the ports and folders of this test in place of those that the pages name. */
    private String here(String text) {
        return text.replace("127.0.0.1:12800", "127.0.0.1:" + rig.httpPort)
                .replace("127.0.0.1:11800", "127.0.0.1:" + rig.agentPort)
                .replaceAll("(http|agent)\\.port=\\d+", "$1.port=0")
                .replace("/mnt/backup", folder.resolve("backup").toString())
                .replace("/tmp/try", folder.resolve("try").toString());
    }

    /** The other way round. */
    private String there(String text) {
        return text.replace("127.0.0.1:" + rig.httpPort, "127.0.0.1:12800")
                .replace("127.0.0.1:" + rig.agentPort, "127.0.0.1:11800")
                .replace(folder.resolve("backup").toString(), "/mnt/backup")
                .replace(folder.resolve("try").toString(), "/tmp/try");
    }
}
