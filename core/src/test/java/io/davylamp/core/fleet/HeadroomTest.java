package io.davylamp.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadroomTest {
    private int there;
    private int counts;

    private int count() {
        counts++;
        return there;
    }

    private boolean take(Headroom headroom) {
        boolean taken = headroom.take("shop", 20_000, this::count);
        there += taken ? 1 : 0;
        return taken;
    }

    @Test
    void countsSeldomWhileThereIsRoomAndEachTimeNearTheLimit() {
        Headroom headroom = new Headroom();
        for (int i = 0; i < 10_000; i++) {
            assertThat(take(headroom)).isTrue();
        }
        assertThat(counts).isLessThan(10);
        there = 19_995;
        while (take(headroom)) {}

        assertThat(counts).isGreaterThan(5);
    }

    @Test
    void tenServersTogetherStopAtTheLimit() {
        List<Headroom> servers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            servers.add(new Headroom());
        }

        int refused = 0;
        for (int i = 0; i < 30_000; i++) {
            refused += take(servers.get(i % servers.size())) ? 0 : 1;
        }

        assertThat(there).isEqualTo(20_000);
        assertThat(refused).isEqualTo(10_000);
        assertThat(counts - refused).as("of 20,000").isLessThan(1_500);
    }
}
