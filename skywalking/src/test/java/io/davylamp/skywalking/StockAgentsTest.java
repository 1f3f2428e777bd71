package io.davylamp.skywalking;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.CoreRig;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.Unable;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Store;
import io.davylamp.core.task.Assignment;
import io.davylamp.core.task.AssignmentState;
import io.davylamp.core.task.Task;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.wire.skywalking.v3.InstanceProperties;
import io.davylamp.wire.skywalking.v3.KeyStringValuePair;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Beside an agent of our own, whose JVM has the same names. */
class StockAgentsTest {
    private final CoreRig rig = new CoreRig();
    private final Changes changes = new Changes();
    private final StockAgents agents = server();
    /** Of a server that only shares the store. */
    private final StockAgents others = server();

    private StockAgents server() {
        return server(rig.store, true);
    }

    private StockAgents server(Store store, boolean profiling) {
        return new StockAgents(
                new Instances(store, rig.ids, changes, rig.clock, InstanceLimits.DEFAULT),
                new StockOffers(rig.offers, rig.assignments, TaskLimits.DEFAULT, rig.clock),
                rig.clock,
                new Refusals(new SimpleMeterRegistry(), rig.clock),
                StockAgents.abilities(profiling, Duration.ofMinutes(20)));
    }

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void isNotUsedWhileOursIsThere() {
        Task task = rig.create("shop-1");

        assertThat(agents.poll(ANYONE, "shop", "shop-1", -1)).isEmpty();
        assertThat(agents.alive(ANYONE, "shop", "shop-1")).isEmpty();

        assertThat(rig.instances
                        .find("shop", "shop-1")
                        .orElseThrow()
                        .abilities()
                        .reports())
                .isTrue();
        assertThat(rig.offers
                        .offer(rig.one.id(), "life-1")
                        .orElseThrow()
                        .assignment()
                        .taskId())
                .isEqualTo(task.id());
    }

    @Test
    void furtherCallsOfAnAgentDoNotWaitForTheOneThatStoresIt() {
        List<Boolean> meanwhile = new ArrayList<>();
        changes.listen(new Changes.Listener() {
            @Override
            public void instance(String service) {
                meanwhile.add(agents.aliveAtOnce(ANYONE, "shop", "theirs"));
            }
        });
        assertThat(agents.aliveAtOnce(ANYONE, "shop", "theirs"))
                .as("nobody knows it")
                .isFalse();

        agents.alive(ANYONE, "shop", "theirs");

        assertThat(meanwhile).containsExactly(true);
        assertThat(agents.aliveAtOnce(ANYONE, "shop", "theirs")).isTrue();
    }

    @Test
    void aPropertyThatSomebodyGaveForUsIsALabel() {
        agents.describe(
                ANYONE,
                InstanceProperties.newBuilder()
                        .setService("shop")
                        .setServiceInstance("theirs")
                        .addProperties(KeyStringValuePair.newBuilder()
                                .setKey("label.zone")
                                .setValue("a"))
                        .addProperties(
                                KeyStringValuePair.newBuilder().setKey("label.").setValue("nothing"))
                        .addProperties(KeyStringValuePair.newBuilder()
                                .setKey("namespace")
                                .setValue("n"))
                        .build());

        Instance theirs = rig.instances.find("shop", "theirs").orElseThrow();
        assertThat(theirs.labels().values()).containsOnly(Map.entry("zone", "a"));
        assertThat(theirs.properties()).containsEntry("namespace", "n").containsEntry("label.zone", "a");
    }

    @Test
    void takesOverWhenOursIsGoneThoughItWasCallingAllTheTime() {
        agents.poll(ANYONE, "shop", "shop-1", -1);
        for (Duration passed = Duration.ZERO; passed.compareTo(Instances.LIVE) <= 0; passed = passed.plusSeconds(1)) {
            agents.aliveAtOnce(ANYONE, "shop", "shop-1");
            rig.clock.advance(Duration.ofSeconds(1));
        }
        agents.poll(ANYONE, "shop", "shop-1", -1);
        Task task = rig.create("shop-1");
        agents.work(rig.one.id());

        assertThat(agents.alive(ANYONE, "shop", "shop-1")
                        .orElseThrow()
                        .assignment()
                        .taskId())
                .isEqualTo(task.id());
        assertThat(rig.instances
                        .find("shop", "shop-1")
                        .orElseThrow()
                        .abilities()
                        .reports())
                .isFalse();
    }

