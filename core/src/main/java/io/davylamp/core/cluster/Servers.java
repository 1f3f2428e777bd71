package io.davylamp.core.cluster;

import io.davylamp.core.server.ServerId;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.store.Store;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The servers on one store, this one among them. Each writes its row every {@link #BEAT} and reads those of the others; all else
 * here answers from what the last beat read. Thread-safe.
 */
public final class Servers {
    /** Time between two beats. */
    public static final Duration BEAT = Duration.ofSeconds(5);
    /** A server that was heard of within this time runs: two beats may be lost or late. */
    public static final Duration LIVE = Duration.ofSeconds(20);
    /** A server that ended without a word is remembered for so long, for people who look for it. */
    public static final Duration REMEMBERED = Duration.ofHours(1);

    private static final int BEATS_PER_FORGETTING = 60;

    private final ServerId id;
    private final Store store;
    private final Clock clock;
    private final Clock own;
    private ServerRow row;
    private int beats;
    private volatile List<ServerRow> known = List.of();

    /** @param servers the names of the servers, by the value that they have */
    public record Difference(String setting, SortedMap<String, List<String>> servers) {}

    /**
     * @param clock the store's
     * @param own the clock of this machine
     */
    public Servers(ServerId id, Store store, Clock clock, Clock own) {
        this.id = id;
        this.store = store;
        this.clock = clock;
        this.own = own;
    }

    public ServerId id() {
        return id;
    }

    /** From now on this server has a row. */
    public synchronized void join(ServerRow described) {
        row = described;
        beat();
    }

    /**
     * Writes that this server runs and reads which others do. Before {@link #join} it only reads.
     *
     * @throws io.davylamp.core.store.StoreException when the store cannot be used; then what is known stays
     */
    public synchronized void beat() {
        if (row != null) {
            row = row.heard(clock.millis(), clockAhead().toMillis());
            boolean forgets = beats++ % BEATS_PER_FORGETTING == 0;
            store.writeSoon(tx -> {
                tx.servers().put(row);
                if (forgets) {
                    tx.servers().removeUnheardSince(clock.millis() - REMEMBERED.toMillis());
                }
                return null;
            });
        }
        known = store.read(tx -> tx.servers().all());
    }

    /** Removes the row of this server: it stops. */
    public synchronized void leave() {
        if (row != null) {
            row = null;
            store.write(tx -> {
                tx.servers().remove(id);
                return null;
            });
        }
    }

    /** Returns all servers that are known, the oldest start first; also those that ended without a word within the last hour. */
    public List<ServerRow> known() {
        return known;
    }

    public boolean isLive(ServerRow server) {
        return server.id().equals(id) || Math.abs(clock.millis() - server.heardMillis()) <= LIVE.toMillis();
    }

    public List<ServerRow> live() {
        return known.stream().filter(this::isLive).toList();
    }

    /** Returns how far the clock of this machine is ahead of the store's; negative when it is behind. */
    public Duration clockAhead() {
        return Duration.ofMillis(own.millis() - clock.millis());
    }

    /** Returns the settings of which live servers have different values. */
    public List<Difference> differences() {
        SortedMap<String, SortedMap<String, List<String>>> bySetting = new TreeMap<>();
        for (ServerRow server : live()) {
            server.settings()
                    .forEach((setting, value) -> bySetting
                            .computeIfAbsent(setting, s -> new TreeMap<>())
                            .computeIfAbsent(value, v -> new ArrayList<>())
                            .add(server.name()));
        }
        List<Difference> differences = new ArrayList<>();
        bySetting.forEach((setting, servers) -> {
            if (servers.size() > 1) {
                differences.add(new Difference(setting, servers));
            }
        });
        return differences;
    }

    /** Returns the values that live servers have of a setting; those that do not know it are left out. */
    public List<String> valuesOf(String setting) {
        return live().stream()
                .filter(server -> server.settings().containsKey(setting))
                .map(server -> server.settings().get(setting))
                .toList();
    }
}
