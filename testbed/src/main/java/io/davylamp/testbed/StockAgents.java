package io.davylamp.testbed;

import io.davylamp.stockagent.StockAgent;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Simulated agents of SkyWalking, each with a connection of its own, whose profilers record one of some recordings. */
public final class StockAgents implements AutoCloseable {
    public static final String SERVICE = "stock";

    private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
    private final List<ManagedChannel> channels = new ArrayList<>();
    private final Map<String, StockAgent> agents = new TreeMap<>();
    private final AtomicInteger sessions = new AtomicInteger();

    /** @param recordings what their profilers record, in turn */
    public StockAgents(int port, int count, List<byte[]> recordings) {
        this(port, count, recordings, null);
    }

    /** @param token what they show to the server; null for nothing */
    StockAgents(int port, int count, List<byte[]> recordings, String token) {
        for (int i = 1; i <= count; i++) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                    .usePlaintext()
                    .disableRetry()
                    .build();
            channels.add(channel);
            String instance = SERVICE + "-" + i;
            StockAgent agent = new StockAgent(
                    StockAgent.Settings.of(SERVICE, instance)
                            .withToken(token)
                            .withPoll(Duration.ofSeconds(2))
                            .withChannelCheck(Duration.ofSeconds(2)),
                    channel,
                    timers,
                    options -> () -> recordings.get(sessions.getAndIncrement() % recordings.size()),
                    (method, nanos, status) -> {});
            agents.put(instance, agent);
            agent.start(Duration.ofMillis(100L * i));
        }
    }

    List<String> instances() {
        return List.copyOf(agents.keySet());
    }

    /** Ids of the tasks that each started, in order, by instance. */
    Map<String, List<String>> started() {
        Map<String, List<String>> started = new TreeMap<>();
        agents.forEach((instance, agent) -> started.put(
                instance, agent.ran().stream().map(StockAgent.Ran::taskId).toList()));
        return started;
    }

    /** Ids of the tasks whose recordings were acknowledged, by instance. */
    Map<String, List<String>> acknowledged() {
        Map<String, List<String>> acknowledged = new TreeMap<>();
        agents.forEach((instance, agent) -> acknowledged.put(instance, agent.acknowledged()));
        return acknowledged;
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
