package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.davylamp.server.settings.Settings;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How people reach the HTTP port: TLS, proxies, a base path, host names, and no port that is open by accident. */
@Execution(ExecutionMode.CONCURRENT)
class HttpPortTest {
    @TempDir
    Path folder;

    @TempDir
    static Path shared;

    /** Behind a proxy on this machine. */
    private static ServerRig behind;

    @BeforeAll
    static void open() throws IOException {
        behind = new ServerRig(shared, "http.hosts=davy.example", "http.proxies=127.0.0.0/8");
    }

    @AfterAll
    static void close() throws IOException {
        behind.close();
    }

    private static X509Bundle certificate(String name) throws Exception {
        return new CertificateBuilder()
                .subject("CN=" + name)
                .addSanDnsName("localhost")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
    }

    private Path write(String name, String pem) throws IOException {
        Path file = Files.writeString(folder.resolve(name + ".new"), pem);
        return Files.move(file, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }

    private String[] tls(X509Bundle bundle) throws IOException {
        return new String[] {
            "http.tls.certificate=" + write("http.crt", bundle.getCertificatePathPEM()),
            "http.tls.key=" + write("http.key", bundle.getPrivateKeyPEM())
        };
    }

    private static final X509TrustManager ANY = new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    /** The name in the certificate that a new connection gets, and the first line that it answers. */
    private static List<String> seen(int port) throws Exception {
        try (SSLSocket socket = connected(port)) {
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            String answer = answer(socket, "GET /healthcheck", "");
            return List.of(shown.getSubjectX500Principal().getName(), answer.substring(0, answer.indexOf('\r')));
        }
    }

    private static SSLSocket connected(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {ANY}, null);
        SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static String answer(Socket socket, String line, String json) throws IOException {
        socket.getOutputStream()
                .write((line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
                                + (json.isEmpty()
                                        ? ""
                                        : "Content-Type: application/json\r\nContent-Length: " + json.length() + "\r\n")
                                + "\r\n" + json)
                        .getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String raw(ServerRig rig, String request) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", rig.server.httpPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            InputStream in = socket.getInputStream();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestartAndAHalfReplacedOneNever() throws Exception {
        try (ServerRig rig = new ServerRig(folder, tls(certificate("first")))) {
            int port = rig.server.httpPort();
            assertThat(seen(port)).containsExactly("CN=first", "HTTP/1.1 200 OK");

            X509Bundle second = certificate("second");
            write("http.crt", second.getCertificatePathPEM());
            rig.server.lookForCertificates();
            assertThat(seen(port)).as("the key is the first one's").contains("CN=first");

            write("http.key", second.getPrivateKeyPEM());
            rig.server.lookForCertificates();
            assertThat(seen(port)).containsExactly("CN=second", "HTTP/1.1 200 OK");

            write("http.key", "no key");
            rig.server.lookForCertificates();
            assertThat(seen(port)).contains("CN=second");
        }
    }

    @Test
    void theCookieOfASessionGoesOverTlsOnly() throws Exception {
        String[] settings = Stream.concat(Stream.of("access.users=true"), Stream.of(tls(certificate("first"))))
                .toArray(String[]::new);
        try (ServerRig rig = new ServerRig(folder, settings)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            int code = UserMain.run(
                    new String[] {"add", "root", "--grant", "admin *", "--set", "data.folder=" + folder.resolve("data")
                    },
                    Map.of(),
                    new ByteArrayInputStream("correct horse battery".getBytes(StandardCharsets.UTF_8)),
                    new PrintStream(out),
                    new PrintStream(out));
            assertThat(code).as(out.toString(StandardCharsets.UTF_8)).isZero();

            try (SSLSocket in = connected(rig.server.httpPort());
                    SSLSocket over = connected(rig.server.httpPort())) {
                assertThat(answer(
                                in,
                                "POST /api/v1/login",
                                "{\"name\": \"root\", \"password\": \"correct horse battery\"}"))
                        .startsWith("HTTP/1.1 204")
                        .containsPattern("(?i)\r\nset-cookie: davylamp_session=[^\r]*; ?secure");
                assertThat(answer(over, "POST /api/v1/logout", "{}"))
                        .containsPattern("(?i)\r\nset-cookie: davylamp_session=;[^\r]*; ?secure");
            }
        }
    }

    @Test
    void olderTlsThan1_2IsRefused() throws Exception {
        try (ServerRig rig = new ServerRig(folder, tls(certificate("first")));
                Socket socket = new Socket("127.0.0.1", rig.server.httpPort())) {
            socket.setSoTimeout(20_000);
            byte[] hello = new byte[5 + 4 + 2 + 32 + 1 + 2 + 8 + 2];
            byte[] head = {0x16, 3, 1, 0, (byte) (hello.length - 5), 1, 0, 0, (byte) (hello.length - 9), 3, 2};
            System.arraycopy(head, 0, hello, 0, head.length);
            int at = head.length + 32 + 1; // no session
            byte[] ciphers = {0, 8, (byte) 0xc0, 0x13, (byte) 0xc0, 0x09, 0, 0x2f, 0, 0x35, 1, 0};
            System.arraycopy(ciphers, 0, hello, at, ciphers.length);
            socket.getOutputStream().write(hello);

            byte[] alert = socket.getInputStream().readNBytes(7);

            assertThat(alert[0]).as("an alert").isEqualTo((byte) 21);
            assertThat(alert[6]).as("protocol_version").isEqualTo((byte) 70);
        }
    }

    @Test
    void aCertificateThatCannotBeUsedStopsTheStart() throws Exception {
        X509Bundle one = certificate("one");
        String crt = "http.tls.certificate=" + write("a.crt", one.getCertificatePathPEM());
        String key = "http.tls.key=" + write("a.key", certificate("other").getPrivateKeyPEM());

        assertThatThrownBy(() -> new ServerRig(folder, crt))
                .hasMessageContaining("http.tls.certificate and http.tls.key go together");
        assertThatThrownBy(() -> new ServerRig(folder, crt, key))
                .hasMessageContaining("the key is not the certificate's");
        assertThatThrownBy(() -> new ServerRig(folder, crt, "http.tls.key=" + write("b.key", "x")))
                .hasMessageContaining("PKCS#8");
        assertThatThrownBy(() -> new ServerRig(folder, "agent.tls.client-ca=" + folder.resolve("a.crt")))
                .hasMessageContaining("agent.tls.client-ca is set without");
    }

    static Stream<List<String>> openByAccident() {
        return Stream.of(
                List.of("http.host=0.0.0.0"),
                List.of("http.host=::"),
                List.of("agent.host=0.0.0.0"),
                List.of("http.host=0.0.0.0", "agent.token=x"),
                List.of("agent.host=0.0.0.0", "http.tls.certificate="));
    }

    @ParameterizedTest
    @org.junit.jupiter.params.provider.MethodSource("openByAccident")
    void aPortThatOthersReachIsNotOpenByAccident(List<String> settings) {
        assertThatThrownBy(() -> Server.open(ServerConfig.of(Settings.of(
                        null,
                        Map.of(),
                        Stream.concat(Stream.of("data.folder=" + folder.resolve("data")), settings.stream())
                                .toList()))))
                .isInstanceOf(StartException.class)
                .hasMessageContaining("access.open=true");
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void portsThatAreOpenOnPurposeStart() throws Exception {
        new ServerRig(folder, "http.host=0.0.0.0", "agent.host=0.0.0.0", "access.open=true").close();
        new ServerRig(folder, "agent.host=0.0.0.0", "agent.token=secret").close();
    }

    @Test
    void everythingIsBelowTheBasePath() throws Exception {
        try (ServerRig rig = new ServerRig(folder, "http.base-path=/tools/davy")) {
            String page = rig.get("/tools/davy/").body();
            assertThat(page)
                    .contains("<meta name=\"base\" content=\"/tools/davy\">", "src=\"/tools/davy/ui/app.js\"")
                    .doesNotContain("\"/ui/");
            for (String path : List.of(
                    "/ui/app.js",
                    "/ui/app.css",
                    "/tasks/x",
                    "/services/a",
                    "/settings",
                    "/ready",
                    "/healthcheck",
                    "/metrics")) {
                assertThat(rig.get("/tools/davy" + path).statusCode()).as(path).isEqualTo(200);
                assertThat(rig.get(path).statusCode()).as(path).isEqualTo(404);
            }
            assertThat(rig.get("/tools/davy/api/v1/tasks").body()).contains("\"tasks\":[]");
            assertThat(rig.get("/tools/davy/api/v1/tasks/x/changes").statusCode())
                    .isEqualTo(404);
            assertThat(rig.send(
                                    "POST",
                                    "/tools/davy/graphql",
                                    "{\"query\":\"{version}\"}",
                                    "Content-Type",
                                    "application/json")
                            .body())
                    .contains("\"version\"");
            assertThat(rig.send(
                                    "POST",
                                    "/tools/davy/api/v1/files?name=a",
                                    "a;b 1\n",
                                    "Content-Type",
                                    "application/octet-stream")
                            .statusCode())
                    .isEqualTo(201);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/tools/davy"})
    void everyAnswerTellsBrowsersWhatPagesMayDo(String base) throws Exception {
        try (ServerRig rig = new ServerRig(folder, "http.base-path=" + base)) {
            for (String path : List.of(base + "/", base + "/api/v1/tasks", base + "/ui/app.js", base + "/nothing")) {
                Map<String, List<String>> headers = rig.get(path).headers().map();
                assertThat(headers)
                        .as(path)
                        .containsEntry("x-frame-options", List.of("DENY"))
                        .containsEntry("x-content-type-options", List.of("nosniff"))
                        .containsEntry("referrer-policy", List.of("no-referrer"))
                        .containsEntry("cross-origin-resource-policy", List.of("same-origin"));
                assertThat(headers.get("content-security-policy").get(0))
                        .contains(
                                "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "object-src 'none'")
                        .doesNotContain("unsafe");
            }
        }
    }

    @Test
    void theHostNameIsCheckedWithABasePathToo() throws Exception {
        try (ServerRig rig = new ServerRig(folder, "http.base-path=/davy", "http.hosts=davy.example, Lamp.example")) {
            for (String host : List.of("davy.example", "lamp.example:80", "LAMP.example.", "localhost", "127.0.0.1")) {
                assertThat(get(rig, "/davy/api/v1/tasks", "Host: " + host))
                        .as(host)
                        .startsWith("HTTP/1.1 200");
            }
            for (String host : List.of("evil.example", "davy.example.evil.example", "xdavy.example")) {
                assertThat(get(rig, "/davy/api/v1/tasks", "Host: " + host))
                        .as(host)
                        .startsWith("HTTP/1.1 403");
                assertThat(get(rig, "/", "Host: " + host)).as(host).doesNotStartWith("HTTP/1.1 200");
            }
        }
    }

    private static String get(ServerRig rig, String path, String headers) throws IOException {
        return raw(
                rig, "GET " + path + " HTTP/1.1\r\n" + headers.replace("~", "\r\n") + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Host: a b",
                "Host: davy.example/evil",
                "Host: davy.example@evil.example",
                "Host: davy.example:port",
                "Host: [::1",
                "Host: davy.example~X-Forwarded-Host: evil.example/",
                "Host: davy.example~X-Forwarded-Host: a\"b",
                "Host: davy.example~X-Forwarded-Proto: javascript"
            })
    void aMalformedHostNameIsRefused(String headers) throws Exception {
        assertThat(get(behind, "/api/v1/tasks", headers)).startsWith("HTTP/1.1 400");
    }

    @Test
    void forwardedHeadersCountFromNamedProxiesOnly() throws Exception {
        String rebinding = "Host: evil.example~X-Forwarded-Host: davy.example";
        try (ServerRig strict = new ServerRig(folder, "http.hosts=davy.example", "http.proxies=10.0.0.1, fd00::/8")) {
            assertThat(get(behind, "/api/v1/tasks", rebinding)).startsWith("HTTP/1.1 200");
            assertThat(get(strict, "/api/v1/tasks", rebinding)).startsWith("HTTP/1.1 403");
            String own =
                    "Origin: https://davy.example~Host: 127.0.0.1~X-Forwarded-Host: davy.example~X-Forwarded-Proto: https";
            assertThat(delete(behind, own)).startsWith("HTTP/1.1 404");
            assertThat(delete(strict, own)).startsWith("HTTP/1.1 403");
        }
    }

    private static String delete(ServerRig rig, String headers) throws IOException {
        return raw(
                rig,
                "DELETE /api/v1/tasks/x HTTP/1.1\r\n" + headers.replace("~", "\r\n") + "\r\nConnection: close\r\n\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: cors~Sec-Fetch-Dest: empty             | /api/v1/tasks           | 403
            Sec-Fetch-Site: same-site~Sec-Fetch-Mode: cors~Sec-Fetch-Dest: empty              | /api/v1/tasks/x/changes | 403
            Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: no-cors~Sec-Fetch-Dest: script         | /api/v1/tasks           | 403
            Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: iframe        | /                       | 403
            Origin: http://evil.example                                                      | /api/v1/tasks/x/changes | 403
            Sec-Fetch-Site: cross-site~Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: document      | /api/v1/tasks           | 200
            Sec-Fetch-Site: same-origin~Sec-Fetch-Mode: cors~Sec-Fetch-Dest: empty            | /api/v1/tasks           | 200
            Sec-Fetch-Site: none~Sec-Fetch-Mode: navigate~Sec-Fetch-Dest: document            | /                       | 200
            """)
    void apartFromLinksAPageOfAnotherSiteReadsNothing(String headers, String path, int status) throws Exception {
        assertThat(get(behind, path, "Host: localhost~" + headers)).startsWith("HTTP/1.1 " + status);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: 4\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked\r\nContent-Length: 4",
                "Content-Length: 4\r\nContent-Length: 5",
                "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: xchunked",
                "Content-Length: +4",
                "Content-Length : 4"
            })
    void aRequestWhoseEndProxiesMayReadOtherwiseIsRefusedWithItsConnection(String lengths) throws Exception {
        String answers = raw(
                behind,
                "POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n" + lengths
                        + "\r\n\r\n0\r\n\r\nGET /api/v1/capabilities HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        assertThat(answers).startsWith("HTTP/1.1 400");
        assertThat(answers).as("the hidden request's answer").doesNotContain("maxInstances");
    }

    /** The classes of the server lie beside the page's files. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ui/../server/Server.class",
                "/ui/%2e%2e/server/Server.class",
                "/ui/..%2fserver/Server.class",
                "/ui/..%5cserver/Server.class",
                "/ui//../server/Server.class",
                "/ui/x/../../server/Server.class",
                "/ui/../../../../../../../../etc/passwd",
                "/ui/%2fetc/passwd",
                "/ui//etc/passwd",
                "/ui/.%00./server/Server.class"
            })
    void noPathLeadsOutOfThePagesFolder(String path) throws Exception {
        assertThat(getClass().getResource("/io/davylamp/server/Server.class")).isNotNull();
        assertThat(get(behind, path, "Host: localhost")).matches("(?s)HTTP/1\\.1 40[04] .*");
    }

    @Test
    void aNameCannotEndAHeader() throws Exception {
        String id = ServerRig.json(behind.send(
                        "POST",
                        "/api/v1/files?name=a%0d%0aSet-Cookie:%20x=1%22;b",
                        "a;b 1\n",
                        "Content-Type",
                        "application/octet-stream"))
                .get("id")
                .asText();

        Map<String, List<String>> headers =
                behind.get("/api/v1/files/" + id + "/recording").headers().map();

        assertThat(headers).doesNotContainKey("set-cookie");
        assertThat(headers.get("content-disposition").get(0)).matches("attachment; filename=\"[A-Za-z0-9._-]+\"");
    }

    @Test
    void certificatesAreLookedForWithoutBeingAsked() throws Exception {
        try (ServerRig rig = new ServerRig(folder, tls(certificate("first")))) {
            tls(certificate("second"));

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(seen(rig.server.httpPort())).contains("CN=second"));
        }
    }
}
