package io.davylamp.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a person and a JVM wait for: from the moment a task is created until the profiler runs, over each of the agent's ways to
 * speak with our server; and how much later {@code main} begins with the agent in the JVM, whose server does not answer.
 */
final class LatencyBench {
    private static final Pattern CREATED = Pattern.compile("\"created\":\"([^\"]+)\"");
    private static final Pattern RUNNING = Pattern.compile("\"runningSince\":\"([^\"]+)\"");
    /** An address for documentation (RFC 5737): packets to it are lost. */
    private static final String NOWHERE = "192.0.2.1:11800";

    private LatencyBench() {}

    /** Says how old its JVM is when {@code main} begins. */
    static final class Start {
        private Start() {}

        public static void main(String[] arguments) {
            System.out.println(System.currentTimeMillis()
                    - ManagementFactory.getRuntimeMXBean().getStartTime());
        }
    }

    static void run(int rounds) throws Exception {
        Path folder = Files.createTempDirectory("davylamp-agents");
        try (ServerProcess server = ServerProcess.start("")) {
            for (String protocol : List.of("stream", "poll")) {
                try (ShopProcess ignored = ShopProcess.start("service=shop,instance=" + protocol + ",protocol="
                        + protocol + ",server=127.0.0.1:" + server.agentPort() + ",quota=24h,folder=" + folder)) {
                    double[] millis = new double[rounds];
                    for (int round = -1; round < rounds; round++) { // the first one compiles
                        // An idle shop has no samples of cpu.
                        String id = server.record("shop", protocol, 1, "\"wall\"");
                        server.await(id, "READY");
                        if (round >= 0) {
                            String task = server.get("/api/v1/tasks/" + id);
                            millis[round] = Duration.between(time(CREATED, task), time(RUNNING, task))
                                    .toMillis();
                        }
                    }
                    print("click to sampling, " + protocol, millis);
                }
            }
        }
        double[] bare = new double[rounds];
        double[] with = new double[rounds];
        double[] later = new double[rounds];
        for (int round = 0; round < rounds; round++) {
            bare[round] = started(List.of());
            with[round] = started(List.of("-javaagent:"
                    + Path.of(System.getProperty("davylamp.home"), "agent/davylamp-agent.jar") + "=service=shop,server="
                    + NOWHERE + ",folder=" + folder));
            later[round] = with[round] - bare[round];
        }
        print("start to main, without the agent", bare);
        print("start to main, with it", with);
        print("later", later);
    }

    private static Instant time(Pattern name, String json) {
        Matcher found = name.matcher(json);
        if (!found.find()) {
            throw new IllegalStateException(json);
        }
        return Instant.parse(found.group(1));
    }

    private static long started(List<String> options) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Start.class.getName()));
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return Long.parseLong(said.strip());
    }

    private static void print(String what, double[] millis) {
        Arrays.sort(millis);
        System.out.printf(
                "%-36s %6.0f ms (least %.0f, most %.0f)%n",
                what,
                (millis[(millis.length - 1) / 2] + millis[millis.length / 2]) / 2,
                millis[0],
                millis[millis.length - 1]);
    }
}
