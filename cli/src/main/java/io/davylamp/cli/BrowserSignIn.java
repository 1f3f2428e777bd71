package io.davylamp.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Signs in as whoever is signed in in a browser of this machine: the server's page asks that person, and sends the browser with a
 * code to a port here. The code is worth nothing without the verifier, which never leaves this process until it is exchanged.
 *
 * <p>Source: RFC 8252, section 7.3 (loopback); RFC 7636 (PKCE).
 */
final class BrowserSignIn {
    /** Time to sign in at a provider, too. */
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private static final int SECRET_BYTES = 32;
    private static final int MAX_HOST = 100;

    private final RestClient anybody;
    private final Consumer<URI> browser;
    private final Duration patience;
    private final String state = secret();
    private final String verifier = secret();
    private final CompletableFuture<Credential> signedIn = new CompletableFuture<>();

    /** @param browser gets the address that a browser has to show */
    BrowserSignIn(RestClient anybody, Consumer<URI> browser) {
        this(anybody, browser, PATIENCE);
    }

    BrowserSignIn(RestClient anybody, Consumer<URI> browser, Duration patience) {
        this.anybody = anybody;
        this.browser = browser;
        this.patience = patience;
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws CommandException if nobody allows it in time, or the server does not take the code */
    Credential run() throws IOException {
        HttpServer port = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        ExecutorService threads = Executors.newCachedThreadPool(work -> {
            Thread thread = new Thread(work, "sign-in");
            thread.setDaemon(true);
            return thread;
        });
        port.setExecutor(threads);
        port.createContext("/", this::answer);
        port.start();
        try {
            browser.accept(URI.create(anybody.server().toString().replaceAll("/+$", "") + "/allow?port="
                    + port.getAddress().getPort() + "&state=" + state + "&challenge=" + challenge(verifier) + "&host="
                    + RestClient.encode(host())));
            return signedIn.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new CommandException(
                    ExitCode.REFUSED,
                    "nobody allowed it in the browser within " + patience.toMinutes() + " min; run `davy login` again");
        } catch (ExecutionException e) {
            throw e.getCause() instanceof CommandException refused
                    ? refused
                    : new CommandException(ExitCode.FAILED, "the sign-in failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException(ExitCode.FAILED, "interrupted");
        } finally {
            port.stop(1);
            threads.shutdown();
        }
    }

    private static String host() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "this machine";
        }
        return name.length() <= MAX_HOST ? name : name.substring(0, MAX_HOST);
    }

    /** The browser comes back; whoever else comes has not the state. */
    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String own = "127.0.0.1:" + exchange.getLocalAddress().getPort();
            Map<String, String> asked = query(exchange.getRequestURI().getRawQuery());
            boolean here = exchange.getRequestMethod().equals("GET")
                    && exchange.getRequestURI().getPath().equals("/")
                    && own.equals(exchange.getRequestHeaders().getFirst("Host"))
                    && MessageDigest.isEqual(
                            state.getBytes(StandardCharsets.US_ASCII),
                            asked.getOrDefault("state", "").getBytes(StandardCharsets.UTF_8));
            if (!here || signedIn.isDone()) {
                show(exchange, 404, "There is nothing here.");
                return;
            }
            if (!asked.containsKey("code")) {
                show(exchange, 200, "davy was not let in. You can close this window.");
                signedIn.completeExceptionally(
                        new CommandException(ExitCode.REFUSED, "it was not allowed in the browser"));
                return;
            }
            redeem(exchange, asked.get("code"));
        }
    }

    private void redeem(HttpExchange exchange, String code) throws IOException {
        Credential credential;
        try {
            JsonNode opened = anybody.post("/api/v1/login/code/redeem", Map.of("code", code, "verifier", verifier));
            credential = Credential.of(true, opened.path("session").asText(), "the server's answer");
        } catch (CommandException e) {
            show(exchange, 200, "davy could not sign in; the terminal says why. You can close this window.");
            signedIn.completeExceptionally(e);
            return;
        }
        show(exchange, 200, "davy is signed in. You can close this window.");
        signedIn.complete(credential);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> query = new HashMap<>();
        for (String part : text == null ? new String[0] : text.split("&")) {
            String[] pair = part.split("=", 2);
            if (pair.length == 2) {
                try {
                    query.put(pair[0], URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    // It is not what the server's page sent.
                }
            }
        }
        return query;
    }

    private static void show(HttpExchange exchange, int status, String words) throws IOException {
        byte[] page = ("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>davy</title>\n<p>" + words
                        + "</p>\n")
                .getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.getResponseHeaders().set("Referrer-Policy", "no-referrer");
        exchange.getResponseHeaders().set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
        exchange.getResponseHeaders().set("X-Content-Type-Options", "nosniff");
        exchange.getResponseHeaders().set("Connection", "close");
        exchange.sendResponseHeaders(status, page.length);
        exchange.getResponseBody().write(page);
    }
}
