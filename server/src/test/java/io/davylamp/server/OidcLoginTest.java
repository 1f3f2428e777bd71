package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import io.davylamp.store.TestPostgres;
import io.davylamp.store.jdbc.PostgresAccess;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** People sign in at an identity provider, which may lie; at one server or at two on one database. */
final class OidcLoginTest {
    private static final String LOGIN = "/api/v1/login/oidc";

    @TempDir
    static Path folder;

    private static FakeProvider provider;
    private static ServerRig one;
    private static ServerRig other;
    private static Path audit;
    private static HttpResponse<String> whileAway;

    @BeforeAll
    static void start() throws Exception {
        provider = new FakeProvider();
        provider.away = true;
        audit = folder.resolve("audit.jsonl");
        PostgresAccess database = TestPostgres.newDatabase();
        one = rig(database, "one", "audit.file=" + audit);
        other = rig(database, "other");
        whileAway = get(one, LOGIN);
        provider.away = false;
        await().atMost(Duration.ofSeconds(60)).until(() -> get(one, LOGIN).statusCode() == 302);
        await().atMost(Duration.ofSeconds(60)).until(() -> get(other, LOGIN).statusCode() == 302);
    }

    private static ServerRig rig(PostgresAccess database, String name, String... more) throws Exception {
        Path secret = Files.writeString(folder.resolve("secret"), FakeProvider.SECRET + "\n");
        String[] settings = {
            "data.database=" + database.url(),
            "data.database-user=" + database.user(),
            "data.database-connections=4",
            "http.proxies=127.0.0.1",
            "http.hosts=davy.example",
            "http.base-path=/davy",
            "access.oidc.issuer=" + provider.issuer(),
            "access.oidc.client-id=" + FakeProvider.CLIENT,
            "access.oidc.client-secret-file=" + secret,
            "access.groups=sre = admin *, shop = viewer shop-*"
        };
        return new ServerRig(
                Files.createDirectories(folder.resolve(name)),
                Stream.concat(Stream.of(settings), Stream.of(more)).toArray(String[]::new));
    }

    @AfterAll
    static void stop() throws IOException {
        one.close();
        other.close();
        provider.close();
    }

    @BeforeEach
    void theProviderIsHonest() {
        provider.honest();
    }

    /** The cookie of that name among those that an answer sets, as it is sent back. */
    private static String cookie(HttpResponse<?> answer, String name) {
        return answer.headers().allValues("set-cookie").stream()
                .filter(each -> each.startsWith(name + "=") && !each.startsWith(name + "=;"))
                .map(each -> each.split(";")[0])
                .findFirst()
                .orElse("");
    }

    /** A sign-in that has begun in a browser. */
    private record Begun(String remembered, String location) {}

    private static HttpResponse<String> get(ServerRig rig, String path, String... headers) throws Exception {
        return rig.send("GET", "/davy" + path, null, headers);
    }

