package io.davylamp.testbed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A PostgreSQL server as processes of this machine, with a database of its own in a folder. */
public final class Database implements AutoCloseable {
    /** A busy machine takes minutes to start it. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final int port = Ports.free();
    private EmbeddedPostgres server;

    public Database(Path folder) throws IOException {
        this.folder = folder;
        start();
    }

    private void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPGStartupWait(PATIENCE)
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "32MB")
                .start();
    }

    public int port() {
        return port;
    }

    /** Stops it at once, as a restart by an operator does, and starts it again; every connection ends. */
    public void restart() throws IOException {
        server.close();
        start();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
