package io.davylamp.server;

import io.davylamp.core.cluster.Servers;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.server.Conditions.Finding;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This server among those on the same store: how it describes itself, and what is odd between them. Thread-safe. */
final class Cluster {
    private static final Duration CLOCKS_MAY_DIFFER = Duration.ofSeconds(2);
    private static final int MAX_NAME = 200;
    private static final String FINGERPRINT = ".fingerprint";

    private final Servers servers;
    private final GuardedStore store;
    private final Settings settings;
    private final SortedMap<String, String> shared;
    private final String schema;
    private final Clock clock;
    private final LongSupplier nanos;

    /**
     * @param servers asks the database itself, also while {@code store} refuses
     * @param secret known to the servers of this database only
     * @param schema of the database, in words
     * @param clock the store's
     * @param nanos a clock that never jumps
     */
    Cluster(
            Servers servers,
            GuardedStore store,
            Settings settings,
            String secret,
            String schema,
            Clock clock,
            LongSupplier nanos) {
        this.servers = servers;
        this.store = store;
        this.settings = settings;
        this.shared = shared(settings, secret);
        this.schema = schema;
        this.clock = clock;
        this.nanos = nanos;
    }

    /** The server has opened its ports: it may be seen by the others. */
    void join(int httpPort, int agentPort) {
        String name = hostName();
        long now = clock.millis();
        servers.join(new ServerRow(
                servers.id(),
                name,
                Version.VERSION,
                address(settings.text(Setting.HTTP_HOST), name, httpPort),
                address(settings.text(Setting.AGENT_HOST), name, agentPort),
                shared,
                servers.clockAhead().toMillis(),
                now,
                now));
    }

    /** An address that others can use, if there is one: "all addresses" is none. */
    private static String address(String host, String name, int port) {
        boolean all = host.equals("0.0.0.0") || host.equals("::") || host.equals("[::]");
        return (all ? name : host) + ":" + port;
    }

    private static String hostName() {
        String name;
        try {
            name = InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            name = "unknown";
        }
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    /** The settings that must be the same on all servers of a store; of secrets whether they are given, and their fingerprint. */
    private static SortedMap<String, String> shared(Settings settings, String key) {
        SortedMap<String, String> shared = new TreeMap<>();
        for (Setting setting : Setting.values()) {
            if (setting.isShared()) {
                String value = settings.text(setting);
                boolean given = !value.isEmpty();
                shared.put(setting.key(), setting.isSecret() ? given ? "given" : "not given" : value);
                if (setting.isSecret() && given) {
                    // A name of its own: servers of before it compare only what they know.
                    shared.put(setting.key() + FINGERPRINT, Fingerprint.of(value, key));
                }
            }
        }
        return shared;
    }

    /** Tells the others that this server runs and reads which others do; that shows whether the database can be used. */
    Finding beat() {
        long began = nanos.getAsLong();
        try {
            servers.beat();
        } catch (StoreException e) {
            if (e.kind() == StoreException.Kind.AWAY) {
                store.refuse(e);
            }
            boolean readable = e.kind() == StoreException.Kind.FULL || e.kind() == StoreException.Kind.READ_ONLY;
            return readable ? Finding.trouble(e.getMessage()) : Finding.outage(e.getMessage());
        }
        store.allow();
        long millis = Duration.ofNanos(nanos.getAsLong() - began).toMillis();
        int live = servers.live().size();
        return store.trouble()
                .map(trouble -> Finding.trouble("the last change could not be written: " + trouble))
                .orElseGet(() -> Finding.well("it answered in " + millis + " ms; " + schema
                        + (live > 1 ? "; " + live + " servers use it" + versions() : "")));
    }

    /** The versions of the servers, when there are several. */
    private String versions() {
        SortedSet<String> versions = new TreeSet<>();
        servers.live().forEach(server -> versions.add(server.version()));
        return versions.size() > 1 ? ", of the versions " + String.join(" and ", versions) : "";
    }

    /** @param jumped what is odd with this machine's clock by itself */
    Finding clocks(Optional<String> jumped) {
        if (jumped.isPresent()) {
            return Finding.trouble(jumped.get());
        }
        String apart = servers.live().stream()
                .filter(server -> Math.abs(server.clockAheadMillis()) > CLOCKS_MAY_DIFFER.toMillis())
                .map(server -> server.name() + " by " + seconds(server.clockAheadMillis()))
                .collect(Collectors.joining(", "));
        return apart.isEmpty()
                ? Finding.well("it has not jumped")
                : Finding.trouble("clocks differ from the database's, whose time counts: " + apart
                        + "; times in logs differ by that, and nothing else; set up NTP on these machines");
    }

    private static String seconds(long millis) {
        return Math.abs(millis) / 1000 + " s (" + (millis > 0 ? "ahead" : "behind") + ")";
    }

    /** Finds settings that differ between servers that should have the same. */
    Finding settings() {
        List<Servers.Difference> differences = servers.differences();
        if (differences.isEmpty()) {
            return Finding.well(servers.live().size() > 1 ? "all servers have the same" : "there is one server");
        }
        return Finding.trouble("servers of one database should have the same settings: "
                + differences.stream().map(Cluster::words).collect(Collectors.joining("; "))
                + ". Until then the smallest task.max-duration and task.max-instances and the longest data.kept hold");
    }

    private static String words(Servers.Difference difference) {
        if (difference.setting().endsWith(FINGERPRINT)) {
            return difference.setting().substring(0, difference.setting().length() - FINGERPRINT.length())
                    + " has one value on "
                    + difference.servers().values().stream()
                            .map(names -> String.join(", ", names))
                            .collect(Collectors.joining(" and another one on "));
        }
        return difference.setting() + " is "
                + difference.servers().entrySet().stream()
                        .map(each -> (each.getKey().isEmpty() ? "empty" : each.getKey()) + " on "
                                + String.join(", ", each.getValue()))
                        .collect(Collectors.joining(" and "));
    }

    /**
     * Returns the limits of tasks that hold while servers have different settings: the strictest of each, and of retention the
     * longest, because what one server deletes is gone for all.
     */
    TaskLimits strictest(TaskLimits own) {
        return new TaskLimits(
                own.minDuration(),
                durations(Setting.TASK_MAX_DURATION).reduce(own.maxDuration(), (a, b) -> a.compareTo(b) <= 0 ? a : b),
                servers.valuesOf(Setting.TASK_MAX_INSTANCES.key()).stream()
                        .flatMap(value -> Settings.numberOf(Setting.TASK_MAX_INSTANCES, value).stream())
                        .reduce(own.instances(), Math::min),
                own.options(),
                own.grace(),
                own.unreportedGrace(),
                durations(Setting.DATA_KEPT).reduce(own.kept(), (a, b) -> a.compareTo(b) >= 0 ? a : b));
    }

    private Stream<Duration> durations(Setting setting) {
        return servers.valuesOf(setting.key()).stream().flatMap(value -> Settings.durationOf(setting, value).stream());
    }

    void register(MeterRegistry metrics) {
        Gauge.builder("davylamp.servers.live", servers, all -> all.live().size())
                .description("servers on this server's database that were heard of a moment ago")
                .register(metrics);
        Gauge.builder("davylamp.clock.ahead", servers, all -> all.clockAhead().toMillis() / 1e3)
                .baseUnit("seconds")
                .description("how far this machine's clock is ahead of the database's")
                .register(metrics);
        Gauge.builder("davylamp.server", () -> 1)
                .tag("version", Version.VERSION)
                .description("1; its labels describe this server")
                .register(metrics);
    }
}
