package io.davylamp.benchmarks;

import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Runs contenders by turns and prints their medians and ratios. */
final class Contest {
    private record Contender(String name, Callable<?> work, int rounds) {}

    private final List<Contender> contenders = new ArrayList<>();

    /** @param rounds slow peers may take part in fewer; half as many are run before, to warm up */
    Contest add(String name, int rounds, Callable<?> work) {
        contenders.add(new Contender(name, work, rounds));
        return this;
    }

    /** Medians in milliseconds by name. */
    Map<String, Double> run() throws Exception {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        int most = contenders.stream().mapToInt(Contender::rounds).max().orElse(0);
        for (int round = -most / 2; round < most; round++) {
            for (Contender contender : contenders) {
                if (round < -contender.rounds / 2 || round >= contender.rounds) {
                    continue;
                }
                System.gc();
                long start = System.nanoTime();
                Object result = contender.work.call();
                double millis = (System.nanoTime() - start) / 1e6;
                Reference.reachabilityFence(result); // it must have been made
                if (round >= 0) {
                    times.computeIfAbsent(contender.name, k -> new ArrayList<>())
                            .add(millis);
                }
            }
        }
        Map<String, Double> medians = new LinkedHashMap<>();
        times.forEach((name, list) -> {
            double[] sorted = list.stream().mapToDouble(x -> x).sorted().toArray();
            double median = sorted[sorted.length / 2];
            medians.put(name, median);
            System.out.printf(
                    "  %-28s %9.1f ms  (%.1f to %.1f, %d rounds)%n",
                    name, median, sorted[0], sorted[sorted.length - 1], sorted.length);
        });
        return medians;
    }

    static void ratio(Map<String, Double> medians, String of, String to) {
        if (medians.containsKey(of) && medians.containsKey(to)) {
            double ratio = medians.get(of) / medians.get(to);
            System.out.printf("  %s / %s = %.2f%n", of, to, ratio);
            Ratios.note(of + " / " + to, ratio);
        }
    }
}
