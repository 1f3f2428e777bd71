package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TokenCommandTest {
    private HttpServer server;
    private volatile int status = 200;
    private volatile String body = "{}";
    private final List<String> asked = new ArrayList<>();

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
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

    private Ran davy(String... arguments) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = "--server";
        all[arguments.length + 1] = "http://127.0.0.1:" + server.getAddress().getPort();
        return Ran.davy(all);
    }

    @Test
    void makePrintsTheTokenAloneSoThatAScriptCanKeepIt() {
        body = "{\"secret\": \"davy_new\", \"name\": \"ci\"}";

        Ran ran = davy("token", "make", "ci", "--grant", "viewer *", "--grant", "profiler shop-*", "--for", "90d");

        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEqualTo("davy_new\n");
        assertThat(ran.err()).isEqualTo("davy: this is the token; it is not shown again\n");
        assertThat(asked)
                .containsExactly("POST /api/v1/tokens {\"name\":\"ci\",\"kind\":\"API\",\"grants\":[\"viewer *\","
                        + "\"profiler shop-*\"],\"lastsSeconds\":7776000}");
    }

    @Test
    void revokeFindsTheTokenByItsName() {
        body = "{\"tokens\": [{\"id\": \"1\", \"name\": \"ci\"}, {\"id\": \"2\", \"name\": \"old\"}]}";

        assertThat(davy("token", "revoke", "old").code()).isZero();
        assertThat(asked.get(1)).isEqualTo("DELETE /api/v1/tokens/2 ");

        Ran unknown = davy("token", "revoke", "gone");
        assertThat(unknown.code()).isEqualTo(ExitCode.NOT_FOUND);
        assertThat(unknown.err()).contains("there is no token \"gone\"");
    }

    @Test
    void whatIsMissingIsSaidBeforeAnythingIsAsked() {
        assertThat(davy("token", "make", "ci").err()).contains("a token needs --grant");
        assertThat(davy("token", "make", "--grant", "viewer *").err()).contains("name the token");
        assertThat(davy("token", "list", "ci").err()).contains("takes no name");
        assertThat(davy("token", "make", "ci", "--grant", "viewer *", "--for", "soon")
                        .err())
                .contains("no number of days such as 90d");
        assertThat(asked).isEmpty();
    }

    @Test
    void whoIsNotSignedInLearnsHowToSignIn() {
        status = 401;
        body = "{\"type\": \"urn:davylamp:problem:sign-in\", \"detail\": \"sign in on the page\"}";

        Ran ran = davy("tasks");

        assertThat(ran.code()).isEqualTo(ExitCode.REFUSED);
        assertThat(ran.err()).contains("nobody is signed in at", "`davy login`", "DAVY_TOKEN");
    }

    @Test
    void theAuditLogIsAskedForWithWhatWasGiven() {
        body = """
                {"entries": [{"at": "2026-01-01T00:00:00Z", "name": "joe", "address": "10.0.0.7", "action": "task.create",
                  "result": "REFUSED", "service": "shop", "subject": "t1"}]}""";

        Ran ran = davy("audit", "--name", "joe", "--service", "a&b", "--limit", "5");

        assertThat(asked).containsExactly("GET /api/v1/audit?name=joe&service=a%26b&limit=5 ");
        assertThat(ran.out().lines().toList().get(1))
                .matches("2026-01-01T00:00:00Z +joe +10\\.0\\.0\\.7 +task\\.create +refused +shop +t1 *");
    }
}
