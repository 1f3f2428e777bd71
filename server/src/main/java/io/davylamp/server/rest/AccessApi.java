package io.davylamp.server.rest;

import static io.davylamp.server.rest.ProblemException.badRequest;
import static io.davylamp.server.rest.ProblemException.notFound;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import com.linecorp.armeria.server.annotation.Blocking;
import com.linecorp.armeria.server.annotation.Default;
import com.linecorp.armeria.server.annotation.Delete;
import com.linecorp.armeria.server.annotation.ExceptionHandler;
import com.linecorp.armeria.server.annotation.Get;
import com.linecorp.armeria.server.annotation.Param;
import com.linecorp.armeria.server.annotation.Post;
import io.davylamp.core.access.AuditQuery;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.access.Token;
import io.davylamp.core.access.User;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.identity.AuditLog;
import io.davylamp.core.identity.LoginCodes;
import io.davylamp.core.identity.Logins;
import io.davylamp.core.identity.Tokens;
import io.davylamp.server.access.Caller;
import io.davylamp.server.access.SessionCookie;
import java.io.IOException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Signing in and out, users, tokens, the audit log. Thread-safe. */
@Blocking
@ExceptionHandler(ToProblem.class)
final class AccessApi {
    private final Access access;
    private final Tasks tasks;
    private final OidcApi oidc;
    private final SessionCookie cookie;
    private final String sourceLink;

    /**
     * @param access null while nobody can sign in
     * @param sourceLink where the page finds the source of a method; empty for nowhere
     */
    AccessApi(Access access, Tasks tasks, OidcApi oidc, SessionCookie cookie, String sourceLink) {
        this.access = access;
        this.tasks = tasks;
        this.oidc = oidc;
        this.cookie = cookie;
        this.sourceLink = sourceLink;
    }

    private static Principal caller() {
        return Caller.current().principal();
    }

    /** What is only there when people sign in: what is made before would be there afterwards. */
    private Access on() {
        if (access == null) {
            throw new ProblemException(
                    Problem.of(
                            HttpStatus.CONFLICT,
                            "nobody signs in at this server, so there are no users and tokens; the setting access.users changes that"));
        }
        return access;
    }

    record LoginJson(String name, String password) {
        @Override
        public String toString() {
            return "LoginJson[name=" + name + "]";
        }
    }

    @Post("/api/v1/login")
    public HttpResponse login(AggregatedHttpRequest request, ServiceRequestContext context) {
        LoginJson asked = read(request, LoginJson.class, "{\"name\": text, \"password\": text}");
        if (!on().passwords()) {
            throw notFound("local users do not sign in at this server; the setting access.users changes that");
        }
        if (asked.name() == null || asked.password() == null) {
            throw badRequest(asked.name() == null ? "name" : "password", "name and password are needed");
        }
        Logins.Outcome outcome = access.logins()
                .login(asked.name(), asked.password(), context.clientAddress().getHostAddress());
        if (outcome instanceof Logins.In in) {
            // Whatever session the browser had ends: nobody goes on with one that somebody else planted.
            SessionCookie.secret(request.headers())
                    .ifPresent(secret -> access.sessions().end(caller(), secret));
            return withCookie(cookie.of(in.opened(), SessionCookie.isTls(context)));
        }
        if (outcome instanceof Logins.Slow slow) {
            return slowed(slow.after());
        }
        throw new ProblemException(Problem.of(HttpStatus.UNAUTHORIZED, "the name or the password is wrong"));
    }

