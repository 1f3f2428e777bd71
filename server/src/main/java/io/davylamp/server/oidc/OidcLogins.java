package io.davylamp.server.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.AuthenticationResponse;
import com.nimbusds.openid.connect.sdk.AuthenticationResponseParser;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import io.davylamp.core.Seldom;
import io.davylamp.core.access.AuditEntry;
import io.davylamp.core.access.Audited;
import io.davylamp.core.access.Principal;
import io.davylamp.core.identity.GroupGrants;
import io.davylamp.core.identity.Identity;
import io.davylamp.core.identity.NetworkPrefix;
import io.davylamp.core.identity.SignIn;
import io.davylamp.core.identity.SignInStates;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs in people whom an identity provider knows: the authorization code flow with PKCE. What has to be remembered between the
 * two halves is sealed and kept by the browser, so that the second half may reach any server. Thread-safe.
 *
 * <p>Source: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (issuer in the answer); RFC 9700; docs/adr/0024.
 */
public final class OidcLogins implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(OidcLogins.class);
    /** From the first half to the second: time for a password, a second factor and a forgotten phone. */
    public static final Duration LASTS = Duration.ofMinutes(10);

    private static final String LOGIN = "login";
    private static final String LOGOUT = "logout";
    /** Of one sign-in a browser keeps little more than two of these. */
    private static final int MAX_TO = 1_500;
    /** So much of a cookie browsers keep. */
    private static final int MAX_COOKIE = 3_800;

    private static final int MAX_SUBJECT = 255;
    private static final int MAX_NAME = 200;
    private static final int MAX_CODE = 4_000;
    private static final int MAX_GROUPS = 10_000;
    /** Questions to the provider at a time; each holds a thread while it waits. */
    private static final int PARALLEL = 16;
    /** Refusals of one address in a minute; what follows is neither looked at nor noted. */
    private static final int REFUSALS = 30;

    private static final int KEPT = 50_000;
    /** A path here: a browser takes two slashes, and a backslash for one of them, for another host. */
    private static final Pattern PATH = Pattern.compile("/(?![/\\\\])[!-~&&[^\\\\]]*");
    /** A part of a path that begins with a dot, written in any way: it may lead out of the base path. */
    private static final Pattern UPWARDS = Pattern.compile("^[^?#]*(/|%2f|%5c)(\\.|%2e)", Pattern.CASE_INSENSITIVE);

    private final OidcConfig config;
    private final GroupGrants groups;
    private final SignIn signIn;
    private final Audited audit;
    private final ProviderHttp http = new ProviderHttp();
    private final Provider provider;
    private final Seal seal;
    /** The provider takes a code once only; an answer counts once also where it does not. */
    private final SignInStates states;

    private final Cache<String, AtomicInteger> refusals = Caffeine.newBuilder()
            .maximumSize(KEPT)
            .expireAfterWrite(Duration.ofMinutes(1))
            .build();
    private final Semaphore asking = new Semaphore(PARALLEL);
    private final Seldom seldom = new Seldom();

    /** @param nanos a clock that never jumps */
    public OidcLogins(
            OidcConfig config,
            GroupGrants groups,
            SignIn signIn,
            SignInStates states,
            Clock clock,
            LongSupplier nanos,
            Audited audit) {
        this.states = states;
        this.config = config;
        this.groups = groups;
        this.signIn = signIn;
        this.audit = audit;
        this.provider = new Provider(config, http, nanos);
        this.seal = new Seal(config, clock);
    }

    /** The provider's name for people. */
    public String name() {
        return config.name();
    }

    /** Asks the provider for its description when that is due, without waiting; returns why nobody can sign in, or empty. */
    public String look() {
        return provider.look();
    }

    /** Whether a browser may be sent there after it signed in: a path of this server, below its base path, and no call of REST. */
    public static boolean isHere(String to, String basePath) {
        return to.length() <= MAX_TO
                && PATH.matcher(to).matches()
                && (to.startsWith(basePath + "/") || to.equals(basePath))
                && !to.startsWith(basePath + "/api/")
                && !UPWARDS.matcher(to).find();
    }

    /**
     * The first half of a sign-in.
     *
     * @param location to which the browser goes
     * @param remembered what it brings back in the second half
     */
    public record Begun(URI location, String remembered) {}

    /**
     * Begins a sign-in.
     *
     * @param done address of the second half, as the browser sees it and the provider knows it
     * @param to path that the person wants to see, which {@link #isHere} accepts
     * @return empty when the provider cannot be asked now
     */
    public Optional<Begun> begin(URI done, String to) {
        return provider.known().map(known -> {
            State state = new State();
            Nonce nonce = new Nonce();
            CodeVerifier verifier = new CodeVerifier();
            URI location = new AuthenticationRequest.Builder(
                            ResponseType.CODE,
                            new Scope(config.scopes().toArray(String[]::new)),
                            new ClientID(config.clientId()),
                            done)
                    .endpointURI(known.metadata().getAuthorizationEndpointURI())
                    .state(state)
                    .nonce(nonce)
                    .codeChallenge(verifier, CodeChallengeMethod.S256)
                    .build()
                    .toURI();
            JWTClaimsSet.Builder remembered = new JWTClaimsSet.Builder()
                    .claim("state", state.getValue())
                    .claim("nonce", nonce.getValue())
                    .claim("verifier", verifier.getValue())
                    .claim("done", done.toString())
                    .claim("to", to);
            return new Begun(location, seal.seal(LOGIN, remembered, LASTS));
        });
    }

    /** How the second half ends. */
    public sealed interface Outcome {}

    /**
     * Signed in.
     *
     * @param to path that the person wanted to see
     * @param hint what the browser brings along for the {@linkplain #logout end at the provider}; empty when it is too long
     */
    public record In(SignIn.Opened opened, String to, String hint) implements Outcome {}

    /** The sign-in was not begun in this browser, or too long ago, or came back already: nobody is signed in. */
    public record Unknown(String reason) implements Outcome {}

    /** The provider, or this server, does not let that person in. */
    public record Refused(String reason) implements Outcome {}

    /** The provider could not be asked, or answers what it should not. */
    public record Failed(String reason) implements Outcome {}

    /** There were too many refusals from that address. */
    public record Slow() implements Outcome {}

    /** Ends with what it is. */
    private static final class EndException extends Exception {
        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;
        private final String name;

        EndException(Outcome outcome, String name) {
            super(outcome.toString(), null, false, false);
            this.outcome = outcome;
            this.name = name;
        }
    }

    /**
     * Ends a sign-in with what the provider sent the browser back with.
     *
     * @param remembered of {@link Begun}; empty when the browser brought nothing
     * @param answer parameters of the address
     * @param address from which the browser came
     */
    public Outcome finish(String remembered, Map<String, List<String>> answer, String address) {
        AtomicInteger refused = refusals.get(NetworkPrefix.of(address), key -> new AtomicInteger());
        if (refused.get() >= REFUSALS) {
            return new Slow();
        }
        try {
            return finished(remembered, answer, address);
        } catch (EndException e) {
            refused.incrementAndGet();
            String reason = reason(e.outcome);
            audit.note(
                    new Principal(Principal.Kind.PERSON, "", e.name, List.of()).from(address),
                    "login",
                    "",
                    List.of(),
                    config.issuer().toString(),
                    e.outcome instanceof Failed ? AuditEntry.Result.FAILED : AuditEntry.Result.REFUSED,
                    reason);
            seldom.log("login", more -> log.warn("a sign-in at {} ends: {}{}", config.issuer(), reason, more));
            return e.outcome;
        }
    }

    private static String reason(Outcome outcome) {
        if (outcome instanceof Unknown unknown) {
            return unknown.reason();
        }
        if (outcome instanceof Refused refused) {
            return refused.reason();
        }
        return outcome instanceof Failed failed ? failed.reason() : "";
    }

    private static EndException unknown(String reason) {
        return new EndException(new Unknown(reason), "");
    }

    private static EndException failed(String reason) {
        return new EndException(new Failed(reason), "");
    }

    private static String one(Map<String, List<String>> answer, String name) throws EndException {
        List<String> values = answer.getOrDefault(name, List.of());
        if (values.size() > 1) {
            throw unknown("the answer has several values of " + name);
        }
        return values.isEmpty() ? "" : values.get(0);
    }

    private Outcome finished(String remembered, Map<String, List<String>> answer, String address) throws EndException {
        JWTClaimsSet begun = seal.open(LOGIN, remembered)
                .orElseThrow(() -> unknown("the sign-in was not begun in this browser, or more than "
                        + LASTS.toMinutes() + " minutes ago"));
        String state = text(begun, "state");
        if (!MessageDigest.isEqual(
                state.getBytes(StandardCharsets.UTF_8), one(answer, "state").getBytes(StandardCharsets.UTF_8))) {
            throw unknown("the answer belongs to another sign-in than the one that this browser began last");
        }
        if (!states.isFirst(state, LASTS)) {
            throw unknown("the answer came before");
        }
        Provider.Known known = provider.known().orElseThrow(() -> failed(provider.trouble()));
        AuthorizationCode code = code(answer, begun, known);
        if (!asking.tryAcquire()) {
            throw failed("too many people sign in at once; try again");
        }
        JWT token;
        IDTokenClaimsSet claims;
        try {
            token = token(known, code, begun);
            claims = known.validator().validate(token, new Nonce(text(begun, "nonce")));
            requireOurs(claims);
        } catch (BadJOSEException e) {
            throw failed("the ID token of the provider is not valid: " + e.getMessage());
        } catch (JOSEException e) {
            throw failed("the ID token of the provider cannot be checked: " + e.getMessage());
        } finally {
            asking.release();
        }
        SignIn.Opened opened = signIn.open(identity(claims), address);
        return new In(opened, text(begun, "to"), hint(token, opened));
    }

    /** The library reads {@code azp} and compares it with nothing. */
    private void requireOurs(IDTokenClaimsSet claims) throws EndException {
        Object party = claims.getClaim("azp");
        if (party == null ? claims.getAudience().size() > 1 : !party.equals(config.clientId())) {
            throw failed("the ID token of the provider is for " + clean(String.valueOf(party), MAX_NAME)
                    + " (azp), one of several that it names");
        }
    }

    private static String text(JWTClaimsSet claims, String name) {
        return Objects.toString(claims.getClaim(name), "");
    }

    private static URI done(JWTClaimsSet begun) {
        return URI.create(text(begun, "done"));
    }

    private AuthorizationCode code(Map<String, List<String>> answer, JWTClaimsSet begun, Provider.Known known)
            throws EndException {
        for (String name : List.of("code", "error", "error_description", "iss")) {
            if (one(answer, name).length() > MAX_CODE) {
                throw unknown("the answer's " + name + " is longer than " + MAX_CODE + " characters");
            }
        }
        AuthenticationResponse response;
        try {
            response = AuthenticationResponseParser.parse(done(begun), answer);
        } catch (ParseException e) {
            throw unknown("the answer of the provider is malformed: " + e.getMessage());
        }
        boolean named = response.getIssuer() != null;
        if (named && !response.getIssuer().getValue().equals(config.issuer().toString())
                || !named && known.metadata().supportsAuthorizationResponseIssuerParam()) {
            throw unknown("the answer is of another provider");
        }
        if (!response.indicatesSuccess()) {
            throw new EndException(
                    new Refused("the identity provider refuses the sign-in: "
                            + clean(response.toErrorResponse().getErrorObject().getCode(), MAX_NAME) + " "
                            + clean(response.toErrorResponse().getErrorObject().getDescription(), MAX_NAME)),
                    "");
        }
        AuthorizationCode code = response.toSuccessResponse().getAuthorizationCode();
        if (code == null) {
            throw unknown("the answer of the provider has no code");
        }
        return code;
    }

    private JWT token(Provider.Known known, AuthorizationCode code, JWTClaimsSet begun) throws EndException {
        TokenRequest request = new TokenRequest.Builder(
                        known.metadata().getTokenEndpointURI(),
                        known.authentication(),
                        new AuthorizationCodeGrant(code, done(begun), new CodeVerifier(text(begun, "verifier"))))
                .build();
        try {
            TokenResponse response =
                    OIDCTokenResponseParser.parse(request.toHTTPRequest().send(http));
            if (!response.indicatesSuccess()) {
                // What the provider says is for administrators: invalid_client is a wrong secret.
                throw failed("the identity provider does not take the code: "
                        + clean(response.toErrorResponse().getErrorObject().getCode(), MAX_NAME) + " "
                        + clean(response.toErrorResponse().getErrorObject().getDescription(), MAX_NAME));
            }
            JWT token = ((OIDCTokenResponse) response.toSuccessResponse())
                    .getOIDCTokens()
                    .getIDToken();
            if (token == null) {
                throw failed("the identity provider sends no ID token; access.oidc.scopes must have openid");
            }
            return token;
        } catch (ParseException e) {
            throw failed("the identity provider answers what is no answer to a code: " + e.getMessage());
        } catch (IOException e) {
            throw failed("the identity provider cannot be asked: " + e.getMessage());
        }
    }

    private Identity identity(IDTokenClaimsSet claims) throws EndException {
        String subject = claims.getSubject().getValue();
        if (subject.isEmpty() || subject.length() > MAX_SUBJECT) {
            throw failed(
                    "the ID token's sub has " + subject.length() + " characters; 1 to " + MAX_SUBJECT + " are allowed");
        }
        String name = Stream.of("preferred_username", "email", "name")
                .map(claim -> claims.getClaim(claim) instanceof String text ? clean(text, MAX_NAME) : "")
                .filter(text -> !text.isEmpty())
                .findFirst()
                .orElse(subject);
        List<String> all = groups(claims);
        // What gives no role is nobody's business here.
        List<String> with =
                all.stream().filter(groups.byGroup()::containsKey).distinct().toList();
        if (with.isEmpty()) {
            throw new EndException(
                    new Refused(name + " has no role: none of the groups in " + String.join(", ", config.groupClaims())
                            + " is in access.groups; the provider names "
                            + (all.isEmpty() ? "none" : clean(String.join(", ", all), MAX_NAME))),
                    name);
        }
        return new Identity(config.issuer().toString(), subject, name, with);
    }

    private List<String> groups(IDTokenClaimsSet claims) {
        List<String> found = new ArrayList<>();
        for (String claim : config.groupClaims()) {
            // Some providers let people write any address there, and say so.
            boolean counts = !claim.equals("email") || Boolean.TRUE.equals(claims.getClaim("email_verified"));
            Object value = claims.getClaim(claim);
            List<?> values = value instanceof List<?> list ? list : value == null ? List.of() : List.of(value);
            values.stream()
                    .filter(each -> counts && each instanceof String)
                    .limit(MAX_GROUPS)
                    .forEach(each -> found.add((String) each));
        }
        return found;
    }

    /** Without what is no text for people. */
    private static String clean(String text, int most) {
        String printable = text == null ? "" : text.replaceAll("\\p{C}", "").strip();
        return printable.length() <= most ? printable : printable.substring(0, most);
    }

    private String hint(JWT token, SignIn.Opened opened) {
        String sealed = seal.seal(
                LOGOUT,
                new JWTClaimsSet.Builder().claim("token", token.getParsedString()),
                Duration.ofMillis(
                        opened.session().endsMillis() - opened.session().createdMillis()));
        return sealed.length() <= MAX_COOKIE ? sealed : "";
    }

    /**
     * Where a browser ends its session at the provider; empty when the provider has no such place.
     *
     * @param hint of {@link In}; empty when the browser brought none
     * @param after address to which the provider sends the browser then
     */
    public Optional<URI> logout(String hint, URI after) {
        // Whoever signs out does not wait for a provider that is away.
        URI end = provider.knownAlready()
                .map(known -> known.metadata().getEndSessionEndpointURI())
                .orElse(null);
        if (!OidcConfig.isSafe(end)) {
            return Optional.empty();
        }
        JWT token = null;
        try {
            String text =
                    seal.open(LOGOUT, hint).map(claims -> text(claims, "token")).orElse("");
            token = text.isEmpty() ? null : JWTParser.parse(text);
        } catch (java.text.ParseException e) {
            log.debug("a hint that was sealed here is no token", e);
        }
        return Optional.of(
                new LogoutRequest(end, token, null, new ClientID(config.clientId()), after, null, null).toURI());
    }

    @Override
    public void close() {
        provider.close();
    }
}
