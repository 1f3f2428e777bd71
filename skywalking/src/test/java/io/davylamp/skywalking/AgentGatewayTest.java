package io.davylamp.skywalking;

import static org.assertj.core.api.Assertions.assertThat;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.davylamp.core.CoreRig;
import io.davylamp.core.access.Principal;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.wire.skywalking.v3.InstancePingPkg;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AgentGatewayTest {
    private static final String STATUS = "grpc-status";

    private final CoreRig rig = new CoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    private AgentGateway gateway(boolean overloaded) {
        Refusals refusals = new Refusals(new SimpleMeterRegistry(), rig.clock);
        StockAgents agents = new StockAgents(
                rig.instances,
                new StockOffers(rig.offers, rig.assignments, TaskLimits.DEFAULT, rig.clock),
                rig.clock,
                refusals,
                StockAgents.abilities(true, Duration.ofMinutes(20)));
        return new AgentGateway(context -> Principal.ANYONE, agents, refusals, 1 << 20, () -> overloaded, null);
    }

    private static AggregatedHttpResponse keepAlive(AgentGateway gateway) {
        byte[] message = InstancePingPkg.newBuilder()
                .setService("shop")
                .setServiceInstance("quiet")
                .build()
                .toByteArray();
        byte[] framed = ByteBuffer.allocate(5 + message.length)
                .put((byte) 0)
                .putInt(message.length)
                .put(message)
                .array();
        HttpRequest request = HttpRequest.of(
                RequestHeaders.of(
                        HttpMethod.POST,
                        AgentCall.KEEP_ALIVE.path(),
                        "content-type",
                        "application/grpc",
                        "te",
                        "trailers"),
                HttpData.wrap(framed));
        return gateway.serve(ServiceRequestContext.of(request), request)
                .aggregate()
                .join();
    }

    private static String status(AggregatedHttpResponse response) {
        String atOnce = response.headers().get(STATUS);
        return atOnce != null ? atOnce : response.trailers().get(STATUS);
    }

    @Test
    void anAgentIsNotToldOfAnOverloadAndIsHeardAfterIt() {
        assertThat(status(keepAlive(gateway(true)))).isEqualTo("0");
        assertThat(rig.instances.find("shop", "quiet")).isEmpty();

        assertThat(status(keepAlive(gateway(false)))).isEqualTo("0");
        assertThat(rig.instances.find("shop", "quiet")).isPresent();
    }

    @Test
    void answersAlwaysWhatItAnswersItself() {
        assertThat(SkyWalking.isAlwaysAnswered(AgentCall.JVM_METRICS.path())).isTrue();
        assertThat(SkyWalking.isAlwaysAnswered("/skywalking.v10.AsyncProfilerTask/getAsyncProfilerTaskCommands"))
                .isFalse();
    }
}
