package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollDomainDatagramChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.unix.DomainDatagramPacket;
import io.netty.channel.unix.DomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServiceNoticeTest {
    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /** Listens as a service manager does. */
    private void listen(String path) {
        EpollDomainDatagramChannel channel = new EpollDomainDatagramChannel();
        channel.pipeline().addLast(new SimpleChannelInboundHandler<DomainDatagramPacket>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, DomainDatagramPacket packet) {
                told.add(packet.content().toString(StandardCharsets.UTF_8));
            }
        });
        group.register(channel).syncUninterruptibly();
        channel.bind(new DomainSocketAddress(path)).syncUninterruptibly();
    }

    @Test
    void theServiceManagerLearnsThatTheServerIsReadyAndThatItStops() throws InterruptedException {
        String path = folder.resolve("notify").toString();
        listen(path);
        ServiceNotice notice = new ServiceNotice(path);

        notice.ready("web and REST on port 1\nagents on port 2");
        notice.stopping();

        assertThat(told.poll(10, TimeUnit.SECONDS))
                .isEqualTo("READY=1\nSTATUS=web and REST on port 1 agents on port 2");
        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("STOPPING=1");
    }

    @Test
    void theSocketMayHaveANameInsteadOfAPath() throws InterruptedException {
        String name = "davylamp-" + UUID.randomUUID();
        listen('\0' + name);

        new ServiceNotice('@' + name).stopping();

        assertThat(told.poll(10, TimeUnit.SECONDS)).isEqualTo("STOPPING=1");
    }

    @Test
    void aServerWithoutAServiceManagerGoesOn() {
        assertThatCode(() -> {
                    new ServiceNotice(null).ready("");
                    new ServiceNotice("").ready("");
                    new ServiceNotice(folder.resolve("nobody").toString()).ready("");
                })
                .doesNotThrowAnyException();
    }
}
