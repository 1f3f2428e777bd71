package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What `davy login` does with a browser, which this test plays, and with a server, which it plays too. */
class BrowserSignInTest {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "{\"session\": \"davy_secret\", \"ends\": \"2026-12-03T00:00:00Z\"}";
    private final List<JsonNode> redeemed = new ArrayList<>();
    private final List<String> shown = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/davy/api/v1/login/code/redeem", exchange -> {
            redeemed.add(RestClient.JSON.readTree(exchange.getRequestBody()));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private BrowserSignIn signIn(Duration patience, Consumer<URI> browser) {
        RestClient anybody = new RestClient(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/davy/"), null);
        return new BrowserSignIn(anybody, browser, patience);
    }

    private static String word(URI address, String name) {
        Matcher word = Pattern.compile("[?&]" + name + "=([^&]*)").matcher(address.toString());
        assertThat(word.find()).as(name).isTrue();
        return word.group(1);
    }

    /** The browser goes to the port with these words. */
    private int back(URI address, String words) {
        try {
            HttpResponse<String> page = HTTP.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + word(address, "port") + "/?" + words))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            shown.add(page.body());
            return page.statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoeverAllowsItSignsInWithACodeThatOnlyThisProcessCanUse() throws Exception {
        URI[] address = new URI[1];
        Credential credential = signIn(Duration.ofMinutes(2), asked -> {
                    address[0] = asked;
                    back(asked, "code=davy_code&state=" + word(asked, "state"));
                })
                .run();

        assertThat(credential).isEqualTo(new Credential(true, "davy_secret"));
        assertThat(address[0].getPath()).isEqualTo("/davy/allow");
        assertThat(word(address[0], "host")).isNotEmpty();
        String verifier = redeemed.get(0).get("verifier").asText();
        assertThat(redeemed.get(0).get("code").asText()).isEqualTo("davy_code");
        assertThat(word(address[0], "challenge"))
                .isEqualTo(Base64.getUrlEncoder()
                        .withoutPadding()
                        .encodeToString(MessageDigest.getInstance("SHA-256")
                                .digest(verifier.getBytes(StandardCharsets.US_ASCII))));
        assertThat(address[0].toString()).doesNotContain(verifier);
        assertThat(shown).singleElement().asString().contains("davy is signed in");
    }

    @Test
    void whoeverHasNotTheStateIsSentAwayAndTheBrowserIsStillWaitedFor() throws Exception {
        Credential credential = signIn(Duration.ofMinutes(2), asked -> {
                    assertThat(back(asked, "code=davy_evil&state=guessed")).isEqualTo(404);
                    assertThat(back(asked, "code=davy_evil")).isEqualTo(404);
                    assertThat(ofAnotherHost(asked)).startsWith("HTTP/1.1 404");
                    back(asked, "code=davy_code&state=" + word(asked, "state"));
                })
                .run();

        assertThat(credential.secret()).isEqualTo("davy_secret");
        assertThat(redeemed).hasSize(1);
    }

    /** As a page elsewhere sends it, whose name resolves to this machine. */
    private static String ofAnotherHost(URI address) {
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(word(address, "port")))) {
            socket.getOutputStream()
                    .write(("GET /?code=davy_evil&state=" + word(address, "state")
                                    + " HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void whoeverDoesNotAllowItEndsTheCommand() {
        BrowserSignIn refused =
                signIn(Duration.ofMinutes(2), asked -> back(asked, "error=denied&state=" + word(asked, "state")));

        assertThatThrownBy(refused::run)
                .isInstanceOf(CommandException.class)
                .hasMessage("it was not allowed in the browser");
        assertThat(redeemed).isEmpty();
    }

    @Test
    void theServersRefusalOfTheCodeIsTold() {
        status = 401;
        body = "{\"type\": \"about:blank\", \"status\": 401, \"detail\": \"the code is unknown\"}";
        BrowserSignIn refused =
                signIn(Duration.ofMinutes(2), asked -> back(asked, "code=davy_code&state=" + word(asked, "state")));

        assertThatThrownBy(refused::run).isInstanceOf(CommandException.class).hasMessage("the code is unknown");
        assertThat(shown).singleElement().asString().contains("could not sign in");
    }

    @Test
    void afterAWhileNobodyIsWaitedFor() {
        assertThatThrownBy(signIn(Duration.ofMillis(1), asked -> {})::run)
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("nobody allowed it in the browser");
    }

    @Test
    void aBrowserAndANameDoNotGoTogether() {
        for (String other : List.of("--token", "ada")) {
            Ran ran = Ran.davy("login", "--browser", other, "--server", "http://127.0.0.1:1");

            assertThat(ran.code()).isEqualTo(ExitCode.USAGE);
            assertThat(ran.err()).contains("--browser goes without");
        }
    }

    @Test
    void whereOnlyTokensSignInABrowserIsOfNoUse() {
        server.createContext("/davy/api/v1/me", exchange -> {
            byte[] answer = RestClient.JSON.writeValueAsBytes(Map.of("signIn", "token"));
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });

        Ran ran = Ran.davy(
                "login",
                "--browser",
                "--server",
                "http://127.0.0.1:" + server.getAddress().getPort() + "/davy");

        assertThat(ran.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(ran.err()).contains("only tokens sign in");
    }
}
