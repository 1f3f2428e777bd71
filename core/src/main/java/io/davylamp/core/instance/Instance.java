package io.davylamp.core.instance;

import java.util.SortedMap;

/**
 * One running JVM of a service, known by its service and name.
 *
 * @param properties what the agent says of its host and JVM: text for people
 * @param unable why it cannot be profiled; {@link Unable#NO} when it can
 * @param life names one run of the JVM; another life means that the JVM was restarted
 * @param abilities what its agent can do
 */
public record Instance(
        String id,
        String service,
        String name,
        SortedMap<String, String> properties,
        Unable unable,
        String life,
        Abilities abilities,
        long firstSeenMillis,
        long lastSeenMillis) {}
