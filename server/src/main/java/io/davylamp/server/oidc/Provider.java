package io.davylamp.server.oidc;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * The identity provider as it describes itself, and its keys. Both are fetched when they are needed and kept: a provider that is
 * away delays no start, and what is known of it serves until it is back. Thread-safe.
 *
 * <p>Source: OpenID Connect Discovery 1.0; keys are fetched again when a token names one that nobody knows, at most twice in
 * {@link #KEYS_APART}.
 */
final class Provider implements AutoCloseable {
    private static final Duration RETRIED = Duration.ofSeconds(5);
    private static final Duration RENEWED = Duration.ofHours(1);
    /** A person who signs in waits so long for the description of the provider. */
    private static final Duration PATIENCE = Duration.ofSeconds(6);

    private static final Duration KEYS_KEPT = Duration.ofMinutes(5);
    private static final Duration KEYS_AWAITED = Duration.ofSeconds(15);
    static final Duration KEYS_APART = Duration.ofSeconds(30);
    private static final Duration KEYS_SERVE_DURING_OUTAGE = Duration.ofHours(4);

    /** Signatures that only the provider can make. With HMAC, whoever knows the client's secret could. */
    private static final Set<JWSAlgorithm> ALGORITHMS = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OidcConfig config;
    private final ProviderHttp http;
    private final LongSupplier nanos;
    private final URI description;

    private volatile Known known;
    private volatile String trouble = "";
    private CompletableFuture<Known> asking;
    private boolean asked;
    private long askedNanos;

    /** @param nanos a clock that never jumps */
    Provider(OidcConfig config, ProviderHttp http, LongSupplier nanos) {
        this.config = config;
        this.http = http;
        this.nanos = nanos;
        String issuer = config.issuer().toString();
        this.description = URI.create((issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer)
                + "/.well-known/openid-configuration");
    }

    /**
     * What is known of the provider.
     *
     * @param text as the provider sent it
     * @param authentication shows the provider that it is this server that asks
     */
    record Known(
            String text,
            OIDCProviderMetadata metadata,
            IDTokenValidator validator,
            ClientAuthentication authentication) {}

    /** Asks the provider when that is due, without waiting; returns why it cannot be used, or empty. */
    String look() {
        ask(RETRIED);
        return trouble;
    }

    /** Returns what is known, waiting a moment for it when nothing is; empty when the provider is away. */
    Optional<Known> known() {
        if (known == null) {
            try {
                return Optional.of(ask(Duration.ofSeconds(1)).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException e) {
                return Optional.ofNullable(known);
            }
        }
        return Optional.ofNullable(known);
    }

    /** Returns what is known without asking or waiting. */
    Optional<Known> knownAlready() {
        return Optional.ofNullable(known);
    }

    String trouble() {
        return trouble;
    }

    private synchronized CompletableFuture<Known> ask(Duration apart) {
        long age = nanos.getAsLong() - askedNanos;
        boolean due = !asked || age >= (known == null || !trouble.isEmpty() ? apart : RENEWED).toNanos();
        if (asking != null && !asking.isDone() || !due) {
            return asking;
        }
        asked = true;
        askedNanos = nanos.getAsLong();
        asking = http.get(description).thenApply(this::read).whenComplete((now, failure) -> {
            if (failure == null) {
                known = now;
                trouble = "";
            } else {
                trouble = words(failure);
            }
        });
        return asking;
    }

    private String words(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return "nobody can sign in at the identity provider (access.oidc.issuer): "
                + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }

    private Known read(String text) {
        Known before = known;
        if (before != null && before.text().equals(text)) {
            return before; // with the keys that it has
        }
        try {
            OIDCProviderMetadata metadata = OIDCProviderMetadata.parse(text);
            if (!metadata.getIssuer().getValue().equals(config.issuer().toString())) {
                throw new IOException(description + " says that its issuer is " + metadata.getIssuer()
                        + "; access.oidc.issuer must be exactly that");
            }
            requireSafe("authorization_endpoint", metadata.getAuthorizationEndpointURI());
            requireSafe("token_endpoint", metadata.getTokenEndpointURI());
            requireSafe("jwks_uri", metadata.getJWKSetURI());
            return new Known(text, metadata, validator(metadata), authentication(metadata));
        } catch (ParseException e) {
            throw new CompletionException(
                    new IOException(description + " is no description of a provider: " + e.getMessage(), e));
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    private void requireSafe(String name, URI address) throws IOException {
        if (!OidcConfig.isSafe(address)) {
            throw new IOException(description + ": " + name + " is " + address + ", which is not an https:// address");
        }
    }

    private IDTokenValidator validator(OIDCProviderMetadata metadata) throws MalformedURLException, IOException {
        Set<JWSAlgorithm> algorithms = new HashSet<>(ALGORITHMS);
        List<JWSAlgorithm> supported = metadata.getIDTokenJWSAlgs();
        if (supported != null && !supported.isEmpty()) {
            algorithms.retainAll(supported);
        }
        if (algorithms.isEmpty()) {
            throw new IOException("the provider signs ID tokens with " + supported + "; accepted are " + ALGORITHMS);
        }
        JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                        metadata.getJWKSetURI().toURL(), http)
                .cache(KEYS_KEPT.toMillis(), KEYS_AWAITED.toMillis())
                .refreshAheadCache(false)
                .rateLimited(KEYS_APART.toMillis())
                .outageTolerant(KEYS_SERVE_DURING_OUTAGE.toMillis())
                .build();
        return new IDTokenValidator(
                new Issuer(config.issuer()),
                new ClientID(config.clientId()),
                new JWSVerificationKeySelector<>(algorithms, keys),
                null);
    }

    private ClientAuthentication authentication(OIDCProviderMetadata metadata) {
        ClientID id = new ClientID(config.clientId());
        Secret secret = new Secret(config.clientSecret());
        List<ClientAuthenticationMethod> methods = metadata.getTokenEndpointAuthMethods();
        boolean inBody = methods != null
                && methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST)
                && !methods.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC);
        return inBody ? new ClientSecretPost(id, secret) : new ClientSecretBasic(id, secret);
    }

    @Override
    public void close() {
        http.close();
    }
}
