package io.davylamp.server.access;

import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.access.Token;
import io.davylamp.core.identity.Credentials;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Finds who sends a request to the web port: by the cookie of a session, or by a token in {@code Authorization}. Requests of nobody
 * reach what {@linkplain #isOpen everybody may see} only. Thread-safe.
 */
public final class WebGate implements DecoratingHttpServiceFunction {
    private static final Principal NOBODY = new Principal(Principal.Kind.PERSON, "", "nobody", List.of());

    /** The type of the problem that asks to sign in: a wrong password has the same status. */
    private static final String SIGN_IN = "urn:davylamp:problem:sign-in";

    private final Credentials credentials;
    private final boolean openMetrics;

    /** @param openMetrics whether {@code /metrics} is for everybody */
    public WebGate(Credentials credentials, boolean openMetrics) {
        this.credentials = credentials;
        this.openMetrics = openMetrics;
    }

    /** Whether everybody may have it: the page itself without its data, how to sign in, and whether the server is well. */
    static boolean isOpen(String path) {
        return !path.startsWith("/api/") && !path.equals("/graphql") && !path.equals("/metrics")
                || path.equals("/api/v1/openapi.yaml")
                || path.equals("/api/v1/login")
                || path.equals("/api/v1/login/oidc")
                || path.equals("/api/v1/login/oidc/done")
                || path.equals("/api/v1/login/code/redeem")
                || path.equals("/api/v1/logout")
                || path.equals("/api/v1/me");
    }

    /** What a request brings to show who sends it. */
    private record Shown(Token.Kind kind, String secret) {}

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        Optional<Shown> shown = shown(request.headers());
        if (shown.isEmpty()) {
            return pass(delegate, context, request, Optional.empty(), Optional::empty);
        }
        String secret = shown.get().secret();
        Supplier<Optional<Principal>> question = shown.get().kind() == null
                ? () -> credentials.ofSession(secret)
                : () -> credentials.ofToken(shown.get().kind(), secret);
        Optional<Principal> atOnce = credentials.atOnce(shown.get().kind(), secret);
        if (atOnce != null) {
            return pass(delegate, context, request, atOnce, question);
        }
        return HttpResponse.of(CompletableFuture.supplyAsync(question, context.blockingTaskExecutor())
                .thenApply(found -> {
                    try {
                        return pass(delegate, context, request, found, question);
                    } catch (Exception e) {
                        return HttpResponse.ofFailure(e);
                    }
                }));
    }

    private static Optional<Shown> shown(RequestHeaders headers) {
        String authorization = headers.get(HttpHeaderNames.AUTHORIZATION, "");
        String scheme = authorization.split(" ", 2)[0].toLowerCase(Locale.ROOT);
        String rest = authorization
                .substring(Math.min(authorization.length(), scheme.length() + 1))
                .trim();
        if (scheme.equals("bearer")) {
            return Optional.of(new Shown(Token.Kind.API, rest));
        }
        if (scheme.equals("basic")) {
            return Optional.of(new Shown(Token.Kind.API, password(rest)));
        }
        return SessionCookie.secret(headers).map(secret -> new Shown(null, secret));
    }

    /** For programs that know no other way: the password is the token, whatever the name is. */
    private static String password(String encoded) {
        try {
            String text = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            return text.substring(text.indexOf(':') + 1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    private HttpResponse pass(
            HttpService delegate,
            ServiceRequestContext context,
            HttpRequest request,
            Optional<Principal> found,
            Supplier<Optional<Principal>> again)
            throws Exception {
        // Without the base path.
        String path = context.mappedPath();
        boolean open = isOpen(path) || path.equals("/metrics") && openMetrics;
        if (found.isEmpty() && !open) {
            return refused();
        }
        String address = context.clientAddress().getHostAddress();
        Principal principal = found.orElse(NOBODY).from(address);
        if (path.equals("/metrics") && !openMetrics && !principal.mayEverywhere(Role.VIEWER)) {
            return problem(
                    HttpStatus.FORBIDDEN,
                    "metrics need a role for all services; the setting access.metrics opens them");
        }
        new Caller(principal, () -> again.get().map(now -> now.from(address)).orElseGet(() -> Caller.nobody(principal)))
                .set(context);
        return delegate.serve(context, request);
    }

    private static HttpResponse refused() {
        return problem(
                HttpStatus.UNAUTHORIZED,
                "nobody is signed in, or the session or token has ended; sign in on the page, or send Authorization: Bearer"
                        + " with a token that davy token made");
    }

    private static HttpResponse problem(HttpStatus status, String detail) {
        ResponseHeaders headers = status == HttpStatus.UNAUTHORIZED
                ? ResponseHeaders.of(
                        status,
                        HttpHeaderNames.CONTENT_TYPE,
                        MediaType.create("application", "problem+json"),
                        HttpHeaderNames.WWW_AUTHENTICATE,
                        "Bearer realm=\"davylamp\"")
                : ResponseHeaders.of(
                        status, HttpHeaderNames.CONTENT_TYPE, MediaType.create("application", "problem+json"));
        return HttpResponse.of(
                headers,
                com.linecorp.armeria.common.HttpData.ofUtf8(
                        "{\"type\":\"" + (status == HttpStatus.UNAUTHORIZED ? SIGN_IN : "about:blank")
                                + "\",\"title\":\"" + status.reasonPhrase() + "\",\"status\":"
                                + status.code() + ",\"detail\":\"" + detail + "\"}"));
    }
}
