package io.davylamp.core.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.Ids;
import io.davylamp.core.TestClock;
import io.davylamp.core.cluster.Installation.Elsewhere;
import io.davylamp.core.cluster.Installation.Fit;
import io.davylamp.core.cluster.Installation.Foreign;
import io.davylamp.core.cluster.Installation.Same;
import io.davylamp.core.server.InstallationRow;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.InMemoryBlobs;
import io.davylamp.core.store.InMemoryStore;
import io.davylamp.core.store.Store;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InstallationTest {
    private final TestClock clock = new TestClock();
    private final Store store = new InMemoryStore();
    private final InMemoryBlobs blobs = new InMemoryBlobs();

    private Fit join(Store database, Blobs place) throws IOException {
        return new Installation(database, place, clock, clock::advance).join(new Ids());
    }

    private String id() {
        return store.<Optional<InstallationRow>>read(tx -> tx.installation().find())
                .orElseThrow()
                .id();
    }

    private String mark() {
        return new String(blobs.all().get(Installation.MARK), StandardCharsets.US_ASCII);
    }

    @Test
    void theFirstServerWritesTheIdBesideTheBlobsAndTheNextOnesFindIt() throws Exception {
        assertThat(join(store, blobs)).isInstanceOf(Same.class);
        assertThat(mark()).isEqualTo(id() + "\n");

        assertThat(join(store, blobs)).isInstanceOf(Same.class);
        assertThat(new Installation(store, blobs, clock, clock::advance).look()).isInstanceOf(Same.class);
    }

    @Test
    void aSecondDatabaseOnTheSameBlobsIsToldBothIds() throws Exception {
        join(store, blobs);

        Fit fit = join(new InMemoryStore(), blobs);

        assertThat(fit).isInstanceOfSatisfying(Foreign.class, foreign -> {
            assertThat(foreign.theirs()).isEqualTo(id());
            assertThat(foreign.own()).isNotEqualTo(id());
        });
        assertThat(mark()).isEqualTo(id() + "\n");
    }

    @Test
    void aServerWhoseBlobsAreInAnotherPlaceIsTold() throws Exception {
        join(store, blobs);
        InMemoryBlobs other = new InMemoryBlobs();

        assertThat(join(store, other)).isEqualTo(new Elsewhere(id()));
        assertThat(other.all()).isEmpty();
    }

    @Test
    void aServerThatStartsAtTheSameTimeWaitsForTheMark() throws Exception {
        InstallationRow claimed = new InstallationRow("other", "secret", false, clock.millis());
        store.<Boolean>write(tx -> tx.installation().insert(claimed));
        int[] pauses = {0};
        Installation waiting = new Installation(store, blobs, clock, time -> {
            clock.advance(time);
            if (++pauses[0] == 3) {
                blobs.all().put(Installation.MARK, "other\n".getBytes(StandardCharsets.US_ASCII));
            }
        });

        assertThat(waiting.join(new Ids())).isInstanceOf(Same.class);
        assertThat(pauses[0]).isEqualTo(3);
    }

    @Test
    void aMarkThatADeadServerWasToWriteIsWrittenByAnother() throws Exception {
        InstallationRow claimed = new InstallationRow("first", "secret", false, clock.millis());
        store.<Boolean>write(tx -> tx.installation().insert(claimed));

        assertThat(join(store, blobs)).isInstanceOf(Same.class);
        assertThat(mark()).isEqualTo("first\n");
    }

    @Test
    void aMarkThatIsNoIdIsShownWithoutWhatMightHarm() throws Exception {
        blobs.all().put(Installation.MARK, ("<b>\n" + "x".repeat(500)).getBytes(StandardCharsets.US_ASCII));

        assertThat(join(store, blobs))
                .isInstanceOfSatisfying(
                        Foreign.class,
                        foreign ->
                                assertThat(foreign.theirs()).startsWith("?b??x").hasSizeLessThan(65));
    }
}
