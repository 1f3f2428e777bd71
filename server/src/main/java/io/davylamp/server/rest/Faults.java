package io.davylamp.server.rest;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ClosedSessionException;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ProtocolViolationException;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ShuttingDownException;
import com.linecorp.armeria.common.multipart.MimeParsingException;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.common.stream.CancelledSubscriptionException;
import com.linecorp.armeria.common.stream.ClosedStreamException;
import com.linecorp.armeria.server.HttpResponseException;
import com.linecorp.armeria.server.HttpStatusException;
import com.linecorp.armeria.server.RequestCancellationException;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.Routed;
import com.linecorp.armeria.server.RoutingContext;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.Seldom;
import io.davylamp.core.store.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers errors of HTTP itself, and exceptions that no handler caught, as a problem with our own text. Only our own faults are
 * logged, and of those the same only now and then. Thread-safe.
 */
public final class Faults implements ServerErrorHandler {
    private static final Logger log = LoggerFactory.getLogger(Faults.class);
    private static final int DEEP = 10;
    private static final List<HttpMethod> METHODS = List.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.PATCH,
            HttpMethod.DELETE,
            HttpMethod.OPTIONS);

    private final Seldom seldom = new Seldom();

    @Override
    public HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
        if (cause instanceof HttpResponseException || cause instanceof RequestTimeoutException) {
            // Only the library knows whether the request or the answer is late; it comes back for the words.
            return ServerErrorHandler.ofDefault().onServiceException(context, cause);
        }
        if (cause instanceof HttpStatusException known && known.httpStatus().equals(HttpStatus.METHOD_NOT_ALLOWED)) {
            return notAllowed(context).toHttpResponse();
        }
        return ofClient(cause).or(() -> ofStore(cause)).orElseGet(() -> {
            seldom.log(
                    cause.getClass().getName(),
                    more -> log.error("{} {} failed{}", context.method(), context.path(), more, cause));
            return problem(HttpStatus.INTERNAL_SERVER_ERROR).toHttpResponse();
        });
    }

    @Override
    public AggregatedHttpResponse renderStatus(
            ServiceRequestContext context,
            ServiceConfig config,
            RequestHeaders headers,
            HttpStatus status,
            String description,
            Throwable cause) {
        if (status.equals(HttpStatus.METHOD_NOT_ALLOWED) && context != null) {
            return notAllowed(context);
        }
        return status.isContentAlwaysEmpty() ? AggregatedHttpResponse.of(status) : problem(status);
    }

    /** HTTP demands that the answer names the methods that the address takes. */
    private static AggregatedHttpResponse notAllowed(ServiceRequestContext context) {
        RoutingContext asked = context.routingContext();
        String allowed = METHODS.stream()
                .filter(method -> {
                    Routed<ServiceConfig> routed = asked.virtualHost().findServiceConfig(asked.withMethod(method));
                    return routed.isPresent() && !routed.route().isFallback();
                })
                .map(HttpMethod::name)
                .collect(Collectors.joining(", "));
        AggregatedHttpResponse problem = problem(HttpStatus.METHOD_NOT_ALLOWED);
        return AggregatedHttpResponse.of(
                problem.headers().toBuilder()
                        .set(HttpHeaderNames.ALLOW, allowed)
                        .build(),
                problem.content());
    }

    /** The answer to what the client did; empty when it is not the client's fault. */
    static Optional<HttpResponse> ofClient(Throwable thrown) {
        Throwable cause = thrown;
        for (int i = 0; cause != null && i < DEEP; i++, cause = cause.getCause()) {
            if (cause instanceof ContentTooLargeException tooLarge) {
                return Optional.of(Json.problem(Problem.of(
                        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
                        "the request is too large; the server takes " + tooLarge.maxContentLength() + " bytes")));
            }
            if (cause instanceof ProtocolViolationException || cause instanceof MimeParsingException) {
                return Optional.of(problem(HttpStatus.BAD_REQUEST).toHttpResponse());
            }
            if (cause instanceof RequestTimeoutException) {
                return Optional.of(problem(HttpStatus.REQUEST_TIMEOUT).toHttpResponse());
            }
            if (cause instanceof ShuttingDownException) {
                return Optional.of(problem(HttpStatus.SERVICE_UNAVAILABLE).toHttpResponse());
            }
            if (cause instanceof HttpStatusException known && known.getCause() == null) {
                return Optional.of(problem(known.httpStatus()).toHttpResponse());
            }
            if (isGone(cause)) {
                // Most likely nobody reads this.
                return Optional.of(Json.problem(Problem.of(
                        HttpStatus.BAD_REQUEST, "the connection was lost before the request had come to its end")));
            }
        }
        return Optional.empty();
    }

    /** The answer when what is kept cannot be written or read; empty when it is something else. */
    Optional<HttpResponse> ofStore(Throwable thrown) {
        StoreException fault = thrown instanceof StoreException store
                ? store
                : thrown instanceof IOException e
                        ? StoreException.of(e)
                        : thrown instanceof UncheckedIOException e ? StoreException.of(e.getCause()) : null;
        if (fault == null) {
            return Optional.empty();
        }
        if (fault.kind() == StoreException.Kind.BROKEN) {
            seldom.log(fault.kind().name(), more -> log.error("{}{}", fault.getMessage(), more, fault));
        } else {
            seldom.log(fault.kind().name(), more -> log.warn("{}{}", fault.getMessage(), more));
        }
        return Optional.of(Json.problem(Problem.of(
                fault.kind() == StoreException.Kind.FULL
                        ? HttpStatus.INSUFFICIENT_STORAGE
                        : HttpStatus.SERVICE_UNAVAILABLE,
                fault.getMessage())));
    }

    private static boolean isGone(Throwable cause) {
        return cause instanceof ClosedSessionException
                || cause instanceof ClosedStreamException
                || cause instanceof AbortedStreamException
                || cause instanceof CancelledSubscriptionException
                || cause instanceof RequestCancellationException;
    }

    private static AggregatedHttpResponse problem(HttpStatus status) {
        byte[] content = Json.bytes(Problem.of(status, words(status)));
        return AggregatedHttpResponse.of(
                ResponseHeaders.builder(status).contentType(Json.PROBLEM).build(), HttpData.wrap(content));
    }

    private static String words(HttpStatus status) {
        return switch (status.code()) {
            case 400 ->
                "the request cannot be read: its first line, its path, a header, a length or a chunk is malformed";
            case 403 -> "this request is not allowed";
            case 404 -> "there is nothing at this address; /api/v1/openapi.yaml lists what there is";
            case 405 -> "this address does not take this method; /api/v1/openapi.yaml lists what there is";
            case 406 -> "this address has no answer of the type that Accept asks for";
            case 408 -> "the request did not come to its end in time";
            case 413 -> "the request is too large";
            case 414 -> "the address is too long";
            case 415 -> "this address takes no body of this Content-Type";
            case 417 -> "Expect may only be 100-continue";
            case 431 -> "the headers are too large";
            case 500 -> "the server failed; its log says why";
            case 503 -> "the server has no time for this now, or stops; try again later";
            default -> status.reasonPhrase();
        };
    }
}
