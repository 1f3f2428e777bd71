package io.davylamp.skywalking;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.RequestOptions;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.circuitbreaker.CircuitBreaker;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.skywalking.Refusals.Reason;
import io.davylamp.wire.skywalking.v3.Commands;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * A SkyWalking server that agents would talk to if we did not stand in front of it. What they send goes to it as it is, what it
 * answers goes back; but whatever happens to it, an agent sees at worst an empty answer. While it is down nothing is sent to it,
 * so nothing waits for it and nothing piles up. Thread-safe.
 */
final class Upstream {
    private static final int MAX_REPLY_BYTES = 4 << 20;
    /** An agent gives a call 30 s; it must not lose its connection to us because the other server hangs. */
    private static final Duration UNARY = Duration.ofSeconds(5);

    private static final Duration STREAM = Duration.ofSeconds(25);
    private static final RequestOptions UNARY_CALL = options(UNARY, MAX_REPLY_BYTES);
    private static final RequestOptions STREAM_CALL = options(STREAM, MAX_REPLY_BYTES);
    private static final RequestOptions OPEN_CALL = options(Duration.ZERO, 0);

    /** Answers that make an agent drop its whole connection, profiling included. */
    private static final Set<Status.Code> HURTING = EnumSet.of(
            Status.Code.UNAVAILABLE,
            Status.Code.PERMISSION_DENIED,
            Status.Code.UNAUTHENTICATED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.UNKNOWN);

    private final WebClient client;
    private final CircuitBreaker breaker;
    private final Refusals refusals;
    private final String address;
    private final Counter forwarded;
    private final Counter failed;

    /** @param address {@code http://host:port} or {@code https://host:port} */
    Upstream(String address, ClientFactory factory, Refusals refusals, MeterRegistry metrics) {
        this.address = address;
        this.refusals = refusals;
        this.client = WebClient.builder(
                        address.replaceFirst("^http://", "h2c://").replaceFirst("^https://", "h2://"))
                .factory(factory)
                .build();
        this.breaker = breaker("upstream");
        this.forwarded = counter(metrics, "forwarded");
        this.failed = counter(metrics, "failed");
    }

    static CircuitBreaker breaker(String name) {
        return CircuitBreaker.builder(name)
                .minimumRequestThreshold(1)
                .failureRateThreshold(0.5)
                .counterSlidingWindow(Duration.ofSeconds(5))
                .counterUpdateInterval(Duration.ofMillis(500))
                .circuitOpenWindow(Duration.ofSeconds(5))
                .trialRequestInterval(Duration.ofSeconds(3))
                .build();
    }

    private static RequestOptions options(Duration responseTimeout, long maxBytes) {
        return RequestOptions.builder()
                .responseTimeout(responseTimeout)
                .maxResponseLength(maxBytes)
                .build();
    }

    private static Counter counter(MeterRegistry metrics, String outcome) {
        return Counter.builder("davylamp.skywalking.upstream")
                .description("calls that were passed on to the SkyWalking server behind us")
                .tag("outcome", outcome)
                .register(metrics);
    }

    /** Whether a call may be tried now; asks once per call. */
    boolean isUp() {
        boolean may = breaker.tryRequest();
        if (!may) {
            failed.increment();
        }
        return may;
    }

    private void ended(boolean well, String what) {
        if (well) {
            forwarded.increment();
            breaker.onSuccess();
        } else {
            failed.increment();
            breaker.onFailure();
            refusals.note(
                    Reason.UPSTREAM,
                    "the SkyWalking server " + address + " cannot be reached; its agents get empty answers: " + what);
        }
    }

    /** Passes on a call of one message; {@code null} when there is no answer that an agent may see. */
    CompletionStage<AggregatedHttpResponse> unary(ServiceRequestContext context, RequestHeaders headers, byte[] bytes) {
        return client.execute(HttpRequest.of(onward(headers), HttpData.wrap(bytes)), UNARY_CALL)
                .aggregate()
                .handle((reply, error) -> harmless(reply, error, context));
    }

