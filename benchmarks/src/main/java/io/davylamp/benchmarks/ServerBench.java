package io.davylamp.benchmarks;

import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The whole server in a small heap: a recording comes in over an agent's connection, then it is asked over HTTP. */
final class ServerBench {
    private static final Duration LONG = Duration.ofMinutes(5);

    private ServerBench() {}

    static void run(Path recording, int heapMegabytes) throws Exception {
        byte[] bytes = Corpus.bytes(recording);
        ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);
        try (ServerProcess server = ServerProcess.start("-Xmx" + heapMegabytes + "m")) {
            System.out.printf(
                    "start to ready %.2f s; idle %s (heap at most %d MB)%n",
                    server.startSeconds(), server.status("VmRSS"), heapMegabytes);
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.agentPort())
                    .usePlaintext()
                    .build();
            long[] uploadNanos = new long[1];
            StockAgent agent = new StockAgent(
                    StockAgent.Settings.of("bench", "jvm").withDeadline(LONG),
                    channel,
                    timers,
                    options -> () -> {
                        uploadNanos[0] = System.nanoTime();
                        return bytes;
                    },
                    (method, nanos, status) -> {});
            agent.poll().get();
            String task = server.createTask("bench", List.of("jvm"), 1, "CPU, ALLOC");
            agent.keepAlive().get();
            String states = "";
            while (!states.contains("READY")) {
                TimeUnit.MILLISECONDS.sleep(5);
                states = server.states(task);
                if (states.matches(".*(FAILED|EXPIRED|UNREADABLE|TOO_LARGE).*")) {
                    throw new IllegalStateException(server.get("/api/v1/tasks/" + task));
                }
            }
            System.out.printf(
                    "upload to queryable: %.2f s for %d MB; %s%n",
                    (System.nanoTime() - uploadNanos[0]) / 1e9, bytes.length >> 20, server.status("VmHWM"));
            String flame = "/api/v1/tasks/" + task + "/flame?nodes=20000";
            ask("flame graph, first of this server", server, flame, 1, 0);
            for (String measure : List.of("cpu", "alloc")) {
                ask("flame graph of " + measure + ", warm", server, flame + "&measure=" + measure, 15, 0);
                ask("brushing a tenth of " + measure, server, flame + "&measure=" + measure, 30, 10);
            }
            ask("hot methods", server, "/api/v1/tasks/" + task + "/hot?limit=100", 15, 0);
            System.out.println("largest " + server.status("VmHWM"));
            channel.shutdownNow();
        } finally {
            timers.shutdownNow();
        }
    }

    /** @param parts each question is of another of so many stretches of time; 0 for all of it */
    private static void ask(String what, ServerProcess server, String path, int times, int parts) throws Exception {
        double[] millis = new double[times];
        int size = 0;
        for (int i = 0; i < times; i++) {
            String range = parts == 0 ? "" : "&from=" + i % parts * 2 + "s&to=" + (i % parts * 2 + 3) + "s";
            long start = System.nanoTime();
            size = server.get(path + range).length();
            millis[i] = (System.nanoTime() - start) / 1e6;
        }
        Arrays.sort(millis);
        System.out.printf(
                "%-36s %7.1f ms (%.1f to %.1f, %d times), %d KB%n",
                what, millis[times / 2], millis[0], millis[times - 1], times, size >> 10);
    }
}
