package io.davylamp.server.agent;

import io.davylamp.core.Seldom;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import io.grpc.Status;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The agents that are connected to this server now, and what all links share. Which connection an agent has stands in its instance's
 * row: a stream's name begins with its server's, a line of polls belongs to no server. Thread-safe.
 */
final class AgentLinks {
    static final int HEARTBEAT_SECONDS = 5;
    /** A link that was silent for this long is dead, whatever TCP says. */
    static final long SILENT_MILLIS = 3 * HEARTBEAT_SECONDS * 1000L;
    /** The same for a link of another server, which writes now and then whom it heard. */
    private static final long SILENT_ELSEWHERE_MILLIS = SILENT_MILLIS + Instances.FLUSH.toMillis();

    private static final String POLL = "poll/";

    final Instances instances;
    final Offers offers;
    final Reports reports;
    final Clock clock;
    /** Largest recording that is taken. */
    final long recordingBytes;

    final String version;
    private final String server;
    private final Runnable linkEnded;
    private final AtomicLong streams = new AtomicLong();
    final Seldom seldom = new Seldom();
    private final Map<String, AgentLink> byInstance = new ConcurrentHashMap<>();
    private volatile boolean closed;

    /**
     * @param server names this server, and no other before or after it
     * @param linkEnded is run when there are {@linkplain Instances#ended ended} connections to write
     */
    AgentLinks(
            Instances instances,
            Offers offers,
            Reports reports,
            Clock clock,
            long recordingBytes,
            String version,
            String server,
            Runnable linkEnded) {
        this.instances = instances;
        this.offers = offers;
        this.reports = reports;
        this.clock = clock;
        this.recordingBytes = recordingBytes;
        this.version = version;
        this.server = server;
        this.linkEnded = linkEnded;
    }

    /** Returns a name for a new stream. */
    String stream() {
        return server + "/" + streams.incrementAndGet();
    }

    /** Returns the name of a line of polls, which any server answers. */
    static String polls(String line) {
        return POLL + line;
    }

    int size() {
        return byInstance.size();
    }

    boolean has(String instanceId) {
        return byInstance.containsKey(instanceId);
    }

    void with(String instanceId, Consumer<AgentLink> work) {
        AgentLink link = byInstance.get(instanceId);
        if (link != null) {
            work.accept(link);
        }
    }

    /** Whether a JVM of another life is connected as the instance, to any server, and was heard of lately. */
    boolean isTakenByAnother(Instance known, String life) {
        AgentLink other = byInstance.get(known.id());
        if (other != null && !other.life().equals(life) && clock.millis() - other.heardMillis() < SILENT_MILLIS) {
            return true;
        }
        return known.abilities().reports()
                && !known.link().isEmpty()
                && !known.link().startsWith(server + "/") // of our own links we know more than the row
                && !known.life().equals(life)
                && Math.abs(clock.millis() - instances.lastSeenMillis(known)) < SILENT_ELSEWHERE_MILLIS;
    }

    /** From now on this is the instance's link; an earlier one is ended. */
    void put(String instanceId, AgentLink link) {
        AgentLink replaced = byInstance.put(instanceId, link);
        if (replaced != null && replaced != link) {
            replaced.end(Status.ABORTED.withDescription("the agent connected again"));
        }
    }

    /**
     * The link is over; its instance may connect to any server now. A line of polls goes on elsewhere, or its agent is heard of no
     * more.
     *
     * @return false when another link is the instance's already, or none
     */
    boolean remove(String instanceId, AgentLink link) {
        if (!link.line().startsWith(POLL)) {
            instances.ended(link.line());
            linkEnded.run();
        }
        return byInstance.remove(instanceId, link);
    }

    boolean isClosed() {
        return closed;
    }

    /** Takes no new links and ends all. */
    void close() {
        closed = true;
        byInstance.values().forEach(link -> link.end(Status.UNAVAILABLE.withDescription("the server stops")));
    }
}
