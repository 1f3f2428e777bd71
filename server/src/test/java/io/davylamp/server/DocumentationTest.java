package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation at {@code /docs/}, of a server at which people sign in and that is below a path. */
class DocumentationTest {
    private static final String BASE = "/tools/davy";

    @TempDir
    static Path folder;

    private static ServerRig rig;

    @BeforeAll
    static void start() throws IOException {
        rig = new ServerRig(folder, "access.users=true", "http.base-path=" + BASE);
    }

    @AfterAll
    static void stop() throws IOException {
        rig.close();
    }

    @Test
    void isForEverybodyUnderThePolicyOfThePage() throws Exception {
        HttpResponse<String> first = rig.get(BASE + "/docs/");

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.headers().firstValue("content-type")).hasValue("text/html; charset=utf-8");
        assertThat(first.headers().firstValue("content-security-policy").orElseThrow())
                .contains("default-src 'self'")
                .doesNotContain("unsafe");
        assertThat(first.body()).contains("<script src=\"site.js\">").doesNotContain("<script>", "<style", " style=");
    }

    @Test
    void anAddressWithoutTheSlashLeadsToTheOneWithIt() throws Exception {
        HttpResponse<String> answer = rig.get(BASE + "/docs");

        assertThat(answer.statusCode()).isEqualTo(307);
        assertThat(answer.headers().firstValue("location")).hasValue(BASE + "/docs/");
    }

    @ParameterizedTest
    @CsvSource({
        "site.css, text/css; charset=utf-8",
        "site.js, text/javascript; charset=utf-8",
        "search.js, text/javascript; charset=utf-8",
        "lamp.svg, image/svg+xml",
        "fonts/inter.woff2, font/woff2",
        "pictures/flame-light.png, image/png",
        "how-to/index.html, text/html; charset=utf-8",
        "reference/, text/html; charset=utf-8",
        "how-to/cluster/haproxy.cfg, text/plain; charset=utf-8"
    })
    void everyFileHasItsType(String path, String type) throws Exception {
        HttpResponse<byte[]> answer = rig.bytes(BASE + "/docs/" + path);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("content-type")).hasValue(type);
        assertThat(answer.body()).isNotEmpty();
    }

    @Test
    void aBrowserThatHasTheNewestGetsNoBytes() throws Exception {
        String page = BASE + "/docs/reference/settings.html";
        HttpResponse<String> first = rig.get(page);
        String tag = first.headers().firstValue("etag").orElseThrow();

        HttpResponse<String> again = rig.send("GET", page, null, "If-None-Match", tag);
        HttpResponse<String> other = rig.send("GET", page, null, "If-None-Match", "W/\"0123456789abcdef\"");

        assertThat(first.headers().firstValue("cache-control")).hasValue("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(other.body()).isEqualTo(first.body());
    }

    @Test
    void aHeadHasTheHeadersAlone() throws Exception {
        HttpResponse<String> answer = rig.send("HEAD", BASE + "/docs/index.html", null);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("etag")).isPresent();
        assertThat(answer.body()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nothing.html",
                "files.txt",
                "../server/Server.class",
                "%2e%2e/server/Server.class",
                "..%2fserver%2fServer.class",
                "how-to/../../ui/app.js",
                "how-to",
                "%00",
                "//etc/passwd"
            })
    void nothingElseIsServed(String path) throws Exception {
        assertThat(rig.get(BASE + "/docs/" + path).statusCode()).isIn(400, 401, 404);
    }

    @Test
    void nothingIsWrittenThere() throws Exception {
        assertThat(rig.send("POST", BASE + "/docs/index.html", "{}", "Content-Type", "application/json")
                        .statusCode())
                .isEqualTo(405);
    }
}
