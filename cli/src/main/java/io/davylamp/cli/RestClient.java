package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Talks to a server's REST interface; every refusal becomes a {@link CommandException} with the server's own words. */
final class RestClient {
    static final ObjectMapper JSON = new ObjectMapper();

    private final URI server;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();

    RestClient(String server) {
        try {
            this.server = URI.create(server.contains("://") ? server : "http://" + server);
        } catch (IllegalArgumentException e) {
            throw new CommandException(
                    ExitCode.USAGE, "server \"" + server + "\" is no address such as http://127.0.0.1:12800");
        }
        if (this.server.getHost() == null) {
            throw new CommandException(
                    ExitCode.USAGE, "server \"" + server + "\" is no address such as http://127.0.0.1:12800");
        }
    }

    URI server() {
        return server;
    }

    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonNode get(String path) {
        return parse(text(path));
    }

    String text(String path) {
        return send(HttpRequest.newBuilder(uri(path)).GET(), HttpResponse.BodyHandlers.ofString());
    }

    JsonNode post(String path, Object body) {
        return parse(send(
                HttpRequest.newBuilder(uri(path))
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                JSON.valueToTree(body).toString())),
                HttpResponse.BodyHandlers.ofString()));
    }

    void delete(String path) {
        send(HttpRequest.newBuilder(uri(path)).DELETE(), HttpResponse.BodyHandlers.discarding());
    }

    InputStream stream(String path) {
        return open(path).body();
    }

    /** The same with its headers. */
    HttpResponse<InputStream> open(String path) {
        return respond(HttpRequest.newBuilder(uri(path)).GET(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Follows server-sent events until {@code more} is false or the server ends them. */
    void events(String path, Predicate<JsonNode> more) {
        try (Stream<String> lines =
                send(HttpRequest.newBuilder(uri(path)).GET(), HttpResponse.BodyHandlers.ofLines())) {
            // One data line per event is what the server writes.
            lines.filter(line -> line.startsWith("data:"))
                    .map(line -> parse(line.substring("data:".length())))
                    .takeWhile(more)
                    .forEach(event -> {});
        } catch (UncheckedIOException e) {
            throw unreachable(e.getCause());
        }
    }

    private URI uri(String path) {
        return URI.create(server.toString().replaceAll("/+$", "") + path);
    }

    private <T> T send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        return respond(request, body).body();
    }

    private <T> HttpResponse<T> respond(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try {
            return http.send(
                    request.build(),
                    info -> info.statusCode() < 400
                            ? body.apply(info)
                            : HttpResponse.BodySubscribers.mapping(
                                    HttpResponse.BodySubscribers.ofString(StandardCharsets.UTF_8), text -> {
                                        throw refused(info.statusCode(), text);
                                    }));
        } catch (IOException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof CommandException refusal) {
                    throw refusal;
                }
            }
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        }
    }

    private CommandException unreachable(IOException e) {
        return new CommandException(
                ExitCode.UNREACHABLE,
                "the server at " + server + " cannot be reached ("
                        + (e.getMessage() == null ? e.toString() : e.getMessage())
                        + "); --server or DAVY_SERVER names another");
    }

    private static CommandException refused(int status, String body) {
        String detail;
        try {
            JsonNode problem = JSON.readTree(body);
            detail = problem.path("detail").asText("HTTP status " + status);
        } catch (IOException e) {
            detail = "HTTP status " + status;
        }
        int code = status == 404 ? ExitCode.NOT_FOUND : status < 500 ? ExitCode.REFUSED : ExitCode.FAILED;
        return new CommandException(code, detail);
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new CommandException(ExitCode.FAILED, "the server's answer is no JSON: " + e.getMessage());
        }
    }
}
