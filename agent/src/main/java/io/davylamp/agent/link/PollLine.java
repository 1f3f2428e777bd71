package io.davylamp.agent.link;

import io.davylamp.agent.host.AgentConfig;
import io.davylamp.agent.host.AgentLog;
import io.davylamp.agent.host.Quietly;
import io.davylamp.agent.keep.Outbox;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollReply;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** {@code davylamp.v1} where streams do not get through: each call says what there is to say and waits for an answer. */
final class PollLine implements Line {
    private static final long DEADLINE_SECONDS = 30;
    /** A server that answers at once with nothing is not asked in a circle. */
    private static final long BETWEEN_MILLIS = 100;

    private final Channel channel;
    private final AgentConfig config;
    private final ScheduledThreadPoolExecutor main;
    private final AgentLog log;
    private final Listener listener;
    private final List<AgentMessage> unsaid = new ArrayList<>();
    /** Names this line: what was said over an earlier one may not have arrived, so that the server begins anew. */
    private String name = "";

    private int polling;
    private boolean closed;

    PollLine(Channel channel, AgentConfig config, ScheduledThreadPoolExecutor main, AgentLog log, Listener listener) {
        this.channel = channel;
        this.config = config;
        this.main = main;
        this.log = log;
        this.listener = listener;
    }

    @Override
    public void open(Hello hello) {
        name = hello.getLife() + "-" + Long.toString(System.nanoTime(), Character.MAX_RADIX);
        send(AgentMessage.newBuilder().setHello(hello).build());
    }

    @Override
    public void send(AgentMessage message) {
        if (!message.hasHeartbeat() && !closed) {
            unsaid.add(message);
            poll(); // the server ends the call that waits when a newer one comes
        }
    }

    private void poll() {
        PollRequest request =
                PollRequest.newBuilder().setLife(name).addAllMessages(unsaid).build();
        unsaid.clear();
        int mine = ++polling;
        AgentServiceGrpc.newStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .poll(request, new StreamObserver<PollReply>() {
                    @Override
                    public void onNext(PollReply reply) {
                        for (ServerMessage message : reply.getMessagesList()) {
                            if (!closed) {
                                listener.received(message);
                            }
                        }
                    }

                    @Override
                    public void onError(Throwable e) {
                        if (!closed) {
                            closed = true;
                            listener.lost(Loss.of(e), e.getMessage());
                        }
                    }

                    @Override
                    public void onCompleted() {
                        main.schedule(
                                Quietly.task(log, "poll", () -> {
                                    if (!closed && mine == polling) {
                                        poll();
                                    }
                                }),
                                BETWEEN_MILLIS,
                                TimeUnit.MILLISECONDS);
                    }
                });
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
