package io.davylamp.server.agent;

import io.davylamp.core.Seldom;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.fleet.Instances;
import io.grpc.Status;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The agents that are connected now, and what all links share. Thread-safe. */
final class AgentLinks {
    static final int HEARTBEAT_SECONDS = 5;
    /** A link that was silent for this long is dead, whatever TCP says. */
    static final long SILENT_MILLIS = 3 * HEARTBEAT_SECONDS * 1000L;

    final Instances instances;
    final Offers offers;
    final Reports reports;
    final Clock clock;
    /** Largest recording that is taken. */
    final long recordingBytes;

    final String version;
    final Seldom seldom = new Seldom();
    private final Map<String, AgentLink> byInstance = new ConcurrentHashMap<>();
    private volatile boolean closed;

    AgentLinks(Instances instances, Offers offers, Reports reports, Clock clock, long recordingBytes, String version) {
        this.instances = instances;
        this.offers = offers;
        this.reports = reports;
        this.clock = clock;
        this.recordingBytes = recordingBytes;
        this.version = version;
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

    /** Whether a JVM of another life is connected as the instance and was heard of lately. */
    boolean isTakenByAnother(String instanceId, String life) {
        AgentLink other = byInstance.get(instanceId);
        return other != null && !other.life().equals(life) && clock.millis() - other.heardMillis() < SILENT_MILLIS;
    }

    /** From now on this is the instance's link; an earlier one is ended. */
    void put(String instanceId, AgentLink link) {
        AgentLink replaced = byInstance.put(instanceId, link);
        if (replaced != null) {
            replaced.end(Status.ABORTED.withDescription("the agent connected again"));
        }
    }

    /** @return false when another link is the instance's already, or none */
    boolean remove(String instanceId, AgentLink link) {
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
