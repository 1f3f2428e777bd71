package io.davylamp.server;

import com.linecorp.armeria.server.ServerBuilder;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * Keeps idle connections of the agent port. SkyWalking's agent looks every 30 s whether its
 * connection happens to be open, and makes no call before it saw one that is; a server that ends idle connections sooner never
 * hears of that agent again. Peers that are gone do not answer HTTP/2 pings, and are found by that.
 *
 * @param most connections at a time; one more is closed at once
 * @param ping a connection that is silent for so long gets a ping, and is closed when the answer takes as long again
 * @param firstWord a peer that does not speak HTTP/2 cannot be pinged: it is closed when it is silent for so long
 */
record AgentConnections(int most, Duration ping, Duration firstWord) {
    /** As many agents may poll; the ping is shorter than the minute after which routers forget a silent connection. */
    static final AgentConnections DEFAULT =
            new AgentConnections(20_000, Duration.ofSeconds(30), Duration.ofSeconds(15));

    void configure(ServerBuilder builder) {
        builder.idleTimeout(Duration.ZERO);
        builder.pingInterval(ping);
        builder.maxNumConnections(most);
        builder.childChannelOption(ChannelOption.SO_KEEPALIVE, true);
        builder.childChannelPipelineCustomizer(pipeline -> pipeline.addFirst(new UntilHttp2(firstWord)));
    }

    /** Ends a connection that has said nothing for a while and does not speak HTTP/2. */
    private static final class UntilHttp2 extends IdleStateHandler {
        UntilHttp2(Duration firstWord) {
            super(0, 0, firstWord.toMillis(), TimeUnit.MILLISECONDS);
        }

        @Override
        protected void channelIdle(ChannelHandlerContext context, IdleStateEvent event) {
            if (context.pipeline().get(Http2ConnectionHandler.class) == null) {
                context.close();
            } else {
                context.pipeline().remove(this);
            }
        }
    }
}