    private static InstanceProperties runsAs(String pid) {
        return InstanceProperties.newBuilder()
                .setService("shop")
                .setServiceInstance("quiet")
                .addProperties(
                        KeyStringValuePair.newBuilder().setKey("Process No.").setValue(pid))
                .build();
    }

    /** The store, and its transactions by their method. */
    private Store counted(Map<String, Integer> transactions) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    transactions.merge(method.getName(), 1, Integer::sum);
                    return method.invoke(rig.store, arguments);
                });
    }

    private void connects(StockAgents server, String start) {
        server.describe(ANYONE, runsAs("1"));
        server.started(ANYONE, "shop", "quiet", start, rig.clock.millis());
        server.alive(ANYONE, "shop", "quiet");
        server.poll(ANYONE, "shop", "quiet", -1);
        server.alive(ANYONE, "shop", "quiet");
    }

    @Test
    void agentsOfAServerThatStartedAgainCostItNoWrites() {
        connects(agents, "start-1");
        Instance before = rig.instances.find("shop", "quiet").orElseThrow();
        Map<String, Integer> transactions = new TreeMap<>();

        connects(server(counted(transactions), true), "start-1");

        // Its row twice, and its work once.
        assertThat(transactions).isEqualTo(Map.of("read", 3));
        assertThat(rig.instances.find("shop", "quiet")).contains(before);
    }

    @Test
    void whatANewAgentSaysIsWrittenOnceByEachOfItsFirstCalls() {
        Map<String, Integer> transactions = new TreeMap<>();

        connects(server(counted(transactions), true), "start-1");

        assertThat(transactions).containsEntry("writeSoon", 3);
    }

    @Test
    void rowsOfAServerWithOtherAbilitiesOrOfLongAgoAreWrittenAnew() {
        connects(agents, "start-1");

        connects(server(rig.store, false), "start-1");
        assertThat(rig.instances.find("shop", "quiet").orElseThrow().abilities())
                .isEqualTo(StockAgents.abilities(false, Duration.ofMinutes(20)));

        rig.clock.advance(Instances.LIVE.plusSeconds(1));
        server(rig.store, false).poll(ANYONE, "shop", "quiet", -1);
        assertThat(rig.instances.find("shop", "quiet").orElseThrow().lastSeenMillis())
                .isEqualTo(rig.clock.millis());
    }

    /** What every server finds in the store every 2 s. */
    private void found(Task task) {
        String instance = rig.now(task).instanceId();
        agents.work(instance);
        others.work(instance);
    }

    @Test
    void aCallToAnyServerCarriesTheCommandAndAPollOfAnyIsItsReceipt() {
        agents.poll(ANYONE, "shop", "quiet", -1);
        others.alive(ANYONE, "shop", "quiet");
        Task task = rig.create("quiet");
        found(task);

        Assignment offered = others.alive(ANYONE, "shop", "quiet").orElseThrow().assignment();
        assertThat(agents.alive(ANYONE, "shop", "quiet")).as("it is given once").isEmpty();
        rig.clock.advance(Duration.ofSeconds(20));
        found(task);
        assertThat(agents.poll(ANYONE, "shop", "quiet", offered.createdMillis()))
                .isEmpty();

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.ACCEPTED);
    }

    @Test
    void anAgentThatNeverAskedForCommandsIsGivenNoneByAnyServer() {
        agents.alive(ANYONE, "shop", "quiet");
        Task task = rig.create("quiet");
        found(task);

        assertThat(agents.alive(ANYONE, "shop", "quiet")).isEmpty();
        assertThat(others.alive(ANYONE, "shop", "quiet")).isEmpty();
    }

    @Test
    void aRestartThatOneServerSawIsKnownToAll() {
        agents.describe(ANYONE, runsAs("1"));
        others.poll(ANYONE, "shop", "quiet", -1);
        others.started(ANYONE, "shop", "quiet", "start-1", rig.clock.millis());
        rig.clock.advance(Duration.ofMinutes(1));
        agents.describe(ANYONE, runsAs("2"));
        agents.poll(ANYONE, "shop", "quiet", -1);
        Task task = rig.create("quiet");
        found(task);
        Assignment offered = agents.alive(ANYONE, "shop", "quiet").orElseThrow().assignment();
        rig.clock.advance(Duration.ofSeconds(20));
        found(task);

        others.describe(ANYONE, runsAs("2"));
        others.poll(ANYONE, "shop", "quiet", offered.createdMillis());

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.ACCEPTED);
        assertThat(rig.now(task).life())
                .isEqualTo(rig.instances.find("shop", "quiet").orElseThrow().life());
    }

    @Test
    void aStartThatIsSaidAgainToAnotherServerEndsNothing() {
        others.poll(ANYONE, "shop", "quiet", -1);
        rig.clock.advance(Duration.ofMinutes(1));
        agents.poll(ANYONE, "shop", "quiet", -1);
        agents.started(ANYONE, "shop", "quiet", "start-1", rig.clock.millis());
        agents.poll(ANYONE, "shop", "quiet", -1);
        Task task = rig.create("quiet");
        found(task);
        Assignment offered = agents.alive(ANYONE, "shop", "quiet").orElseThrow().assignment();
        rig.clock.advance(Duration.ofSeconds(20));
        found(task);
        agents.poll(ANYONE, "shop", "quiet", offered.createdMillis());

        others.started(ANYONE, "shop", "quiet", "start-1", rig.clock.millis() - 20_000);

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.ACCEPTED);
    }

    @Test
    void aRestartAfterWhatAnotherServerGaveShowsInThePoll() {
        agents.poll(ANYONE, "shop", "quiet", -1);
        others.poll(ANYONE, "shop", "quiet", -1);
        Task task = rig.create("quiet");
        found(task);
        Assignment offered = agents.alive(ANYONE, "shop", "quiet").orElseThrow().assignment();
        rig.clock.advance(Duration.ofSeconds(20));
        found(task);
        agents.poll(ANYONE, "shop", "quiet", offered.createdMillis());
        found(task);

        others.poll(ANYONE, "shop", "quiet", -1);

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.EXPIRED);
        assertThat(rig.now(task).reason()).startsWith("the JVM was restarted");
    }

    @Test
    void waitsAMomentAfterARecordingThatCameToAnotherServer() {
        agents.poll(ANYONE, "shop", "quiet", -1);
        Task first = rig.create("quiet");
        found(first);
        Assignment offered = agents.alive(ANYONE, "shop", "quiet").orElseThrow().assignment();
        others.poll(ANYONE, "shop", "quiet", offered.createdMillis());
        rig.reports.failed(offered.instanceId(), offered.id(), "no perf events");
        Task second = rig.create("quiet");
        found(second);

        assertThat(agents.alive(ANYONE, "shop", "quiet")).isEmpty();
        rig.clock.advance(Duration.ofSeconds(2));

        assertThat(agents.alive(ANYONE, "shop", "quiet")
                        .orElseThrow()
                        .assignment()
                        .taskId())
                .isEqualTo(second.id());
    }

    @Test
    void leavesTheInstanceAndItsTasksToOursWhenThatComesLater() {
        agents.poll(ANYONE, "shop", "quiet", -1);
        Instance ours = rig.instances.hello(ANYONE, "shop", "quiet", Map.of(), Unable.NO, "ours");
        Task task = rig.create("quiet");
        Assignment assignment =
                rig.offers.offer(ours.id(), "ours").orElseThrow().assignment();
        rig.reports.accepted(ours.id(), assignment.id());
        agents.work(ours.id());
        rig.clock.advance(Duration.ofSeconds(20));

        assertThat(agents.poll(ANYONE, "shop", "quiet", -1)).isEmpty();
        assertThat(agents.alive(ANYONE, "shop", "quiet")).isEmpty();
        agents.describe(
                ANYONE,
                InstanceProperties.newBuilder()
                        .setService("shop")
                        .setServiceInstance("quiet")
                        .build());

        assertThat(rig.now(task).state()).isEqualTo(AssignmentState.ACCEPTED);
        assertThat(rig.instances.find("shop", "quiet").orElseThrow().abilities().reports())
                .isTrue();
    }
}
