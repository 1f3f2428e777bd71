package io.davylamp.server.agent;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.server.access.GrpcEnd;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/**
 * Turns new calls of agents away while the server is too slow, before they take a place in its queue. Calls that are open go on;
 * agents keep their recordings and come again. Thread-safe.
 */
public final class AgentOverload implements DecoratingHttpServiceFunction {
    private static final String HEALTH = "/grpc.health.";

    private final BooleanSupplier refuses;
    private final Predicate<String> isAlwaysAnswered;

    /** @param isAlwaysAnswered which paths have calls that their service answers without a thread that waits, if it must */
    public AgentOverload(BooleanSupplier refuses, Predicate<String> isAlwaysAnswered) {
        this.refuses = refuses;
        this.isAlwaysAnswered = isAlwaysAnswered;
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        return context.path().startsWith(HEALTH) || isAlwaysAnswered.test(context.path()) || !refuses.getAsBoolean()
                ? delegate.serve(context, request)
                : GrpcEnd.overloaded();
    }
}
