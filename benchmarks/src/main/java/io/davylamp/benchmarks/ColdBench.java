package io.davylamp.benchmarks;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import one.convert.Main;

/**
 * Whole processes by turns: the command line of the distribution and async-profiler's converter, each from its start to its end.
 * Processor time is what Linux adds up for children that ended, in hundredths of a second.
 */
final class ColdBench {
    private static final double TICKS_A_SECOND = 100;
    /** In {@code /proc/self/stat} after the name: user and system time of children that ended. */
    private static final int CHILDREN_USER = 13;

    private static final int CHILDREN_SYSTEM = 14;

    private static final int ARCHIVE_SECONDS = 60;

    private static final String PEER = "jfrconv --cpu";

    private ColdBench() {}

    /** The converter in a small jar, as it is delivered: the one that this runs from has thousands of other classes. */
    private static String converter(Path jar) throws IOException {
        URL own = Main.class.getProtectionDomain().getCodeSource().getLocation();
        try (ZipInputStream in = new ZipInputStream(own.openStream());
                ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (ZipEntry entry; (entry = in.getNextEntry()) != null; ) {
                String name = entry.getName();
                if (name.startsWith("one/") || name.matches("(flame|heatmap|tree)\\.html")) {
                    out.putNextEntry(new ZipEntry(name));
                    in.transferTo(out);
                }
            }
        }
        return jar.toString();
    }

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
                PEER,
                List.of(
                        java,
                        "-cp",
                        converter(folder.resolve("jfr-converter.jar")),
                        "one.convert.Main",
                        "--cpu",
                        recording,
                        html));
        commands.put("davy flame", List.of(davy, "flame", recording, "-o", html));
        commands.put("davy hot", List.of(davy, "hot", recording));
        // Not measured: without a prepared archive of classes that fits, it makes one, as the first command of a user
        // does; and everything is read from the disk once.
        Path cache = Files.createDirectory(folder.resolve("cache"));
        for (List<String> each : commands.values()) {
            end(each, cache);
        }
        if (Files.exists(cache.resolve("davylamp"))) {
            awaitArchive(cache);
        }
        Map<String, double[]> wall = new LinkedHashMap<>();
        Map<String, double[]> cpu = new LinkedHashMap<>();
        for (int round = 0; round < rounds; round++) {
            for (Map.Entry<String, List<String>> each : commands.entrySet()) {
                double before = childrenSeconds();
                long start = System.nanoTime();
                end(each.getValue(), cache);
                wall.computeIfAbsent(each.getKey(), key -> new double[rounds])[round] =
                        (System.nanoTime() - start) / 1e9;
                cpu.computeIfAbsent(each.getKey(), key -> new double[rounds])[round] = childrenSeconds() - before;
            }
        }
        double peerWall = median(wall.get(PEER));
        double peerCpu = median(cpu.get(PEER));
        System.out.printf("%s, %.1f MB, medians of %d%n", file.getFileName(), Files.size(file) / 1e6, rounds);
        for (String name : commands.keySet()) {
            System.out.printf(
                    "  %-14s %6.2f s (%.2f ×)   processor %6.2f s (%.2f ×)%n",
                    name,
                    median(wall.get(name)),
                    median(wall.get(name)) / peerWall,
                    median(cpu.get(name)),
                    median(cpu.get(name)) / peerCpu);
            if (!name.equals(PEER)) {
                Ratios.note(name + " / " + PEER + ", time", median(wall.get(name)) / peerWall);
                Ratios.note(name + " / " + PEER + ", processor", median(cpu.get(name)) / peerCpu);
            }
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** It is made in the background. */
    private static void awaitArchive(Path cache) throws IOException, InterruptedException {
        for (int tries = 0; tries < ARCHIVE_SECONDS; tries++) {
            try (Stream<Path> files = Files.walk(cache)) {
                if (files.anyMatch(each -> each.toString().endsWith(".jsa"))) {
                    return;
                }
            }
            TimeUnit.SECONDS.sleep(1);
        }
        System.out.println("no archive of classes was made: the figures are those of a first command");
    }

    private static void end(List<String> command, Path cache) throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        builder.environment().put("XDG_CACHE_HOME", cache.toString());
        Process process = builder.start();
        if (process.waitFor() != 0) {
            throw new IOException(command + " ended with " + process.exitValue());
        }
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
