package io.davylamp.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What the demo is known to do is what a profile of two of its JVMs shows. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccuracyTest {
    @TempDir
    static Path folder;

    private Rig rig;
    private String task;

    @BeforeAll
    void profile() throws IOException {
        rig = new Rig(folder);
        rig.startServer();
        rig.startDemo("shop", "shop-1", rig.agentPort);
        rig.startDemo("shop", "shop-2", rig.agentPort);
        task = rig.createTask(
                "shop", "[\"shop-1\", \"shop-2\"]", 12, "[\"cpu\", \"alloc\", \"lock\"]", "{\"interval\": \"1ms\"}");
        Rig.await().until(() -> !rig.task(task).get("live").asBoolean());
        assertThat(rig.task(task).findValuesAsText("state")).containsExactly("READY", "READY");
    }

    @AfterAll
    void close() throws InterruptedException {
        rig.close();
    }

    private JsonNode hot(String measure) {
        return rig.get("/api/v1/tasks/" + task + "/hot?measure=" + measure);
    }

    /** What a method used with the kernel's work below it; the demo's three call nothing else. */
    private static double total(JsonNode hot, String name) {
        for (JsonNode method : hot.get("methods")) {
            if (method.get("name").asText().equals(name)) {
                return method.get("total").asDouble();
            }
        }
        throw new AssertionError(name + " is not among " + hot);
    }

    /** In samples: one processor that eight others want gives few, and few samples scatter. */
    private static void assertShare(JsonNode hot, String method, double share) {
        double samples = hot.get("total").asDouble();
        double fourDeviations = 4 * Math.sqrt(share * (1 - share) / samples);
        assertThat(total(hot, method) / samples)
                .as("%s in %s", method, hot)
                .isCloseTo(share, within(0.01 + fourDeviations));
    }

    @Test
    void theThreeCpuMethodsHaveTheirShares() {
        String cpu = "/api/v1/tasks/" + task + "/hot?measure=cpu&count=true";
        JsonNode hot = rig.get(cpu + "&root=io.davylamp.demo.Demo.checkout");

        assertThat(hot.get("total").asLong()).isGreaterThan(200);
        assertShare(hot, "io.davylamp.demo.Pricing.discount", 0.6);
        assertShare(hot, "io.davylamp.demo.Search.rank", 0.3);
        assertShare(hot, "io.davylamp.demo.Template.render", 0.1);
        assertThat(hot.get("methods").get(0).get("name").asText()).isEqualTo("io.davylamp.demo.Pricing.discount");
        // What the compiler's threads use is a matter of how long the JVM has run; all that this thread does is the
        // three methods.
        assertThat(hot.get("total").asDouble())
                .isGreaterThan(
                        0.9 * rig.get(cpu + "&threads=checkout").get("total").asDouble());
    }

    @Test
    void theAllocatorIsFirstInItsMeasure() {
        JsonNode first = hot("alloc").get("methods").get(0);

        assertThat(first.get("name").asText()).isEqualTo("io.davylamp.demo.Cart.copyItems");
        assertThat(first.get("self").asDouble())
                .isGreaterThan(0.8 * hot("alloc").get("total").asDouble());
    }

    @Test
    void theLockIsFirstInItsMeasure() {
        JsonNode first = hot("lock").get("methods").get(0);

        assertThat(first.get("name").asText()).isEqualTo("io.davylamp.demo.Stock.reserve");
        assertThat(hot("lock").get("unit").asText()).isEqualTo("nanoseconds");
        assertThat(first.get("self").asDouble())
                .isGreaterThan(0.8 * hot("lock").get("total").asDouble());
    }

    @Test
    void twoInstancesAreTheSumOfEach() {
        long one = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&instance=shop-1")
                .get("total")
                .asLong();
        long two = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&instance=shop-2")
                .get("total")
                .asLong();

        assertThat(one).isPositive();
        assertThat(two).isPositive();
        assertThat(hot("cpu").get("total").asLong()).isEqualTo(one + two);
    }

    @Test
    void theHostPrintsNothingOfOurs() throws IOException {
        assertThat(rig.log("shop-1")).isEmpty();
        assertThat(rig.log("shop-2")).isEmpty();
    }
}
