package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.util.List;
import java.util.function.Supplier;

/**
 * Answers whether this server should get requests: 200 or 503, with how its parts are. For load balancers, and for the page. Waits
 * for nothing. Thread-safe.
 */
public final class Readiness implements HttpService {
    private final Supplier<Ready> ready;

    /**
     * @param version of this server
     * @param schema of its database, by the number of the last migration
     * @param health how each part is; of those that are not well, some leave the server ready
     */
    public record Ready(boolean ready, String version, long schema, List<ServerStatus.Check> health) {}

    public Readiness(Supplier<Ready> ready) {
        this.ready = ready;
    }

    @Override
    public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        Ready now = ready.get();
        return HttpResponse.of(
                now.ready() ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE,
                MediaType.JSON,
                HttpData.wrap(Json.bytes(now)));
    }
}
