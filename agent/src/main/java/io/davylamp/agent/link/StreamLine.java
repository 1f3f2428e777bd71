package io.davylamp.agent.link;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.keep.Outbox;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** {@code davylamp.v1} over one stream that stays open. */
final class StreamLine implements Line {
    /** A proxy that holds back what we say until we end would let us wait for ever. */
    private static final long WELCOME_SECONDS = 10;

    /** A server that takes so many heartbeats and answers none hangs, although its machine still answers. */
    private static final int HEARTBEATS = 4;

    private final Channel channel;
    private final AgentConfig config;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Listener listener;
    private ClientCallStreamObserver<AgentMessage> out;
    private boolean heard;
    private boolean unanswered;
    private int heartbeats;
    private boolean closed;

    StreamLine(Channel channel, AgentConfig config, ScheduledThreadPoolExecutor main, AgentLog log, Listener listener) {
        this.channel = channel;
        this.config = config;
        this.main = main;
        this.log = log;
        this.listener = listener;
    }

    @Override
    public void open(Hello hello) {
        AgentServiceGrpc.newStub(channel).link(new ClientResponseObserver<AgentMessage, ServerMessage>() {
            @Override
            public void beforeStart(ClientCallStreamObserver<AgentMessage> stream) {
                out = stream;
            }

            @Override
            public void onNext(ServerMessage message) {
                heard = true;
                heartbeats = 0;
                if (!closed) {
                    listener.received(message);
                }
            }

            @Override
            public void onError(Throwable e) {
                lost(unanswered ? Loss.UNANSWERED : Loss.of(e), e.getMessage());
            }

            @Override
            public void onCompleted() {
                lost(Loss.BROKEN, "the server ended the connection");
            }
        });
        send(AgentMessage.newBuilder().setHello(hello).build());
        main.schedule(
                Quietly.task(log, "welcome", () -> {
                    if (!heard && !closed) {
                        unanswered = true;
                        out.cancel("the server did not answer", null);
                    }
                }),
                WELCOME_SECONDS,
                TimeUnit.SECONDS);
    }

    private void lost(Loss loss, String reason) {
        if (!closed) {
            closed = true;
            listener.lost(loss, reason);
        }
    }

    @Override
    public void send(AgentMessage message) {
        if (closed) {
            return;
        }
        if (message.hasHeartbeat() && ++heartbeats > HEARTBEATS) {
            out.cancel("the server does not answer any more", null);
        } else {
            out.onNext(message);
        }
    }

    @Override
    public void deliver(Outbox.Waiting recording, Outcome outcome) throws IOException {
        Uploader.upload(AgentServiceGrpc.newStub(channel), config, recording, main, log, outcome);
    }

    @Override
    public void close() {
        closed = true;
    }
}
