package io.davylamp.server.settings;

import java.util.Set;

/** The environment variables of the agent: docs/reference/agent.md has them; a test compares. */
public final class AgentVariables {
    /** All of them. A server in an environment that was made for agents, such as a pod with the agent, must start all the same. */
    public static final Set<String> ALL = Set.of(
            "DAVY_SERVICE",
            "DAVY_INSTANCE",
            "DAVY_LABELS",
            "DAVY_SERVER",
            "DAVY_FOLDER",
            "DAVY_TOKEN",
            "DAVY_AGENT_TOKEN_FILE",
            "DAVY_AGENT_TLS",
            "DAVY_AGENT_CA",
            "DAVY_AGENT_CERTIFICATE",
            "DAVY_AGENT_KEY",
            "DAVY_AGENT_PROXY",
            "DAVY_AGENT_PROTOCOL",
            "DAVY_AGENT_ENGINE",
            "DAVY_AGENT_EVENTS",
            "DAVY_AGENT_MAX_DURATION",
            "DAVY_AGENT_QUOTA",
            "DAVY_AGENT_OFF_FILE",
            "DAVY_AGENT_MAX_RECORDING",
            "DAVY_AGENT_UPLOAD_RATE",
            "DAVY_AGENT_OUTBOX_SIZE",
            "DAVY_AGENT_OUTBOX_AGE",
            "DAVY_AGENT_LOG");

    private AgentVariables() {}
}
