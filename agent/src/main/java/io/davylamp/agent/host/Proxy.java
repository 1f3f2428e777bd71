package io.davylamp.agent.host;

import io.grpc.HttpConnectProxiedSocketAddress;
import io.grpc.ProxiedSocketAddress;
import io.grpc.ProxyDetector;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/** An HTTP proxy that connects us (CONNECT). Only what the agent was told: the host's own proxies are the host's. */
public final class Proxy {
    private final AgentConfig.Address address;
    /** {@code USER:PASSWORD}, or empty. */
    private final String user;

    Proxy(AgentConfig.Address address, String user) {
        this.address = address;
        this.user = user;
    }

    /** @param proxy null for none */
    public static ProxyDetector detector(Proxy proxy) {
        return target -> proxy == null ? null : proxy.to(target);
    }

    private ProxiedSocketAddress to(SocketAddress target) {
        HttpConnectProxiedSocketAddress.Builder through = HttpConnectProxiedSocketAddress.newBuilder()
                .setTargetAddress((InetSocketAddress) target)
                .setProxyAddress(new InetSocketAddress(address.host, address.port));
        int colon = user.indexOf(':');
        if (colon >= 0) {
            through.setUsername(user.substring(0, colon)).setPassword(user.substring(colon + 1));
        }
        return through.build();
    }

    @Override
    public String toString() {
        return address.toString();
    }
}
