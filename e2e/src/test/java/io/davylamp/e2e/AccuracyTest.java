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
    private static long total(JsonNode hot, String name) {
        for (JsonNode method : hot.get("methods")) {
            if (method.get("name").asText().equals(name)) {
                return method.get("total").asLong();
            }
        }
        throw new AssertionError(name + " is not among " + hot);
    }

    @Test
    void theThreeCpuMethodsHaveTheirShares() {
        JsonNode hot = rig.get("/api/v1/tasks/" + task + "/hot?measure=cpu&root=io.davylamp.demo.Demo.checkout");
        double discount = total(hot, "io.davylamp.demo.Pricing.discount");
        double rank = total(hot, "io.davylamp.demo.Search.rank");
        double render = total(hot, "io.davylamp.demo.Template.render");
        double checkout = hot.get("total").asDouble();
        String shares = hot.toString();

        assertThat(100 * discount / checkout).as(shares).isCloseTo(60, within(2.0));
        assertThat(100 * rank / checkout).as(shares).isCloseTo(30, within(2.0));
        assertThat(100 * render / checkout).as(shares).isCloseTo(10, within(2.0));
        assertThat(hot.get("methods").get(0).get("name").asText()).isEqualTo("io.davylamp.demo.Pricing.discount");
        // The rest of all samples is the JVM, the kernel's switching and the demo's other threads: more when the
        // machine is busy.
        assertThat(checkout / hot("cpu").get("total").asDouble()).as(shares).isGreaterThan(0.85);
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
