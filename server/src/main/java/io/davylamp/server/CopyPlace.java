package io.davylamp.server;

import io.davylamp.core.Ids;
import io.davylamp.core.server.ServerRow;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.StoreException;
import io.davylamp.server.settings.Settings;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.PostgresAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A side of {@code davy copy}: a data folder, or the database and the blobs that a server's settings file names.
 *
 * @param name the database and the blobs, in words
 * @param opened what is to be closed
 */
record CopyPlace(String name, JdbcStore store, Blobs blobs, Opened opened) implements AutoCloseable {
    private static final String DATABASE = "davylamp.db";
    private static final String BLOBS = "blobs";
    /** The source is read in one transaction, which waits while blobs are copied. */
    private static final Duration PATIENCE = Duration.ofHours(1);
    /** A server that was heard of so lately may be running. */
    private static final Duration RUNNING = Duration.ofSeconds(30);

    /**
     * Opens the source. A server may be using it.
     *
     * @param place a folder or a settings file
     * @throws StartException if it cannot be used, in words
     */
    static CopyPlace source(String place) throws IOException {
        ServerConfig config = config(place);
        Path folder = config.dataFolder();
        if (config.database() == null) {
            Path database = folder.resolve(DATABASE);
            if (!Files.isRegularFile(database)) {
                throw new StartException("--from " + place + ": there is no " + database
                        + " in it, so it is no data folder; name a data folder, or a server's settings file (*.yaml)");
            }
        }
        CopyPlace source = opened(config, opened -> {
            if (config.database() != null) {
                return FileBlobs.openBeside(folder.resolve(BLOBS));
            }
            try {
                opened.add(DataFolder.open(folder));
            } catch (StartException inUse) {
                if (!JdbcStore.isCurrent(folder.resolve(DATABASE))) {
                    throw new StartException("--from " + place + ": a server of another version uses it;"
                            + " copy with the davy of that version, or stop the server");
                }
            }
            return FileBlobs.openBeside(folder.resolve(BLOBS));
        });
        if (source.store().isBeingCopied()) {
            source.close();
            throw new StartException("--from " + place + ": it was the target of a davy copy that has not ended");
        }
        return source;
    }

    /** Opens the target, creating it; no server may be using it. */
    static CopyPlace target(String place, CopyPlace source) throws IOException {
        ServerConfig config = config(place);
        if (name(config).equals(source.name())) {
            throw new StartException("--to " + place + ": the target is the source");
        }
        CopyPlace target = opened(config, opened -> {
            if (config.database() == null || !isBucket(config)) {
                opened.add(DataFolder.open(config.dataFolder()));
            }
            return isBucket(config) ? null : FileBlobs.open(config.dataFolder().resolve(BLOBS));
        });
        try {
            InstallationCheck.start(
                    target.store(), target.blobs(), target.store().clock(), new Ids(), target.name());
        } catch (IOException | RuntimeException e) {
            target.close();
            throw e;
        }
        long now = target.store().clock().millis();
        List<ServerRow> servers = target.store().read(tx -> tx.servers().all());
        for (ServerRow server : servers) {
            if (config.database() != null && now - server.heardMillis() < RUNNING.toMillis()) {
                target.close();
                throw new StartException("--to " + place + ": the server " + server.name()
                        + " uses it, or used it within " + RUNNING.toSeconds() + " s; stop it first");
            }
        }
        return target;
    }

    private interface Folder {
        /** Locks the data folder, and opens the blobs in it. */
        FileBlobs open(Opened opened) throws IOException;
    }

    private static CopyPlace opened(ServerConfig config, Folder files) throws IOException {
        Opened opened = new Opened();
        try {
            Blobs blobs = files.open(opened);
            if (isBucket(config)) {
                blobs = opened.add(BlobPlace.of(config.settings())
                                .open(config.dataFolder().resolve(BLOBS)))
                        .blobs();
            }
            return new CopyPlace(name(config), opened.add(store(config)), blobs, opened);
        } catch (IOException | RuntimeException e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private static JdbcStore store(ServerConfig config) {
        PostgresAccess access = config.database();
        if (access == null) {
            return JdbcStore.sqlite(config.dataFolder().resolve(DATABASE));
        }
        try {
            return JdbcStore.postgres(new PostgresAccess(
                    access.url(),
                    access.user(),
                    access.password(),
                    access.tls(),
                    access.connections(),
                    access.connectWithin(),
                    PATIENCE));
        } catch (StoreException e) {
            throw new StartException(e.getMessage() + "; the settings are data.database and those that begin with it");
        }
    }

    private static boolean isBucket(ServerConfig config) {
        return BlobPlace.of(config.settings()).bucket().isPresent();
    }

    private static String name(ServerConfig config) {
        String folder = config.dataFolder().toAbsolutePath().normalize().toString();
        if (config.database() == null && !isBucket(config)) {
            return folder;
        }
        return (config.database() == null ? folder : config.database().url()) + " with "
                + BlobPlace.of(config.settings()).bucket().map(Object::toString).orElse(folder);
    }

    private static ServerConfig config(String place) {
        boolean file = place.endsWith(".yaml") || place.endsWith(".yml");
        // The environment would mean both sides.
        return ServerConfig.of(Settings.of(
                file ? Path.of(place) : null, Map.of(), file ? List.of() : List.of("data.folder=" + place)));
    }

    @Override
    public void close() throws IOException {
        IOException failed = new IOException(name + " could not be closed");
        opened.closeAfter(failed);
        if (failed.getSuppressed().length > 0) {
            throw failed;
        }
    }
}
