package io.davylamp.server.rest;

import static io.davylamp.server.rest.ProblemException.badRequest;
import static io.davylamp.server.rest.ProblemException.notFound;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import io.davylamp.core.access.Principal;
import io.davylamp.core.identity.SignIn;
import io.davylamp.server.access.Caller;
import io.davylamp.server.access.SessionCookie;
import io.davylamp.server.oidc.OidcLogins;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signing in at an identity provider: both routes are followed by browsers, not called by scripts, so they answer with pages and
 * other addresses. Thread-safe.
 */
@Blocking
@ExceptionHandler(ToProblem.class)
final class OidcApi {
    private static final String LOGIN = "/api/v1/login/oidc";
    private static final String DONE = LOGIN + "/done";
    private static final String LOGOUT = "/api/v1/logout";
    /** What the browser remembers between both halves of a sign-in. */
    private static final String REMEMBERED = "davylamp_login";
    /** What it remembers for the end of the session at the provider. */
    private static final String HINT = "davylamp_provider";

    private final Access access;
    private final String basePath;

    /**
     * @param access null while nobody can sign in
     * @param basePath below which browsers find everything; empty for none
     */
    OidcApi(Access access, String basePath) {
        this.access = access;
        this.basePath = basePath;
    }

    private OidcLogins on() {
        if (access == null || access.oidc() == null) {
            throw notFound(
                    "no identity provider is set up at this server; the setting access.oidc.issuer changes that");
        }
        return access.oidc();
    }

    /** What the page needs for its button; null when there is no provider. */
    Map<String, String> shown() {
        return access == null || access.oidc() == null
                ? null
                : Map.of("login", basePath + LOGIN, "provider", access.oidc().name());
    }

    /** An address of this server, as the browser sees it. */
    private URI address(ServiceRequestContext context, String path) {
        String scheme = SessionCookie.isTls(context) ? "https" : "http";
        return URI.create(scheme + "://" + context.request().authority() + basePath + path);
    }

    @Get(LOGIN)
    public HttpResponse begin(@Param("to") Optional<String> to, ServiceRequestContext context) {
        OidcLogins logins = on();
        String wanted = to.orElse(basePath + "/");
        if (!OidcLogins.isHere(wanted, basePath)) {
            throw badRequest("to", "to must be the path of a page of this server, such as " + basePath + "/tasks/1");
        }
        Optional<OidcLogins.Begun> begun = logins.begin(address(context, DONE), wanted);
        if (begun.isEmpty()) {
            return page(
                    HttpStatus.SERVICE_UNAVAILABLE, "The identity provider cannot be reached. Try again in a minute.");
        }
        return HttpResponse.of(sent(HttpStatus.FOUND, begun.get().location().toString())
                .add(
                        HttpHeaderNames.SET_COOKIE,
                        remembered(begun.get().remembered(), OidcLogins.LASTS.toSeconds(), context))
                .build());
    }

    private String remembered(String value, long seconds, ServiceRequestContext context) {
        return SessionCookie.hidden(REMEMBERED, value, basePath + LOGIN, SessionCookie.isTls(context))
                .maxAge(seconds)
                .build()
                .toSetCookieHeader();
    }

    private String hint(String value, long seconds, ServiceRequestContext context) {
        return SessionCookie.hidden(HINT, value, basePath + LOGOUT, SessionCookie.isTls(context))
                .maxAge(seconds)
                .build()
                .toSetCookieHeader();
    }

    /** The {@code Set-Cookie} that makes a browser forget what it brings to the end of its session. */
    String forgotten(ServiceRequestContext context) {
        return hint("", 0, context);
    }

    private static ResponseHeadersBuilder sent(HttpStatus status, String location) {
        return ResponseHeaders.builder(status)
                .set(HttpHeaderNames.LOCATION, location)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store");
    }

    @Get(DONE)
    public HttpResponse done(HttpRequest request, ServiceRequestContext context) {
        Map<String, List<String>> answer = new LinkedHashMap<>();
        context.queryParams()
                .names()
                .forEach(name -> answer.put(name, context.queryParams().getAll(name)));
        OidcLogins.Outcome outcome = on().finish(
                        SessionCookie.value(request.headers(), REMEMBERED).orElse(""),
                        answer,
                        context.clientAddress().getHostAddress());
        return answer(outcome, request.headers(), context)
                .mapHeaders(headers -> headers.toBuilder()
                        .add(HttpHeaderNames.SET_COOKIE, remembered("", 0, context))
                        .build());
    }

    private HttpResponse answer(OidcLogins.Outcome outcome, RequestHeaders headers, ServiceRequestContext context) {
        if (outcome instanceof OidcLogins.In in) {
            // Whatever session the browser had ends: nobody goes on with one that somebody else planted.
            SessionCookie.secret(headers)
                    .ifPresent(secret -> access.sessions().end(Caller.current().principal(), secret));
            SignIn.Opened opened = in.opened();
            long seconds = (opened.session().endsMillis() - opened.session().createdMillis()) / 1_000;
            return HttpResponse.of(sent(HttpStatus.SEE_OTHER, in.to())
                    .add(
                            HttpHeaderNames.SET_COOKIE,
                            new SessionCookie(basePath).of(opened, SessionCookie.isTls(context)))
                    .add(HttpHeaderNames.SET_COOKIE, hint(in.hint(), in.hint().isEmpty() ? 0 : seconds, context))
                    .build());
        }
        if (outcome instanceof OidcLogins.Unknown unknown) {
            return page(HttpStatus.BAD_REQUEST, "Nobody was signed in: " + unknown.reason() + ". Sign in again.");
        }
        if (outcome instanceof OidcLogins.Refused refused) {
            return page(
                    HttpStatus.FORBIDDEN,
                    "Nobody was signed in: " + refused.reason() + ". An administrator of this server can help.");
        }
        if (outcome instanceof OidcLogins.Failed) {
            // Details are for administrators: they may tell how this server is set up.
            return page(
                    HttpStatus.BAD_GATEWAY,
                    "Nobody was signed in: the identity provider's answer cannot be used. The audit log and the server's log"
                            + " say why.");
        }
        return page(HttpStatus.TOO_MANY_REQUESTS, "Too many sign-ins from your address were refused. Wait a minute.");
    }

    private HttpResponse page(HttpStatus status, String words) {
        String html =
                "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Sign-in failed - Davylamp</title>\n"
                        + "<h1>Sign-in failed</h1>\n<p>" + escaped(words) + "</p>\n<p><a href=\"" + basePath
                        + "/\">Back to Davylamp</a></p>\n";
        return HttpResponse.of(
                ResponseHeaders.builder(status)
                        .contentType(MediaType.HTML_UTF_8)
                        .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                        .build(),
                HttpData.ofUtf8(html));
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** Where the browser of somebody who signed in at the provider ends its session there; empty for others. */
    Optional<URI> logout(Principal who, RequestHeaders headers, ServiceRequestContext context) {
        if (access == null || access.oidc() == null || !who.id().startsWith("oidc:")) {
            return Optional.empty();
        }
        return access.oidc().logout(SessionCookie.value(headers, HINT).orElse(""), address(context, "/"));
    }
}
