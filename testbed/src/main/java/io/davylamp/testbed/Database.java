package io.davylamp.testbed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

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

    /** Settings of a server that keeps its rows here, reached through a port. */
    public static List<String> settings(int port) {
        return List.of(
                "data.database=jdbc:postgresql://127.0.0.1:" + port + "/postgres", "data.database-user=postgres");
    }

    /** A connection of the superuser, for those who look behind the servers' backs. */
    public Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** Processor time of all its processes that live. */
    public long cpuMillis() throws IOException {
        long postmaster = Long.parseLong(
                Files.readAllLines(folder.resolve("postmaster.pid")).get(0).strip());
        return ProcessHandle.of(postmaster).stream()
                .flatMap(own -> Stream.concat(Stream.of(own), own.descendants()))
                .mapToLong(each ->
                        each.info().totalCpuDuration().map(Duration::toMillis).orElse(0L))
                .sum();
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
