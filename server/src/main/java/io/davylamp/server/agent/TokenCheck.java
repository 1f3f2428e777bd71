package io.davylamp.server.agent;

import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.server.DecoratingHttpServiceFunction;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets in agents that bring the token in the header {@code authentication}, as SkyWalking's do; ours do the same. */
public final class TokenCheck implements DecoratingHttpServiceFunction {
    private static final Logger log = LoggerFactory.getLogger(TokenCheck.class);
    private static final String HEADER = "authentication";
    private static final long QUIET_NANOS = 10_000_000_000L;

    private final byte[] token;
    private final Counter refused;
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - QUIET_NANOS);

    public TokenCheck(String token, MeterRegistry metrics) {
        this.token = token.getBytes(StandardCharsets.UTF_8);
        this.refused = Counter.builder("davylamp.agents.refused")
                .description("calls of agents without the right token")
                .register(metrics);
    }

    @Override
    public HttpResponse serve(HttpService delegate, ServiceRequestContext context, HttpRequest request)
            throws Exception {
        byte[] given = request.headers().get(HEADER, "").getBytes(StandardCharsets.UTF_8);
        if (MessageDigest.isEqual(given, token)) {
            return delegate.serve(context, request);
        }
        refused.increment();
        long last = loggedNanos.get();
        long now = System.nanoTime();
        if (now - last >= QUIET_NANOS && loggedNanos.compareAndSet(last, now)) {
            log.warn("{} of {} has no or a wrong token", context.path(), context.remoteAddress());
        }
        return HttpResponse.of(ResponseHeaders.builder(HttpStatus.OK)
                .endOfStream(true)
                .set("content-type", "application/grpc")
                .setInt("grpc-status", Status.Code.PERMISSION_DENIED.value())
                .set("grpc-message", "wrong%20token")
                .build());
    }
}
