package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The agent on each JDK that {@code ./davy test --jdks} has unpacked: at the start and attached, with both engines, a task of
 * every event. Writes what it saw into docs/reference/jvms.md, which keeps the rows of JDKs that this run does not have. Not among
 * the tests, because it fetches some hundred megabytes.
 */
class Jdks {
    private static final Path PAGE = Rig.ROOT.resolve("docs/reference/jvms.md");
    /** What {@code e2e/jdks} prints. */
    private static final Path LIST = Path.of(System.getProperty("jdks.list", "target/jdks/list"));

    /** Kept with the page, so that runs on different days and machines join into one. */
    private static final Path RESULTS = Rig.ROOT.resolve("e2e/jvms");

    private static final String TRACE = "{\"trace\": \"io.davylamp.e2e.host.Host$Rest.rest:1ms\"}";
    private static final String PROFILER = "async-profiler";
    private static final String JFR = "jfr";
    private static final List<String> EVENTS = List.of(
            "cpu",
            "wall",
            "alloc",
            "live",
            "lock",
            "nativemem",
            "nativelock",
            "trace",
            "page-faults",
            "context-switches",
            "cycles");
    private static final List<String> JFR_EVENTS = List.of("cpu", "alloc", "lock", "wall");
    /** Nothing in the host waits for one; the JVM itself may. */
    private static final String MAY_BE_EMPTY = "nativelock";

    /** Of async-profiler in a JVM that is newer than it; the other engine is tested there. */
    private static final String UNKNOWN = "of this agent is for Java up to";

    private static final List<String> OVER = new ArrayList<>();

    @TempDir
    private static Path shared;

    private static Path classes;

    @TempDir
    Path folder;

    /** A JDK by its feature release. */
    record Jdk(int feature, Path home) {
        @Override
        public String toString() {
            return "OpenJDK " + feature;
        }
    }

    static Stream<Jdk> jdks() throws IOException {
        return Files.readAllLines(LIST).stream()
                .filter(line -> line.startsWith("jdk "))
                .map(line -> line.split(" "))
                .map(words -> new Jdk(Integer.parseInt(words[1]), Path.of(words[2])));
    }

