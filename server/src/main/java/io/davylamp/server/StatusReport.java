package io.davylamp.server;

import io.davylamp.core.access.Grant;
import io.davylamp.core.access.Principal;
import io.davylamp.core.access.Role;
import io.davylamp.core.cluster.Servers;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingTotals;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.server.Conditions.Finding;
import io.davylamp.server.rest.ServerStatus;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Looks at the parts of a running server and says how they are. Thread-safe. */
final class StatusReport implements ServerStatus {
    private static final int MANY_UNREAD = 100;

    private final ServerConfig config;
    private final Path folder;
    private final Store store;
    private final Blobs blobs;
    private final Opening files;
    private final IntSupplier agentsConnected;
    private final Conditions conditions;
    private final Servers servers;
    private final Instant started = Instant.now();
    private final String home = Distribution.home();

    StatusReport(
            ServerConfig config,
            Path folder,
            Store store,
            Blobs blobs,
            Opening files,
            IntSupplier agentsConnected,
            Conditions conditions,
            Servers servers) {
        this.config = config;
        this.folder = folder;
        this.store = store;
        this.blobs = blobs;
        this.files = files;
        this.agentsConnected = agentsConnected;
        this.conditions = conditions;
        this.servers = servers;
    }

    /** What the rows of the store add up to. */
    private record Sums(long tasks, RecordingTotals recordings, List<Recording> files) {}

    /** As of the last time that the store answered. */
    private volatile Sums sums = new Sums(0, new RecordingTotals(0, 0, 0, 0), List.of());

    @Override
    public Status now(Principal who) {
        if (!who.mayEverywhere(Role.ADMIN)) {
            return outline(who);
        }
        if (conditions.isReady()) {
            try {
                sum();
            } catch (StoreException e) {
                // Its condition says so; the sums are those from before.
            }
        }
        return new Status(
                process(),
                access(who),
                storage(sums, freeBytes()),
                home,
                agentsConnected.getAsInt(),
                health(),
                serverLines(),
                settings());
    }

    /** What everybody may know who signs in: nothing that counts or names what they may not see. */
    private Status outline(Principal who) {
        return new Status(
                process(),
                access(who),
                new Storage("", null, 0, 0, 0, 0, 0),
                "",
                0,
                conditions.now().stream()
                        .map(each -> new Check(each.part(), each.well(), "", each.forSeconds()))
                        .toList(),
                List.of(),
                List.of());
    }

    /** Adds up what is in the store; called now and then for the metrics, too. */
    void sum() {
        sums = new Sums(
                store.read(tx -> tx.tasks().count()),
                store.read(tx -> tx.recordings().totals(Origin.ASSIGNMENT)),
                files.all(Principal.SYSTEM));
    }

    private Storage storage(Sums now, long free) {
        return new Storage(
                folder.toAbsolutePath().normalize().toString(),
                free == Blobs.UNBOUNDED ? null : (Long) free,
                now.tasks(),
                now.recordings().bytes(),
                now.recordings().profileBytes(),
                now.files().size(),
                now.files().stream().mapToLong(Recording::bytes).sum());
    }

    private List<ServerLine> serverLines() {
        return servers.known().stream()
                .map(server -> new ServerLine(
                        server.id().text(),
                        server.name(),
                        server.version(),
                        server.httpAddress(),
                        server.agentAddress(),
                        server.id().equals(servers.id()),
                        servers.isLive(server),
                        Instant.ofEpochMilli(server.startedMillis()).toString(),
                        Instant.ofEpochMilli(server.heardMillis()).toString(),
                        server.clockAheadMillis()))
                .toList();
    }

    private Process process() {
        Runtime runtime = Runtime.getRuntime();
        return new Process(
                Version.VERSION,
                started.toString(),
                System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
                String.join(
                        " ",
                        System.getProperty("os.name"),
                        System.getProperty("os.version"),
                        System.getProperty("os.arch")),
                runtime.availableProcessors(),
                Map.of("used", runtime.totalMemory() - runtime.freeMemory(), "max", runtime.maxMemory()));
    }

