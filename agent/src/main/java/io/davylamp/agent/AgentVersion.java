package io.davylamp.agent;

/** The version of this agent, from its jar. */
final class AgentVersion {
    static final String VERSION = read();

    private AgentVersion() {}

    private static String read() {
        String version = AgentVersion.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }
}
