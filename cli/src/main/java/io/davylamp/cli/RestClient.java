package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Calls a server's REST interface; every refusal becomes a {@link CommandException} with the server's message. */
final class RestClient {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration CONNECT = Duration.ofSeconds(5);

    /** The problem's type when a request names something unknown. */
    private static final String UNKNOWN = "urn:davylamp:problem:unknown";

    /** The problem's type when nobody is signed in. */
    private static final String SIGN_IN = "urn:davylamp:problem:sign-in";

    private final URI server;
    /** Who calls; null for nobody. */
    private final Credential credential;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .build();

    /** @param credential null to call as nobody */
    RestClient(URI server, Credential credential) {
        this.server = server;
        this.credential = credential;
    }

    /** @throws CommandException if the text is no address of a server */
    static URI address(String server) {
        try {
            URI address = URI.create(server.contains("://") ? server : "http://" + server);
            if (address.getHost() != null) {
                return address;
            }
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        throw new CommandException(
                ExitCode.USAGE,
                "server \"" + server + "\" is not an address; write one such as http://127.0.0.1:12800");
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
        return send(request(path).GET(), HttpResponse.BodyHandlers.ofString());
    }

    /** Returns the answer; a missing node when the server answers without a body. */
    JsonNode post(String path, Object body) {
        String answer = send(
                request(path)
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                JSON.valueToTree(body).toString())),
                HttpResponse.BodyHandlers.ofString());
        return answer.isEmpty() ? MissingNode.getInstance() : parse(answer);
    }

    void delete(String path) {
        send(request(path).DELETE(), HttpResponse.BodyHandlers.discarding());
    }

    InputStream stream(String path) {
        return open(path).body();
    }

    /** Like {@link #stream}, with the headers of the answer. */
    HttpResponse<InputStream> open(String path) {
        return respond(request(path).GET(), HttpResponse.BodyHandlers.ofInputStream());
    }

    /** Follows server-sent events until {@code more} is false or the server ends them. */
    void events(String path, Predicate<JsonNode> more) {
        try (Stream<String> lines = respondQuietly(request(path).GET(), HttpResponse.BodyHandlers.ofLines())
                .body()) {
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

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
        return credential == null ? request : request.header(credential.header(), credential.value());
    }

    /**
     * Opens a session.
     *
     * @throws CommandException if the name or the password is wrong, or the server wants a pause first
     */
    Credential signIn(String name, String password) {
        HttpResponse<String> answer = respond(
                request("/api/v1/login")
                        .header("Content-Type", "application/json")
                        .POST(HttpRequest.BodyPublishers.ofString(
                                JSON.valueToTree(Map.of("name", name, "password", password))
                                        .toString())),
                HttpResponse.BodyHandlers.ofString());
        return answer.headers().allValues("Set-Cookie").stream()
                .filter(cookie -> cookie.startsWith(Credential.COOKIE + "="))
                .map(cookie -> cookie.substring(Credential.COOKIE.length() + 1).split(";", 2)[0])
                .findFirst()
                .map(secret -> Credential.of(true, secret, "the server's answer"))
                .orElseThrow(() -> noServer("it opened no session"));
    }

    private <T> T send(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        return respond(request, body).body();
    }

    private <T> HttpResponse<T> respond(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
        try (Progress progress = Progress.quick("waiting for " + server)) {
            return respondQuietly(request, body);
        }
    }

    private <T> HttpResponse<T> respondQuietly(HttpRequest.Builder request, HttpResponse.BodyHandler<T> body) {
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

    /** The connection could not be made, or broke off. */
    CommandException unreachable(IOException e) {
        String why = e instanceof ConnectException
                        && (e.getMessage() == null || e.getMessage().isEmpty())
                ? "connection refused"
                : e instanceof HttpConnectTimeoutException
                        ? "no answer within " + CONNECT.toSeconds() + " s"
                        : e.getMessage() == null ? e.toString() : e.getMessage();
        return new CommandException(
                ExitCode.UNREACHABLE,
                "the server at " + server + " cannot be reached (" + why
                        + "); start one with `davy server`, or name another with --server or DAVY_SERVER");
    }

    private CommandException refused(int status, String body) {
        JsonNode problem;
        try {
            problem = JSON.readTree(body);
        } catch (IOException e) {
            problem = MissingNode.getInstance();
        }
        if (!problem.path("detail").isTextual()) {
            // A Davylamp server always sends a detail. Without one a proxy in front of it may have answered.
            return status == 500
                    ? new CommandException(ExitCode.FAILED, "the server at " + server + " failed (HTTP status 500)")
                    : noServer("HTTP status " + status);
        }
        boolean again = status == 401 && problem.path("type").asText().equals(SIGN_IN);
        return new CommandException(
                problem.path("type").asText().equals(UNKNOWN) ? ExitCode.NOT_FOUND : ExitCode.of(status),
                again
                        ? "nobody is signed in at " + server
                                + ", or the session or token has ended; `davy login` signs in,"
                                + " and a token in DAVY_TOKEN is enough for scripts"
                        : problem.get("detail").asText());
    }

    /** Parses JSON that this process wrote itself. */
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private CommandException noServer(String answer) {
        return new CommandException(
                ExitCode.UNREACHABLE,
                server + " is not a Davylamp server (" + answer + "); name another with --server or DAVY_SERVER");
    }

    /** @throws CommandException if {@code text} is not a JSON object, which a Davylamp server always sends */
    JsonNode parse(String text) {
        try {
            JsonNode answer = JSON.readTree(text);
            if (answer != null && answer.isObject()) {
                return answer;
            }
        } catch (IOException e) {
            // Reported below.
        }
        throw noServer("its answer is not a JSON object");
    }
}
