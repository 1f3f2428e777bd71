package io.davylamp.testbed;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** A PostgreSQL server as processes of this machine, with a database of its own in a folder. */
public final class Database implements AutoCloseable {
    /** A busy machine takes minutes to start it. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final Path folder;
    private final int port = Ports.free();
    /** Null while it is stopped. */
    private EmbeddedPostgres server;

    public Database(Path folder) throws IOException {
        this.folder = folder;
        start();
    }

    /** Starts it where it was; it answers when this returns. */
    public synchronized void start() throws IOException {
        server = EmbeddedPostgres.builder()
                .setPort(port)
                .setDataDirectory(folder)
                .setCleanDataDirectory(false)
                .setPGStartupWait(PATIENCE)
                .setServerConfig("max_connections", "200")
                .setServerConfig("shared_buffers", "32MB")
                .start();
    }

    /** Stops it at once, as an operator does; every connection ends. */
    public synchronized void stop() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    /** Whether new transactions may only read, as after a failover to a standby. */
    public synchronized void readOnly(boolean only) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET default_transaction_read_only = off");
            statement.execute("ALTER SYSTEM SET default_transaction_read_only = " + (only ? "on" : "off"));
            statement.execute("SELECT pg_reload_conf()");
        }
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

    public void restart() throws IOException {
        stop();
        start();
    }

    @Override
    public void close() throws IOException {
        stop();
    }
}
