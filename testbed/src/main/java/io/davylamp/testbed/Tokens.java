package io.davylamp.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;

/** Somebody who signed in with a password, and makes tokens. */
final class Tokens {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final String address;
    private final String cookie;

    private Tokens(String address, String name, String password) throws IOException, InterruptedException {
        this.address = address;
        HttpResponse<String> answer = post("/api/v1/login", "", Map.of("name", name, "password", password));
        if (answer.statusCode() != 204) {
            throw new IOException("the login of " + name + ": " + answer.statusCode() + " " + answer.body());
        }
        this.cookie = answer.headers().firstValue("Set-Cookie").orElseThrow().replaceAll(";.*", "");
    }

    static Tokens signIn(String address, String name, String password) throws IOException, InterruptedException {
        return new Tokens(address, name, password);
    }

    /**
     * @param kind {@code API} or {@code AGENT}
     * @return the token's secret
     */
    String make(String name, String kind, String grant) throws IOException, InterruptedException {
        HttpResponse<String> answer =
                post("/api/v1/tokens", cookie, Map.of("name", name, "kind", kind, "grants", List.of(grant)));
        JsonNode made = JSON.readTree(answer.body());
        if (answer.statusCode() != 201) {
            throw new IOException("the token " + name + ": " + answer.statusCode() + " " + answer.body());
        }
        return made.path("secret").asText();
    }

    private HttpResponse<String> post(String path, String from, Map<String, Object> body)
            throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(address + path))
                        .header("Content-Type", "application/json")
                        .header("Cookie", from)
                        .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
