package io.davylamp.core.instance;

import java.util.SortedMap;

/**
 * One running JVM of a service, known by its service and name.
 *
 * @param properties what the agent says of its host and JVM: text for people
 * @param labels what people say of it to tell it from others
 * @param unable why it cannot be profiled; {@link Unable#NO} when it can
 * @param life names one run of the JVM; another life means that the JVM was restarted
 * @param link names the connection of its agent; empty when it has none. Of an agent that does not {@linkplain Abilities#reports
 *     report}, it has words of those who speak with it
 * @param abilities what its agent can do
 * @param trustMillis when somebody wanted it profiled again although JVMs died; 0 when its agent knows, or nobody did
 */
public record Instance(
        String id,
        String service,
        String name,
        SortedMap<String, String> properties,
        Labels labels,
        Unable unable,
        String life,
        String link,
        Abilities abilities,
        long trustMillis,
        long firstSeenMillis,
        long lastSeenMillis) {

    /** This instance with another {@link #trustMillis}. */
    public Instance trusted(long millis) {
        return new Instance(
                id,
                service,
                name,
                properties,
                labels,
                unable,
                life,
                link,
                abilities,
                millis,
                firstSeenMillis,
                lastSeenMillis);
    }
}
