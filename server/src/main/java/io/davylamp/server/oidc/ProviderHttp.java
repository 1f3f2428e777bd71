package io.davylamp.server.oidc;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.RequestHeadersBuilder;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jose.util.ResourceRetriever;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.http.HTTPRequestSender;
import com.nimbusds.oauth2.sdk.http.HTTPResponse;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPRequest;
import com.nimbusds.oauth2.sdk.http.ReadOnlyHTTPResponse;
import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Sends the requests to an identity provider. Answers are bounded in time and size, and redirects are not followed. Thread-safe.
 */
final class ProviderHttp implements HTTPRequestSender, ResourceRetriever, AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration WHOLE = Duration.ofSeconds(10);
    private static final long MAX_BYTES = 1 << 20;

    private final ClientFactory clients = ClientFactory.builder()
            .connectTimeout(CONNECT)
            .proxyConfig(ProxySelector.getDefault())
            .build();
    private final WebClient client = WebClient.builder()
            .factory(clients)
            .responseTimeout(WHOLE)
            .maxResponseLength(MAX_BYTES)
            .build();

    /** Fails with an {@link IOException} in words. */
    CompletableFuture<String> get(URI address) {
        return client.execute(RequestHeaders.of(
                        HttpMethod.GET, address.toString(), HttpHeaderNames.ACCEPT, "application/json"))
                .aggregate()
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw new CompletionException(failure(address, failure));
                    }
                    if (answer.status() != HttpStatus.OK) {
                        throw new CompletionException(new IOException(
                                address + " answers " + answer.status().codeAsText()));
                    }
                    return answer.contentUtf8();
                });
    }

    private static IOException failure(URI address, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause instanceof CompletionException
                || cause.getCause() != null && cause.getMessage() == null) {
            cause = cause.getCause();
        }
        String words = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new IOException(address + " cannot be reached: " + words, failure);
    }

    private static <T> T joined(CompletableFuture<T> answer) throws IOException {
        try {
            return answer.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException io) {
                throw io;
            }
            throw e;
        }
    }

    @Override
    public Resource retrieveResource(URL address) throws IOException {
        return new Resource(joined(get(URI.create(address.toString()))), "application/json");
    }

    @Override
    public ReadOnlyHTTPResponse send(ReadOnlyHTTPRequest request) throws IOException {
        RequestHeadersBuilder headers = RequestHeaders.builder(
                HttpMethod.valueOf(request.getMethod().name()), request.getURI().toString());
        request.getHeaderMap().forEach(headers::add);
        headers.set(HttpHeaderNames.ACCEPT, "application/json");
        HttpData body = request.getBody() == null ? HttpData.empty() : HttpData.ofUtf8(request.getBody());
        AggregatedHttpResponse answer = joined(client.execute(HttpRequest.of(headers.build(), body))
                .aggregate()
                .exceptionally(failure -> {
                    throw new CompletionException(failure(request.getURI(), failure));
                }));
        HTTPResponse response = new HTTPResponse(answer.status().code());
        try {
            response.setContentType(answer.headers().get(HttpHeaderNames.CONTENT_TYPE, "application/json"));
        } catch (ParseException e) {
            throw new IOException(request.getURI() + " answers with a malformed Content-Type", e);
        }
        response.setBody(answer.contentUtf8());
        return response;
    }

    @Override
    public void close() {
        clients.close();
    }
}
