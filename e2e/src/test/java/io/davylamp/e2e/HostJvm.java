package io.davylamp.e2e;

import io.davylamp.e2e.host.Host;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A running {@link Host}, with the agent or without, that can be asked. */
final class HostJvm implements AutoCloseable {
    static final Path AGENT = Rig.HOME.resolve("agent/davylamp-agent.jar");

    private final Process process;
    private final OutputStream in;
    private final Path errors;
    private final BlockingQueue<String> lines = new ArrayBlockingQueue<>(1_000);

    /** How to start one. */
    static final class Plan {
        private final Rig rig;
        private final String instance;
        private Path java = Path.of(System.getProperty("java.home"));
        private String service = "shop";
        private String arguments;
        private String server;
        private Path folder;
        private final List<String> prefix = new ArrayList<>();
        private final List<String> jvm = new ArrayList<>();
        private Path first;

        private Plan(Rig rig, String instance) {
            this.rig = rig;
            this.instance = instance;
            this.folder = rig.folder.resolve("agents");
            this.server = "127.0.0.1:" + rig.agentPort;
        }

        Plan java(Path home) {
            java = home;
            return this;
        }

        /** With the agent and these arguments besides the usual. */
        Plan agent(String more) {
            arguments = more;
            return this;
        }

        Plan service(String name) {
            service = name;
            return this;
        }

        Plan server(String addresses) {
            server = addresses;
            return this;
        }

        /** Where the agent works. */
        Plan folder(Path agents) {
            folder = agents;
            return this;
        }

        Plan prefix(String... command) {
            prefix.addAll(Arrays.asList(command));
            return this;
        }

        /** In a mount namespace of its own, where {@code script} runs first; this works for root and for others. */
        Plan mounting(String script) {
            return prefix("unshare", Rig.isRoot() ? "-m" : "-rm", "sh", "-c", script + " && exec \"$@\"", "sh");
        }

        Plan jvm(String... options) {
            jvm.addAll(Arrays.asList(options));
            return this;
        }

        /** Goes before the host's own classes. */
        Plan classPath(Path classes) {
            first = classes;
            return this;
        }

        HostJvm start() throws IOException {
            List<String> command = new ArrayList<>(prefix);
            command.add(java.resolve("bin/java").toString());
            command.addAll(List.of("-Xmx64m", "-XX:+UseSerialGC"));
            command.addAll(jvm);
            if (arguments != null) {
                command.add("-javaagent:" + AGENT + "=service=" + service + ",instance=" + instance + ",server="
                        + server + ",folder=" + folder + (arguments.isEmpty() ? "" : "," + arguments));
            }
            command.add("-cp");
            command.add((first == null ? "" : first + ":")
                    + Rig.ROOT.resolve("e2e/target/test-classes").toString());
            command.add(Host.class.getName());
            return new HostJvm(rig, instance, command);
        }
    }

    private HostJvm(Rig rig, String instance, List<String> command) throws IOException {
        errors = Files.createTempFile(rig.folder, instance, ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(rig.folder.toFile()).redirectError(errors.toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        process = builder.start();
        in = process.getOutputStream();
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader out = new BufferedReader(
                            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                        for (String line; (line = out.readLine()) != null; ) {
                            lines.add(line);
                        }
                    } catch (IOException e) {
                        lines.add("cannot be read: " + e);
                    }
                },
                "host-out");
        reader.setDaemon(true);
        reader.start();
    }

    static Plan plan(Rig rig, String instance) {
        return new Plan(rig, instance);
    }

    /** One of each feature release that is installed here, the running one among them. */
    static Stream<Path> jdks() throws IOException {
        Map<String, Path> byRelease = new TreeMap<>();
        List<Path> homes = new ArrayList<>();
        if (Files.isDirectory(Path.of("/usr/lib/jvm"))) {
            try (Stream<Path> installed = Files.list(Path.of("/usr/lib/jvm"))) {
                installed.forEach(homes::add);
            }
        }
        homes.add(Path.of(System.getProperty("java.home")));
        for (Path home : homes) {
            Path release = home.resolve("release");
            if (Files.isRegularFile(release) && Files.isExecutable(home.resolve("bin/java"))) {
                Optional<String> version = Files.readAllLines(release).stream()
                        .filter(line -> line.startsWith("JAVA_VERSION="))
                        .map(line -> line.replaceAll("JAVA_VERSION=\"(1\\.)?([0-9]+).*", "$2"))
                        .findFirst();
                version.ifPresent(each -> byRelease.put(each, home.toAbsolutePath()));
            }
        }
        return byRelease.values().stream();
    }

    /** The next line that it prints. */
    String line() throws InterruptedException {
        String line = lines.poll(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        if (line == null) {
            throw new IllegalStateException("the host says nothing");
        }
        return line;
    }

    HostJvm awaitReady() throws InterruptedException {
        String line = line();
        if (!line.equals("ready")) {
            throw new IllegalStateException("the host printed: " + line);
        }
        return this;
    }

    /** The same of a host in which somebody else prints. */
    HostJvm awaitReadyAmongOthers() throws InterruptedException {
        while (!line().equals("ready")) {}
        return this;
    }

    String ask(String question) throws IOException, InterruptedException {
        in.write((question + "\n").getBytes(StandardCharsets.UTF_8));
        in.flush();
        return line();
    }

    long askNumber(String question) throws IOException, InterruptedException {
        return Long.parseLong(ask(question));
    }

    long pid() {
        return process.pid();
    }

    /** Lets it end by itself; what it printed besides its answers, and its exit code. */
    String exit() throws IOException, InterruptedException {
        in.write("exit\n".getBytes(StandardCharsets.UTF_8));
        in.flush();
        return ended();
    }

    /** Asks it to end, as a service manager does. */
    String terminate() throws IOException, InterruptedException {
        process.toHandle().destroy(); // not Process.destroy, which closes its input as well
        return ended();
    }

    private String ended() throws IOException, InterruptedException {
        if (!process.waitFor(Rig.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException("the host does not end");
        }
        return String.join("\n", lines) + Files.readString(errors) + "exit " + process.exitValue();
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() throws InterruptedException {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        kill();
    }
}
