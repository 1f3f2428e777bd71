package io.davylamp.server.access;

import static io.davylamp.core.access.Principal.SYSTEM;
import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.access.Grant;
import io.davylamp.core.access.Token;
import io.davylamp.core.identity.AuditLog;
import io.davylamp.core.identity.Credentials;
import io.davylamp.core.identity.GroupGrants;
import io.davylamp.core.identity.SessionLimits;
import io.davylamp.core.identity.Tokens;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.InMemoryStore;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Which calls of agents wait for the lookup of their token while the server is overloaded. */
final class AgentGateTest {
    private static final String POLL = "/skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands";
    private static final String TRACES = "/skywalking.v3.TraceSegmentReportService/collect";

    private final TestClock clock = new TestClock();
    private final InMemoryStore store = new InMemoryStore();
    private final Tokens tokens = new Tokens(
            store,
            new Ids(),
            new Changes(),
            clock,
            new AuditLog(store, new Ids(), clock, Duration.ofDays(1), entry -> {}));
    private final String token = tokens.make(
                    SYSTEM, "shop", Token.Kind.AGENT, List.of(Grant.of("viewer shop")), Duration.ofHours(1))
            .secret();
    private final List<String> served = new ArrayList<>();
    private boolean overloaded = true;
    private boolean spareIsFull;
    private final Executor spare = task -> {
        if (spareIsFull) {
            throw new RejectedExecutionException();
        }
        task.run();
    };
    private final AgentGate gate = new AgentGate(
            "",
            new Credentials(store, clock, new SessionLimits(Duration.ofHours(8), Duration.ofDays(7)), GroupGrants.NONE),
            CertificateServices.NONE,
            clock,
            () -> overloaded,
            TRACES::equals,
            spare,
            new SimpleMeterRegistry());

    private Status.Code call(String path, String with) throws Exception {
        HttpRequest request = HttpRequest.of(RequestHeaders.of(
                HttpMethod.POST, path, HttpHeaderNames.CONTENT_TYPE, "application/grpc", "authentication", with));
        ServiceRequestContext context = ServiceRequestContext.of(request);
        AggregatedHttpResponse answer = gate.serve(
                        (own, whole) -> {
                            served.add(own.path());
                            return GrpcEnd.with(Status.Code.OK, "");
                        },
                        context,
                        request)
                .aggregate()
                .join();
        return Status.fromCodeValue(answer.headers().getInt("grpc-status", -1)).getCode();
    }

    @Test
    void aPollIsTurnedAwayUnlessItsTokenIsKnown() throws Exception {
        assertThat(call(POLL, token)).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(served).isEmpty();

        overloaded = false;
        assertThat(call(POLL, token)).isEqualTo(Status.Code.OK);
        overloaded = true;
        assertThat(call(POLL, token)).isEqualTo(Status.Code.OK);

        clock.advance(Duration.ofSeconds(2));
        assertThat(call(POLL, token)).as("asked anew").isEqualTo(Status.Code.UNAVAILABLE);
    }

    /** UNAVAILABLE silences SkyWalking's agent: it closes its connection, and sends no traces for half a minute. */
    @Test
    void aCallThatIsAlwaysAnsweredIsNeverUnavailable() throws Exception {
        assertThat(call(TRACES, token)).isEqualTo(Status.Code.OK);
        assertThat(call(TRACES, token + "x")).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(served).containsExactly(TRACES);

        clock.advance(Duration.ofSeconds(2));
        spareIsFull = true;
        assertThat(call(TRACES, token)).isEqualTo(Status.Code.INTERNAL);
        assertThat(served).containsExactly(TRACES);
    }
}
