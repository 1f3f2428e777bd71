package io.davylamp.server.agent;

import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.PollReply;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Agents that poll: each has a mailbox from its Hello until it was silent for a while. Thread-safe. */
final class Mailboxes {
    /** How long a poll waits for something to say: below what proxies allow a call to take. */
    private static final long POLL_SECONDS = 10;
    /** A life that is not heard of is forgotten soon. */
    private static final int MAX_MAILBOXES = 20_000;

    private final AgentLinks links;
    private final ScheduledExecutorService scheduler;
    private final Map<String, Mailbox> byLife = new ConcurrentHashMap<>();

    Mailboxes(AgentLinks links, ScheduledExecutorService scheduler) {
        this.links = links;
        this.scheduler = scheduler;
    }

    /** Hears what the agent says and answers as soon as there is something to say, or after a while. */
    void poll(PollRequest request, StreamObserver<PollReply> out) {
        String life = request.getLife();
        if (request.getMessagesCount() > AgentLink.MAX_PARTS) {
            out.onError(
                    AgentLink.tooMany("messages", request.getMessagesCount()).asRuntimeException());
            return;
        }
        boolean hello = request.getMessagesCount() > 0 && request.getMessages(0).hasHello();
        if (hello && byLife.size() >= MAX_MAILBOXES) {
            out.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("the server takes " + MAX_MAILBOXES + " agents that poll")
                    .asRuntimeException());
            return;
        }
        Mailbox mailbox = hello && !life.isEmpty() && life.length() <= AgentLink.MAX_LIFE
                ? byLife.computeIfAbsent(life, each -> new Mailbox(life))
                : byLife.get(life);
        if (mailbox == null) {
            out.onError(Status.FAILED_PRECONDITION
                    .withDescription("Hello must be the first message of a life")
                    .asRuntimeException());
            return;
        }
        mailbox.take(request.getMessagesList(), (ServerCallStreamObserver<PollReply>) out);
    }

    /** Messages that wait for the next poll, or a poll that waits for messages. */
    private final class Mailbox implements Pipe {
        private final String life;
        private final AgentLink link = new AgentLink(this, links);
        private final List<ServerMessage> messages = new ArrayList<>();
        private ServerCallStreamObserver<PollReply> waiting;
        private Status ended;
        private volatile int polls;

        Mailbox(String life) {
            this.life = life;
        }

        void take(List<AgentMessage> said, ServerCallStreamObserver<PollReply> out) {
            int mine = ++polls;
            said.forEach(link::onNext);
            link.heard();
            synchronized (this) {
                answer();
                waiting = out;
                out.setOnCancelHandler(() -> forget(out));
                if (!messages.isEmpty() || ended != null) {
                    answer();
                }
            }
            if (!links.isClosed()) {
                scheduler.schedule(this::answerNow, POLL_SECONDS, TimeUnit.SECONDS);
                scheduler.schedule(
                        () -> expire(mine), POLL_SECONDS * 1000 + AgentLinks.SILENT_MILLIS, TimeUnit.MILLISECONDS);
            }
        }

        private synchronized void forget(ServerCallStreamObserver<PollReply> out) {
            if (waiting == out) {
                waiting = null;
            }
        }

        private synchronized void answerNow() {
            answer();
        }

        private void answer() {
            ServerCallStreamObserver<PollReply> out = waiting;
            if (out == null || out.isCancelled()) {
                return;
            }
            waiting = null;
            if (messages.isEmpty() && ended != null) {
                byLife.remove(life, this);
                out.onError(ended.asRuntimeException());
                return;
            }
            out.onNext(PollReply.newBuilder().addAllMessages(messages).build());
            out.onCompleted();
            messages.clear();
        }

        private void expire(int poll) {
            if (poll == polls) {
                byLife.remove(life, this);
                link.gone();
            }
        }

        @Override
        public synchronized void send(ServerMessage message) {
            messages.add(message);
            answer();
        }

        @Override
        public synchronized void end(Status status) {
            ended = status;
            answer();
        }

        @Override
        public void complete() {
            end(Status.OK);
        }
    }
}
