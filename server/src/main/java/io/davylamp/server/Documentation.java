package io.davylamp.server;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The documentation below {@code /docs/}: the files of the module {@code site}, for everybody. Serves what that module lists and
 * nothing else. Thread-safe.
 *
 * <p>A browser keeps a file and asks whether it is the newest. The answer depends on the file's bytes, not on its time: all files of a
 * reproducible build have the same time, and pages of two versions often have the same length.
 */
final class Documentation implements HttpService {
    private static final String FOLDER = "io/davylamp/docs/";
    private static final String LIST = FOLDER + "files.txt";
    private static final String PREFIX = "/docs";
    private static final Map<String, MediaType> TYPES = Map.of(
            "html",
            MediaType.HTML_UTF_8,
            "css",
            MediaType.CSS_UTF_8,
            "js",
            MediaType.parse("text/javascript; charset=utf-8"),
            "json",
            MediaType.JSON_UTF_8,
            "svg",
            MediaType.parse("image/svg+xml"),
            "png",
            MediaType.PNG,
            "woff2",
            MediaType.parse("font/woff2"));

    private final ClassLoader loader;
    /** The tag of each file by its path. */
    private final Map<String, String> tags = new HashMap<>();

    private Documentation(ClassLoader loader) {
        this.loader = loader;
        new String(bytes(LIST), StandardCharsets.UTF_8).lines().forEach(line -> {
            String[] words = line.split(" ", 2);
            // Weak: a packed answer has other bytes.
            tags.put(words[1], "W/\"" + words[0] + "\"");
        });
    }

    /** Serves the documentation at {@code /docs/}. */
    static void addTo(ServerBuilder builder, ClassLoader loader, String basePath) {
        builder.route()
                .addRoute(route().path(PREFIX).build())
                .build((context, request) ->
                        HttpResponse.ofRedirect(HttpStatus.TEMPORARY_REDIRECT, basePath + PREFIX + "/"));
        builder.route().addRoute(route().pathPrefix(PREFIX + "/").build()).build(new Documentation(loader));
    }

    private static com.linecorp.armeria.server.RouteBuilder route() {
        return Route.builder().methods(HttpMethod.GET, HttpMethod.HEAD);
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        String asked = context.mappedPath().substring(1);
        String path = asked.isEmpty() || asked.endsWith("/") ? asked + "index.html" : asked;
        String tag = tags.get(path);
        if (tag == null) {
            return HttpResponse.of(HttpStatus.NOT_FOUND);
        }
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.OK)
                .contentType(type(path))
                .set(HttpHeaderNames.ETAG, tag)
                .set(HttpHeaderNames.CACHE_CONTROL, "no-cache");
        String known = request.headers().get(HttpHeaderNames.IF_NONE_MATCH, "");
        if (known.contains(tag.substring("W/".length()))) {
            return HttpResponse.of(headers.status(HttpStatus.NOT_MODIFIED).build());
        }
        return HttpResponse.of(CompletableFuture.supplyAsync(
                () -> HttpResponse.of(headers.build(), HttpData.wrap(bytes(FOLDER + path))),
                context.blockingTaskExecutor()));
    }

    private static MediaType type(String path) {
        return TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), MediaType.PLAIN_TEXT_UTF_8);
    }

    private byte[] bytes(String resource) {
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException(resource + " is missing");
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
