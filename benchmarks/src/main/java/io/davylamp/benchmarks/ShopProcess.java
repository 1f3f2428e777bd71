package io.davylamp.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The web shop (Tomcat and H2) in a JVM of its own, with our agent or without. */
final class ShopProcess implements AutoCloseable {
    private final Process process;
    private final int port;

    private ShopProcess(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param agent arguments of the agent; null for a JVM without it */
    static ShopProcess start(String agent) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.add("-Xmx256m");
        if (agent != null) {
            command.add("-javaagent:" + Path.of(System.getProperty("davylamp.home"), "agent/davylamp-agent.jar") + "="
                    + agent);
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Programs.class.getName(), "shop", "0"));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        return new ShopProcess(process, Integer.parseInt(out.readLine()));
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** A number from its /proc/PID/status. */
    long status(String line) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid() + "/status")).stream()
                .filter(each -> each.startsWith(line + ":"))
                .mapToLong(each -> Long.parseLong(each.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElse(0);
    }

    long files() {
        String[] files = Path.of("/proc/" + pid() + "/fd").toFile().list();
        return files == null ? 0 : files.length;
    }

    /** Bytes of live objects, after a collection. */
    long heapBytes() throws IOException, InterruptedException {
        Process histogram = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/jcmd").toString(),
                        String.valueOf(pid()),
                        "GC.class_histogram")
                .start();
        String last = "";
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(histogram.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line; (line = out.readLine()) != null; ) {
                last = line.startsWith("Total") ? line : last;
            }
        }
        histogram.waitFor();
        return Long.parseLong(last.trim().split("\\s+")[2]);
    }

    @Override
    public void close() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
