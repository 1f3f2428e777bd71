package io.davylamp.agent.link;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Proxy;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.host.Threads;
import io.grpc.ChannelCredentials;
import io.grpc.LoadBalancerRegistry;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.internal.DnsNameResolverProvider;
import io.grpc.internal.PickFirstLoadBalancerProvider;
import io.grpc.okhttp.OkHttpChannelBuilder;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Chooses where to and how to connect: one server after the other, and of the ways to speak the best that works. Not
 * thread-safe: the agent's one thread uses it.
 */
final class Lines {
    private static final long FIRST_RETRY_MILLIS = 200;
    private static final long LAST_RETRY_MILLIS = 3_000;
    /** Number of streams in a row that may break within {@link #SHORT_MILLIS} before the agent polls. */
    private static final int SHORT_LIVED = 3;

    private static final long SHORT_MILLIS = 60_000;
    /** After so long on a lesser way the better ones are tried again. */
    private static final long RECONSIDER_MILLIS = 10 * 60_000;

    /** A channel that is gone may say goodbye for so long. */
    private static final long GOODBYE_MILLIS = 1_000;

    static {
        // Otherwise gRPC looks for them among the services of class loaders, the host's as well.
        NameResolverRegistry.getDefaultRegistry().register(new DnsNameResolverProvider());
        LoadBalancerRegistry.getDefaultRegistry().register(new PickFirstLoadBalancerProvider());
    }

    private final AgentConfig config;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Random random = new Random();
    private final ThreadPoolExecutor transport;

    private int server;
    private long retryMillis = FIRST_RETRY_MILLIS;
    private AgentConfig.Protocol protocol;
    private int shortLived;
    private long fellBackMillis;
    private ManagedChannel channel;
    private Sockets sockets;

    Lines(AgentConfig config, ScheduledThreadPoolExecutor main, AgentLog log) {
        this.config = config;
        this.main = main;
        this.log = log;
        this.protocol = best();
        // Without a bound: gRPC's reader, writer and start wait for each other, and hang for ever when one of them
        // finds no thread.
        // Two are left of a connection that works.
        this.transport = new ThreadPoolExecutor(
                0,
                Integer.MAX_VALUE,
                5,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                Threads.daemons("davylamp-io"),
                new ThreadPoolExecutor.DiscardPolicy()); // after its end
    }

    private AgentConfig.Protocol best() {
        return config.protocol == AgentConfig.Protocol.AUTO ? AgentConfig.Protocol.STREAM : config.protocol;
    }

    /** The server that is tried now. */
    AgentConfig.Address server() {
        return config.servers.get(server);
    }

    /**
     * Makes the next line.
     *
     * @throws IOException if a file for the connection cannot be read; it may be being rotated
     */
    Line next(Line.Listener listener) throws IOException {
        if (mayDoBetter()) {
            protocol = best();
            shortLived = 0;
        }
        ChannelCredentials credentials = config.tls.credentials();
        String token = config.token.read();
        // A channel that failed waits by a clock of its own, up to minutes; a new one tries at once.
        sockets = new Sockets();
        channel = OkHttpChannelBuilder.forAddress(server().host, server().port, credentials)
                .executor(main)
                .offloadExecutor(transport)
                .transportExecutor(transport)
                .scheduledExecutorService(main)
                .socketFactory(sockets)
                .proxyDetector(Proxy.detector(config.proxy))
                .keepAliveTime(20, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                .disableRetry()
                .disableServiceConfigLookUp()
                .build();
        switch (protocol) {
            case POLL:
                return new PollLine(TokenHeader.on(channel, token), config, main, log, listener);
            case SKYWALKING:
                return new SkyWalkingLine(TokenHeader.on(channel, token), config, main, log, listener);
            default:
                return new StreamLine(TokenHeader.on(channel, token), config, main, log, listener);
        }
    }

    /** On a lesser way for so long that the better one is worth a try. */
    boolean mayDoBetter() {
        return protocol != best() && System.currentTimeMillis() - fellBackMillis > RECONSIDER_MILLIS;
    }

    /** The server has welcomed us. */
    void welcome() {
        retryMillis = FIRST_RETRY_MILLIS;
    }

    /**
     * The line was lost.
     *
     * @param welcomed whether it had worked
     * @param livedMillis for how long it was open
     * @return milliseconds to wait before the next
     */
    long lost(boolean welcomed, long livedMillis, Line.Loss loss) {
        close();
        if (config.protocol == AgentConfig.Protocol.AUTO) {
            if (loss == Line.Loss.UNKNOWN) {
                fallBack(AgentConfig.Protocol.SKYWALKING);
            } else if (protocol == AgentConfig.Protocol.STREAM && livedMillis < SHORT_MILLIS) {
                boolean spoken = welcomed || loss == Line.Loss.UNANSWERED;
                if (spoken && ++shortLived >= SHORT_LIVED) {
                    fallBack(AgentConfig.Protocol.POLL);
                }
            } else {
                shortLived = 0;
            }
        }
        if (!welcomed) {
            server = (server + 1) % config.servers.size();
        }
        // A little chance, so that a fleet does not come back at one moment.
        long wait = retryMillis / 2 + random.nextInt((int) retryMillis);
        retryMillis = Math.min(LAST_RETRY_MILLIS, retryMillis * 2);
        return wait;
    }

    private void fallBack(AgentConfig.Protocol to) {
        log.info("the connection does not work as " + protocol + ": going on as " + to);
        protocol = to;
        shortLived = 0;
        fellBackMillis = System.currentTimeMillis();
    }

    void close() {
        if (channel != null) {
            channel.shutdownNow();
            channel = null;
            main.schedule(Quietly.task(log, "close", sockets::close), GOODBYE_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes the connection; none is opened afterwards. */
    void end() {
        close();
        transport.shutdown();
    }
}
