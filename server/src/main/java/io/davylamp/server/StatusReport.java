package io.davylamp.server;

import io.davylamp.core.intake.Opening;
import io.davylamp.core.recording.Origin;
import io.davylamp.core.recording.Recording;
import io.davylamp.core.recording.RecordingTotals;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.server.rest.ServerStatus;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/** Looks at the parts of a running server and says how they are. Thread-safe. */
final class StatusReport implements ServerStatus {
    private static final int MANY_UNREAD = 100;

    private final ServerConfig config;
    private final Path folder;
    private final Store store;
    private final Blobs blobs;
    private final Opening files;
    private final IntSupplier agentsConnected;
    private final Supplier<Optional<String>> clockTrouble;
    private final Instant started = Instant.now();

    StatusReport(
            ServerConfig config,
            Path folder,
            Store store,
            Blobs blobs,
            Opening files,
            IntSupplier agentsConnected,
            Supplier<Optional<String>> clockTrouble) {
        this.config = config;
        this.folder = folder;
        this.store = store;
        this.blobs = blobs;
        this.files = files;
        this.agentsConnected = agentsConnected;
        this.clockTrouble = clockTrouble;
    }

    @Override
    public Status now() {
        RecordingTotals totals = store.read(tx -> tx.recordings().totals(Origin.ASSIGNMENT));
        long tasks = store.read(tx -> tx.tasks().count());
        List<Recording> opened = files.all();
        long free = freeBytes();
        Storage storage = new Storage(
                folder.toAbsolutePath().normalize().toString(),
                free,
                tasks,
                totals.bytes(),
                totals.profileBytes(),
                opened.size(),
                opened.stream().mapToLong(Recording::bytes).sum());
        return new Status(
                process(), access(), storage, agentsConnected.getAsInt(), health(tasks, totals, free), settings());
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

    private Access access() {
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
                + (port.clientCa().isEmpty() ? "" : ", with a certificate");
        return new Access("no sign-in configured: this server has no accounts", page, agents);
    }

    private List<Check> health(long tasks, RecordingTotals totals, long free) {
        long kept = config.uploadLimits().minFreeBytes();
        Optional<String> clock = clockTrouble.get();
        return List.of(
                new Check(
                        "database",
                        store.trouble().isEmpty(),
                        store.trouble()
                                .map(trouble -> "the last change could not be written: " + trouble)
                                .orElse(tasks + " tasks can be read")),
                new Check(
                        "disk",
                        free > kept,
                        free > kept
                                ? free + " bytes are free"
                                : free + " bytes are free, and " + kept
                                        + " must stay free (data.min-free): recordings are refused; delete tasks or make room"),
                new Check(
                        "reading of recordings",
                        totals.unread() < MANY_UNREAD,
                        totals.unread() == 0
                                ? "none is waiting"
                                : totals.unread() + " are waiting to be read; index.threads says how many at a time"),
                new Check("clock", clock.isEmpty(), clock.orElse("it has not jumped")));
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
