package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.davylamp.stockagent.StockAgent;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose users closed SkyWalking's receiver for async-profiler, and no other. */
class ClosedReceiverTest {
    @TempDir
    Path folder;

    private static Status end(CompletableFuture<Status> call) throws Exception {
        return call.get(20, TimeUnit.SECONDS);
    }

    @Test
    void onlyProfilingIsNotThereAndAllElseGoesOn() throws Exception {
        try (ServerRig rig = new ServerRig(folder, "skywalking.profiling=false");
                StockFleet fleet = new StockFleet(rig)) {
            StockAgent agent = fleet.agent("shop", "shop-1");

            assertThat(end(agent.reportProperties())).isEqualTo(Status.OK);
            assertThat(end(agent.poll()).getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
            assertThat(agent.isProfilingSwitchedOff()).isTrue();
            for (CompletableFuture<Status> call : List.of(
                    agent.keepAlive(),
                    agent.reportMetrics(),
                    agent.fetchConfiguration(),
                    agent.reportMeters(),
                    agent.reportTraces(5),
                    agent.pollTraceProfiling())) {
                assertThat(end(call)).isEqualTo(Status.OK);
            }
            assertThat(agent.isConnected()).isTrue();

            assertThat(fleet.data(
                                    "{services: getAllServices(duration: {start: \"2020-01-01\", end: \"2100-01-01\","
                                            + " step: DAY}){name}}",
                                    null)
                            .findValuesAsText("name"))
                    .containsExactly("shop");
            JsonNode refused = fleet.tryCreate("shop", List.of("shop-1"), 10, List.of("CPU"), null);
            assertThat(refused.get("code").asText()).isEqualTo("ARGUMENT_ERROR");
            assertThat(refused.get("errorReason").asText()).contains("skywalking.profiling");
        }
    }
}
