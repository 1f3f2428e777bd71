package io.davylamp.server.agent;

import io.davylamp.core.Changes;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.Instances;
import io.davylamp.core.instance.InvalidInstanceException;
import io.davylamp.core.recording.Ingest;
import io.davylamp.core.task.TaskSpecText;
import io.davylamp.core.task.Tasks;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.Begin;
import io.davylamp.wire.v1.Cancel;
import io.davylamp.wire.v1.Command;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.Heartbeat;
import io.davylamp.wire.v1.Hello;
import io.davylamp.wire.v1.Proceed;
import io.davylamp.wire.v1.Refused;
import io.davylamp.wire.v1.Report;
import io.davylamp.wire.v1.ServerMessage;
import io.davylamp.wire.v1.Stored;
import io.davylamp.wire.v1.Welcome;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
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

    private final Instances instances;
    private final Tasks tasks;
    private final Ingest ingest;
    private final Clock clock;
    private final String version;
    /** By instance id. */
    private final Map<String, Link> links = new ConcurrentHashMap<>();

    private final ExecutorService offers = Executors.newFixedThreadPool(2, work -> {
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
        return new Link((ServerCallStreamObserver<ServerMessage>) out);
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

    /** One agent's connection. */
    private final class Link implements StreamObserver<AgentMessage> {
        private final ServerCallStreamObserver<ServerMessage> out;
        private volatile Instance instance;
        private volatile String life = "";
        private volatile long heardMillis;

        Link(ServerCallStreamObserver<ServerMessage> out) {
            this.out = out;
            out.setOnCancelHandler(this::gone);
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
                    instances.seen(instance.id());
                    send(ServerMessage.newBuilder()
                            .setHeartbeat(Heartbeat.getDefaultInstance())
                            .build());
                }
            } catch (InvalidInstanceException e) {
                end(Status.INVALID_ARGUMENT.withDescription(e.getMessage()));
            } catch (RuntimeException e) {
                log.error("cannot handle a message of instance {}", instance == null ? "?" : instance.name(), e);
                end(Status.INTERNAL.withDescription("the server failed; its log says why"));
            }
        }

        private void hello(Hello hello) {
            if (instance != null) {
                end(Status.FAILED_PRECONDITION.withDescription("Hello came twice"));
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
            Instance seen = instances.hello(
                    hello.getService(), hello.getInstance(), hello.getPropertiesMap(), hello.getUnable(), life);
            instance = seen;
            Link replaced = links.put(seen.id(), this);
            if (replaced != null) {
                replaced.end(Status.ABORTED.withDescription("the agent connected again"));
            }
            send(ServerMessage.newBuilder()
                    .setWelcome(Welcome.newBuilder().setServerVersion(version).setHeartbeatSeconds(HEARTBEAT_SECONDS))
                    .build());
            List<Tasks.Offer> again = tasks.reconcile(seen.id(), life, hello.getHoldingList());
            again.forEach(this::command);
            if (again.isEmpty()) {
                tasks.offer(seen.id(), life).ifPresent(this::command);
            }
            log.info("instance {} of service {} is connected", seen.name(), seen.service());
        }

        private void report(Report report) {
            String assignment = report.getAssignmentId();
            switch (report.getWhatCase()) {
                case ACCEPTED -> tasks.accepted(instance.id(), assignment);
                case RUNNING -> tasks.running(instance.id(), assignment);
                case FAILED ->
                    tasks.failed(instance.id(), assignment, report.getFailed().getReason());
                case ENDED, WHAT_NOT_SET -> {}
            }
        }

        void command(Tasks.Offer offer) {
            send(ServerMessage.newBuilder()
                    .setCommand(Command.newBuilder()
                            .setAssignmentId(offer.assignment().id())
                            .setDurationSeconds((int) offer.spec().duration().toSeconds())
                            .setOptions(TaskSpecText.of(offer.spec())))
                    .build());
        }

        /** Messages come from several threads; gRPC wants one at a time. */
        synchronized void send(ServerMessage message) {
            if (!out.isCancelled()) {
                out.onNext(message);
            }
        }

        synchronized void end(Status status) {
            if (instance != null) {
                links.remove(instance.id(), this);
            }
            if (!out.isCancelled()) {
                out.onError(status.asRuntimeException());
            }
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
        public synchronized void onCompleted() {
            gone();
            if (!out.isCancelled()) {
                out.onCompleted();
            }
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
                log.error("an upload failed", e);
                interrupt(e.toString());
                refuse(new Ingest.Refused("the server failed; its log says why", true));
            }
        }

        private void begin(Begin begin) {
            sha256 = begin.getSha256().toByteArray();
            answer(ingest.open(begin.getService(), begin.getInstance(), begin.getAssignmentId(), begin.getSizeBytes()));
        }

        private void answer(Ingest.Answer answer) {
            if (answer instanceof Ingest.Admitted admitted) {
                upload = admitted.upload();
                out.onNext(DeliverReply.newBuilder()
                        .setProceed(Proceed.getDefaultInstance())
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

        private void refuse(Ingest.Refused refused) {
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
            try {
                answer(upload.commit(sha256));
            } catch (RuntimeException e) {
                log.error("a recording could not be committed", e);
                interrupt(e.toString());
                refuse(new Ingest.Refused("the server failed; its log says why", true));
            }
        }
    }
}
