package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** Calls REST of a server, or of whichever is behind a balancer. Thread-safe. */
public final class Api {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    /** HTTP/1.1: over HTTP/2 a request is lost when the server ends an idle connection. */
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String address;
    /** Empty for nobody. */
    private final String token;

    /** @param address such as {@code http://127.0.0.1:12800} */
    public Api(String address) {
        this(address, "");
    }

    /** The same for a server that asks who comes. */
    Api(String address, String token) {
        this.address = address;
        this.token = token;
    }

    public String address() {
        return address;
    }

    /**
     * An answer; the body is as it came.
     *
     * @param retryAfterSeconds when to try again; -1 when the answer does not say
     */
    public record Answer(int status, long retryAfterSeconds, byte[] body) {
        public JsonNode json() throws IOException {
            return JSON.readTree(body);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        /** Whether the server asks to try again. */
        public boolean isLater() {
            return status == 503 || status == 429;
        }
    }

    public Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, HttpRequest.BodyPublishers.noBody());
    }

    public Answer post(String path, String json) throws IOException, InterruptedException {
        return send("POST", path, HttpRequest.BodyPublishers.ofString(json));
    }

    /** Sends a file as it is. */
    public Answer upload(String path, Path file) throws IOException, InterruptedException {
        return send("POST", path, "application/octet-stream", HttpRequest.BodyPublishers.ofFile(file));
    }

    public Answer delete(String path) throws IOException, InterruptedException {
        return send("DELETE", path, HttpRequest.BodyPublishers.noBody());
    }

    private Answer send(String method, String path, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        return send(method, path, "application/json", body);
    }

    private Answer send(String method, String path, String type, HttpRequest.BodyPublisher body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address + path))
                .timeout(TIMEOUT)
                .header("Content-Type", type)
                .method(method, body);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return new Answer(
                response.statusCode(),
                response.headers().firstValueAsLong("Retry-After").orElse(-1),
                response.body());
    }
}
