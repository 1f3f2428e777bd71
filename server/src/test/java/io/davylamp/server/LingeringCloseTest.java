package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LingeringCloseTest {
    private final MultiThreadIoEventLoopGroup threads = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final List<Throwable> caught = new CopyOnWriteArrayList<>();

    @AfterEach
    void stop() {
        threads.shutdownGracefully().syncUninterruptibly();
    }

    @Test
    void writesThatTheEndOvertakesAreNoErrorOfTheConnection() throws IOException {
        Channel server = new ServerBootstrap()
                .group(threads)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new LingeringClose(), new AnswersAndCloses());
                    }
                })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();

        try (Socket client =
                new Socket(InetAddress.getLoopbackAddress(), ((InetSocketAddress) server.localAddress()).getPort())) {
            client.setSoTimeout(60_000);
            client.getOutputStream().write('?');

            assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                    .startsWith("answer");
        }
        assertThat(caught).isEmpty();
    }

    /** As the HTTP server does: the end is asked for once the first part is out, while another is in the queue. */
    private final class AnswersAndCloses extends ChannelInboundHandlerAdapter {
        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            context.write(Unpooled.copiedBuffer("answer", StandardCharsets.US_ASCII))
                    .addListener(ChannelFutureListener.CLOSE);
            context.write(Unpooled.copiedBuffer(" more", StandardCharsets.US_ASCII), context.voidPromise());
            context.flush();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            caught.add(cause);
        }
    }
}
