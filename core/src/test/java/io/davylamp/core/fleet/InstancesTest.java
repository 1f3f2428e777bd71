package io.davylamp.core.fleet;

import static io.davylamp.core.access.Principal.ANYONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.CoreRig;
import io.davylamp.core.instance.Abilities;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.instance.InstanceTakenException;
import io.davylamp.core.instance.Unable;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InstancesTest {
    private static final Abilities UNREPORTED = new Abilities(false, Map.of(), Map.of(), 1_200);

    private final CoreRig rig = new CoreRig();

    @AfterEach
    void close() {
        rig.close();
    }

    @Test
    void ofTwoAgentsInOneJvmTheOneThatReportsSpeaksForItWhileItLives() {
        Instance ours = rig.instances.hello(
                ANYONE, "shop", "both", Map.of("jvm", "17"), Map.of(), Unable.NO, "ours", Abilities.ALL);

        Instance known =
                rig.instances.hello(ANYONE, "shop", "both", Map.of(), Map.of(), Unable.NO, "theirs", UNREPORTED);

        assertThat(known).isEqualTo(ours);
        assertThat(rig.instances.find("shop", "both")).contains(ours);

        rig.clock.advance(Instances.LIVE.plus(Duration.ofSeconds(1)));
        assertThat(rig.instances
                        .hello(ANYONE, "shop", "both", Map.of(), Map.of(), Unable.NO, "theirs", UNREPORTED)
                        .life())
                .isEqualTo("theirs");
    }

    @Test
    void aClockThatIsSetBackMakesNobodyOlderAndNobodyLive() {
        Instance heard =
                rig.instances.hello(ANYONE, "shop", "heard", Map.of(), Map.of(), Unable.NO, "a", Abilities.ALL);
        Instance gone = rig.instances.hello(ANYONE, "shop", "gone", Map.of(), Map.of(), Unable.NO, "b", Abilities.ALL);
        long before = rig.clock.millis();

        rig.clock.advance(Duration.ofHours(-1));
        assertThat(rig.instances.isLive(gone)).isFalse();
        rig.instances.seen(heard.id());
        rig.instances.flush();

        Instance written = rig.instances.find("shop", "heard").orElseThrow();
        assertThat(rig.instances.isLive(written)).isTrue();
        assertThat(rig.instances.lastSeenMillis(written)).isEqualTo(before);
        assertThat(rig.instances
                        .hello(ANYONE, "shop", "gone", Map.of(), Map.of(), Unable.NO, "b2", Abilities.ALL)
                        .lastSeenMillis())
                .isEqualTo(before);
        assertThat(rig.instances.isLive(gone)).isTrue();
    }

    @Test
    void anInstanceIsLiveAtEveryServerWhenOneHeardOfIt() {
        Instances elsewhere = new Instances(rig.store, rig.ids, rig.changes, rig.clock, InstanceLimits.DEFAULT);
        rig.clock.advance(Instances.LIVE.plus(Duration.ofSeconds(1)));
        assertThat(elsewhere.isLive(rig.one)).isFalse();

        rig.instances.seen(rig.one.id());
        rig.instances.flush();

        assertThat(elsewhere.isLive(elsewhere.find(rig.one.id()).orElseThrow())).isTrue();
    }

    @Test
    void newInstancesAreRefusedAtTheLimitsAndKnownOnesAreNot() {
        Instances few =
                new Instances(rig.store, rig.ids, rig.changes, rig.clock, new InstanceLimits(200, 64, 4_000, 3, 4));
        few.hello(ANYONE, "shop", "third", Map.of(), Unable.NO, "a");

        assertThatThrownBy(() -> few.hello(ANYONE, "shop", "fourth", Map.of(), Unable.NO, "b"))
                .hasMessage("service shop has 3 instances already; that is the limit");
        few.hello(ANYONE, "other", "fourth", Map.of(), Unable.NO, "c");
        assertThatThrownBy(() -> few.hello(ANYONE, "other", "fifth", Map.of(), Unable.NO, "d"))
                .hasMessage("the server knows 4 instances already; that is the limit");
        assertThat(few.hello(ANYONE, "shop", "third", Map.of(), Unable.NO, "a2").life())
                .isEqualTo("a2");
    }

    @Test
    void aNameIsFreeForAnotherJvmWhenItsConnectionHasEnded() {
        Instance first = linked("first", "a", known -> false);
        assertThatThrownBy(() -> linked("second", "b", known -> !known.link().isEmpty()))
                .isInstanceOf(InstanceTakenException.class)
                .hasMessageContaining("another JVM is connected as instance linked of service shop");
        assertThat(rig.instances.byLink("a")).contains(first);

        rig.instances.ended("a");
        rig.instances.flush();

        assertThat(linked("second", "b", known -> !known.link().isEmpty()).id()).isEqualTo(first.id());
        assertThat(rig.instances.byLink("a")).isEmpty();
        rig.instances.ended("a"); // late word of the first connection
        rig.instances.flush();
        assertThat(rig.instances.byLink("b")).isPresent();
    }

    private Instance linked(String life, String link, Predicate<Instance> isTaken) {
        return rig.instances.hello(
                ANYONE, "shop", "linked", Map.of(), Map.of(), Unable.NO, life, Abilities.ALL, link, isTaken);
    }

    @Test
    void keepsThatAnInstanceIsTrustedUntilItsAgentKnows() {
        String id = rig.one.id();
        rig.instances.trust(ANYONE, id);
        long first = rig.instances.find(id).orElseThrow().trustMillis();
        rig.instances.hello(ANYONE, "shop", "shop-1", Map.of(), Unable.NO, "another life");
        rig.instances.trust(ANYONE, id);
        long second = rig.instances.find(id).orElseThrow().trustMillis();

        rig.instances.trustIsKnown(id, first);

        assertThat(second).isGreaterThan(first);
        assertThat(rig.instances.find(id).orElseThrow().trustMillis())
                .as("of the second it knows nothing")
                .isEqualTo(second);
        rig.instances.trustIsKnown(id, second);
        assertThat(rig.instances.find(id).orElseThrow().trustMillis()).isZero();
    }

    @Test
    void keepsTheLabelsThatAreAllowedAndThoseOfTheLastHello() {
        Instance first = rig.instances.hello(
                ANYONE, "shop", "l", Map.of(), Map.of("zone", "a", "0", "not allowed"), Unable.NO, "a", Abilities.ALL);
        assertThat(first.labels().values()).containsOnly(Map.entry("zone", "a"));

        rig.instances.hello(ANYONE, "shop", "l", Map.of(), Map.of("zone", "b"), Unable.NO, "a", Abilities.ALL);

        assertThat(rig.instances.find("shop", "l").orElseThrow().labels().values())
                .containsOnly(Map.entry("zone", "b"));
    }
}
