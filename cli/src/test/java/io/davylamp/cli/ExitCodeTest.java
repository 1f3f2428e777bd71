package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Every command, with every kind of failure that it can have, against the table in {@link ExitCode}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExitCodeTest {
    /**
     * How a command is used rightly.
     *
     * @param asks whether the first argument given here reaches a server
     * @param file the same command with FILE in place of a task; empty if it takes none
     */
    private record Use(List<String> arguments, boolean asks, List<String> file) {}

    private static final Map<String, Use> USES = new TreeMap<>();

    private static void use(String command, String arguments, boolean asks, String file) {
        USES.put(
                command,
                new Use(
                        words(command + " " + arguments),
                        asks,
                        file.isEmpty() ? List.of() : words(command + " " + file)));
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.trim().split(" +"));
    }

    static {
        use("services", "", true, "");
        use("instances", "shop", true, "");
        use("record", "shop --for 1s", true, "");
        use("tasks", "", true, "");
        use("task", "id", true, "");
        use("stop", "id", true, "");
        use("cancel", "id", true, "");
        use("delete", "id", true, "");
        use("download", "id", true, "");
        use("trust", "shop shop-1", true, "");
        use("info", "id", true, "FILE");
        use("hot", "id", true, "FILE");
        use("flame", "id --format json", true, "FILE --format json");
        use("callers", "pkg.Class.method id", true, "pkg.Class.method FILE");
        use("callees", "pkg.Class.method id", true, "pkg.Class.method FILE");
        use("timeline", "id", true, "FILE");
        use("threads", "id", true, "FILE");
        use("diff", "id other", true, "FILE FILE");
        use("scrub", "FILE", false, "");
        use("login", "joe", true, "");
        use("logout", "", false, "");
        use("session", "list", true, "");
        use("token", "list", true, "");
        use("audit", "", true, "");
        use("attach", "2147483646", false, "");
        use("detach", "2147483646", false, "");
        use("demo", "--once", false, "");
        use("server", "", false, "");
        use("copy", "--from data --to backup", false, "");
        use("prepare", "", false, "");
        use("webhook", "", false, "");
        use("completion", "bash", false, "");
        use("help", "hot", false, "");
    }

    @TempDir
    static Path folder;

    private HttpServer server;
    private volatile int status;
    private volatile String body;

    @BeforeAll
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterAll
    void close() {
        server.stop(0);
    }

    static Stream<String> commands() {
        return Davy.commandLine().getSubcommands().keySet().stream();
    }

    static Stream<String> asking() {
        return USES.keySet().stream().filter(command -> USES.get(command).asks);
    }

    static Stream<String> reading() {
        return USES.keySet().stream().filter(command -> !USES.get(command).file.isEmpty());
    }

    @Test
    void noCommandIsForgottenHere() {
        assertThat(USES.keySet()).containsExactlyInAnyOrderElementsOf(commands().toList());
    }

    private static Ran run(List<String> arguments, String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return Ran.davy(all.toArray(String[]::new));
    }

    private static Ran ofFile(String command, String file, String... more) {
        return run(
                USES.get(command).file.stream()
                        .map(word -> word.equals("FILE") ? file : word)
                        .toList(),
                more);
    }

    private Ran answered(String command, int with, String problem) {
        status = with;
        body = problem;
        return run(
                USES.get(command).arguments,
                "--server",
                "http://127.0.0.1:" + server.getAddress().getPort());
    }

    private static String problem(int status, String type) {
        return "{\"type\": \"" + type + "\", \"status\": " + status + ", \"detail\": \"the server's words\"}";
    }

    @ParameterizedTest
    @MethodSource("commands")
    void anOptionThatIsNoneIsWrongUse(String command) {
        Ran ran = run(USES.get(command).arguments, "--nosuch");

        assertThat(ran.code()).isEqualTo(2);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err())
                .startsWith("davy " + command + ": there is no option --nosuch")
                .hasLineCount(2);
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aMissingArgumentIsWrongUse(String command) {
        boolean needs =
                Davy.commandLine().getSubcommands().get(command).getCommandSpec().positionalParameters().stream()
                        .anyMatch(parameter -> parameter.required());
        if (needs) {
            Ran ran = Ran.davy(command);

            assertThat(ran.code()).isEqualTo(2);
            assertThat(ran.out()).isEmpty();
            assertThat(ran.err()).contains(" missing: davy " + command).hasLineCount(2);
        }
    }

    @ParameterizedTest
    @MethodSource("commands")
    void helpIsDoneAndFitsItsTerminal(String command) {
        Ran ran = Ran.davy(command, "--help");

        assertThat(ran.code()).isZero();
        assertThat(ran.err()).isEmpty();
        assertThat(ran.out()).contains("Usage: davy " + command);
        assertThat(ran.out().lines().mapToInt(String::length).max().orElse(0)).isLessThanOrEqualTo(80);
    }

    @ParameterizedTest
    @MethodSource("asking")
    void aServerThatIsNotThereIsUnreachable(String command) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }

        Ran ran = run(USES.get(command).arguments, "--server", "http://127.0.0.1:" + port);

        assertThat(ran.code()).isEqualTo(3);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("cannot be reached (connection refused)", "--server or DAVY_SERVER");
    }

    @ParameterizedTest
    @MethodSource("asking")
    void anAddressThatIsNoneIsWrongUse(String command) {
        assertThat(run(USES.get(command).arguments, "--server", "http://").code())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("asking")
    void whatTheServerDoesNotHaveIsNotFound(String command) {
        Ran ran = answered(command, 404, problem(404, "about:blank"));

        assertThat(ran.code()).isEqualTo(4);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("davy: the server's words\n");
    }

    @ParameterizedTest
    @MethodSource("asking")
    void aNameWithinTheRequestThatIsNotThereIsNotFoundToo(String command) {
        assertThat(answered(command, 400, problem(400, "urn:davylamp:problem:unknown"))
                        .code())
                .isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("asking")
    void whatTheServerRefusesIsRefused(String command) {
        for (int refusal : new int[] {400, 401, 403, 409, 413, 429}) {
            Ran ran = answered(command, refusal, problem(refusal, "about:blank"));

            assertThat(ran.code()).as("HTTP status " + refusal).isEqualTo(5);
            assertThat(ran.err()).isEqualTo("davy: the server's words\n");
        }
    }

    @ParameterizedTest
    @MethodSource("asking")
    void whatTheServerFailsAtHasFailed(String command) {
        for (int failure : new int[] {500, 503, 507}) {
            assertThat(answered(command, failure, problem(failure, "about:blank"))
                            .code())
                    .as("HTTP status " + failure)
                    .isEqualTo(1);
        }
        assertThat(answered(command, 500, "no words").code()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("asking")
    void whatIsNoDavylampServerIsUnreachable(String command) {
        for (int answer : new int[] {200, 401, 403, 404, 502, 504}) {
            Ran ran = answered(command, answer, "<html>Welcome!</html>");
            // What needs no words of the server cannot tell it from another.
            boolean trusting = answer == 200 && List.of("delete", "flame").contains(command);

            assertThat(ran.code()).as("HTTP status " + answer).isEqualTo(trusting ? 0 : 3);
            assertThat(ran.err()).contains(trusting ? "" : "is not a Davylamp server");
        }
    }

    @ParameterizedTest
    @MethodSource("reading")
    void aFileThatIsNotThereIsNotFound(String command) {
        Ran ran = ofFile(command, folder.resolve("nothing.jfr").toString());

        assertThat(ran.code()).isEqualTo(4);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).startsWith("davy: there is no file ");
        assertThat(ofFile(command, folder.toString()).code()).isEqualTo(4);
    }

    @ParameterizedTest
    @MethodSource("reading")
    void aFileThatCannotBeReadHasFailed(String command) throws IOException {
        Path file = Files.writeString(
                folder.resolve("text.jfr"), "no recording at all, only a text that is long enough for a header");

        Ran ran = ofFile(command, file.toString());

        assertThat(ran.code()).isEqualTo(1);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).contains("text.jfr cannot be read: ");
    }

    @ParameterizedTest
    @MethodSource("reading")
    void aWrongQuestionIsWrongUseOfAFileAndOfATaskAlike(String command) throws IOException {
        String file = collapsed();
        if (!command.equals("info")) {
            assertThat(ofFile(command, file, "--from", "yesterday").code()).isEqualTo(2);
            status = 500;
            body = "";
            assertThat(answered(command, 500, "").code()).isEqualTo(1);
            assertThat(run(USES.get(command).arguments, "--from", "yesterday").code())
                    .isEqualTo(2);
            assertThat(ofFile(command, file, "--measure", "nosuch").code()).isEqualTo(4);
            assertThat(run(USES.get(command).arguments, file).code())
                    .as("a file and a task")
                    .isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource("reading")
    void aFileThatHoldsWhatIsAskedForIsDone(String command) throws IOException {
        Ran ran = ofFile(command, collapsed());

        assertThat(ran.code()).as(ran.err()).isZero();
        assertThat(ran.err()).isEmpty();
    }

    private static String collapsed() throws IOException {
        return Files.writeString(folder.resolve("stacks.collapsed"), "main;pkg.Class.method;pkg.Class.leaf 3\n")
                .toString();
    }

    @Test
    void theLocalCommandsFollowTheTableToo() throws IOException {
        String file = collapsed();
        assertThat(Ran.davy("callers", "no.such.method", file).code()).isEqualTo(4);
        assertThat(Ran.davy("hot", file, "--include", "nosuch").code())
                .as("an empty answer")
                .isZero();
        assertThat(Ran.davy("hot", "-n", "0", file).code()).isEqualTo(2);
        assertThat(Ran.davy("hot", "-n", "many", file).code()).isEqualTo(2);
        assertThat(Ran.davy("flame", file, "--format", "nosuch").code()).isEqualTo(2);
        assertThat(Ran.davy(
                                "flame",
                                file,
                                "-o",
                                folder.resolve("no/such/folder.html").toString())
                        .code())
                .isEqualTo(1);
        assertThat(Ran.davy("record", "shop", "--for", "soon").code()).isEqualTo(2);
        assertThat(Ran.davy("record", "shop", "--for", "0s").code()).isEqualTo(2);
        assertThat(Ran.davy("tasks", "--limit", "0").code()).isEqualTo(2);
        assertThat(Ran.davy("attach", "no-number").code()).isEqualTo(2);
        assertThat(Ran.davy("attach", "1", "--all").code()).isEqualTo(2);
        assertThat(Ran.davy("attach", "2147483646", "--set", "nothing").code()).isEqualTo(2);
        assertThat(Ran.davy("attach", "2147483646").code()).isEqualTo(1);
        assertThat(Ran.davy("detach", "2147483646").code()).isEqualTo(1);
        assertThat(Ran.davy("demo", "--set", "http.port=no").code()).isEqualTo(2);
        assertThat(Ran.davy("completion", "powershell").code()).isEqualTo(2);
        assertThat(Ran.davy("nosuch").code()).isEqualTo(2);
        assertThat(Ran.davy().code()).isZero();
        assertThat(Ran.davy("--version").code()).isZero();
    }

    @Test
    void theReferenceHasThisTable() throws IOException {
        String reference = Files.readString(Path.of("../docs/reference/cli.md"));

        String table = ExitCode.TABLE.stream()
                .map(row -> "| " + row.code() + " | " + row.meaning() + " |\n")
                .collect(Collectors.joining());
        assertThat(reference).contains("| code | meaning |\n|---|---|\n" + table + "\n");
        assertThat(new CommandLine(new Davy()).getCommandName()).isEqualTo("davy");
    }

    @Test
    void theReferenceAndTheHelpHaveEveryCommand() throws IOException {
        String reference = Files.readString(Path.of("../docs/reference/cli.md"));
        String help = Ran.davy("--help").out();

        assertThat(HelpLayout.COMMANDS.values().stream().flatMap(List::stream))
                .containsExactlyInAnyOrderElementsOf(commands().toList());
        commands().forEach(command -> {
            assertThat(reference).contains("`davy " + command);
            assertThat(help).containsPattern("(?m)^  " + command + " +\\S");
        });
    }
}
