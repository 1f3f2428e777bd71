package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the whole system on this machine: a server, two JVMs of the demo service with the agent, and one task on both. The
 * processes watch their standard input, so they end whenever this process ends.
 */
@Command(
        name = "demo",
        description = "Start a server and two demo JVMs, profile them, and show the result; runs until Ctrl-C.",
        mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final Duration START_TIME = Duration.ofSeconds(180);
    private static final String SERVICE = "demo-shop";
    private static final int INSTANCES = 2;

    @Option(names = "--once", description = "end after the result is printed")
    private boolean once;

    @Option(
            names = "--for",
            defaultValue = "10s",
            paramLabel = "TIME",
            description = "how long to profile; default ${DEFAULT-VALUE}")
    private String duration;

    @Option(
            names = "--set",
            paramLabel = "NAME=VALUE",
            description = "setting of the server, such as http.port=12801; may be repeated")
    private List<String> settings = List.of();

    private final List<Process> processes = Collections.synchronizedList(new ArrayList<>());

    @Override
    public Integer call() throws IOException, InterruptedException {
        int agentPort = port("agent.port", 11800);
        int httpPort = port("http.port", 12800);
        Path home = home();
        requireFree("agents (gRPC)", "agent.port", agentPort);
        requireFree("web and REST", "http.port", httpPort);
        Path data = Path.of(setting("data.folder", "davylamp-data")).toAbsolutePath();
        Files.createDirectories(data);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "stop"));
        try (OnInterrupt interrupt = OnInterrupt.say(
                () -> "davy: the demo ends: it stops its server and its JVMs; the recordings stay in " + data)) {
            RestClient rest = new RestClient(RestClient.address("http://127.0.0.1:" + httpPort), null);
            try (Progress progress = Progress.step("starting the server")) {
                startServer(home, data);
                await("the server", data.resolve("server.log"), () -> {
                    rest.get("/api/v1/services");
                    return true;
                });
            }
            try (Progress progress = Progress.step("starting two JVMs of the demo service with the agent")) {
                for (int i = 1; i <= INSTANCES; i++) {
                    startInstance(home, data, agentPort, "shop-" + i);
                }
                await("the demo JVMs", data.resolve("shop-1.log"), () -> liveInstances(rest) == INSTANCES);
            }
            System.out.println(
                    "A server and two JVMs of service \"" + SERVICE + "\" are running. Data and logs: " + data);
            Recording recording = new Recording(rest, false);
            JsonNode task = recording.run(RecordCommand.asked(
                    SERVICE, "shop-1,shop-2", List.of("cpu", "alloc", "lock"), duration, List.of()));
            if (!Recording.allReady(task)) {
                throw new CommandException(
                        ExitCode.FAILED,
                        "not every instance delivered a profile: " + TaskText.states(task) + "; logs are in " + data);
            }
            recording.printHot(task, 5);
            System.out.println();
            System.out.println(
                    "Flame graph: " + rest.server() + "/tasks/" + task.get("id").asText());
            if (!once) {
                System.out.println("All services: " + rest.server() + "/");
                System.out.println("Documentation: " + rest.server() + "/docs/");
                System.out.println("Profile it again, in another terminal:");
                System.out.println("  " + System.getenv().getOrDefault("DAVYLAMP_CALLED", "davy") + " record " + SERVICE
                        + " --for 5s --events wall" + (httpPort == 12800 ? "" : " --server " + rest.server()));
                System.out.println("Ctrl-C ends the demo.");
                Thread.currentThread().join();
            }
            return ExitCode.OK;
        } finally {
            stopAll();
        }
    }

    /** Returns the folder of the distribution, which the launcher passes on. */
    private static Path home() {
        String home = System.getProperty("davy.home");
        if (home == null || !Files.isDirectory(Path.of(home, "lib"))) {
            throw new CommandException(ExitCode.FAILED, "start the demo with the launcher: bin/davy demo");
        }
        return Path.of(home);
    }

    private String setting(String name, String otherwise) {
        for (String setting : settings) {
            if (setting.startsWith(name + "=")) {
                return setting.substring(name.length() + 1);
            }
        }
        String variable = System.getenv("DAVY_" + name.toUpperCase(Locale.ROOT).replace('.', '_'));
        return variable == null ? otherwise : variable;
    }

    private int port(String name, int otherwise) {
        String text = setting(name, Integer.toString(otherwise));
        if (!text.matches("[1-9][0-9]{0,4}") || Integer.parseInt(text) > 65_535) {
            throw new CommandException(ExitCode.USAGE, name + "=" + text + ": the demo needs a port of 1 to 65535");
        }
        return Integer.parseInt(text);
    }

    private static void requireFree(String what, String setting, int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.FAILED,
                    "port " + port + " for " + what + " is in use (" + e.getMessage() + "); choose another with --set "
                            + setting + "=PORT. Nothing was started.");
        }
    }

    private void startServer(Path home, Path data) throws IOException {
        List<String> command = java("-Xmx512m", "-cp", home.resolve("lib") + "/*");
        if (Runtime.version().feature() >= 24) {
            command.addAll(1, List.of("--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"));
        }
        command.add("io.davylamp.server.Main");
        command.add("--stop-with-stdin");
        for (String setting : settings) {
            command.add("--set");
            command.add(setting);
        }
        command.add("--set");
        command.add("data.folder=" + data);
        start(command, data.resolve("server.log"), Map.of());
    }

    private void startInstance(Path home, Path data, int agentPort, String name) throws IOException {
        // A fixed small heap: the demo must not disturb the machine it is shown on.
        List<String> command =
                java("-Xmx64m", "-XX:+UseSerialGC", "-javaagent:" + home.resolve("agent/davylamp-agent.jar"));
        command.add("-cp");
        command.add(home.resolve("demo") + "/*");
        command.add("io.davylamp.demo.Demo");
        command.add("--until-stdin-ends");
        start(
                command,
                data.resolve(name + ".log"),
                Map.of(
                        "DAVY_SERVICE",
                        SERVICE,
                        "DAVY_INSTANCE",
                        name,
                        "DAVY_SERVER",
                        "127.0.0.1:" + agentPort,
                        "DAVY_FOLDER",
                        data.resolve("agents").toString()));
    }

    private static List<String> java(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void start(List<String> command, Path logFile, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.to(logFile.toFile()));
        builder.environment().keySet().removeIf(name -> name.equals("DAVY_SERVER") || name.equals("JAVA_TOOL_OPTIONS"));
        builder.environment().putAll(environment);
        processes.add(builder.start());
    }

    private static int liveInstances(RestClient rest) {
        for (JsonNode service : rest.get("/api/v1/services").get("services")) {
            if (service.get("name").asText().equals(SERVICE)) {
                return service.get("liveInstances").asInt();
            }
        }
        return 0;
    }

    private void await(String what, Path logFile, Callable<Boolean> there) throws InterruptedException, IOException {
        Instant until = Instant.now().plus(START_TIME);
        while (true) {
            for (Process process : processes) {
                if (!process.isAlive()) {
                    throw new CommandException(
                            ExitCode.FAILED,
                            "a process of the demo ended with code " + process.exitValue() + ": " + tail(logFile));
                }
            }
            try {
                if (there.call()) {
                    return;
                }
            } catch (CommandException e) {
                if (e.exitCode() != ExitCode.UNREACHABLE) {
                    throw e;
                }
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            if (Instant.now().isAfter(until)) {
                throw new CommandException(
                        ExitCode.FAILED,
                        what + " did not start within " + START_TIME.toSeconds() + " s: " + tail(logFile));
            }
            Thread.sleep(100);
        }
    }

    private static String tail(Path logFile) throws IOException {
        List<String> lines = Files.exists(logFile) ? Files.readAllLines(logFile) : List.of();
        return logFile + " ends with:" + System.lineSeparator()
                + String.join(System.lineSeparator(), lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    }

    private void stopAll() {
        List<Process> last;
        synchronized (processes) {
            last = new ArrayList<>(processes);
            processes.clear();
        }
        // The patients first, so that the server sees them go.
        Collections.reverse(last);
        for (Process process : last) {
            process.destroy();
        }
        for (Process process : last) {
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }
}
