package io.davylamp.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection as TCP wants it: the client sees its end at once, and what it still sends is read and forgotten for a
 * moment. Closing a socket with unread bytes would reset it, and the client might lose the answer that says why it was refused.
 */
final class LingeringClose extends ChannelDuplexHandler {
    private static final long LINGER_MILLIS = 1_000;

    private ChannelPromise closing;

    @Override
    public void close(ChannelHandlerContext context, ChannelPromise promise) {
        Channel channel = context.channel();
        if (closing != null || !channel.isActive() || !(channel instanceof DuplexChannel duplex)) {
            context.close(promise);
            return;
        }
        closing = promise;
        duplex.shutdownOutput().addListener(done -> {
            if (!done.isSuccess()) {
                context.close(promise);
                return;
            }
            channel.config().setAutoRead(true);
            context.executor().schedule(() -> context.close(promise), LINGER_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (closing == null) {
            context.fireChannelRead(bytes);
        } else {
            ReferenceCountUtil.release(bytes);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (closing == null) {
            context.write(message, promise);
        } else {
            ReferenceCountUtil.release(message);
            promise.tryFailure(new ClosedChannelException());
        }
    }

    /** Writes that were not out when the end was asked for fail; nobody waits for them, and a log need not have them. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (closing == null) {
            context.fireExceptionCaught(cause);
        }
    }

    /** The half-closed states are between us and the socket. */
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (closing == null) {
            context.fireUserEventTriggered(event);
        } else if (event instanceof ChannelInputShutdownEvent) {
            context.close(closing);
        }
    }
}