    @BeforeAll
    static void prepare() throws IOException {
        for (String line : Files.readAllLines(LIST)) {
            if (line.startsWith("bind ")) {
                OVER.add("--ro-bind");
                OVER.addAll(Arrays.asList(line.split(" ")).subList(1, 3));
            }
        }
        classes = Files.createDirectories(shared.resolve("classes"));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "--release",
                        "8",
                        "-Xlint:-options",
                        "-d",
                        classes.toString(),
                        Rig.ROOT
                                .resolve("e2e/src/test/java/io/davylamp/e2e/host/Host.java")
                                .toString());
        assertThat(failed).isZero();
        Files.createDirectories(RESULTS);
    }

    @AfterAll
    static void write() throws IOException {
        Map<Integer, JsonNode> results = new TreeMap<>();
        try (Stream<Path> files = Files.list(RESULTS)) {
            for (Path file : files.toList()) {
                JsonNode result = Rig.JSON.readTree(file.toFile());
                results.put(result.get("feature").asInt(), result);
            }
        }
        Files.writeString(PAGE, JvmsPage.of(results.values()));
    }

    private HostJvm.Plan plan(Rig rig, Jdk jdk, String instance) {
        List<String> sandbox = new ArrayList<>(List.of("bwrap", "--dev-bind", "/", "/"));
        sandbox.addAll(OVER);
        return HostJvm.plan(rig, instance).java(jdk.home()).classPath(classes).prefix(sandbox.toArray(String[]::new));
    }

    @ParameterizedTest
    @MethodSource("jdks")
    void isProfiledInEveryWay(Jdk jdk) throws Exception {
        ObjectNode seen = Rig.JSON.createObjectNode();
        seen.put("feature", jdk.feature())
                .put("date", LocalDate.now(ZoneOffset.UTC).toString())
                .put("machine", machine());
        List<String> wrong = new ArrayList<>();
        try (Rig rig = new Rig(folder)) {
            rig.startServer();
            long heap;
            Set<String> threads;
            try (HostJvm bare = plan(rig, jdk, "bare").start().awaitReady()) {
                heap = bare.askNumber("heap");
                threads = threads(bare);
                expect(wrong, "without the agent", bare.exit());
            }
            for (String engine : List.of(PROFILER, JFR)) {
                ObjectNode at = seen.putObject(engine);
                String instance = engine + "-start";
                try (HostJvm host = plan(rig, jdk, instance)
                        .agent("engine=" + engine)
                        .start()
                        .awaitReady()) {
                    JsonNode known = rig.awaitInstance("shop", instance);
                    seen.put("java", known.at("/properties/java").asText())
                            .put("jvm", known.at("/properties/jvm").asText());
                    at.put("idleHeap", host.askNumber("heap") - heap);
                    at.set("events", events(rig, instance, engine, wrong));
                    at.put("heap", host.askNumber("heap") - heap);
                    at.set("threads", Rig.JSON.valueToTree(added(threads, threads(host))));
                    expect(wrong, engine + " from the start", host.exit());
                }
                attached(rig, jdk, engine, at, wrong);
            }
            byDefault(rig, jdk, wrong);
        }
        seen.set("wrong", Rig.JSON.valueToTree(wrong));
        Rig.JSON
                .writerWithDefaultPrettyPrinter()
                .writeValue(RESULTS.resolve(jdk.feature() + ".json").toFile(), seen);

        assertThat(wrong).isEmpty();
    }

    /** Whatever the JVM, the agent that nobody set anything for takes processor time with one of the engines. */
    private void byDefault(Rig rig, Jdk jdk, List<String> wrong) throws Exception {
        try (HostJvm host =
                plan(rig, jdk, "default").agent("engine=auto").start().awaitReady()) {
            rig.awaitInstance("shop", "default");
            Map<String, String> profiled = outcome(rig, "default", "cpu");
            if (!profiled.containsKey("samples")) {
                wrong.add("by default: " + profiled);
            }
            expect(wrong, "by default", host.exit());
        }
    }

    private void attached(Rig rig, Jdk jdk, String engine, ObjectNode at, List<String> wrong) throws Exception {
        String instance = engine + "-attached";
        try (HostJvm host = plan(rig, jdk, instance).start().awaitReady()) {
            // bwrap stays before it.
            String jvm = ProcessHandle.of(host.pid())
                    .orElseThrow()
                    .descendants()
                    .map(each -> String.valueOf(each.pid()))
                    .reduce((parent, child) -> child)
                    .orElseThrow();
            Rig.Ran attached = rig.davy(
                    "attach",
                    jvm,
                    "--service",
                    "shop",
                    "--instance",
                    instance,
                    "--to",
                    "127.0.0.1:" + rig.agentPort,
                    "--set",
                    "folder=" + folder.resolve("agents"),
                    "--set",
                    "engine=" + engine);
            String outcome = attached.exitCode() == 0 ? "yes" : attached.err() + attached.out();
            if (attached.exitCode() == 0) {
                Map<String, String> profiled = outcome(rig, instance, "cpu");
                outcome = profiled.containsKey("samples") ? "yes" : profiled.toString();
            } else if (outcome.contains(UNKNOWN)) {
                outcome = UNKNOWN;
            }
            at.put("attached", outcome);
            if (!outcome.equals("yes") && !outcome.equals(UNKNOWN)) {
                wrong.add(engine + " attached: " + outcome);
            }
            Rig.Ran detached = rig.davy("detach", jvm);
            if (!detached.out().contains("detached")) {
                wrong.add(engine + " detached: " + detached.out() + detached.err());
            }
            String printed = host.exit();
            at.put("jvmWarns", printed.contains("WARNING: A Java agent has been loaded dynamically"));
            expect(wrong, engine + " attached", printed.replaceAll("WARNING: [^\n]*\n", ""));
        }
    }

    private static void expect(List<String> wrong, String when, String printed) {
        if (!printed.equals("exit 0")) {
            wrong.add(when + " the host printed: " + printed);
        }
    }

    private static Set<String> threads(HostJvm host) throws Exception {
        return new TreeSet<>(Arrays.asList(host.ask("all-threads").split(",")));
    }

    private static Set<String> added(Set<String> before, Set<String> after) {
        Set<String> added = new TreeSet<>(after);
        added.removeAll(before);
        // The host's own: who allocates outside the heap gets it.
        added.removeIf(name -> name.matches("Common-Cleaner|Cleaner-[0-9]+|process reaper.*"));
        return added;
    }

    private static ObjectNode events(Rig rig, String instance, String engine, List<String> wrong) throws Exception {
        ObjectNode events = Rig.JSON.createObjectNode();
        for (String event : engine.equals(JFR) ? JFR_EVENTS : EVENTS) {
            Map<String, String> outcome = outcome(rig, instance, event);
            events.set(event, Rig.JSON.valueToTree(outcome));
            if (outcome.containsKey("failed")) {
                wrong.add(engine + ", " + event + ": " + outcome.get("failed"));
            }
        }
        return events;
    }

    /** A task of one event: {@code samples} and maybe {@code note}, or why it was {@code refused} before it began, or {@code failed}. */
    private static Map<String, String> outcome(Rig rig, String instance, String event) throws Exception {
        Map<String, String> outcome = new LinkedHashMap<>();
        HttpResponse<String> created = rig.post(
                "/api/v1/tasks",
                String.format(
                        "{\"service\": \"shop\", \"instances\": [\"%s\"], \"durationSeconds\": 2, \"events\": [\"%s\"], \"options\": %s}",
                        instance, event, event.equals("trace") ? TRACE : "{}"));
        if (created.statusCode() != 201) {
            outcome.put("refused", Rig.json(created).path("detail").asText());
            return outcome;
        }
        String task = Rig.json(created).path("id").asText();
        Rig.await()
                .until(() -> List.of("READY", "FAILED", "UNREADABLE", "EXPIRED", "CANCELLED", "TOO_LARGE")
                        .contains(rig.state(task)));
        JsonNode assignment = rig.assignment(task);
        String reason = assignment.path("reason").asText();
        if (!rig.state(task).equals("READY")) {
            boolean empty = event.equals(MAY_BE_EMPTY) && reason.contains("no samples");
            // What the agent could not know before the first try is said by the first try.
            boolean unsure = rig.instance("shop", instance).path("lacks").has(event);
            outcome.put(empty ? "samples" : unsure ? "refused" : "failed", empty ? "0" : reason);
            return outcome;
        }
        String measure = measure(event);
        for (JsonNode each : rig.get("/api/v1/tasks/" + task + "/measures").path("measures")) {
            if (each.path("name").asText().equals(measure)) {
                outcome.put("samples", each.path("samples").asText());
            }
        }
        outcome.put("engine", assignment.path("engine").asText());
        outcome.put("note", assignment.path("note").asText());
        if (!outcome.containsKey("samples")) {
            outcome.put("failed", "the profile has no " + measure);
        } else if (!event.equals(MAY_BE_EMPTY)
                && !rig.text("/api/v1/tasks/" + task + "/flame?format=collapsed&measure=" + measure)
                        .contains("io.davylamp.e2e.host.Host.")) {
            outcome.put("failed", "no method of the host is in the flame graph of " + measure);
        }
        return outcome;
    }

    private static String measure(String event) {
        return switch (event) {
            case "nativemem" -> "native-memory";
            case "nativelock" -> "native-lock";
            case "trace" -> "method";
            default -> event;
        };
    }

    private static String machine() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            String processor = lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.replaceFirst("^[^:]*: *", ""))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
            return processor + ", " + Runtime.getRuntime().availableProcessors() + " processors, Linux "
                    + System.getProperty("os.version");
        } catch (IOException e) {
            return "unknown";
        }
    }

    /** The page of what was seen. */
    private static final class JvmsPage {
        private JvmsPage() {}

        static String of(Iterable<JsonNode> results) {
            StringBuilder page = new StringBuilder("""
                    # JVMs

                    After this page you know on which JVMs the agent was run, and what differs between their versions.

                    `./davy test --jdks` runs the agent on OpenJDK builds of Debian's packages: from the start of the JVM
                    and attached to it, with both [engines](agent.md#engines), and with a task of every event. It fails
                    when the host prints anything, when a task fails, or when no method of the host is in the flame graph.
                    This page is what it wrote; each run replaces the rows of its own JDKs.

                    """);
            Set<String> machines = new TreeSet<>();
            results.forEach(seen -> machines.add(seen.path("machine").asText()));
            page.append("Seen on: ").append(String.join("; ", machines)).append(".\n\n");
            page.append("## async-profiler\n\nThe number of samples of a task of two seconds.\n\n");
            table(page, results, PROFILER, EVENTS);
            page.append("## The JDK's Flight Recorder\n\n");
            table(page, results, JFR, JFR_EVENTS);
            page.append("## What the agent leaves in the host\n\n")
                    .append("Heap above the same host without the agent, after garbage collections; threads by their"
                            + " names.\n\n")
                    .append(
                            "| JDK | heap, idle | heap after tasks | heap after tasks, `jfr` | threads | more with `jfr` | the"
                                    + " JVM warns of attaching |\n|---|---|---|---|---|---|---|\n");
            for (JsonNode seen : results) {
                Set<String> own = names(seen, PROFILER);
                Set<String> more = names(seen, JFR);
                more.removeAll(own);
                page.append("| ")
                        .append(seen.path("feature").asText())
                        .append(" | ")
                        .append(megabytes(seen, PROFILER, "idleHeap"))
                        .append(" | ")
                        .append(megabytes(seen, PROFILER, "heap"))
                        .append(" | ")
                        .append(megabytes(seen, JFR, "heap"))
                        .append(" | ")
                        .append(String.join(", ", own))
                        .append(" | ")
                        .append(String.join(", ", more))
                        .append(" | ")
                        .append(seen.path(PROFILER).path("jvmWarns").asBoolean() ? "yes" : "no")
                        .append(" |\n");
            }
            page.append(
                    "\n## Why some are not recorded\n\n| JDK | engine | event | reason or note |\n|---|---|---|---|\n");
            for (JsonNode seen : results) {
                for (String engine : List.of(PROFILER, JFR)) {
                    seen.path(engine).path("events").properties().forEach(event -> {
                        String why = Stream.of("refused", "failed", "note")
                                .map(kind -> event.getValue().path(kind).asText())
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.joining("; "));
                        if (!why.isEmpty()) {
                            page.append("| ")
                                    .append(seen.path("feature").asText())
                                    .append(" | ")
                                    .append(engine)
                                    .append(" | ")
                                    .append(event.getKey())
                                    .append(" | ")
                                    .append(why.replaceAll("instance \"[^\"]*\" ", "")
                                            .replaceAll("/\\S+/usr/lib/jvm", "/usr/lib/jvm")
                                            .replace("|", "/")
                                            .replaceAll("\\s+", " "))
                                    .append(" |\n");
                        }
                    });
                }
            }
            return page.toString();
        }

        private static void table(StringBuilder page, Iterable<JsonNode> results, String engine, List<String> events) {
            page.append("| JDK | version | seen on | at the start | attached |");
            events.forEach(event -> page.append(" `").append(event).append("` |"));
            page.append("\n|---|---|---|---|---|")
                    .append("---|".repeat(events.size()))
                    .append("\n");
            for (JsonNode seen : results) {
                JsonNode at = seen.path(engine);
                boolean started = at.path("events").path("cpu").has("samples");
                page.append("| ")
                        .append(seen.path("feature").asText())
                        .append(" | ")
                        .append(seen.path("java").asText())
                        .append(" | ")
                        .append(seen.path("date").asText())
                        .append(" | ")
                        .append(started ? "yes" : "no")
                        .append(" | ")
                        .append(at.path("attached").asText().equals("yes") ? "yes" : "no")
                        .append(" |");
                for (String event : events) {
                    JsonNode outcome = at.path("events").path(event);
                    page.append(' ')
                            .append(
                                    outcome.has("failed")
                                            ? "failed"
                                            : outcome.path("samples").asText("no"))
                            .append(" |");
                }
                page.append("\n");
            }
            page.append("\n");
        }

        private static Set<String> names(JsonNode seen, String engine) {
            Set<String> names = new TreeSet<>();
            seen.path(engine).path("threads").forEach(name -> names.add(name.asText()));
            return names;
        }

        private static String megabytes(JsonNode seen, String engine, String what) {
            return String.format(
                    Locale.ROOT, "%.1f MB", seen.path(engine).path(what).asLong() / 1e6);
        }
    }
}
