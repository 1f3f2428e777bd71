package io.davylamp.server;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the service manager how far the server is, when it asked for it: a unit of {@code Type=notify} is started when its ports
 * are open, not when its process is there. Source: sd_notify(3). A server that cannot tell it goes on.
 */
final class ServiceNotice {
    private static final Logger log = LoggerFactory.getLogger(ServiceNotice.class);
    private static final long PATIENCE_SECONDS = 5;

    /** Path of a datagram socket; with {@code @} first its name in the abstract namespace. Null where nobody asked. */
    private final String socket;

    ServiceNotice(String socket) {
        this.socket = socket == null || socket.isEmpty() ? null : socket;
    }

    /** That of this process, from its environment. */
    static ServiceNotice ofThisProcess() {
        return new ServiceNotice(System.getenv("NOTIFY_SOCKET"));
    }

    void ready(String status) {
        tell("READY=1\nSTATUS=" + status.replace('\n', ' '));
    }

    void stopping() {
        tell("STOPPING=1");
    }

    private void tell(String state) {
        if (socket == null) {
            return;
        }
        if (!Epoll.isAvailable()) {
            log.warn("the service manager is not told \"{}\": {}", state, String.valueOf(Epoll.unavailabilityCause()));
            return;
        }
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try {
            Channel channel = new EpollDomainDatagramChannel();
            channel.pipeline().addLast(new ChannelInboundHandlerAdapter());
            group.register(channel).syncUninterruptibly();
            String path = socket.startsWith("@") ? '\0' + socket.substring(1) : socket;
            channel.connect(new DomainSocketAddress(path)).syncUninterruptibly();
            channel.writeAndFlush(Unpooled.copiedBuffer(state, StandardCharsets.UTF_8))
                    .syncUninterruptibly();
            channel.close().syncUninterruptibly();
        } catch (Exception e) {
            // Netty throws the checked exceptions of the system calls, too.
            log.warn("the service manager at {} is not told \"{}\": {}", socket, state, e.toString());
        } finally {
            group.shutdownGracefully(0, PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
