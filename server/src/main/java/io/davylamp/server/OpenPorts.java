package io.davylamp.server;

import io.davylamp.server.settings.Setting;

/** Refuses to start a server that strangers could use: a port that others reach needs a rule about who may use it. */
final class OpenPorts {
    private OpenPorts() {}

    /** @throws StartException naming the ways out */
    static void require(ServerConfig config) {
        // Where people sign in, agents need tokens too.
        if (config.settings().flag(Setting.ACCESS_OPEN) || config.access().isOn()) {
            return;
        }
        if (!Server.isLoopback(config.httpHost())) {
            throw new StartException("http.host = \"" + config.httpHost()
                    + "\" lets others reach the page and the REST interface, and nobody has to sign in. Choose one of:\n"
                    + "  access.users=true, and davy user add NAME for each person\n"
                    + "  access.oidc.issuer=..., where people sign in with OpenID Connect\n"
                    + "  keep http.host=127.0.0.1 and put a proxy that asks who people are in front of it\n"
                    + "  access.open=true, where only people you trust reach the port");
        }
        ServerConfig.AgentPortConfig agents = config.agentPort();
        if (!Server.isLoopback(config.agentHost())
                && agents.token().isEmpty()
                && agents.clientCa().isEmpty()) {
            throw new StartException("agent.host = \"" + config.agentHost()
                    + "\" lets others reach the agents' port, and anybody could come as an agent. Choose one of:\n"
                    + "  a token:         agent.token=...\n"
                    + "  certificates:    agent.tls.client-ca=...\n"
                    + "  neither:         access.open=true, where only JVMs you trust reach the port");
        }
    }
}
