package io.davylamp.core.cluster;

import io.davylamp.core.Ids;
import io.davylamp.core.server.InstallationRow;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Holds a database and its blobs together: the first server of a database writes the id of the installation beside the blobs, and
 * every later one compares. So two installations on one bucket prefix or folder are noticed, and so are servers of one database
 * whose blobs are in different places. Thread-safe.
 */
public final class Installation {
    /** The mark's key; its bytes are the id. */
    public static final String MARK = "installation";

    /** A server that set out to write the mark and did not within this time has ended. */
    private static final Duration CLAIM = Duration.ofSeconds(20);

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int MAX_ID = 64;
    private static final int SECRET_BYTES = 32;

    private final Store store;
    private final Blobs blobs;
    private final Clock clock;
    private final Pause pause;

    /** Waits; a test's clock waits by going on. */
    public interface Pause {
        void rest(Duration time) throws InterruptedException;
    }

    /** How database and blobs fit. */
    public sealed interface Fit {}

    /** They belong together. */
    public record Same(InstallationRow row) implements Fit {}

    /**
     * The blobs are another installation's.
     *
     * @param theirs its id, as it is beside the blobs
     */
    public record Foreign(String own, String theirs) implements Fit {}

    /** The blobs of this database are somewhere else: here is no mark. */
    public record Elsewhere(String own) implements Fit {}

    /** @param clock the store's */
    public Installation(Store store, Blobs blobs, Clock clock, Pause pause) {
        this.store = store;
        this.blobs = blobs;
        this.clock = clock;
        this.pause = pause;
    }

    /**
     * Compares, and marks the blobs of a new database. Of several servers that start at once, one writes the mark and the others
     * wait for it, at most {@link #CLAIM}.
     *
     * @throws IOException if the blobs cannot be read or written
     */
    public Fit join(Ids ids) throws IOException {
        InstallationRow first = new InstallationRow(ids.next(clock.millis()), secret(), false, clock.millis());
        boolean mine = store.write(tx -> tx.installation().insert(first));
        while (true) {
            InstallationRow row = row();
            Optional<String> mark = mark();
            if (mark.isPresent()) {
                if (mark.get().equals(row.id()) && !row.isMarked()) {
                    store.<Boolean>write(tx -> tx.installation().compareAndSet(row.marked(), row.claimedMillis()));
                }
                return fit(row, mark.get());
            }
            if (row.isMarked()) {
                return new Elsewhere(row.id());
            }
            boolean late = clock.millis() - row.claimedMillis() >= CLAIM.toMillis();
            if ((mine || late)
                    && store.<Boolean>write(
                            tx -> tx.installation().compareAndSet(row.claimed(clock.millis()), row.claimedMillis()))) {
                write(row.id());
            } else {
                rest();
            }
        }
    }

    /** Compares again; nothing is written. */
    public Fit look() throws IOException {
        InstallationRow row = row();
        return mark().map(mark -> fit(row, mark)).orElseGet(() -> new Elsewhere(row.id()));
    }

    private static Fit fit(InstallationRow row, String mark) {
        return mark.equals(row.id()) ? new Same(row) : new Foreign(row.id(), mark);
    }

    private InstallationRow row() {
        return store.<Optional<InstallationRow>>read(tx -> tx.installation().find())
                .orElseThrow();
    }

    /** What is beside the blobs, at most {@link #MAX_ID} characters that are safe to show. */
    private Optional<String> mark() throws IOException {
        try (Blobs.Blob blob = blobs.open(MARK).orElse(null)) {
            if (blob == null) {
                return Optional.empty();
            }
            byte[] bytes = new byte[(int) Math.min(MAX_ID, blob.sizeBytes())];
            int n = bytes.length == 0 ? 0 : Math.max(0, blob.read(0, bytes, 0, bytes.length));
            return Optional.of(
                    new String(bytes, 0, n, StandardCharsets.US_ASCII).strip().replaceAll("[^0-9A-Za-z._-]", "?"));
        }
    }

    private void write(String id) throws IOException {
        try (Blobs.Writer writer = blobs.writer(MARK)) {
            writer.write(ByteBuffer.wrap((id + "\n").getBytes(StandardCharsets.US_ASCII)));
            writer.commit();
        }
    }

    private void rest() {
        try {
            pause.rest(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String secret() {
        byte[] bytes = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
