package io.davylamp.server.agent;

import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.signal.Changes;
import io.davylamp.server.access.Caller;
import io.davylamp.wire.v1.AgentMessage;
import io.davylamp.wire.v1.AgentServiceGrpc;
import io.davylamp.wire.v1.DeliverReply;
import io.davylamp.wire.v1.DeliverRequest;
import io.davylamp.wire.v1.PollReply;
import io.davylamp.wire.v1.PollRequest;
import io.davylamp.wire.v1.ServerMessage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks {@code davylamp.v1} with our agents: one link per JVM that carries commands and reports, one call per recording.
 * Thread-safe; gRPC calls each stream from one thread at a time.
 */
public final class AgentDoor extends AgentServiceGrpc.AgentServiceImplBase implements Changes.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentDoor.class);

    /** Links often break by the thousand: who ended in this time is written together. */
    private static final long ENDED_MILLIS = 100;

    private final Ingest ingest;
    private final Instances instances;
    private final AgentLinks links;
    private final Mailboxes mailboxes;
    /** The instances whose agents wait to be told something: however slow that is, each waits once. */
    private final Set<String> toTell = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean writesEndedLinks = new AtomicBoolean();

    private final ScheduledExecutorService work = Executors.newScheduledThreadPool(2, each -> {
        Thread thread = new Thread(each, "agent-offers");
        thread.setDaemon(true);
        return thread;
    });

    /** @param server names this server, and no other before or after it */
    public AgentDoor(
            Instances instances,
            Offers offers,
            Reports reports,
            Ingest ingest,
            Clock clock,
            String version,
            String server) {
        this.ingest = ingest;
        this.instances = instances;
        this.links = new AgentLinks(
                instances,
                offers,
                reports,
                clock,
                ingest.recordingBytesLimit(),
                version,
                server,
                this::writeEndedLinks);
        this.mailboxes = new Mailboxes(links, work);
    }

    /** Number of JVMs that are connected now. */
    public int connected() {
        return links.size();
    }

    @Override
    public StreamObserver<AgentMessage> link(StreamObserver<ServerMessage> out) {
        ServerCallStreamObserver<ServerMessage> call = (ServerCallStreamObserver<ServerMessage>) out;
        AgentLink link = new AgentLink(Caller.current(), new StreamPipe(call), links, links.stream());
        call.setOnCancelHandler(link::gone);
        return link;
    }

    @Override
    public void poll(PollRequest request, StreamObserver<PollReply> out) {
        mailboxes.poll(Caller.current(), request, out);
    }

    @Override
    public StreamObserver<DeliverRequest> deliver(StreamObserver<DeliverReply> out) {
        return new Delivery(
                Caller.current().principal(), ingest, links.seldom, (ServerCallStreamObserver<DeliverReply>) out);
    }

    @Override
    public void work(String instanceId) {
        soon(instanceId);
    }

    /** Tells the instance's agent what there is to tell, if it is connected, on a thread that may wait. */
    private void soon(String instanceId) {
        if (!links.has(instanceId) || !toTell.add(instanceId)) {
            return;
        }
        try {
            work.execute(() -> {
                toTell.remove(instanceId); // first: what is wanted meanwhile is told once more
                try {
                    links.with(instanceId, AgentLink::tell);
                } catch (RuntimeException e) {
                    links.seldom.log("tell", more -> log.warn("cannot tell an agent what is wanted of it{}", more, e));
                }
            });
        } catch (RejectedExecutionException e) {
            log.debug("closing: the agent will be told after the restart", e);
        }
    }

    /** Soon, so that a JVM that starts again finds its name free, at whatever server. */
    private void writeEndedLinks() {
        if (!work.isShutdown() && writesEndedLinks.compareAndSet(false, true)) {
            try {
                work.schedule(
                        () -> {
                            writesEndedLinks.set(false);
                            try {
                                instances.flushEnded();
                            } catch (RuntimeException e) {
                                links.seldom.log(
                                        "ended links",
                                        more -> log.warn(
                                                "cannot write which agents are gone; it is tried again{}", more, e));
                            }
                        },
                        ENDED_MILLIS,
                        TimeUnit.MILLISECONDS);
            } catch (RejectedExecutionException e) {
                log.debug("closing: the server writes it at its end", e);
            }
        }
    }

    @Override
    public void close() {
        work.shutdown();
        links.close();
    }
}
