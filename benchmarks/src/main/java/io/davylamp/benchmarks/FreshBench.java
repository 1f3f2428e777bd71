package io.davylamp.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What the first user of a server that has just started waits for. Servers run one after the other, by turns: as prepared, without
 * the rehearsal, and without the archive of classes; or as prepared, and with options of the JVM that somebody wants to compare.
 */
final class FreshBench {
    private static final String FLAME = "/flame?nodes=20000";
    /** Longer than the rehearsal, and than what malloc keeps for nothing stays. */
    private static final int IDLE_SECONDS = 12;

    private static final String HEAP = "-Xmx1g";
    private static final String NO_REHEARSAL = "-Ddavy.warm-up=off";
    private static final String NO_ARCHIVE =
            Runtime.version().feature() >= 25 ? "-XX:AOTMode=off" : "-XX:SharedArchiveFile=none";

    private FreshBench() {}

    /** @param options a contender each: options of the JVM, split at spaces */
    static void run(Path recording, int rounds, List<String> options) throws Exception {
        byte[] bytes = Corpus.bytes(recording);
        Map<String, String> contenders = new LinkedHashMap<>();
        contenders.put("after davy prepare", HEAP);
        if (options.isEmpty()) {
            contenders.put("without rehearsal", HEAP + " " + NO_REHEARSAL);
            contenders.put("without archive", HEAP + " " + NO_ARCHIVE);
            contenders.put("without both", HEAP + " " + NO_REHEARSAL + " " + NO_ARCHIVE);
        }
        options.forEach(each -> contenders.put(each, HEAP + " " + each));
        Map<String, List<double[]>> rows = new LinkedHashMap<>();
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
        try {
            for (int round = 0; round < rounds; round++) {
                for (Map.Entry<String, String> each : contenders.entrySet()) {
                    rows.computeIfAbsent(each.getKey(), key -> new ArrayList<>())
                            .add(measure(each.getValue(), bytes, timers));
                }
            }
        } finally {
            timers.shutdownNow();
        }
        System.out.printf("%s, %.1f MB, medians of %d%n", recording.getFileName(), bytes.length / 1e6, rounds);
        System.out.println("| | start to ready, s | its processor time, s | idle after " + IDLE_SECONDS
                + " s, MB | upload → queryable, s | first flame graph, ms | second, ms | largest, MB |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        rows.forEach((name, values) -> System.out.printf(
                "| %s | %.2f | %.1f | %.0f | %.2f | %.0f | %.0f | %.0f |%n",
                name,
                median(values, 0),
                median(values, 1),
                median(values, 2),
                median(values, 3),
                median(values, 4),
                median(values, 5),
                median(values, 6)));
    }

    private static double[] measure(String javaOptions, byte[] recording, ScheduledExecutorService timers)
            throws Exception {
        try (ServerBench.Contender contender =
                new ServerBench.Contender("fresh", javaOptions, Map.of(), List.of(), recording, timers)) {
            double start = contender.startSeconds();
            double processor = contender.processorSeconds();
            TimeUnit.SECONDS.sleep(IDLE_SECONDS);
            double idle = contender.megabytes("VmRSS");
            double upload = contender.upload();
            double first = contender.askNext(FLAME);
            // Of a measure, so that it does not come from the cache.
            double second = contender.ask(FLAME + "&measure=cpu");
            return new double[] {start, processor, idle, upload, first, second, contender.megabytes("VmHWM")};
        }
    }

    private static double median(List<double[]> rows, int column) {
        double[] values = rows.stream().mapToDouble(row -> row[column]).toArray();
        Arrays.sort(values);
        return values[values.length / 2];
    }
}
