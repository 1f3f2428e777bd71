package io.davylamp.testbed;

import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Simulated agents of SkyWalking, each with a connection of its own, whose profiler records always the same. */
final class StockAgents implements AutoCloseable {
    static final String SERVICE = "stock";

    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Map<String, StockAgent> agents = new TreeMap<>();

    StockAgents(int port, int count, byte[] recording) {
        for (int i = 1; i <= count; i++) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .disableRetry()
                    .build();
            channels.add(channel);
            String instance = SERVICE + "-" + i;
            StockAgent agent = new StockAgent(
                    StockAgent.Settings.of(SERVICE, instance)
                            .withPoll(Duration.ofSeconds(2))
                            .withChannelCheck(Duration.ofSeconds(2)),
                    channel,
                    timers,
                    options -> () -> recording,
                    (method, nanos, status) -> {});
            agents.put(instance, agent);
            agent.start(Duration.ofMillis(100L * i));
        }
    }

    List<String> instances() {
        return List.copyOf(agents.keySet());
    }

    /** Tasks that ran twice in one of them, in words. */
    List<String> twice() {
        List<String> twice = new ArrayList<>();
        agents.forEach((instance, agent) -> {
            Set<String> ran = new HashSet<>();
            for (StockAgent.Ran each : agent.ran()) {
                if (!ran.add(each.taskId())) {
                    twice.add("task " + each.taskId() + " ran twice in " + instance);
                }
            }
        });
        return twice;
    }

    int ran() {
        return agents.values().stream().mapToInt(agent -> agent.ran().size()).sum();
    }

    @Override
    public void close() throws InterruptedException {
        agents.values().forEach(StockAgent::close);
        timers.shutdownNow();
        for (ManagedChannel channel : channels) {
            channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
    }
}
