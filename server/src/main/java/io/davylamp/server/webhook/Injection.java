package io.davylamp.server.webhook;

import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the webhook puts into pods.
 *
 * @param image the image with the agent's jar and a program that copies it
 * @param copy program and arguments of that image; empty for its own, which gets {@link #FOLDER} as argument
 * @param server the agent port of the server, HOST:PORT, several joined by semicolons
 * @param tokenSecret Secret of the pod's namespace whose key {@code token} is the agents' token; empty for none
 * @param caConfigMap ConfigMap of the pod's namespace whose key {@code ca.crt} has the authorities to trust; empty for none
 * @param variables further variables of the agent, by name
 */
public record Injection(
        String image,
        List<String> copy,
        String server,
        String tokenSecret,
        String caConfigMap,
        SortedMap<String, String> variables) {
    /** Where the volume with the jar is mounted. It is also where the agent works: a pod's root may be read-only. */
    public static final String FOLDER = "/davylamp";

    static final String JAR = FOLDER + "/davylamp-agent.jar";
    static final String CA_FOLDER = "/davylamp-ca";

    /** Less than the agent's own defaults: what is in the volume counts as the pod's use of its node's disk. */
    static final Map<String, String> DEFAULTS = Map.of(
            "DAVY_FOLDER", FOLDER + "/work", "DAVY_AGENT_MAX_RECORDING", "256m", "DAVY_AGENT_OUTBOX_SIZE", "512m");

    public Injection {
        SortedMap<String, String> all = new TreeMap<>(DEFAULTS);
        all.putAll(variables);
        variables = all;
        copy = List.copyOf(copy);
    }
}