    private static HttpResponse slowed(Duration after) {
        long seconds = Math.max(1, (after.toMillis() + 999) / 1_000);
        return Json.problem(Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "there were too many wrong attempts; wait " + seconds + " s and try again"))
                .mapHeaders(headers -> headers.toBuilder()
                        .setLong(HttpHeaderNames.RETRY_AFTER, seconds)
                        .build());
    }

    /** No address: a port of the browser's own machine, so that a code goes nowhere else. */
    record AllowJson(String challenge, String state, Integer port, String host) {}

    private static final int LEAST_PORT = 1_024;
    private static final int MOST_PORT = 65_535;
    private static final int MAX_HOST = 200;
    private static final Pattern STATE = Pattern.compile("[A-Za-z0-9_-]{1,100}");

    /** Lets the command line on the browser's machine sign in as whoever uses the page, who was asked. */
    @Post("/api/v1/login/code")
    public HttpResponse allow(AggregatedHttpRequest request) {
        AllowJson asked = read(
                request, AllowJson.class, "{\"challenge\": text, \"state\": text, \"port\": a number, \"host\": text}");
        if (asked.challenge() == null) {
            throw badRequest("challenge", "challenge is needed");
        }
        if (asked.state() == null || !STATE.matcher(asked.state()).matches()) {
            throw badRequest("state", "state has 1 to 100 of the characters A-Z a-z 0-9 _ -");
        }
        if (asked.port() == null || asked.port() < LEAST_PORT || asked.port() > MOST_PORT) {
            throw badRequest("port", "port is a number from " + LEAST_PORT + " to " + MOST_PORT);
        }
        if (asked.host() == null
                || asked.host().length() > MAX_HOST
                || asked.host().chars().anyMatch(Character::isISOControl)) {
            throw badRequest("host", "host has at most " + MAX_HOST + " characters, none of them a control character");
        }
        String code = on().codes()
                .make(caller(), SessionCookie.secret(request.headers()).orElse(""), asked.challenge(), asked.host());
        return secret(Json.ok(
                Map.of("to", "http://127.0.0.1:" + asked.port() + "/?code=" + code + "&state=" + asked.state())));
    }

    record RedeemJson(String code, String verifier) {
        @Override
        public String toString() {
            return "RedeemJson[]";
        }
    }

    @Post("/api/v1/login/code/redeem")
    public HttpResponse redeem(AggregatedHttpRequest request, ServiceRequestContext context) {
        RedeemJson asked = read(request, RedeemJson.class, "{\"code\": text, \"verifier\": text}");
        if (asked.code() == null || asked.verifier() == null) {
            throw badRequest(asked.code() == null ? "code" : "verifier", "code and verifier are needed");
        }
        LoginCodes.Outcome outcome = on().codes()
                .redeem(asked.code(), asked.verifier(), context.clientAddress().getHostAddress());
        if (outcome instanceof LoginCodes.In in) {
            // Not as a cookie: what asks is no browser.
            return secret(Json.ok(Map.of(
                    "session", in.opened().secret(),
                    "ends", TaskJson.time(in.opened().session().endsMillis()))));
        }
        if (outcome instanceof LoginCodes.Slow slow) {
            return slowed(slow.after());
        }
        throw new ProblemException(Problem.of(
                HttpStatus.UNAUTHORIZED,
                "the code is unknown, was used before, or is older than " + LoginCodes.LASTS.toSeconds()
                        + " s; run davy login again"));
    }

    private static HttpResponse secret(HttpResponse answer) {
        return answer.mapHeaders(headers -> headers.toBuilder()
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
    }

    @Post("/api/v1/logout")
    public HttpResponse logout(HttpRequest request, ServiceRequestContext context) {
        Json.require(request.contentType());
        Optional<URI> next = oidc.logout(caller(), request.headers(), context);
        SessionCookie.secret(request.headers())
                .ifPresent(secret -> on().sessions().end(caller(), secret));
        HttpResponse ended = next.isEmpty()
                ? HttpResponse.of(HttpStatus.NO_CONTENT)
                : Json.ok(Map.of("next", next.get().toString()));
        return ended.mapHeaders(headers -> headers.toBuilder()
                .add(HttpHeaderNames.SET_COOKIE, cookie.ended(SessionCookie.isTls(context)))
                .add(HttpHeaderNames.SET_COOKIE, oidc.forgotten(context))
                .set(HttpHeaderNames.CACHE_CONTROL, "no-store")
                .build());
    }

    private static HttpResponse withCookie(String cookie) {
        return HttpResponse.of(ResponseHeaders.of(
                HttpStatus.NO_CONTENT, HttpHeaderNames.SET_COOKIE, cookie, HttpHeaderNames.CACHE_CONTROL, "no-store"));
    }

    /** Who asks, what they may do, and how one signs in. */
    @Get("/api/v1/me")
    public HttpResponse me() {
        Principal who = caller();
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("signIn", signIn());
        json.put("oidc", oidc.shown());
        boolean signedIn = !who.id().isEmpty() && who.kind() != Principal.Kind.ANYONE;
        json.put("signedIn", signedIn);
        json.put("kind", who.kind().name());
        json.put("name", who.name());
        json.put("administrator", access != null && who.mayEverywhere(Role.ADMIN));
        json.put("grants", grants(who.grants()));
        // Where a company keeps its code is not for everybody.
        json.put("sourceLink", signedIn || access == null ? sourceLink : "");
        return Json.ok(json);
    }

    private String signIn() {
        if (access == null) {
            return "none";
        }
        return access.passwords() ? "password" : access.oidc() == null ? "token" : "oidc";
    }

    private static List<String> grants(List<Grant> grants) {
        return grants.stream().map(Grant::toString).toList();
    }

    private static List<Grant> grants(List<String> texts, String otherwise) {
        if (texts == null) {
            throw badRequest("grants", otherwise);
        }
        return texts.stream().map(text -> Grant.of(text == null ? "" : text)).toList();
    }

    record NewTokenJson(String name, String kind, List<String> grants, Long lastsSeconds) {}

    @Get("/api/v1/tokens")
    public HttpResponse tokens() {
        return Json.ok(Map.of(
                "tokens",
                on().tokens().all(caller()).stream().map(AccessApi::json).toList()));
    }

    @Post("/api/v1/tokens")
    public HttpResponse makeToken(AggregatedHttpRequest request) {
        NewTokenJson asked = read(
                request,
                NewTokenJson.class,
                "{\"name\": text, \"kind\": \"API\" or \"AGENT\", \"grants\": list of texts, \"lastsSeconds\": a number}");
        Token.Kind kind;
        try {
            kind = Token.Kind.valueOf(String.valueOf(asked.kind()));
        } catch (IllegalArgumentException e) {
            throw badRequest("kind", "kind \"" + asked.kind() + "\" is unknown; known are API and AGENT");
        }
        if (asked.name() == null) {
            throw badRequest("name", "a token needs a name");
        }
        Tokens.Made made = on().tokens()
                .make(
                        caller(),
                        asked.name(),
                        kind,
                        grants(asked.grants(), "a token needs grants, such as [\"viewer checkout-*\"]"),
                        asked.lastsSeconds() == null ? null : Duration.ofSeconds(asked.lastsSeconds()));
        Map<String, Object> json = new LinkedHashMap<>(json(made.token()));
        json.put("secret", made.secret());
        return secret(Json.created(json));
    }

    private static Map<String, Object> json(Token token) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("id", token.id());
        json.put("name", token.name());
        json.put("kind", token.kind().name());
        json.put("grants", grants(token.grants()));
        json.put("author", token.author().name());
        json.put("created", TaskJson.time(token.createdMillis()));
        json.put("ends", token.endsMillis() == Token.NEVER ? null : TaskJson.time(token.endsMillis()));
        json.put("lastUsed", token.usedMillis() == 0 ? null : TaskJson.time(token.usedMillis()));
        return json;
    }

    @Delete("/api/v1/tokens/{token}")
    public HttpResponse revoke(@Param("token") String id) {
        if (!on().tokens().revoke(caller(), id)) {
            throw notFound("there is no token \"" + id + "\"");
        }
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    record NewUserJson(String name, String password, List<String> grants) {
        @Override
        public String toString() {
            return "NewUserJson[name=" + name + "]";
        }
    }

    @Get("/api/v1/users")
    public HttpResponse users() {
        return Json.ok(Map.of(
                "users",
                on().users().all(caller()).stream().map(AccessApi::json).toList()));
    }

    private static Map<String, Object> json(User user) {
        return Map.of(
                "name", user.name(),
                "grants", grants(user.grants()),
                "created", TaskJson.time(user.createdMillis()));
    }

    private static final String USER = "{\"name\": text, \"password\": text, \"grants\": list of texts}";

    @Post("/api/v1/users")
    public HttpResponse addUser(AggregatedHttpRequest request) {
        NewUserJson asked = read(request, NewUserJson.class, USER);
        if (asked.name() == null || asked.password() == null) {
            throw badRequest(asked.name() == null ? "name" : "password", "name and password are needed");
        }
        return Json.created(json(on().users()
                .add(
                        caller(),
                        asked.name(),
                        asked.password(),
                        grants(asked.grants(), "a user needs grants; an empty list lets the user see nothing"))));
    }

    /** Changes what is given of a user, and ends their sessions. */
    @Post("/api/v1/users/{user}")
    public HttpResponse changeUser(@Param("user") String name, AggregatedHttpRequest request) {
        NewUserJson asked = read(request, NewUserJson.class, USER);
        if (asked.name() != null && !asked.name().equals(name)) {
            throw badRequest("name", "a user keeps the name; add another one and remove this one");
        }
        return Json.ok(json(on().users()
                .change(caller(), name, asked.password(), asked.grants() == null ? null : grants(asked.grants(), ""))
                .orElseThrow(() -> notFound("there is no user \"" + name + "\""))));
    }

    @Delete("/api/v1/users/{user}")
    public HttpResponse removeUser(@Param("user") String name) {
        if (!on().users().remove(caller(), name)) {
            throw notFound("there is no user \"" + name + "\"");
        }
        return HttpResponse.of(HttpStatus.NO_CONTENT);
    }

    @Get("/api/v1/sessions")
    public HttpResponse sessions() {
        return Json.ok(Map.of(
                "people",
                on().sessions().signedIn(caller()).stream()
                        .map(person -> Map.of(
                                "issuer", person.issuer(),
                                "subject", person.subject(),
                                "name", person.name(),
                                "sessions", person.sessions(),
                                "signedIn", TaskJson.time(person.signedInMillis()),
                                "lastUsed", TaskJson.time(person.usedMillis())))
                        .toList()));
    }

    record PersonJson(String issuer, String subject) {}

    /** Ends the sessions of a person, local or of an identity provider. */
    @Post("/api/v1/sessions/end")
    public HttpResponse endSessions(AggregatedHttpRequest request) {
        PersonJson asked = read(request, PersonJson.class, "{\"issuer\": text, \"subject\": text}");
        if (asked.issuer() == null || asked.subject() == null) {
            throw badRequest(asked.issuer() == null ? "issuer" : "subject", "issuer and subject are needed");
        }
        int ended = on().sessions().endOf(caller(), asked.issuer(), asked.subject());
        if (ended == 0) {
            throw notFound("\"" + asked.subject() + "\" has no session");
        }
        return Json.ok(Map.of("ended", ended));
    }

    @Get("/api/v1/audit")
    public HttpResponse audit(
            @Param Optional<String> name,
            @Param Optional<String> service,
            @Param Optional<String> action,
            @Param Optional<String> since,
            @Param Optional<String> until,
            @Param Optional<String> before,
            @Param @Default("100") int limit) {
        if (limit < 1 || limit > AuditLog.MOST) {
            throw badRequest("limit", "limit " + limit + " is outside of 1 to " + AuditLog.MOST);
        }
        AuditQuery query = new AuditQuery(
                name.orElse(null),
                service.orElse(null),
                action.orElse(null),
                millis("since", since, Long.MIN_VALUE),
                millis("until", until, Long.MAX_VALUE),
                before.orElse(null),
                limit);
        return Json.ok(Map.of(
                "entries",
                on().audit().find(caller(), query).stream().map(AuditJson::of).toList()));
    }

    private static long millis(String field, Optional<String> text, long otherwise) {
        try {
            return text.map(each -> Instant.parse(each).toEpochMilli()).orElse(otherwise);
        } catch (DateTimeException | ArithmeticException e) {
            throw badRequest(field, field + " \"" + text.get() + "\" is no time such as 2026-11-23T12:00:00Z");
        }
    }

    /** Stops every task of the services that the caller administers. */
    @Post("/api/v1/stop-all")
    public HttpResponse stopAll(HttpRequest request) {
        Json.require(request.contentType());
        return Json.ok(Map.of("stopped", tasks.stopAll(caller())));
    }

    private static <T> T read(AggregatedHttpRequest request, Class<T> type, String form) {
        Json.require(request.contentType());
        T value;
        try {
            value = Json.MAPPER.readValue(request.content().array(), type);
        } catch (UnrecognizedPropertyException e) {
            throw badRequest(
                    e.getPropertyName(), "the body has no field \"" + e.getPropertyName() + "\"; it is " + form);
        } catch (JsonProcessingException e) {
            Json.requireReasonable(e);
            // What the library says can hold a piece of the body, and so of a password.
            throw badRequest("body", "the body is no JSON of this form: " + form);
        } catch (IOException e) {
            throw badRequest("body", "the body is no JSON");
        }
        if (value == null) {
            throw badRequest("body", "the body is null instead of " + form);
        }
        return value;
    }
}
