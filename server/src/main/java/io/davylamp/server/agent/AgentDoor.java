package io.davylamp.server.agent;

import io.davylamp.core.Seldom;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.TaskSpecText;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.Cancel;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.PollReply;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.Proceed;
import io.davylamp.wire.v1.Refused;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Stop;
import io.davylamp.wire.v1.Stored;
import io.davylamp.wire.v1.Trust;
import io.davylamp.wire.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks {@code davylamp.v1} with our agents: one link per JVM that carries commands and reports, one call per recording.
 * Thread-safe; gRPC calls each stream from one thread at a time.
 */
public final class AgentDoor extends AgentServiceGrpc.AgentServiceImplBase implements Changes.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentDoor.class);
    private static final int HEARTBEAT_SECONDS = 5;
    /** A link that was silent for this long is dead, whatever TCP says. */
    private static final long SILENT_MILLIS = 3 * HEARTBEAT_SECONDS * 1000L;
    /** How long a poll waits for something to say: below what proxies allow a call to take. */
    private static final long POLL_SECONDS = 10;

    private static final int MAX_LIFE = 100;
    /** Of assignments and reports in one Hello, and of messages in one poll: each costs a look into the database. */
    private static final int MAX_PARTS = 1_000;
    /** Agents that poll; a life that is not heard of is forgotten soon. */
    private static final int MAX_MAILBOXES = 20_000;

    private final Instances instances;
    private final Tasks tasks;
    private final Ingest ingest;
    private final Clock clock;
    private final String version;
    /** By instance id. */
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    /** Of agents that poll, by life. */
    private final Map<String, Mailbox> mailboxes = new ConcurrentHashMap<>();

    private final Seldom seldom = new Seldom();

    private final ScheduledExecutorService offers = Executors.newScheduledThreadPool(2, work -> {
        Thread thread = new Thread(work, "agent-offers");
        thread.setDaemon(true);
        return thread;
    });

    public AgentDoor(Instances instances, Tasks tasks, Ingest ingest, Clock clock, String version) {
        this.instances = instances;
        this.tasks = tasks;
        this.ingest = ingest;
        this.clock = clock;
        this.version = version;
    }

    private volatile boolean closed;

    /** Number of JVMs that are connected now. */
    public int connected() {
        return links.size();
    }

    @Override
    public StreamObserver<AgentMessage> link(StreamObserver<ServerMessage> out) {
        return new Stream((ServerCallStreamObserver<ServerMessage>) out).link;
    }

    @Override
    public void poll(PollRequest request, StreamObserver<PollReply> out) {
        String life = request.getLife();
        if (request.getMessagesCount() > MAX_PARTS) {
            out.onError(tooMany("messages", request.getMessagesCount()).asRuntimeException());
            return;
        }
        boolean hello = request.getMessagesCount() > 0 && request.getMessages(0).hasHello();
        if (hello && mailboxes.size() >= MAX_MAILBOXES) {
            out.onError(Status.RESOURCE_EXHAUSTED
                    .withDescription("the server takes " + MAX_MAILBOXES + " agents that poll")
                    .asRuntimeException());
            return;
        }
        Mailbox mailbox = hello && !life.isEmpty() && life.length() <= MAX_LIFE
                ? mailboxes.computeIfAbsent(life, each -> new Mailbox(life))
                : mailboxes.get(life);
        if (mailbox == null) {
            out.onError(Status.FAILED_PRECONDITION
                    .withDescription("Hello must be the first message of a life")
                    .asRuntimeException());
            return;
        }
        mailbox.take(request.getMessagesList(), (ServerCallStreamObserver<PollReply>) out);
    }

    private static Status tooMany(String what, int count) {
        return Status.INVALID_ARGUMENT.withDescription(count + " " + what + "; at most " + MAX_PARTS + " are allowed");
    }

    @Override
    public StreamObserver<DeliverRequest> deliver(StreamObserver<DeliverReply> out) {
        return new Delivery((ServerCallStreamObserver<DeliverReply>) out);
    }

    @Override
    public void work(String instanceId) {
        if (links.containsKey(instanceId)) {
            soon(() -> {
                Link link = links.get(instanceId);
                if (link != null) {
                    tasks.offer(instanceId, link.life).ifPresent(link::command);
                }
            });
        }
    }

    @Override
    public void cancelled(String instanceId, String assignmentId) {
        Link link = links.get(instanceId);
        if (link != null) {
            soon(() -> link.send(ServerMessage.newBuilder()
                    .setCancel(Cancel.newBuilder().setAssignmentId(assignmentId))
                    .build()));
        }
    }

    @Override
    public void stopped(String instanceId, String assignmentId) {
        Link link = links.get(instanceId);
        if (link != null) {
            soon(() -> link.stop(assignmentId));
        }
    }

    @Override
    public void trusted(String instanceId) {
        Link link = links.get(instanceId);
        if (link != null) {
            soon(() -> link.send(ServerMessage.newBuilder()
                    .setTrust(Trust.getDefaultInstance())
                    .build()));
        }
    }

    private void soon(Runnable work) {
        try {
            offers.execute(() -> {
                try {
                    work.run();
                } catch (RuntimeException e) {
                    log.error("cannot tell an agent", e);
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("closing: the agent will be told after the restart", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        offers.shutdown();
        links.values().forEach(link -> link.end(Status.UNAVAILABLE.withDescription("the server stops")));
    }

    /** How messages get to an agent. Thread-safe. */
    private interface Pipe {
        void send(ServerMessage message);

        /** Nothing goes through any more. */
        void end(Status status);

        /** The agent has ended it. */
        void complete();
    }

    /** A stream that stays open. */
    private final class Stream implements Pipe {
        private final ServerCallStreamObserver<ServerMessage> out;
        private final Link link = new Link(this);

        Stream(ServerCallStreamObserver<ServerMessage> out) {
            this.out = out;
            out.setOnCancelHandler(link::gone);
        }

        /** Messages come from several threads; gRPC wants one at a time. */
        @Override
        public synchronized void send(ServerMessage message) {
            if (!out.isCancelled()) {
                out.onNext(message);
            }
        }

        @Override
        public synchronized void end(Status status) {
            if (!out.isCancelled()) {
                out.onError(status.asRuntimeException());
            }
        }

        @Override
        public synchronized void complete() {
            if (!out.isCancelled()) {
                out.onCompleted();
            }
        }
    }

    /** Messages that wait for the next poll, or a poll that waits for messages. */
    private final class Mailbox implements Pipe {
        private final String life;
        private final Link link = new Link(this);
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
            if (!closed) {
                offers.schedule(this::answerNow, POLL_SECONDS, TimeUnit.SECONDS);
                offers.schedule(() -> expire(mine), POLL_SECONDS * 1000 + SILENT_MILLIS, TimeUnit.MILLISECONDS);
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
                mailboxes.remove(life, this);
                out.onError(ended.asRuntimeException());
                return;
            }
            out.onNext(PollReply.newBuilder().addAllMessages(messages).build());
            out.onCompleted();
            messages.clear();
        }

        private void expire(int poll) {
            if (poll == polls) {
                mailboxes.remove(life, this);
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

    /** What is said with one agent. */
    private final class Link implements StreamObserver<AgentMessage> {
        private final Pipe pipe;
        private volatile Instance instance;
        private volatile String life = "";
        private volatile long heardMillis;

        Link(Pipe pipe) {
            this.pipe = pipe;
        }

        /** The agent is there. */
        void heard() {
            heardMillis = clock.millis();
            if (instance != null) {
                instances.seen(instance.id());
            }
        }

        @Override
        public void onNext(AgentMessage message) {
            try {
                heardMillis = clock.millis();
                if (message.hasHello()) {
                    hello(message.getHello());
                } else if (instance == null) {
                    end(Status.FAILED_PRECONDITION.withDescription("Hello must be the first message"));
                } else if (message.hasReport()) {
                    report(message.getReport());
                } else if (message.hasHeartbeat()) {
                    heard();
                    send(ServerMessage.newBuilder()
                            .setHeartbeat(Heartbeat.getDefaultInstance())
                            .build());
                }
            } catch (InvalidInstanceException e) {
                end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
            } catch (StoreException e) {
                seldom.log(e.kind().name(), more -> log.warn("{}{}", e.getMessage(), more));
                end(Status.UNAVAILABLE.withDescription(e.getMessage()));
            } catch (RuntimeException e) {
                seldom.log(
                        e.getClass().getName(),
                        more -> log.error(
                                "cannot handle a message of instance {}{}",
                                instance == null ? "?" : instance.name(),
                                more,
                                e));
                end(Status.INTERNAL.withDescription("the server failed; its log says why"));
            }
        }

        private void hello(Hello hello) {
            if (hello.getLife().length() > MAX_LIFE) {
                end(Status.INVALID_ARGUMENT.withDescription(
                        "life has " + hello.getLife().length() + " characters; at most " + MAX_LIFE + " are allowed"));
                return;
            }
            if (hello.getHoldingCount() > MAX_PARTS || hello.getReportsCount() > MAX_PARTS) {
                end(tooMany("assignments or reports", Math.max(hello.getHoldingCount(), hello.getReportsCount())));
                return;
            }
            if (instance != null) {
                if (!hello.getService().equals(instance.service())
                        || !hello.getInstance().equals(instance.name())
                        || !hello.getLife().equals(life)) {
                    end(Status.FAILED_PRECONDITION.withDescription("an agent cannot become another"));
                    return;
                }
                seen(hello);
                return;
            }
            if (closed) {
                end(Status.UNAVAILABLE.withDescription("the server stops"));
                return;
            }
            life = hello.getLife();
            Instance known =
                    instances.find(hello.getService(), hello.getInstance()).orElse(null);
            Link other = known == null ? null : links.get(known.id());
            if (other != null && !other.life.equals(life) && clock.millis() - other.heardMillis < SILENT_MILLIS) {
                end(Status.ALREADY_EXISTS.withDescription("another JVM is connected as instance " + hello.getInstance()
                        + " of service " + hello.getService() + "; instances need different names"));
                return;
            }
            Instance seen = seen(hello);
            Link replaced = links.put(seen.id(), this);
            if (replaced != null) {
                replaced.end(Status.ABORTED.withDescription("the agent connected again"));
            }
            send(ServerMessage.newBuilder()
                    .setWelcome(Welcome.newBuilder()
                            .setServerVersion(version)
                            .setHeartbeatSeconds(HEARTBEAT_SECONDS)
                            .setMaxRecordingBytes(ingest.recordingBytesLimit()))
                    .build());
            hello.getReportsList().forEach(this::report);
            List<Tasks.Offer> again = tasks.reconcile(seen.id(), life, hello.getHoldingList());
            again.forEach(this::command);
            if (again.isEmpty()) {
                tasks.offer(seen.id(), life).ifPresent(this::command);
            }
            tasks.overrun(seen.id()).stream()
                    .map(Assignment::id)
                    .filter(hello.getHoldingList()::contains)
                    .forEach(this::stop);
            log.info("instance {} of service {} is connected", seen.name(), seen.service());
        }

        private Instance seen(Hello hello) {
            instance = instances.hello(
                    hello.getService(),
                    hello.getInstance(),
                    hello.getPropertiesMap(),
                    new Unable(hello.getUnableCode(), hello.getUnable()),
                    life,
                    new Abilities(true, hello.getLacksMap(), hello.getUnsureMap(), hello.getMaxSeconds()));
            return instance;
        }

        private void report(Report report) {
            String whose = report.getInstance().isEmpty()
                    ? instance.id()
                    : instances
                            .find(instance.service(), report.getInstance())
                            .map(Instance::id)
                            .orElse("");
            String assignment = report.getAssignmentId();
            switch (report.getWhatCase()) {
                case ACCEPTED -> tasks.accepted(whose, assignment);
                case RUNNING ->
                    tasks.running(
                            whose,
                            assignment,
                            report.getRunning().getEngine(),
                            report.getRunning().getNote());
                case FAILED ->
                    tasks.failed(whose, assignment, report.getFailed().getReason());
                case ENDED -> tasks.ended(whose, assignment, report.getEnded().getNote());
                case WHAT_NOT_SET -> {}
            }
        }

        void stop(String assignmentId) {
            send(ServerMessage.newBuilder()
                    .setStop(Stop.newBuilder().setAssignmentId(assignmentId))
                    .build());
        }

        void command(Tasks.Offer offer) {
            send(ServerMessage.newBuilder()
                    .setCommand(Command.newBuilder()
                            .setAssignmentId(offer.assignment().id())
                            .setDurationSeconds((int) offer.spec().duration().toSeconds())
                            .setOptions(TaskSpecText.of(offer.spec())))
                    .build());
        }

        void send(ServerMessage message) {
            pipe.send(message);
        }

        void end(Status status) {
            if (instance != null) {
                links.remove(instance.id(), this);
            }
            pipe.end(status);
        }

        private void gone() {
            if (instance != null && links.remove(instance.id(), this)) {
                log.info("instance {} of service {} is gone", instance.name(), instance.service());
            }
        }

        @Override
        public void onError(Throwable e) {
            gone();
        }

        @Override
        public void onCompleted() {
            gone();
            pipe.complete();
        }
    }

    /** One recording on its way in; the next piece is asked for when the last is written. */
    private final class Delivery implements StreamObserver<DeliverRequest> {
        private final ServerCallStreamObserver<DeliverReply> out;
        private Ingest.Upload upload;
        private byte[] sha256 = new byte[0];
        private boolean ended;

        Delivery(ServerCallStreamObserver<DeliverReply> out) {
            this.out = out;
            out.disableAutoRequest();
            out.setOnCancelHandler(() -> interrupt("the connection was lost"));
            out.request(1);
        }

        @Override
        public void onNext(DeliverRequest request) {
            try {
                if (ended) {
                    return;
                }
                if (request.hasBegin() && upload == null) {
                    begin(request.getBegin());
                } else if (upload != null && request.hasEnd()) {
                    sha256 = request.getEnd().getSha256().toByteArray();
                    out.request(1);
                } else if (upload != null && request.getMessageCase() == DeliverRequest.MessageCase.CONTENT) {
                    upload.write(request.getContent().asReadOnlyByteBuffer())
                            .ifPresentOrElse(this::refuse, () -> out.request(1));
                } else {
                    interrupt("Begin and content came in the wrong order");
                    ended = true;
                    out.onError(Status.INVALID_ARGUMENT
                            .withDescription("the first message must be Begin, all others content")
                            .asRuntimeException());
                }
            } catch (RuntimeException e) {
                failed(e);
            }
        }

        private void failed(RuntimeException e) {
            boolean known = e instanceof StoreException;
            String reason = known ? e.getMessage() : "the server failed; its log says why";
            if (!known) {
                seldom.log("upload", more -> log.error("an upload failed{}", more, e));
            }
            interrupt(reason);
            refuse(new Ingest.Refused(reason, true));
        }

        private void begin(Begin begin) {
            answer(ingest.open(
                    begin.getService(), begin.getInstance(), begin.getAssignmentId(), begin.getSizeBytes(), true));
        }

        private synchronized void answer(Ingest.Answer answer) {
            if (answer instanceof Ingest.Admitted admitted) {
                upload = admitted.upload();
                upload.onDisplaced(this::refuse);
                out.onNext(DeliverReply.newBuilder()
                        .setProceed(Proceed.newBuilder().setOffset(upload.receivedBytes()))
                        .build());
                out.request(1);
            } else if (answer instanceof Ingest.Stored) {
                ended = true;
                out.onNext(DeliverReply.newBuilder()
                        .setStored(Stored.getDefaultInstance())
                        .build());
                out.onCompleted();
            } else if (answer instanceof Ingest.Refused refused) {
                refuse(refused);
            }
        }

        /** Comes from another thread when the upload is too slow. */
        private synchronized void refuse(Ingest.Refused refused) {
            if (!ended && !out.isCancelled()) {
                ended = true;
                out.onNext(DeliverReply.newBuilder()
                        .setRefused(
                                Refused.newBuilder().setReason(refused.reason()).setKeep(refused.keep()))
                        .build());
                out.onCompleted();
            }
        }

        private void interrupt(String reason) {
            if (upload != null) {
                upload.interrupt(reason);
            }
        }

        @Override
        public void onError(Throwable e) {
            interrupt("the connection was lost");
        }

        @Override
        public void onCompleted() {
            if (ended) {
                return;
            }
            if (upload == null) {
                refuse(new Ingest.Refused("nothing was sent", true));
                return;
            }
            if (sha256.length == 0) {
                interrupt("it has no End");
                refuse(new Ingest.Refused("the last message must be End with the recording's hash", true));
                return;
            }
            try {
                answer(upload.commit(sha256));
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }
}
