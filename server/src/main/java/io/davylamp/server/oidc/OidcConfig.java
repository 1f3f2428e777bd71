package io.davylamp.server.oidc;

import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * The identity provider at which people sign in, as the settings describe it. Immutable.
 *
 * @param issuer the provider's own address, exactly as its ID tokens name it
 * @param clientId name under which this server is registered at the provider
 * @param clientSecret password of this server at the provider
 * @param scopes what this server asks for; has {@code openid}
 * @param groupClaims claims of an ID token whose values are groups
 */
public record OidcConfig(
        URI issuer, String clientId, String clientSecret, List<String> scopes, List<String> groupClaims) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public OidcConfig {
        scopes = List.copyOf(scopes);
        groupClaims = List.copyOf(groupClaims);
    }

    /** Whether nobody on the way can read or change what is sent there: HTTPS, or a program on this machine. */
    public static boolean isSafe(URI address) {
        return address != null
                && address.getHost() != null
                && ("https".equals(address.getScheme())
                        || "http".equals(address.getScheme()) && LOOPBACK.contains(address.getHost()));
    }

    /** The provider's name for people. */
    public String name() {
        return issuer.getHost();
    }

    @Override
    public String toString() {
        return "OidcConfig[issuer=" + issuer + ", clientId=" + clientId + "]";
    }
}
