package io.davylamp.server;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import io.davylamp.server.webhook.AdmissionReviews;
import io.davylamp.server.webhook.AdmissionService;
import io.davylamp.server.webhook.Injection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** The port of the mutating webhook, over HTTPS. It needs no database, no server and no right in the cluster. */
final class Webhook implements AutoCloseable {
    /** More than the API server takes for an object. */
    static final long MAX_BODY_BYTES = 4 << 20;

    /** The API server waits ten seconds by default. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    private static final Duration LOOK = Duration.ofSeconds(10);
    private static final int MAX_CONNECTIONS = 200;
    private static final int THREADS = 4;

    private final com.linecorp.armeria.server.Server server;
    private final Periodic periodic;

    private Webhook(com.linecorp.armeria.server.Server server, Periodic periodic) {
        this.server = server;
        this.periodic = periodic;
    }

    /** @throws StartException if the certificate cannot be used or the port cannot be opened */
    static Webhook open(String host, int port, Path certificate, Path key, Injection injection) {
        Optional<TlsFiles> tls = TlsFiles.of("webhook", certificate.toString(), key.toString(), "");
        AdmissionReviews reviews = new AdmissionReviews(injection);
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StartException("--host " + host + " is no address of this machine");
        }
        ServerBuilder builder = com.linecorp.armeria.server.Server.builder()
                .port(new ServerPort(new InetSocketAddress(address, port), SessionProtocol.HTTPS))
                .maxRequestLength(MAX_BODY_BYTES)
                .requestTimeout(TIMEOUT)
                .maxNumConnections(MAX_CONNECTIONS)
                .blockingTaskExecutor(THREADS)
                .unloggedExceptionsReportInterval(Duration.ZERO)
                .gracefulShutdownTimeout(Duration.ofMillis(200), TIMEOUT)
                .disableServerHeader();
        tls.orElseThrow().configure(builder);
        builder.route().methods(HttpMethod.POST).path("/inject").build(new AdmissionService(reviews, false));
        builder.route().methods(HttpMethod.POST).path("/inject/all").build(new AdmissionService(reviews, true));
        builder.service("/healthcheck", HealthCheckService.of());
        com.linecorp.armeria.server.Server server = builder.build();
        try {
            server.start().join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw new StartException("port " + port + " on " + host + " cannot be opened (" + cause.getMessage()
                        + "); --port and --host change it");
            }
            throw e;
        }
        Periodic periodic = new Periodic(1, new SimpleMeterRegistry());
        periodic.repeat(
                "look for new certificates", LOOK, () -> tls.orElseThrow().look());
        return new Webhook(server, periodic);
    }

    int port() {
        return server.activeLocalPort();
    }

    void awaitEnd() {
        server.whenClosed().join();
    }

    @Override
    public void close() {
        server.stop().join();
        periodic.close();
    }
}
