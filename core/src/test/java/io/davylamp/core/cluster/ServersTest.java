package io.davylamp.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.davylamp.core.TestClock;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.store.FailingStore;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ServersTest {
    private final FailingStore store = new FailingStore(new InMemoryStore());
    private final TestClock clock = new TestClock();
    private final TestClock own = new TestClock();
    private final Servers first = servers("s1");
    private final Servers second = servers("s2");

    private Servers servers(String id) {
        return new Servers(new ServerId(id), store, clock, own);
    }

    private void join(Servers servers, String maxSize) {
        servers.join(new ServerRow(
                servers.id(),
                "host-" + servers.id(),
                "1",
                "h:1",
                "h:2",
                new TreeMap<>(Map.of("upload.max-size", maxSize, "data.kept", "30d")),
                0,
                clock.millis(),
                clock.millis()));
    }

    private static List<String> names(List<ServerRow> servers) {
        return servers.stream().map(ServerRow::name).toList();
    }

    @Test
    void serversSeeEachOther() {
        join(first, "1GB");
        clock.advance(Duration.ofSeconds(1));
        join(second, "1GB");

        assertThat(names(first.live())).containsExactly("host-s1");
        first.beat();
        assertThat(names(first.live())).containsExactly("host-s1", "host-s2");
        assertThat(names(second.live())).containsExactly("host-s1", "host-s2");
        assertThat(first.differences()).isEmpty();
    }

    @Test
    void aServerThatFallsSilentIsNoLongerLiveAndForgottenLater() {
        join(first, "1GB");
        join(second, "1GB");
        clock.advance(Servers.LIVE.plusMillis(1));
        first.beat();

        assertThat(names(first.live())).containsExactly("host-s1");
        assertThat(names(first.known())).containsExactly("host-s1", "host-s2");

        clock.advance(Servers.REMEMBERED);
        for (int i = 0; i < 60; i++) {
            first.beat();
        }
        assertThat(names(first.known())).containsExactly("host-s1");
    }

    @Test
    void aServerThatStopsIsGoneAtOnce() {
        join(first, "1GB");
        join(second, "1GB");

        second.leave();
        second.beat();
        first.beat();

        assertThat(names(first.known())).containsExactly("host-s1");
    }

    @Test
    void tellsWhichSettingsDifferAndWhere() {
        join(first, "1GB");
        join(second, "2GB");
        first.beat();

        assertThat(first.differences())
                .containsExactly(new Servers.Difference(
                        "upload.max-size",
                        new TreeMap<>(Map.of("1GB", List.of("host-s1"), "2GB", List.of("host-s2")))));
        assertThat(first.valuesOf("upload.max-size")).containsExactlyInAnyOrder("1GB", "2GB");

        clock.advance(Servers.LIVE.plusMillis(1));
        first.beat();
        assertThat(first.differences()).isEmpty();
    }

    @Test
    void tellsHowFarTheClockOfTheMachineIsFromTheStores() {
        join(first, "1GB");
        own.advance(Duration.ofMinutes(3));
        first.beat();

        assertThat(first.clockAhead()).isEqualTo(Duration.ofMinutes(3));
        assertThat(first.known().get(0).clockAheadMillis()).isEqualTo(180_000);
    }

    @Test
    void keepsWhatItKnewWhileTheStoreIsAway() {
        join(first, "1GB");
        store.failing = StoreException.Kind.BUSY;

        assertThatThrownBy(first::beat).isInstanceOf(StoreException.class);
        assertThat(names(first.known())).containsExactly("host-s1");
    }
}
