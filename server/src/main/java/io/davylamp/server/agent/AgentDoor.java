package io.davylamp.server.agent;

import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.signal.Changes;
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
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Speaks {@code davylamp.v1} with our agents: one link per JVM that carries commands and reports, one call per recording.
 * Thread-safe; gRPC calls each stream from one thread at a time.
 */
public final class AgentDoor extends AgentServiceGrpc.AgentServiceImplBase implements Changes.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AgentDoor.class);

    private final Ingest ingest;
    private final AgentLinks links;
    private final Mailboxes mailboxes;

    private final ScheduledExecutorService work = Executors.newScheduledThreadPool(2, each -> {
        Thread thread = new Thread(each, "agent-offers");
        thread.setDaemon(true);
        return thread;
    });

    public AgentDoor(Instances instances, Offers offers, Reports reports, Ingest ingest, Clock clock, String version) {
        this.ingest = ingest;
        this.links = new AgentLinks(instances, offers, reports, clock, ingest.recordingBytesLimit(), version);
        this.mailboxes = new Mailboxes(links, work);
    }

    /** Number of JVMs that are connected now. */
    public int connected() {
        return links.size();
    }

    @Override
    public StreamObserver<AgentMessage> link(StreamObserver<ServerMessage> out) {
        ServerCallStreamObserver<ServerMessage> call = (ServerCallStreamObserver<ServerMessage>) out;
        AgentLink link = new AgentLink(new StreamPipe(call), links);
        call.setOnCancelHandler(link::gone);
        return link;
    }

    @Override
    public void poll(PollRequest request, StreamObserver<PollReply> out) {
        mailboxes.poll(request, out);
    }

    @Override
    public StreamObserver<DeliverRequest> deliver(StreamObserver<DeliverReply> out) {
        return new Delivery(ingest, links.seldom, (ServerCallStreamObserver<DeliverReply>) out);
    }

    @Override
    public void work(String instanceId) {
        soon(instanceId);
    }

    /** Tells the instance's agent what there is to tell, if it is connected, on a thread that may wait. */
    private void soon(String instanceId) {
        if (!links.has(instanceId)) {
            return;
        }
        try {
            work.execute(() -> {
                try {
                    links.with(instanceId, AgentLink::tell);
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
        work.shutdown();
        links.close();
    }
}
