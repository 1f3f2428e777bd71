package io.davylamp.server.agent;

import io.davylamp.core.instance.Instance;
import io.davylamp.core.store.StoreException;
import io.davylamp.server.access.Caller;
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
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Agents that poll. Each poll may reach another server: what one has of a line of polls, from the first until none came for a while,
 * only spares it questions to the store. Thread-safe.
 */
final class Mailboxes {
    /** How long a poll waits for something to say: below what proxies allow a call to take. */
    private static final long POLL_SECONDS = 10;
    /** A life that is not heard of is forgotten soon. */
    private static final int MAX_MAILBOXES = 20_000;

    private static final Logger log = LoggerFactory.getLogger(Mailboxes.class);

    private final AgentLinks links;
    private final ScheduledExecutorService scheduler;
    private final Map<String, Mailbox> byLife = new ConcurrentHashMap<>();

    Mailboxes(AgentLinks links, ScheduledExecutorService scheduler) {
        this.links = links;
        this.scheduler = scheduler;
    }

    /** Hears what the agent says and answers as soon as there is something to say, or after a while. */
    void poll(Caller caller, PollRequest request, StreamObserver<PollReply> out) {
        String life = request.getLife();
        if (request.getMessagesCount() > AgentLink.MAX_PARTS) {
            out.onError(
                    AgentLink.tooMany("messages", request.getMessagesCount()).asRuntimeException());
            return;
        }
        if (life.isEmpty() || life.length() > AgentLink.MAX_LIFE) {
            out.onError(Status.INVALID_ARGUMENT
                    .withDescription(
                            "life has " + life.length() + " characters; 1 to " + AgentLink.MAX_LIFE + " are allowed")
                    .asRuntimeException());
            return;
        }
        Mailbox mailbox = byLife.get(life);
        if (mailbox == null && byLife.size() >= MAX_MAILBOXES) {
            out.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("the server takes " + MAX_MAILBOXES + " agents that poll")
                    .asRuntimeException());
            return;
        }
        if (mailbox == null
                && request.getMessagesCount() > 0
                && request.getMessages(0).hasHello()) {
            mailbox = byLife.computeIfAbsent(life, each -> new Mailbox(caller, each));
        } else if (mailbox == null) {
            try {
                mailbox = begunElsewhere(caller, life).orElse(null);
            } catch (StoreException e) {
                out.onError(Status.UNAVAILABLE.withDescription(e.getMessage()).asRuntimeException());
                return;
            }
        }
        if (mailbox == null) {
            out.onError(Status.FAILED_PRECONDITION
                    .withDescription("Hello must be the first message of a life")
                    .asRuntimeException());
            return;
        }
        mailbox.take(caller, request.getMessagesList(), (ServerCallStreamObserver<PollReply>) out);
    }

    /** A line of polls whose Hello another server heard. */
    private Optional<Mailbox> begunElsewhere(Caller caller, String life) {
        Optional<Instance> known = links.isClosed() ? Optional.empty() : links.instances.byLink(AgentLinks.polls(life));
        return known.map(instance -> {
            Mailbox mailbox = byLife.computeIfAbsent(life, each -> new Mailbox(caller, each, instance));
            mailbox.link.goOn(); // not within the map's step: it may end a mailbox
            return mailbox;
        });
    }

    /** Messages that wait for the next poll, or a poll that waits for messages. */
    private final class Mailbox implements Pipe {
        private final String life;
        private final AgentLink link;
        private final List<ServerMessage> messages = new ArrayList<>();
        private ServerCallStreamObserver<PollReply> waiting;
        /** While it is above zero, more may come for the poll that waits. */
        private int held;
        /** The poll that waits has waited long enough. */
        private boolean due;

        private Status ended;
        private volatile int polls;

        Mailbox(Caller caller, String life) {
            this.life = life;
            this.link = new AgentLink(caller, this, links, AgentLinks.polls(life));
        }

        Mailbox(Caller caller, String life, Instance known) {
            this.life = life;
            this.link = new AgentLink(caller, this, links, AgentLinks.polls(life), known);
        }

        void take(Caller caller, List<AgentMessage> said, ServerCallStreamObserver<PollReply> out) {
            int mine;
            synchronized (link) { // what is just told goes with the poll that it was told over
                synchronized (this) {
                    mine = ++polls;
                    answer();
                    waiting = out;
                    due = false;
                    held++;
                }
                out.setOnCancelHandler(() -> forget(out));
                try {
                    link.comesFrom(caller);
                    if (!link.isRefused()) {
                        said.forEach(link::onNext);
                        link.heard();
                        link.catchUp();
                    }
                } catch (StoreException e) { // the poll waits: whoever looks into the store next tells it
                    links.seldom.log(
                            "poll", more -> log.warn("cannot look for what an agent is to be told{}", more, e));
                } finally {
                    release();
                }
            }
            try {
                scheduler.schedule(() -> answerLate(out), POLL_SECONDS, TimeUnit.SECONDS);
                scheduler.schedule(
                        () -> expire(mine), POLL_SECONDS * 1000 + AgentLinks.SILENT_MILLIS, TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                end(Status.UNAVAILABLE.withDescription("the server stops"));
            }
        }

        private synchronized void forget(ServerCallStreamObserver<PollReply> out) {
            if (waiting == out) {
                waiting = null;
            }
        }

        private synchronized void answerLate(ServerCallStreamObserver<PollReply> out) {
            if (waiting == out) {
                due = true;
                answerIfDue();
            }
        }

        private void answerIfDue() {
            if (held == 0 && (due || !messages.isEmpty() || ended != null)) {
                answer();
            }
        }

        @Override
        public synchronized boolean hold() {
            boolean open = waiting != null && !waiting.isCancelled();
            held += open ? 1 : 0;
            return open;
        }

        @Override
        public synchronized void release() {
            held--;
            answerIfDue();
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
            answerIfDue();
        }

        @Override
        public synchronized void end(Status status) {
            ended = status;
            answerIfDue();
        }

        @Override
        public void complete() {
            end(Status.OK);
        }
    }
}
