package io.davylamp.server;

import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How many calls of a port there are, how long they take and how they end. A few buckets each instead of quantiles: they add up
 * over servers and cost little memory. Thread-safe.
 */
final class CallTimes implements DecoratingHttpServiceFunction {
    /** Names may come from strangers; further ones share a name. */
    private static final int MAX_NAMES = 200;

    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2),
        Duration.ofSeconds(10)
    };

    private final String port;
    private final MeterRegistry metrics;
    private final Map<Call, Timer> timers = new ConcurrentHashMap<>();

    private record Call(String name, String end) {}

    /** @param port its name in the metrics */
    CallTimes(String port, MeterRegistry metrics) {
        this.port = port;
        this.metrics = metrics;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        context.log().whenComplete().thenAccept(this::record);
        return delegate.serve(context, request);
    }

    private void record(RequestLog log) {
        Call call = new Call(name(log), end(log));
        if (timers.size() >= MAX_NAMES && !timers.containsKey(call)) {
            call = new Call("others", call.end());
        }
        timers.computeIfAbsent(call, this::timer).record(Duration.ofNanos(log.totalDurationNanos()));
    }

    private Timer timer(Call call) {
        return Timer.builder("davylamp.calls")
                .description("calls of people and agents; streams last until they are closed")
                .tag("port", port)
                .tag("call", call.name())
                .tag("end", call.end())
                .serviceLevelObjectives(BUCKETS)
                .register(metrics);
    }

    private static String name(RequestLog log) {
        String service = log.serviceName() == null ? "" : log.serviceName();
        return service.substring(service.lastIndexOf('.') + 1) + "." + log.name();
    }

    /** Returns gRPC's status as a number, or HTTP's class of statuses. */
    private static String end(RequestLog log) {
        String grpc = grpcStatus(log.responseTrailers());
        if (grpc == null) {
            grpc = grpcStatus(log.responseHeaders());
        }
        if (grpc != null) {
            return grpc.matches("[0-9]{1,2}") ? "grpc-" + grpc : "grpc-unknown";
        }
        int status = log.responseStatus().code() / 100;
        return status == 0 ? "none" : status + "xx";
    }

    private static String grpcStatus(HttpHeaders headers) {
        return headers.get("grpc-status");
    }
}
