package io.davylamp.core.instance;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Instances, unique by service and name. */
public interface InstanceRows {
    /** Inserts, or replaces the one of the same id. */
    void put(Instance instance);

    /** Notes when instances were last heard of, by their ids; a time before the one that is known changes nothing. */
    void seen(Map<String, Long> millisById);

    /** Notes that connections ended: who is {@linkplain Instance#link connected} by one of them is not connected any more. */
    void unlink(Collection<String> links);

    Optional<Instance> find(String service, String name);

    Optional<Instance> byId(String id);

    /** Finds those that exist, in no order. */
    List<Instance> byIds(Collection<String> ids);

    /** Finds the instance whose agent is {@linkplain Instance#link connected} by this connection. */
    Optional<Instance> byLink(String link);

    /** Finds the instances on any of these {@linkplain Place#host hosts} that were seen since a moment. */
    List<Instance> onHosts(Collection<String> hosts, long sinceMillis);

    /**
     * Finds what the agents of instances are to be told, or are to be asked for, in no order.
     *
     * @param sinceMillis what was cancelled is told while its window ends after this moment
     */
    List<Wanted> wanted(long sinceMillis);

    List<Instance> ofService(String service);

    List<Instance> all();

    int count(String service);

    int count();

    /** Removes instances that were not seen since a moment and have no assignments; answers how many. */
    int deleteUnseenSince(long millis);
}
