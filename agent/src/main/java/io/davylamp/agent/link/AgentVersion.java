package io.davylamp.agent.link;

/** The version of this agent, from its jar. */
public final class AgentVersion {
    public static final String VERSION = read();

    private AgentVersion() {}

    private static String read() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
