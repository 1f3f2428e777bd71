package io.davylamp.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The ratios that benchmarks have found in this process, for the file of {@code ./davy bench all}. */
final class Ratios {
    private record Ratio(String benchmark, String recording, long bytes, String what, double value) {}

    private static final List<Ratio> FOUND = new ArrayList<>();
    private static String benchmark = "";
    private static String recording = "";
    private static long bytes;

    private Ratios() {}

    /** Says what the ratios that follow are of. */
    static void begin(String ofBenchmark, Path ofRecording) throws IOException {
        benchmark = ofBenchmark;
        recording = ofRecording.getFileName().toString();
        bytes = Files.size(ofRecording);
    }

    static void note(String what, double value) {
        FOUND.add(new Ratio(benchmark, recording, bytes, what, value));
    }

    /** Writes tab-separated lines: what the figures were measured on, then a line for each ratio. */
    static void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# commit\t" + System.getProperty("davylamp.commit", "unknown"));
        lines.add("# time\t" + Instant.now().truncatedTo(ChronoUnit.SECONDS));
        lines.add("# machine\t" + Machine.text());
        lines.add("# jdk\t" + System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        lines.add("benchmark\trecording\tbytes\twhat\tratio");
        for (Ratio each : FOUND) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%s\t%s\t%d\t%s\t%.3f",
                    each.benchmark,
                    each.recording,
                    each.bytes,
                    each.what,
                    each.value));
        }
        Files.write(file, lines);
    }

    /** Prints a table of what was found. */
    static void print() {
        System.out.printf("%n%-10s %-28s %-52s %8s%n", "benchmark", "recording", "what", "ratio");
        for (Ratio each : FOUND) {
            System.out.printf(
                    Locale.ROOT, "%-10s %-28s %-52s %8.2f%n", each.benchmark, each.recording, each.what, each.value);
        }
    }
}
