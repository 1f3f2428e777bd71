package io.davylamp.server;

import io.davylamp.core.store.Blobs;
import io.davylamp.server.settings.Settings;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.jdbc.JdbcStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A side of {@code davy copy}: a data folder, or what a server's settings file names.
 *
 * @param name the database and the blobs, in words
 * @param lock null when a server is using the folder, or there is none
 */
record CopyPlace(String name, JdbcStore store, Blobs blobs, DataFolder lock) implements AutoCloseable {
    private static final String DATABASE = "davylamp.db";

    /**
     * Opens the source. A server may be using it.
     *
     * @param place a folder or a settings file
     * @throws StartException if it cannot be used, in words
     */
    static CopyPlace source(String place) throws IOException {
        Path folder = config(place).dataFolder();
        Path database = folder.resolve(DATABASE);
        if (!Files.isRegularFile(database)) {
            throw new StartException("--from " + place + ": there is no " + database
                    + " in it, so it is no data folder;" + " name a data folder, or a server's settings file (*.yaml)");
        }
        DataFolder lock = null;
        try {
            lock = DataFolder.open(folder);
        } catch (StartException inUse) {
            if (!JdbcStore.isCurrent(database)) {
                throw new StartException("--from " + place + ": a server of another version uses it;"
                        + " copy with the davy of that version, or stop the server");
            }
        }
        return opened(folder, FileBlobs.openBeside(folder.resolve("blobs")), lock);
    }

    /** Opens the target, creating it; no server may be using it. */
    static CopyPlace target(String place, CopyPlace source) throws IOException {
        Path folder = config(place).dataFolder();
        if (Files.isDirectory(folder) && Files.isSameFile(folder, Path.of(source.name()))) {
            throw new StartException("--to " + place + ": the target is the source");
        }
        DataFolder lock = DataFolder.open(folder);
        return opened(folder, FileBlobs.open(folder.resolve("blobs")), lock);
    }

    private static CopyPlace opened(Path folder, Blobs blobs, DataFolder lock) throws IOException {
        try {
            JdbcStore store = JdbcStore.sqlite(folder.resolve(DATABASE));
            return new CopyPlace(folder.toAbsolutePath().toString(), store, blobs, lock);
        } catch (RuntimeException e) {
            if (lock != null) {
                lock.close();
            }
            throw e;
        }
    }

    private static ServerConfig config(String place) {
        boolean file = place.endsWith(".yaml") || place.endsWith(".yml");
        // The environment would mean both sides.
        return ServerConfig.of(Settings.of(
                file ? Path.of(place) : null, Map.of(), file ? List.of() : List.of("data.folder=" + place)));
    }

    @Override
    public void close() throws IOException {
        store.close();
        if (lock != null) {
            lock.close();
        }
    }
}