    private static Begun begin(String to) throws Exception {
        HttpResponse<String> sent =
                get(one, LOGIN + (to == null ? "" : "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8)));
        assertThat(sent.statusCode()).as(sent.body()).isEqualTo(302);
        return new Begun(
                cookie(sent, "davylamp_login"),
                sent.headers().firstValue("location").orElseThrow());
    }

    private static HttpResponse<String> back(ServerRig rig, URI address, String remembered) throws Exception {
        return rig.send("GET", address.getRawPath() + "?" + address.getRawQuery(), null, "Cookie", remembered);
    }

    private static HttpResponse<String> login() throws Exception {
        Begun begun = begin(null);
        return back(one, provider.authorize(begun.location()), begun.remembered());
    }

    private static String session(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(303);
        return cookie(answer, "davylamp_session");
    }

    private static JsonNode me(ServerRig rig, String session) throws Exception {
        return ServerRig.json(get(rig, "/api/v1/me", "Cookie", session));
    }

    private static void assertNobody(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(cookie(answer, "davylamp_session")).isEmpty();
        assertThat(answer.headers().firstValue("content-type").orElseThrow()).startsWith("text/html");
        List<String> lines = Files.readAllLines(audit);
        assertThat(lines.get(lines.size() - 1))
                .contains("\"action\":\"login\"")
                .containsPattern("\"result\":\"(REFUSED|FAILED)\"");
    }

    @Test
    void aProviderThatIsAwayDelaysNoStartAndSaysSoToWhoeverSignsIn() {
        assertThat(whileAway.statusCode()).isEqualTo(503);
        assertThat(whileAway.body()).contains("cannot be reached");
    }

    @Test
    void whoeverSignsInHasTheRoleOfTheirGroupAndIsWhereTheyWantedToBe() throws Exception {
        assertThat(me(one, "none=1").get("oidc").get("login").asText()).isEqualTo("/davy" + LOGIN);
        assertThat(me(one, "none=1").get("signIn").asText()).isEqualTo("oidc");
        provider.groups = List.of("unknown", "shop");
        Begun begun = begin("/davy/tasks/1?view=hot");

        HttpResponse<String> in = back(one, provider.authorize(begun.location()), begun.remembered());

        assertThat(in.headers().firstValue("location")).contains("/davy/tasks/1?view=hot");
        JsonNode me = me(one, session(in));
        assertThat(me.get("signedIn").asBoolean()).isTrue();
        assertThat(me.get("name").asText()).isEqualTo("ada");
        assertThat(me.get("grants").toString()).isEqualTo("[\"viewer shop-*\"]");
        assertThat(in.headers().allValues("set-cookie"))
                .filteredOn(each -> each.startsWith("davylamp_session="))
                .allSatisfy(each ->
                        assertThat(each).containsIgnoringCase("HttpOnly").contains("SameSite=Lax", "Path=/davy;"));
        assertThat(Files.readString(audit)).contains("oidc:" + provider.issuer() + "#subject-1");
    }

    @Test
    void theSecondHalfMayReachAnotherServer() throws Exception {
        Begun begun = begin(null);

        HttpResponse<String> in = back(other, provider.authorize(begun.location()), begun.remembered());

        assertThat(me(one, session(in)).get("signedIn").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"nonce", "no nonce", "audience", "several", "azp", "issuer", "expired", "no subject", "subject"})
    void aTokenThatIsNotForThisSignInIsRefused(String lie) throws Exception {
        Map<String, UnaryOperator<JWTClaimsSet.Builder>> lies = Map.of(
                "nonce", claims -> claims.claim("nonce", "other"),
                "no nonce", claims -> claims.claim("nonce", null),
                "audience", claims -> claims.audience("somebody-else"),
                "several", claims -> claims.audience(List.of(FakeProvider.CLIENT, "somebody-else")),
                "azp",
                        claims -> claims.audience(List.of(FakeProvider.CLIENT, "somebody-else"))
                                .claim("azp", "somebody-else"),
                "issuer", claims -> claims.issuer("https://evil.example"),
                "expired",
                        claims -> claims.expirationTime(Date.from(Instant.now().minusSeconds(120))),
                "no subject", claims -> claims.subject(null),
                "subject", claims -> claims.subject("x".repeat(256)));
        provider.claims = lies.get(lie);

        assertNobody(login(), 502);
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "HS256"})
    void aTokenThatTheProvidersKeyDidNotSignIsRefused(String algorithm) throws Exception {
        provider.algorithm = algorithm;

        assertNobody(login(), 502);
    }

    @Test
    void aKeyThatIsNewIsFetchedAndAKeyThatNobodyKnowsIsNotFetchedForever() throws Exception {
        session(login());
        provider.rotate();
        session(login());
        provider.hidden = new RSAKeyGenerator(2048).keyID("hidden").generate();
        int before = provider.keyFetches.get();

        for (int i = 0; i < 5; i++) {
            assertNobody(login(), 502);
        }

        assertThat(provider.keyFetches.get() - before).isLessThanOrEqualTo(2);
    }

    @Test
    void anAnswerCountsOnceAtAllServersTogether() throws Exception {
        Begun begun = begin(null);
        URI address = provider.authorize(begun.location());
        session(back(one, address, begun.remembered()));

        HttpResponse<String> again = back(one, address, begun.remembered());
        HttpResponse<String> elsewhere = back(other, address, begun.remembered());

        assertNobody(again, 400);
        assertThat(again.body()).contains("came before");
        assertThat(elsewhere.statusCode()).isEqualTo(400);
        assertThat(elsewhere.body()).contains("came before");
        assertThat(cookie(elsewhere, "davylamp_session")).isEmpty();
    }

    @Test
    void anAnswerOfAnotherSignInIsRefused() throws Exception {
        Begun begun = begin(null);
        Begun attackers = begin(null);

        assertNobody(back(one, provider.authorize(attackers.location()), begun.remembered()), 400);
        assertNobody(back(one, provider.authorize(begun.location()), "davylamp_login=forged"), 400);
        assertNobody(back(one, provider.authorize(begun.location()), "none=1"), 400);
        String nested = Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString("{\"a\":".repeat(1_000).getBytes(StandardCharsets.US_ASCII));
        assertNobody(back(one, provider.authorize(begun.location()), "davylamp_login=" + nested + ".a.a.a.a"), 400);
    }

    @Test
    void aCodeOfAnotherSignInIsRefused() throws Exception {
        Begun begun = begin(null);
        Begun attackers = begin(null);
        String code = FakeProvider.query(
                        provider.authorize(attackers.location()).getRawQuery())
                .get("code");
        String own = provider.authorize(begun.location()).toString().replaceAll("code=[^&]*", "code=" + code);

        assertNobody(back(one, URI.create(own), begun.remembered()), 502);
    }

    @Test
    void theProvidersRefusalIsShownAsText() throws Exception {
        Begun begun = begin(null);
        String state =
                FakeProvider.query(URI.create(begun.location()).getRawQuery()).get("state");

        HttpResponse<String> answer = back(
                one,
                URI.create(
                        "http://x/davy" + LOGIN + "/done?error=access_denied&error_description=%3Cb%3Eno%3C/b%3E&state="
                                + URLEncoder.encode(state, StandardCharsets.UTF_8)),
                begun.remembered());

        assertNobody(answer, 403);
        assertThat(answer.body()).contains("access_denied").doesNotContain("<b>");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://evil.example/",
                "//evil.example/",
                "/\\evil.example/",
                "/davy/\\evil.example/",
                "/davy/..//evil.example",
                "/davy/%2e%2e/other",
                "/other",
                "/davyx",
                "/davy/api/v1/login/oidc",
                "javascript:alert(1)",
                "davy/",
                "/davy/\tx",
                "/davy/\r\nSet-Cookie: davylamp_session=x",
                "/davy/ü"
            })
    void nobodyIsSentAnywhereElse(String to) throws Exception {
        HttpResponse<String> answer = get(one, LOGIN + "?to=" + URLEncoder.encode(to, StandardCharsets.UTF_8));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.headers().firstValue("location")).isEmpty();
    }

    @Test
    void whoeverHasNoRoleIsToldWhatIsMissing() throws Exception {
        provider.groups = List.of("<i>guests</i>");

        HttpResponse<String> answer = login();

        assertNobody(answer, 403);
        assertThat(answer.body()).contains("access.groups", "&lt;i&gt;guests").doesNotContain("<i>");
        assertThat(Files.readString(audit)).contains("\"name\":\"ada\"");
    }

    @Test
    void aSessionThatSomebodyPlantedIsWorthNothingAfterwards() throws Exception {
        String planted = session(login());
        Begun begun = begin(null);

        String own = session(back(one, provider.authorize(begun.location()), begun.remembered() + "; " + planted));

        assertThat(own).isNotEqualTo(planted);
        assertThat(me(one, planted).get("signedIn").asBoolean()).isFalse();
        assertThat(me(one, own).get("signedIn").asBoolean()).isTrue();
    }

    @Test
    void whoeverSignsOutIsSentToTheProvidersEndOfTheSession() throws Exception {
        HttpResponse<String> in = login();
        String session = session(in);
        String hint = cookie(in, "davylamp_provider");
        assertThat(hint).isNotEmpty();

        HttpResponse<String> out = one.send(
                "POST",
                "/davy/api/v1/logout",
                "{}",
                "Cookie",
                session + "; " + hint,
                "Content-Type",
                "application/json");

        assertThat(out.statusCode()).isEqualTo(200);
        String next = ServerRig.json(out).get("next").asText();
        Map<String, String> query = FakeProvider.query(URI.create(next).getRawQuery());
        assertThat(next).startsWith(provider.issuer() + "/logout?");
        assertThat(query.get("id_token_hint")).contains(".");
        assertThat(query.get("post_logout_redirect_uri")).endsWith("/davy/");
        assertThat(me(other, session).get("signedIn").asBoolean()).isFalse();
    }

    private static final String VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private static final String CHALLENGE = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    private static HttpResponse<String> post(ServerRig rig, String path, String body, String... headers)
            throws Exception {
        return rig.send(
                "POST",
                "/davy" + path,
                body,
                Stream.concat(Stream.of("Content-Type", "application/json"), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private static HttpResponse<String> allow(String session, String port) throws Exception {
        return post(
                one,
                "/api/v1/login/code",
                "{\"challenge\": \"" + CHALLENGE + "\", \"state\": \"st-1\", \"host\": \"laptop\", \"port\": " + port
                        + "}",
                "Cookie",
                session);
    }

    private static HttpResponse<String> redeem(ServerRig rig, String code, String verifier) throws Exception {
        return post(
                rig, "/api/v1/login/code/redeem", "{\"code\": \"" + code + "\", \"verifier\": \"" + verifier + "\"}");
    }

    /** The code in the address to which the page sends the browser. */
    private static String code(HttpResponse<String> allowed) throws IOException {
        assertThat(allowed.statusCode()).as(allowed.body()).isEqualTo(200);
        String to = ServerRig.json(allowed).get("to").asText();
        assertThat(to).startsWith("http://127.0.0.1:4711/?code=davy_").endsWith("&state=st-1");
        return FakeProvider.query(URI.create(to).getRawQuery()).get("code");
    }

    @Test
    void davySignsInAtAnotherServerAsWhoeverAllowedItInTheBrowser() throws Exception {
        provider.groups = List.of("shop");
        String browser = session(login());

        HttpResponse<String> in = redeem(other, code(allow(browser, "4711")), VERIFIER);

        assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
        assertThat(in.headers().firstValue("cache-control")).contains("no-store");
        assertThat(in.headers().firstValue("set-cookie")).isEmpty();
        String own = "davylamp_session=" + ServerRig.json(in).get("session").asText();
        JsonNode me = me(one, own);
        assertThat(me.get("name").asText()).isEqualTo("ada");
        assertThat(me.get("grants").toString()).isEqualTo("[\"viewer shop-*\"]");
        assertThat(own).isNotEqualTo(browser);
        assertThat(Files.readString(audit))
                .contains("\"action\":\"login.allow\"")
                .doesNotContain(ServerRig.json(in).get("session").asText());
    }

    @Test
    void aCodeForDavyCountsOnceAndForTheOneThatAskedForIt() throws Exception {
        String browser = session(login());
        String used = code(allow(browser, "4711"));
        assertThat(redeem(one, used, VERIFIER).statusCode()).isEqualTo(200);
        String stolen = code(allow(browser, "4711"));

        assertThat(redeem(other, used, VERIFIER).statusCode()).isEqualTo(401);
        assertThat(redeem(one, stolen, VERIFIER.replace('d', 'e')).statusCode()).isEqualTo(401);
        assertThat(redeem(other, stolen, VERIFIER).statusCode()).isEqualTo(401);
        assertThat(redeem(one, code(allow(browser, "4711")), VERIFIER).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "0", "65536", "-1", "\"4711@evil.example\"", "\"evil.example\"", "1e9", "null"})
    void aCodeForDavyGoesNowhereButToAPortOfTheBrowsersMachine(String port) throws Exception {
        HttpResponse<String> answer = allow(session(login()), port);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(400);
        assertThat(answer.body()).doesNotContain("davy_");
    }

    @Test
    void anotherSitesPageAllowsNothing() throws Exception {
        String browser = session(login());

        HttpResponse<String> answer = post(
                one,
                "/api/v1/login/code",
                "{\"challenge\": \"" + CHALLENGE + "\", \"state\": \"s\", \"host\": \"x\", \"port\": 4711}",
                "Cookie",
                browser,
                "Origin",
                "https://evil.example",
                "Sec-Fetch-Site",
                "cross-site");

        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).doesNotContain("davy_");
    }

    @Test
    void behindAProxyTheAddressIsTheProxysAndTheCookieIsForTlsOnly() throws Exception {
        String[] proxy = {"X-Forwarded-Proto", "https", "X-Forwarded-Host", "davy.example"};
        HttpResponse<String> sent = get(one, LOGIN, proxy);

        Map<String, String> asked = FakeProvider.query(
                URI.create(sent.headers().firstValue("location").orElseThrow()).getRawQuery());
        assertThat(asked.get("redirect_uri")).isEqualTo("https://davy.example/davy" + LOGIN + "/done");
        assertThat(sent.headers().firstValue("set-cookie").orElseThrow()).contains("Secure");
    }

    @Test
    void whoeverIsRefusedOftenHasToWait() throws Exception {
        String[] from = {"X-Forwarded-For", "192.0.2.1"};
        for (int i = 0; i < 30; i++) {
            assertThat(get(other, LOGIN + "/done?code=a&state=b", from).statusCode())
                    .isEqualTo(400);
        }

        assertThat(get(other, LOGIN + "/done?code=a&state=b", from).statusCode())
                .isEqualTo(429);
        assertThat(get(other, LOGIN + "/done?code=a&state=b").statusCode()).isEqualTo(400);
    }

    @Test
    void theSecretOfTheClientIsNowhere() throws Exception {
        String session = session(login());

        String status = get(one, "/api/v1/status", "Cookie", session).body();

        assertThat(status).contains("access.oidc.client-id").doesNotContain(FakeProvider.SECRET);
        assertThat(Files.readString(audit)).doesNotContain(FakeProvider.SECRET);
    }
}
