package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.server.settings.AgentVariables;
import io.davylamp.server.webhook.Injection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** The webhook as the API server meets it: over HTTPS, with the certificate that davy webhook made. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhookTest {
    @TempDir
    static Path folder;

    private String printed;
    private Webhook webhook;
    private HttpClient client;

    private static String printed(int exitCode, String... arguments) {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        PrintStream to = new PrintStream(said, true, StandardCharsets.UTF_8);
        assertThat(WebhookMain.run(arguments, to, to))
                .as(said.toString(StandardCharsets.UTF_8))
                .isEqualTo(exitCode);
        return said.toString(StandardCharsets.UTF_8);
    }

    @BeforeAll
    void open() throws Exception {
        printed = printed(0, "certificate", folder.resolve("tls").toString(), "localhost", "lamp.davylamp.svc");
        webhook = Webhook.open(
                "127.0.0.1",
                0,
                folder.resolve("tls/tls.crt"),
                folder.resolve("tls/tls.key"),
                new Injection("agent", List.of(), "lamp:11800", "", "", new TreeMap<>()));
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(folder.resolve("tls/tls.crt"))) {
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
        managers.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, managers.getTrustManagers(), null);
        client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(context)
                .build();
    }

    @AfterAll
    void close() {
        webhook.close();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("https://localhost:" + webhook.port() + path));
    }

    private HttpResponse<String> post(String path, String type, byte[] body) throws Exception {
        return client.send(
                request(path)
                        .header("content-type", type)
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** The server answers and hangs up while the body is still on its way: a client may see only the second. */
    private int statusOfTooMuch() throws Exception {
        try {
            return post("/inject", "application/json", new byte[(int) Webhook.MAX_BODY_BYTES + 1])
                    .statusCode();
        } catch (IOException e) {
            return 413;
        }
    }

    private static byte[] review() throws IOException {
        try (InputStream in = WebhookTest.class.getResourceAsStream("webhook/deployment.json")) {
            return in.readAllBytes();
        }
    }

    @Test
    void answersAReviewOverHttpsWithTheCertificateItMade() throws Exception {
        for (String path : List.of("/inject", "/inject/all", "/inject?timeout=10s")) {
            HttpResponse<String> answer = post(path, "application/json", review());

            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.body()).contains("\"allowed\":true", "\"patchType\":\"JSONPatch\"");
        }
        assertThat(client.send(request("/healthcheck").build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void refusesWhatIsNoReviewAndGoesOn() throws Exception {
        assertThat(post("/inject", "text/plain", review()).statusCode()).isEqualTo(415);
        assertThat(post("/inject", "application/json", "[]".getBytes(StandardCharsets.UTF_8))
                        .statusCode())
                .isEqualTo(400);
        assertThat(statusOfTooMuch()).isEqualTo(413);
        assertThat(client.send(request("/inject").build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(405);
        assertThat(client.send(request("/metrics").build(), HttpResponse.BodyHandlers.discarding())
                        .statusCode())
                .isEqualTo(404);

        assertThat(post("/inject", "application/json", review()).statusCode()).isEqualTo(200);
    }

    @Test
    void printsWhatTheClusterNeedsToTrustIt() throws Exception {
        assertThat(printed).contains("kubectl create secret tls davylamp-webhook --cert=");
        String bundle = printed.substring(printed.indexOf("caBundle: ") + 10).trim();
        assertThat(java.util.Base64.getDecoder().decode(bundle))
                .isEqualTo(Files.readAllBytes(folder.resolve("tls/tls.crt")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tls/tls.key"))))
                .isEqualTo("rw-------");
    }

    @Test
    void overwritesNoCertificateAndTakesNoOddName() {
        assertThat(printed(1, "certificate", folder.resolve("tls").toString(), "localhost"))
                .contains("tls.crt exists already");
        assertThat(printed(1, "certificate", folder.resolve("odd").toString(), "a,ip:1.2.3.4"))
                .contains("is no host name");
        assertThat(printed(2, "certificate", folder.toString())).contains("the host names of the webhook");
    }

    @Test
    void saysWhichOptionIsWrong() {
        assertThat(printed(2, "--image", "agent")).contains("--server is missing: it is the server's agent port");
        assertThat(printed(2, "--image", "-x")).contains("--image \"-x\"");
        assertThat(printed(2, "--port", "70000")).contains("--port \"70000\": it is 0 to 65535");
        assertThat(printed(2, "--variable", "DAVY_QUOTA=1h")).contains("--variable DAVY_QUOTA", "DAVY_AGENT_QUOTA");
        assertThat(printed(2, "--x")).contains("unknown argument \"--x\"");
        assertThatThrownBy(() -> WebhookMain.asked("--image", "agent", "--server", "lamp:11800"))
                .hasMessageContaining("--certificate is missing");
    }

    @Test
    void knowsTheVariablesThatTheAgentsReferenceHas() throws IOException {
        List<String> described = Pattern.compile("^\\| `[a-zA-Z]+` \\| `(DAVY_[A-Z_]+)` \\|", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("../docs/reference/agent.md")))
                .results()
                .map(row -> row.group(1))
                .toList();

        assertThat(AgentVariables.ALL).containsExactlyInAnyOrderElementsOf(described);
    }
}