    /** Passes on a call of many messages that is answered by one, as they come. */
    HttpResponse stream(ServiceRequestContext context, HttpRequest request, Supplier<HttpResponse> otherwise) {
        CompletableFuture<HttpResponse> answer = client.execute(
                        request.withHeaders(onward(request.headers())), STREAM_CALL)
                .aggregate()
                .handle((reply, error) -> {
                    AggregatedHttpResponse theirs = harmless(reply, error, context);
                    return theirs == null ? otherwise.get() : theirs.toHttpResponse();
                });
        return HttpResponse.of(answer);
    }

    /** Passes on a call that only the other server knows, both ways as it comes. */
    HttpResponse pipe(ServiceRequestContext context, HttpRequest request) {
        if (!isUp()) {
            return GrpcMessages.end(Status.Code.ABORTED, "the SkyWalking server behind this one is down");
        }
        context.clearRequestTimeout();
        return client.execute(request.withHeaders(onward(request.headers())), OPEN_CALL)
                .mapHeaders(headers -> {
                    ended(true, "");
                    return unhurting(headers, code(headers));
                })
                .mapTrailers(trailers -> code(trailers) != null && HURTING.contains(code(trailers))
                        ? trailers.toBuilder()
                                .setInt(GrpcMessages.STATUS, Status.Code.ABORTED.value())
                                .build()
                        : trailers)
                .recover(error -> {
                    ended(false, error.toString());
                    return GrpcMessages.end(
                            Status.Code.ABORTED, "the SkyWalking server behind this one cannot be reached");
                });
    }

    private static ResponseHeaders unhurting(ResponseHeaders headers, Status.Code code) {
        if (code != null && HURTING.contains(code) || !headers.status().equals(HttpStatus.OK)) {
            return ResponseHeaders.builder(HttpStatus.OK)
                    .contentType(
                            headers.contentType() == null ? MediaType.parse("application/grpc") : headers.contentType())
                    .setInt(GrpcMessages.STATUS, Status.Code.ABORTED.value())
                    .build();
        }
        return headers;
    }

    /** Headers for the other server: the agent's, without those that name this connection. */
    private static RequestHeaders onward(RequestHeaders headers) {
        return headers.toBuilder()
                .removeAndThen(HttpHeaderNames.AUTHORITY)
                .removeAndThen(HttpHeaderNames.SCHEME)
                .build();
    }

    private AggregatedHttpResponse harmless(
            AggregatedHttpResponse reply, Throwable error, ServiceRequestContext context) {
        if (error != null) {
            ended(false, error.toString());
            return null;
        }
        Status.Code code = code(reply.headers());
        code = code == null ? code(reply.trailers()) : code;
        if (!reply.status().equals(HttpStatus.OK) || code == null || HURTING.contains(code)) {
            ended(false, context.path() + " was answered " + reply.status() + ", gRPC status " + code);
            return null;
        }
        ended(true, "");
        return reply;
    }

    private static Status.Code code(HttpHeaders headers) {
        int value = headers.getInt(GrpcMessages.STATUS, -1);
        return value < 0 ? null : Status.fromCodeValue(value).getCode();
    }

    /** Their reply with our commands behind theirs; ours alone when there is none of theirs. */
    static HttpResponse with(AggregatedHttpResponse theirs, Commands ours) {
        if (theirs == null) {
            return GrpcMessages.ok(ours);
        }
        if (ours.getCommandsCount() == 0 || code(theirs.trailers()) != Status.Code.OK) {
            return ours.getCommandsCount() == 0 ? theirs.toHttpResponse() : GrpcMessages.ok(ours);
        }
        try {
            List<byte[]> messages =
                    GrpcMessages.read(theirs.content().array(), theirs.headers().get("grpc-encoding"), MAX_REPLY_BYTES);
            ByteArrayOutputStream both = new ByteArrayOutputStream();
            // A repeated field goes on where it stopped: the messages one after the other are their sum.
            both.writeBytes(messages.isEmpty() ? new byte[0] : messages.get(0));
            both.writeBytes(ours.toByteArray());
            return HttpResponse.of(
                    theirs.headers().toBuilder().removeAndThen("content-length").build(),
                    HttpData.wrap(GrpcMessages.framed(both.toByteArray())),
                    theirs.trailers());
        } catch (GrpcMessages.MalformedException e) {
            return GrpcMessages.ok(ours);
        }
    }
}
