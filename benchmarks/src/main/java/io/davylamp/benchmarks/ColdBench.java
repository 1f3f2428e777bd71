package io.davylamp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Whole processes by turns: the command line of the distribution and async-profiler's converter, each from its start to its end.
 * Processor time is what Linux adds up for children that ended, in hundredths of a second.
 */
final class ColdBench {
    private static final double TICKS_A_SECOND = 100;
    /** In {@code /proc/self/stat} after the name: user and system time of children that ended. */
    private static final int CHILDREN_USER = 13;

    private static final int CHILDREN_SYSTEM = 14;

    private ColdBench() {}

    private static double childrenSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[CHILDREN_USER]) + Long.parseLong(fields[CHILDREN_SYSTEM])) / TICKS_A_SECOND;
    }

    /** @param file a recording, not packed */
    static void run(Path file, int rounds) throws Exception {
        String davy = Path.of(System.getProperty("davylamp.home"), "bin/davy").toString();
        String java = Path.of(System.getProperty("java.home"), "bin/java").toString();
        Path folder = Files.createTempDirectory("davylamp-cold");
        String html = folder.resolve("out.html").toString();
        String recording = file.toAbsolutePath().toString();
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put(
                "jfrconv --cpu",
                List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        "one.convert.Main",
                        "--cpu",
                        recording,
                        html));
        commands.put("davy flame", List.of(davy, "flame", recording, "-o", html));
        commands.put("davy hot", List.of(davy, "hot", recording));
        Map<String, double[]> wall = new LinkedHashMap<>();
        Map<String, double[]> cpu = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> each : commands.entrySet()) {
                double before = childrenSeconds();
                long start = System.nanoTime();
                Process process = new ProcessBuilder(each.getValue())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
                if (process.waitFor() != 0) {
                    throw new IOException(each.getValue() + " ended with " + process.exitValue());
                }
                wall.computeIfAbsent(each.getKey(), key -> new double[rounds])[round] =
                        (System.nanoTime() - start) / 1e9;
                cpu.computeIfAbsent(each.getKey(), key -> new double[rounds])[round] = childrenSeconds() - before;
            }
        }
        double peerWall = median(wall.get("jfrconv --cpu"));
        double peerCpu = median(cpu.get("jfrconv --cpu"));
        System.out.printf("%s, %.1f MB, medians of %d%n", file.getFileName(), Files.size(file) / 1e6, rounds);
        for (String name : commands.keySet()) {
            System.out.printf(
                    "  %-14s %6.2f s (%.2f ×)   processor %6.2f s (%.2f ×)%n",
                    name,
                    median(wall.get(name)),
                    median(wall.get(name)) / peerWall,
                    median(cpu.get(name)),
                    median(cpu.get(name)) / peerCpu);
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path each : files.toList()) {
                Files.delete(each);
            }
        }
        Files.delete(folder);
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
