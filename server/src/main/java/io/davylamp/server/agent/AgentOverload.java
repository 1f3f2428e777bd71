package io.davylamp.server.agent;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import java.util.function.BooleanSupplier;

/**
 * Turns new calls of agents away while the server is too slow, before they take a place in its queue. Calls that are open go on;
 * agents keep their recordings and come again. Thread-safe.
 */
public final class AgentOverload implements DecoratingHttpServiceFunction {
    private static final String HEALTH = "/grpc.health.";

    private final BooleanSupplier refuses;

    public AgentOverload(BooleanSupplier refuses) {
        this.refuses = refuses;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        if (context.path().startsWith(HEALTH) || !refuses.getAsBoolean()) {
            return delegate.serve(context, request);
        }
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .set("content-type", "application/grpc")
                .setInt("grpc-status", Status.Code.UNAVAILABLE.value())
                .set("grpc-message", "the server is too slow for its load; try again later")
                .build());
    }
}
