package io.davylamp.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the agent costs a web shop: four JVMs run side by side, two without the agent, one with it idle, one that is profiled; in
 * each round each of them has to serve four users as fast as it can for some seconds, the others rest, another one first each
 * time. Ratios are within a round, so that what else the machine does hits all alike; how far the second JVM without the agent is
 * from the first says how much of a ratio is chance.
 */
final class OverheadBench {
    private static final int USERS = 4;
    private static final int SECONDS = 4;
    private static final int WARM_UP_ROUNDS = 3;
    private static final String BARE = "without the agent";
    /** The events of each round: the defaults of a task, and all of them at once. */
    private static final Map<String, String> TASKS = new LinkedHashMap<>();

    static {
        TASKS.put("cpu", "\"cpu\"");
        TASKS.put("cpu, alloc", "\"cpu\", \"alloc\"");
        TASKS.put("cpu, lock", "\"cpu\", \"lock\"");
        TASKS.put("cpu, alloc, lock", "\"cpu\", \"alloc\", \"lock\"");
        TASKS.put("wall", "\"wall\"");
    }

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService users = Executors.newFixedThreadPool(USERS);

    private record Load(double perSecond, double p99Millis) {}

    private OverheadBench() {}

    static void run(int rounds) throws Exception {
        new OverheadBench().measure(rounds);
    }

    private void measure(int rounds) throws Exception {
        try (ServerProcess server = ServerProcess.start("")) {
            String agent = "service=shop,server=127.0.0.1:" + server.agentPort() + ",quota=24h,folder="
                    + Files.createTempDirectory("davylamp-agents");
            try (ShopProcess bare = ShopProcess.start(null);
                    ShopProcess again = ShopProcess.start(null);
                    ShopProcess idle = ShopProcess.start(agent + ",instance=idle");
                    ShopProcess busy = ShopProcess.start(agent + ",instance=busy")) {
                Map<String, List<Load>> loads = new LinkedHashMap<>();
                for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
                    Map<String, Callable<Load>> turns = new LinkedHashMap<>();
                    turns.put(BARE, () -> load(bare));
                    turns.put(BARE + ", again", () -> load(again));
                    turns.put("agent idle", () -> load(idle));
                    TASKS.forEach(
                            (name, events) -> turns.put("profiled: " + name, () -> profiled(server, busy, events)));
                    List<String> order = new ArrayList<>(turns.keySet());
                    Collections.rotate(order, round);
                    Map<String, Load> results = new HashMap<>();
                    for (String each : order) {
                        results.put(each, turns.get(each).call());
                    }
                    if (round >= 0) {
                        turns.keySet()
                                .forEach(each -> loads.computeIfAbsent(each, key -> new ArrayList<>())
                                        .add(results.get(each)));
                    }
                }
                report(loads);
            }
        } finally {
            users.shutdown();
        }
    }

    private Load profiled(ServerProcess server, ShopProcess shop, String events) throws Exception {
        String id = server.record("shop", "busy", SECONDS + 1, events);
        server.await(id, "RUNNING");
        Load load = load(shop);
        server.await(id, "READY");
        return load;
    }

    private Load load(ShopProcess shop) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + shop.port() + "/"))
                .build();
        long start = System.nanoTime();
        long end = start + SECONDS * 1_000_000_000L;
        Callable<List<Long>> user = () -> {
            List<Long> nanos = new ArrayList<>();
            for (long now = System.nanoTime(); now < end; ) {
                http.send(request, HttpResponse.BodyHandlers.discarding());
                long then = System.nanoTime();
                nanos.add(then - now);
                now = then;
            }
            return nanos;
        };
        List<Long> all = new ArrayList<>();
        for (Future<List<Long>> each : users.invokeAll(Collections.nCopies(USERS, user))) {
            all.addAll(each.get());
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        Collections.sort(all);
        return new Load(all.size() / seconds, all.get(all.size() * 99 / 100) / 1e6);
    }

    private static void report(Map<String, List<Load>> loads) {
        List<Load> bare = loads.get(BARE);
        System.out.printf(
                "%-28s %12s %10s %22s %22s%n", "", "requests/s", "p99", "requests, of without", "p99, of without");
        loads.forEach((what, list) -> {
            double[] throughput = new double[list.size()];
            double[] latency = new double[list.size()];
            for (int i = 0; i < list.size(); i++) {
                throughput[i] = list.get(i).perSecond / bare.get(i).perSecond;
                latency[i] = list.get(i).p99Millis / bare.get(i).p99Millis;
            }
            System.out.printf(
                    "%-28s %12.0f %7.1f ms %22s %22s%n",
                    what,
                    median(list.stream().mapToDouble(Load::perSecond).toArray()),
                    median(list.stream().mapToDouble(Load::p99Millis).toArray()),
                    spread(throughput),
                    spread(latency));
        });
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }

    /** The median, and between what the middle half lies. */
    private static String spread(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return String.format(
                "%.3f (%.3f to %.3f)", median(values), sorted[sorted.length / 4], sorted[sorted.length * 3 / 4]);
    }
}
