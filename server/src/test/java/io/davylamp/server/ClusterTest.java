package io.davylamp.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.TestClock;
import io.davylamp.core.cluster.Servers;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.store.FailingStore;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.server.Conditions.Finding;
import io.davylamp.server.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ClusterTest {
    private final FailingStore store = new FailingStore(new InMemoryStore());
    private final GuardedStore guarded = new GuardedStore(store);
    private final TestClock clock = new TestClock();

    private Cluster cluster(String id, Clock own, String... settings) {
        Settings given = Settings.of(null, Map.of(), List.of(settings));
        Servers servers = new Servers(new ServerId(id), store, clock, own);
        return new Cluster(servers, guarded, given, "key", "schema 62", clock, () -> 0);
    }

    private Cluster joined(String id, String... settings) {
        Cluster cluster = cluster(id, clock, settings);
        cluster.join(12800, 11800);
        return cluster;
    }

    @Test
    void saysHowManyServersUseTheDatabase() {
        Cluster first = joined("s1");
        assertThat(first.beat()).isEqualTo(Finding.well("it answered in 0 ms; schema 62"));

        joined("s2");
        assertThat(first.beat()).isEqualTo(Finding.well("it answered in 0 ms; schema 62; 2 servers use it"));
    }

    @Test
    void aDatabaseThatCannotBeReadIsAnOutageAndAFullOneIsNot() {
        Cluster cluster = joined("s1");

        store.failing = StoreException.Kind.BUSY;
        assertThat(cluster.beat().usable()).isFalse();
        store.failing = StoreException.Kind.FULL;
        assertThat(cluster.beat().usable()).isTrue();
        assertThat(cluster.beat().well()).isFalse();
        store.failing = null;
        assertThat(cluster.beat().well()).isTrue();
    }

    @Test
    void whileTheDatabaseIsAwayEveryRequestIsRefusedAtOnce() {
        Cluster cluster = joined("s1");
        AtomicInteger reads = new AtomicInteger();
        Function<Store.Tx, Integer> counted = tx -> reads.incrementAndGet();

        store.failing = StoreException.Kind.AWAY;
        assertThat(cluster.beat().usable()).isFalse();
        assertThatThrownBy(() -> guarded.read(counted))
                .isInstanceOfSatisfying(
                        StoreException.class, e -> assertThat(e.kind()).isEqualTo(StoreException.Kind.AWAY));
        assertThatThrownBy(() -> guarded.writeSoon(counted)).isInstanceOf(StoreException.class);
        assertThat(reads).hasValue(0);

        store.failing = null;
        assertThat(cluster.beat().well()).isTrue();
        assertThat(guarded.read(counted)).isOne();
    }

    @Test
    void tellsSettingsThatDifferAndNoSecret() {
        Cluster first = joined("s1", "upload.max-size=1GB", "agent.token=hush-hush");
        assertThat(first.settings().well()).isTrue();

        joined("s2", "upload.max-size=2GB", "http.timeout=9s");
        first.beat();

        Finding settings = first.settings();
        assertThat(settings.well()).isFalse();
        assertThat(settings.usable()).isTrue();
        assertThat(settings.detail())
                .contains("agent.token is given on ", " and not given on ", "upload.max-size is 1GB on ")
                .doesNotContain("hush", "http.timeout");
    }

    @Test
    void tellsTokensThatDifferAndNothingOfThem() {
        Cluster first = joined("s1", "agent.token=hush-hush");
        joined("s2", "agent.token=hush-hush");
        first.beat();
        assertThat(first.settings().well()).isTrue();

        joined("s3", "agent.token=other");
        first.beat();

        assertThat(first.settings().detail())
                .contains("agent.token has one value on ", " and another one on ")
                .doesNotContain("hush", "other,", "fingerprint")
                .doesNotContain(Fingerprint.of("hush-hush", "key"), Fingerprint.of("other", "key"));
    }

    @Test
    void theFingerprintOfATokenDependsOnTheInstallation() {
        assertThat(Fingerprint.of("hush-hush", "key"))
                .hasSize(8)
                .isEqualTo(Fingerprint.of("hush-hush", "key"))
                .isNotEqualTo(Fingerprint.of("hush-hush", "another key"));
    }

    @Test
    void tellsTheVersionsOfServersThatAreReplaced() {
        Cluster first = joined("s1");
        store.write(tx -> {
            tx.servers()
                    .put(new ServerRow(
                            new ServerId("s0"),
                            "older",
                            "0.0.9",
                            "a:1",
                            "a:2",
                            new TreeMap<>(),
                            0,
                            clock.millis(),
                            clock.millis()));
            return null;
        });

        assertThat(first.beat().detail()).endsWith("2 servers use it, of the versions 0.0.9 and " + Version.VERSION);
    }

    @Test
    void theStricterLimitOfTasksHoldsAndTheLongerRetention() {
        Cluster first = joined("s1", "task.max-duration=10m", "task.max-instances=500", "data.kept=7d");
        TaskLimits own = TaskLimits.DEFAULT;
        assertThat(first.strictest(own).maxDuration()).isEqualTo(Duration.ofMinutes(10));

        joined("s2", "task.max-duration=5m", "task.max-instances=900", "data.kept=90d");
        first.beat();

        TaskLimits strictest = first.strictest(own);
        assertThat(strictest.maxDuration()).isEqualTo(Duration.ofMinutes(5));
        assertThat(strictest.instances()).isEqualTo(500);
        assertThat(strictest.kept()).isEqualTo(Duration.ofDays(90));
        assertThat(strictest.grace()).isEqualTo(own.grace());

        clock.advance(Servers.LIVE.plusMillis(1));
        first.beat();
        assertThat(first.strictest(own).maxDuration()).isEqualTo(Duration.ofMinutes(10));
    }

    @Test
    void tellsWhoseClockIsNotTheDatabases() {
        TestClock own = new TestClock();
        Cluster first = joined("s1");
        Cluster second = cluster("s2", own);
        second.join(12800, 11800);
        first.beat();
        assertThat(first.clocks(Optional.empty()).well()).isTrue();

        own.advance(Duration.ofMinutes(3));
        second.beat();
        first.beat();

        assertThat(first.clocks(Optional.empty()).detail()).contains(" by 180 s (ahead)");
        assertThat(first.clocks(Optional.of("it jumped")).detail()).isEqualTo("it jumped");
    }
}
