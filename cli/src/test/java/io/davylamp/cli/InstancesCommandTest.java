package io.davylamp.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class InstancesCommandTest {
    private static final String INSTANCE = """
            {"name": "%s", "live": true, "unable": "", "lacks": {}, "properties": {}, "labels": {%s},
             "lastSeen": "2026-01-01T00:00:00Z"}""";

    private HttpServer server;
    private volatile String body;
    private volatile String asked;

    @BeforeEach
    void open() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestURI().toString();
            byte[] answer = body.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private Ran instances(String... more) {
        String[] arguments = new String[more.length + 4];
        arguments[0] = "instances";
        arguments[1] = "shop";
        arguments[2] = "--server";
        arguments[3] = "http://127.0.0.1:" + server.getAddress().getPort();
        System.arraycopy(more, 0, arguments, 4, more.length);
        return Ran.davy(arguments);
    }

    private void answer(String... instances) {
        body = "{\"instances\": [" + String.join(",", instances) + "]}";
    }

    @Test
    void labelsHaveAColumnWhenAnInstanceHasOne() {
        answer(INSTANCE.formatted("one", "\"version\": \"1.4\", \"zone\": \"a\""), INSTANCE.formatted("two", ""));

        assertThat(instances().out().lines().toList())
                .satisfiesExactly(
                        head -> assertThat(head).matches("INSTANCE +LIVE +LABELS +LAST SEEN +CANNOT"),
                        one -> assertThat(one).matches("one +yes +version=1.4,zone=a +.*"),
                        two -> assertThat(two).matches("two +yes +.*"));
        answer(INSTANCE.formatted("two", ""));
        assertThat(instances().out()).doesNotContain("LABELS");
    }

    @Test
    void aLabelAsksForTheInstancesThatHaveIt() {
        answer();

        Ran ran = instances("--label", "zone=a,version=1.*");

        assertThat(asked).isEqualTo("/api/v1/services/shop/instances?label=zone%3Da%2Cversion%3D1.*");
        assertThat(ran.code()).isZero();
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("davy: no instance of shop has the labels zone=a,version=1.*\n");
    }
}
