package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.function.BooleanSupplier;

/**
 * Turns requests of people away while the server is too slow, before they take a place in its queue. What needs no thread of the
 * queue goes on: the page's files, metrics, readiness. Thread-safe.
 */
public final class Overload implements DecoratingHttpServiceFunction {
    private static final HttpData WORDS = HttpData.wrap(Json.bytes(Problem.of(
            HttpStatus.SERVICE_UNAVAILABLE,
            "the server is too slow for its load at the moment and took no further request; try again in "
                    + Json.RETRY_SECONDS + " seconds, and see the page Settings or /ready for the reason")));

    private final BooleanSupplier refuses;

    public Overload(BooleanSupplier refuses) {
        this.refuses = refuses;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        String path = context.path();
        if ((path.startsWith("/api/") || path.equals("/graphql")) && refuses.getAsBoolean()) {
            return HttpResponse.of(
                    ResponseHeaders.builder(HttpStatus.SERVICE_UNAVAILABLE)
                            .contentType(Json.PROBLEM)
                            .setInt(HttpHeaderNames.RETRY_AFTER, Json.RETRY_SECONDS)
                            .build(),
                    WORDS);
        }
        return delegate.serve(context, request);
    }
}
