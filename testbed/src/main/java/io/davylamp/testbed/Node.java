package io.davylamp.testbed;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A server from the distribution as a process, which can be killed and started again on the same ports. */
public final class Node implements AutoCloseable {
    private static final int STOP_SECONDS = 60;

    private Path home;
    private final Path folder;
    private final String name;
    private final Map<String, String> environment;
    private final List<String> settings;
    private final int agentPort = Ports.free();
    private final int httpPort = Ports.free();
    private Process process;

    Node(Path home, Path folder, String name, Map<String, String> environment, List<String> settings) {
        this.home = home;
        this.folder = folder;
        this.name = name;
        this.environment = environment;
        this.settings = settings;
    }

    public String name() {
        return name;
    }

    public int agentPort() {
        return agentPort;
    }

    public int httpPort() {
        return httpPort;
    }

    public Path log() {
        return folder.resolve(name + ".log");
    }

    /** From the next start on, this is the server of another distribution. */
    public synchronized void replaceBy(Path newHome) {
        home = newHome;
    }

    /** Starts it; it answers some seconds later. */
    public synchronized void start() throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>(List.of(
                home.resolve("bin/davy").toString(),
                "server",
                "--stop-with-stdin",
                "--set",
                "agent.port=" + agentPort,
                "--set",
                "http.port=" + httpPort,
                "--set",
                "data.folder=" + folder.resolve(name)));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        builder.environment().putAll(environment);
        process = builder.start();
    }

    /** Runs {@code davy user add} with the server's settings. */
    void addUser(String user, String password, String grant) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/davy").toString(), "user", "add", user, "--grant", grant));
        command.addAll(List.of("--set", "data.folder=" + folder.resolve(name)));
        for (String setting : settings) {
            command.addAll(List.of("--set", setting));
        }
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DAVY_"));
        builder.environment().putAll(environment);
        Process davy = builder.start();
        try (OutputStream in = davy.getOutputStream()) {
            in.write((password + "\n").getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(davy.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (davy.waitFor() != 0) {
            throw new IOException("davy user add: " + said);
        }
    }

    public synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** Processor time since its last start; 0 when it is not running. */
    public synchronized long cpuMillis() {
        return process == null
                ? 0
                : process.toHandle()
                        .info()
                        .totalCpuDuration()
                        .map(Duration::toMillis)
                        .orElse(0L);
    }

    /** Time since its last start that its threads could have run and waited for a processor; 0 when it is not running. */
    public synchronized long waitedMillis() throws IOException {
        return isAlive() ? Processors.waitedMillis(process.pid()) : 0;
    }

    /** Resident memory in bytes; 0 when it is not running. */
    public synchronized long residentBytes() throws IOException {
        return isAlive()
                ? Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
                        .findFirst()
                        .orElse(0)
                : 0;
    }

    /** As a power cut would: no shutdown hook runs. */
    public synchronized void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Stops all of its threads, as a machine without processors does, or lets them go on. */
    public synchronized void freeze(boolean frozen) throws IOException, InterruptedException {
        if (isAlive()) {
            new ProcessBuilder("kill", frozen ? "-STOP" : "-CONT", Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        }
    }

    /** As a service manager would, when it replaces the server. @return whether it ended by itself */
    public synchronized boolean stop() throws InterruptedException {
        process.destroy();
        boolean ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly().waitFor();
        return ended;
    }

    @Override
    public synchronized void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