    private Access access(Principal who) {
        ServerConfig.AgentPortConfig port = config.agentPort();
        String page = Server.isLoopback(config.httpHost())
                ? "programs on this machine only (http.host is " + config.httpHost() + ")"
                : "everybody who can reach " + config.httpHost() + ":" + config.httpPort()
                        + ": put a proxy that asks who they are in front of it";
        String agents = (Server.isLoopback(config.agentHost())
                        ? "JVMs on this machine"
                        : "JVMs that can reach " + config.agentHost() + ":" + config.agentPortNumber())
                + (port.token().isEmpty() ? ", without a token" : ", with the token")
                + (port.isTls() ? ", over TLS" : "")
                + (port.clientCa().isEmpty()
                        ? ""
                        : port.certificates().isEmpty()
                                ? ", with a certificate"
                                : ", with a certificate that access.certificates names");
        return new Access(
                config.access().isOn()
                        ? who.name() + ": "
                                + (who.grants().isEmpty()
                                        ? "no grants"
                                        : who.grants().stream()
                                                .map(Grant::toString)
                                                .collect(Collectors.joining(", ")))
                        : "no sign-in configured: this server has no accounts",
                page,
                agents);
    }

    /** Returns how the parts are. */
    List<Check> health() {
        return conditions.now().stream()
                .map(each -> new Check(each.part(), each.well(), each.detail(), each.forSeconds()))
                .toList();
    }

    Finding disk() {
        long free = freeBytes();
        if (free == Blobs.UNBOUNDED) {
            return Finding.well("recordings go to a bucket, which does not say how much it still takes");
        }
        long kept = config.uploadLimits().minFreeBytes();
        return free > kept
                ? Finding.well(free + " bytes are free")
                : Finding.trouble(free + " bytes are free, and " + kept
                        + " must stay free (data.min-free): recordings are refused; delete tasks or make room");
    }

    Finding reading() {
        long unread = sums.recordings().unread();
        String words =
                unread == 0 ? "none is waiting" : unread + " waiting to be read; index.threads says how many at a time";
        return unread < MANY_UNREAD ? Finding.well(words) : Finding.trouble(words);
    }

    /** Registers what there is in the store, as of the last {@link #sum}, and what is free. */
    void register(MeterRegistry metrics) {
        gauge(metrics, "davylamp.tasks", "tasks that are kept", report -> report.sums.tasks());
        gauge(
                metrics,
                "davylamp.recordings",
                "recordings of tasks that are kept",
                report -> report.sums.recordings().count());
        gauge(
                metrics,
                "davylamp.recordings.unread",
                "recordings that wait to be read",
                report -> report.sums.recordings().unread());
        Gauge.builder(
                        "davylamp.recordings.size",
                        this,
                        report -> report.sums.recordings().bytes())
                .baseUnit("bytes")
                .description("recordings of tasks, in bytes")
                .register(metrics);
        Gauge.builder(
                        "davylamp.profiles.size",
                        this,
                        report -> report.sums.recordings().profileBytes())
                .baseUnit("bytes")
                .description("profiles of tasks, in bytes")
                .register(metrics);
        Gauge.builder("davylamp.storage.free", this, StatusReport::measuredFreeBytes)
                .baseUnit("bytes")
                .description("bytes that can still be written to the storage of recordings; NaN for a bucket")
                .register(metrics);
    }

    private void gauge(MeterRegistry metrics, String name, String description, ToDoubleFunction<StatusReport> value) {
        Gauge.builder(name, this, value).description(description).register(metrics);
    }

    private double measuredFreeBytes() {
        long free = freeBytes();
        return free == Blobs.UNBOUNDED ? Double.NaN : free;
    }

    private long freeBytes() {
        try {
            return blobs.freeBytes();
        } catch (IOException e) {
            return 0;
        }
    }

    private List<SettingLine> settings() {
        Settings settings = config.settings();
        return Arrays.stream(Setting.values())
                .map(setting -> new SettingLine(
                        setting.key(),
                        shown(setting, settings.text(setting)),
                        setting.meaning(),
                        !settings.text(setting).equals(setting.defaultText())))
                .toList();
    }

    private static String shown(Setting setting, String value) {
        return setting.isSecret() && !value.isEmpty() ? "given, not shown" : value;
    }
}
