package io.davylamp.core.instance;

import java.util.List;
import java.util.Optional;

/** Instances, unique by service and name. */
public interface InstanceRows {
    /** Inserts, or replaces the one of the same id. */
    void put(Instance instance);

    /** Notes when the instance was heard of; a time before the one that is known changes nothing. */
    void seen(String id, long nowMillis);

    Optional<Instance> find(String service, String name);

    Optional<Instance> byId(String id);

    List<Instance> ofService(String service);

    List<Instance> all();

    int count(String service);

    int count();

    /** Removes instances that were not seen since a moment and have no assignments; answers how many. */
    int deleteUnseenSince(long millis);
}
