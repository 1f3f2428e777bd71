package io.davylamp.server;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.SessionProtocol;
import com.linecorp.armeria.common.grpc.GrpcSerializationFormats;
import com.linecorp.armeria.common.prometheus.PrometheusMeterRegistries;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.Route;
import com.linecorp.armeria.server.ServerBuilder;
import com.linecorp.armeria.server.ServerPort;
import com.linecorp.armeria.server.encoding.EncodingService;
import com.linecorp.armeria.server.file.FileService;
import com.linecorp.armeria.server.file.HttpFile;
import com.linecorp.armeria.server.grpc.GrpcService;
import com.linecorp.armeria.server.grpc.GrpcServiceBuilder;
import com.linecorp.armeria.server.healthcheck.HealthCheckService;
import com.linecorp.armeria.server.prometheus.PrometheusExpositionService;
import io.davylamp.core.Ids;
import io.davylamp.core.access.Audited;
import io.davylamp.core.cluster.Servers;
import io.davylamp.core.dispatch.Assignments;
import io.davylamp.core.dispatch.Deadlines;
import io.davylamp.core.dispatch.LostJvms;
import io.davylamp.core.dispatch.Offers;
import io.davylamp.core.dispatch.Reports;
import io.davylamp.core.dispatch.StoredWork;
import io.davylamp.core.dispatch.Tasks;
import io.davylamp.core.dispatch.WatchedTasks;
import io.davylamp.core.fleet.Instances;
import io.davylamp.core.identity.AuditLog;
import io.davylamp.core.identity.Credentials;
import io.davylamp.core.identity.LoginCodes;
import io.davylamp.core.identity.Logins;
import io.davylamp.core.identity.Passwords;
import io.davylamp.core.identity.Sessions;
import io.davylamp.core.identity.SignInStates;
import io.davylamp.core.identity.Tokens;
import io.davylamp.core.identity.Users;
import io.davylamp.core.instance.Instance;
import io.davylamp.core.instance.InstanceLimits;
import io.davylamp.core.intake.Indexer;
import io.davylamp.core.intake.Ingest;
import io.davylamp.core.intake.OlderProfiles;
import io.davylamp.core.intake.Opening;
import io.davylamp.core.intake.RecordingReader;
import io.davylamp.core.intake.Retention;
import io.davylamp.core.query.Chosen;
import io.davylamp.core.query.ProfileQuery;
import io.davylamp.core.quota.Quotas;
import io.davylamp.core.server.ServerId;
import io.davylamp.core.signal.Changes;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.Store;
import io.davylamp.core.store.StoreException;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.core.task.TaskRow;
import io.davylamp.server.Conditions.Finding;
import io.davylamp.server.access.AgentGate;
import io.davylamp.server.access.Caller;
import io.davylamp.server.access.NoSignIn;
import io.davylamp.server.access.WebGate;
import io.davylamp.server.agent.AgentDoor;
import io.davylamp.server.agent.AgentOverload;
import io.davylamp.server.agent.GrpcWords;
import io.davylamp.server.agent.LiteMarshallers;
import io.davylamp.server.oidc.OidcLogins;
import io.davylamp.server.rest.Access;
import io.davylamp.server.rest.Faults;
import io.davylamp.server.rest.OpenApi;
import io.davylamp.server.rest.Overload;
import io.davylamp.server.rest.Readiness;
import io.davylamp.server.rest.RequestCheck;
import io.davylamp.server.rest.RestApi;
import io.davylamp.server.settings.Setting;
import io.davylamp.skywalking.SkyWalking;
import io.davylamp.store.jdbc.JdbcStore;
import io.davylamp.store.jdbc.SchemaVersion;
import io.grpc.BindableService;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything, assembled by hand and in order. {@link #start} opens the ports last, {@link #close} closes them first. */
final class Server implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Server.class);
    private static final String UI = "/io/davylamp/ui";
    /** A question about a path of a deep stack names each of its frames. */
    private static final int MAX_REQUEST_LINE_BYTES = 512 << 10;

    /** Adding up looks at each recording's row: a hundredth of a connection's time is enough for it. */
    private static final int ADDING_UP_SHARE = 100;

    private static final int MINUTES_PER_FORGETTING = 60;
    /** Deleting may take long, and a disk may hang; the other jobs go on. */
    private static final int JOB_THREADS = 3;

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final long MAX_REQUEST_BYTES = 1 << 20;

    private final ServerConfig config;
    private final Optional<TlsFiles> agentTls;
    private final Optional<TlsFiles> httpTls;
    private final DataFolder data;
    private final Store store;
    private final BlobPlace.Place blobPlace;
    private final InstallationCheck installation;
    private final Instances instances;
    private final AuditLog auditLog;
    private final Quotas quotas;
    private final Sessions sessions;
    private final LoginCodes codes;
    private final SignInStates states;
    private final Credentials credentials;
    private final Tasks tasks;
    private final Assignments assignments;
    private final Deadlines deadlines;
    private final LostJvms lostJvms;
    private final StoredWork storedWork;
    private final WatchedTasks watched;
    private final Indexer indexer;
    private final Retention retention;
    private final Ingest ingest;
    private final Opening files;
    private final AgentDoor agentDoor;
    /** Null when its dialect is not spoken. */
    private final SkyWalking skyWalking;

    private final Periodic periodic;
    /** For the live streams of those who look on. */
    private final ScheduledExecutorService viewers;

    private final Workers workers;
    private final Conditions conditions;
    private final Servers servers;
    private final Cluster cluster;
    private volatile boolean stopping;
    /** Counts minutes, in the job that forgets. */
    private int forgetting = 1;

    private final com.linecorp.armeria.server.Server agentServer;
    private final com.linecorp.armeria.server.Server httpServer;
    private final ClockGuard clockGuard;
    private final StatusReport report;

    /**
     * Opens the data folder and puts the parts together; {@link #start} opens the ports. When a part fails, those that were opened
     * before it are closed.
     *
     * @throws StartException if a setting or the data folder cannot be used, in words
     */
    static Server open(ServerConfig config) throws IOException {
        return open(config, () -> {});
    }

    /**
     * Likewise.
     *
     * @param beforeLibrary runs before the first use of the library that the ports are made of
     */
    static Server open(ServerConfig config, Runnable beforeLibrary) throws IOException {
        Opened opened = new Opened();
        try {
            return new Server(config, opened, beforeLibrary);
        } catch (IOException | RuntimeException | Error e) {
            opened.closeAfter(e);
            throw e;
        }
    }

    private Server(ServerConfig config, Opened opened, Runnable beforeLibrary) throws IOException {
        this.config = config;
        OpenPorts.require(config);
        if (!config.agentPort().certificate().isEmpty()
                || !config.web().certificate().isEmpty()) {
            beforeLibrary.run();
        }
        agentTls = TlsFiles.of(
                "agent",
                config.agentPort().certificate(),
                config.agentPort().key(),
                config.agentPort().clientCa());
        httpTls = TlsFiles.of("http", config.web().certificate(), config.web().key(), "");
        data = opened.add(DataFolder.open(config.dataFolder()));
        JdbcStore database = opened.add(Databases.open(config));
        GuardedStore guarded = new GuardedStore(database);
        store = guarded;
        Clock clock = store.clock();
        BlobPlace place = BlobPlace.of(config.settings());
        blobPlace = opened.add(place.open(data.resolve("blobs")));
        Blobs blobs = blobPlace.blobs();
        Changes changes = new Changes();
        database.share(changes);
        Ids ids = new Ids();
        installation = InstallationCheck.start(store, blobs, clock, ids, blobPlace.name());
        servers = new Servers(ServerId.starting(ids, clock.millis()), database, clock, Clock.systemUTC());
        cluster = new Cluster(
                servers,
                guarded,
                config.settings(),
                installation.secret(),
                database.schema().toString(),
                clock,
                System::nanoTime);
        ServerConfig.AccessConfig access = config.access();
        AuditFile auditFile = opened.add(AuditFile.of(access.auditFile()));
        auditLog = new AuditLog(store, ids, clock, access.auditKept(), auditFile);
        Audited audit = access.isOn() ? auditLog : Audited.NONE;
        quotas = new Quotas(access.limits(), store, clock, audit);
        sessions = new Sessions(store, changes, clock, access.sessions(), audit);
        codes = new LoginCodes(store, clock, audit);
        states = new SignInStates(store, clock);
        credentials = new Credentials(store, clock, access.sessions(), access.groups());
        changes.listen(credentials);
        instances = new Instances(store, ids, changes, clock, InstanceLimits.DEFAULT, audit);
        assignments = new Assignments(store, changes, clock);
        Supplier<TaskLimits> taskLimits = () -> cluster.strictest(config.taskLimits());
        tasks = new Tasks(store, ids, changes, clock, taskLimits, assignments, audit, quotas);
        Reports reports = new Reports(assignments, changes, config.taskLimits());
        Offers offers = new Offers(assignments, reports, clock);
        deadlines = new Deadlines(store, assignments, changes, clock);
        RecordingReader reader = new RecordingReader(
                blobs,
                config.fileLimits().fileBytes(),
                config.fileLimits().minFreeBytes(),
                config.settings().flag(Setting.RECORDINGS_SCRUB));
        indexer = opened.add(new Indexer(store, reader, changes, clock, config.indexThreads()));
        retention = new Retention(
                store, blobs, changes, clock, () -> taskLimits.get().kept(), audit);
        ingest = new Ingest(
                store,
                blobs,
                assignments,
                deadlines,
                indexer,
                changes,
                place.fitting(config.uploadLimits(), Runtime.getRuntime().maxMemory()),
                clock,
                servers.id());
        beforeLibrary.run();
        PrometheusMeterRegistry metrics = PrometheusMeterRegistries.newRegistry();
        ProfileQuery query = new ProfileQuery(
                blobs, config.queryLimits(), new OlderProfiles(store, blobs, reader, clock)::renew, quotas);
        files = new Opening(store, blobs, indexer, retention, ids, clock, config.fileLimits(), audit, quotas);
        agentDoor = new AgentDoor(
                instances,
                offers,
                reports,
                ingest,
                clock,
                Version.VERSION,
                servers.id().text());
        changes.listen(agentDoor);
        workers = opened.add(new Workers(Workers.THREADS, System::nanoTime, metrics));
        skyWalking = config.skyWalking() == null
                ? null
                : opened.add(new SkyWalking(
                        config.skyWalking(),
                        context -> Caller.of(context).principal(),
                        instances,
                        tasks,
                        assignments,
                        offers,
                        reports,
                        config.taskLimits(),
                        ingest,
                        query,
                        changes,
                        clock,
                        Version.VERSION,
                        workers::refuses,
                        metrics));
        periodic = opened.add(new Periodic(JOB_THREADS, metrics));
        viewers = Executors.newScheduledThreadPool(1, work -> {
            Thread thread = new Thread(work, "viewers");
            thread.setDaemon(true);
            return thread;
        });
        opened.add(viewers::shutdownNow);
        conditions = opened.add(new Conditions(System::nanoTime));
        clockGuard = new ClockGuard(
                clock, System::nanoTime, data.resolve("clock-jumped"), store.read(Server::witnessedMillis));
        watched = new WatchedTasks(store, tasks);
        changes.listen(watched);
        storedWork = new StoredWork(store, changes, clock);
        lostJvms = new LostJvms(store, instances, assignments, clock);
        report = new StatusReport(config, data.path(), store, blobs, files, agentDoor::connected, conditions, servers);
        register(metrics);
        report.register(metrics);
        cluster.register(metrics);
        conditions.watch("database", true, Servers.BEAT, cluster::beat, metrics);
        conditions.watch("disk", false, LOOK, report::disk, metrics);
        conditions.watch("storage", false, LOOK, new StorageCheck(blobs, System::nanoTime)::look, metrics);
        conditions.watch("installation", false, LOOK, installation::look, metrics);
        conditions.watch("reading of recordings", false, LOOK, report::reading, metrics);
        conditions.watch("requests", false, Duration.ofSeconds(1), this::requests, metrics);
        conditions.watch("clock", false, LOOK, () -> cluster.clocks(clockGuard.trouble()), metrics);
        conditions.watch("settings", false, LOOK, cluster::settings, metrics);
        Gauge.builder("davylamp.ready", () -> isReady() ? 1 : 0)
                .description("1 while this server should get requests, as /ready says")
                .register(metrics);
        Passwords passwords = new Passwords();
        OidcLogins oidc = access.oidc() == null
                ? null
                : opened.add(new OidcLogins(
                        access.oidc(), access.groups(), sessions, states, clock, System::nanoTime, audit));
        if (oidc != null) {
            conditions.watch("identity provider", false, LOOK, () -> signIn(oidc), metrics);
        }
        Access signIn = access.isOn()
                ? new Access(
                        new Logins(store, sessions, passwords, clock, audit),
                        sessions,
                        codes,
                        new Users(store, changes, clock, passwords, audit),
                        new Tokens(store, ids, changes, clock, audit),
                        auditLog,
                        access.users(),
                        oidc)
                : null;
        RestApi rest = new RestApi(
                signIn,
                config.web().basePath(),
                config.web().sourceLink(),
                instances,
                tasks,
                files,
                ingest,
                indexer,
                retention,
                query,
                new Chosen(store, files::find, query),
                watched,
                taskLimits,
                viewers,
                report);
        Databases.measure(database, metrics);
        Gauge.builder("davylamp.agents.connected", agentDoor, AgentDoor::connected)
                .description("JVMs that are connected now")
                .register(metrics);
        agentServer = agentServer(metrics);
        httpServer = httpServer(rest, database.schema(), metrics);
    }

    /** What the JVM and the machine are doing. */
    private static void register(MeterRegistry metrics) {
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmThreadMetrics().bindTo(metrics);
        new ProcessorMetrics().bindTo(metrics);
        new UptimeMetrics().bindTo(metrics);
    }

    private com.linecorp.armeria.server.Server agentServer(PrometheusMeterRegistry metrics) {
        ServerConfig.AgentPortConfig access = config.agentPort();
        ServerBuilder builder =
                base(config.agentHost(), config.agentPortNumber(), TlsFiles.protocol(agentTls), "agent", metrics);
        builder.errorHandler(new Faults());
        config.agentConnections().configure(builder);
        agentTls.ifPresent(tls -> tls.configure(builder));
        builder.service(calls(agentDoor, ServerConfig.MAX_OWN_MESSAGE_BYTES)
                .enableHealthCheckService(true)
                .build());
        if (skyWalking != null) {
            skyWalking
                    .profiler()
                    .ifPresent(each -> builder.service(
                            calls(each, ServerConfig.MAX_AGENT_MESSAGE_BYTES).build()));
            builder.serviceUnder("/", skyWalking.gateway());
        }
        Predicate<String> isAlwaysAnswered = path -> skyWalking != null && SkyWalking.isAlwaysAnswered(path);
        builder.decorator(
                config.access().isOn()
                                || !access.token().isEmpty()
                                || !access.certificates().isEmpty()
                        ? new AgentGate(
                                access.token(),
                                config.access().isOn() ? credentials : null,
                                access.certificates(),
                                Clock.systemUTC(),
                                workers::refuses,
                                isAlwaysAnswered,
                                metrics)
                        : new NoSignIn());
        builder.decorator(new AgentOverload(workers::refuses, isAlwaysAnswered));
        builder.decorator(new CallTimes("agent", metrics));
        builder.decorator(new NoBrowsers());
        // Links stay open as long as the JVM lives; deliveries are bounded by the agent's own deadline.
        builder.requestTimeout(Duration.ZERO);
        builder.maxRequestLength(0);
        return builder.build();
    }

    private static GrpcServiceBuilder calls(BindableService service, int messageBytes) {
        PlainStatus plain = new PlainStatus();
        return GrpcService.builder()
                .addService(LiteMarshallers.hide(service.bindService()))
                .supportedSerializationFormats(GrpcSerializationFormats.PROTO)
                .maxRequestMessageLength(messageBytes)
                .exceptionHandler(new GrpcWords(messageBytes).orElse(plain))
                .intercept(plain)
                .useBlockingTaskExecutor(true)
                .useClientTimeoutHeader(false);
    }

    private com.linecorp.armeria.server.Server httpServer(
            RestApi rest, SchemaVersion schema, PrometheusMeterRegistry metrics) {
        ClassLoader loader = Server.class.getClassLoader();
        String basePath = config.web().basePath();
        ServerBuilder builder = base(config.httpHost(), config.httpPort(), TlsFiles.protocol(httpTls), "http", metrics);
        builder.errorHandler(
                new PageNotFound(Page.html(loader, UI + "/index.html", basePath), basePath).orElse(new Faults()));
        builder.baseContextPath(basePath.isEmpty() ? "/" : basePath);
        httpTls.ifPresent(tls -> tls.configure(builder));
        builder.maxRequestLength(MAX_REQUEST_BYTES);
        builder.requestTimeout(config.httpTimeout());
        builder.childChannelPipelineCustomizer(pipeline -> pipeline.addFirst(new LingeringClose()));
        rest.addTo(builder);
        builder.service(
                "/api/v1/openapi.yaml",
                HttpFile.builder(HttpData.ofUtf8(OpenApi.text()))
                        .contentType(MediaType.parse("application/yaml"))
                        .build()
                        .asService());
        builder.service("/healthcheck", HealthCheckService.of());
        builder.service(
                "/ready",
                new Readiness(() -> new Readiness.Ready(isReady(), Version.VERSION, schema.there(), report.health())));
        if (skyWalking != null) {
            builder.service("/graphql", skyWalking.graphql());
        }
        builder.service("/metrics", PrometheusExpositionService.of(metrics.getPrometheusRegistry()));
        HttpService page = Page.of(loader, UI + "/index.html", basePath);
        for (String path : new String[] {
            "/",
            "/services/{service}",
            "/tasks/{task}",
            "/profiles",
            "/open",
            "/files/{file}",
            "/settings",
            "/access",
            "/access/{part}",
            "/allow"
        }) {
            builder.route()
                    .addRoute(Route.builder()
                            .path(path)
                            .methods(HttpMethod.GET, HttpMethod.HEAD)
                            .build())
                    .build(page);
        }
        builder.serviceUnder("/ui/", FileService.of(loader, UI));
        Documentation.addTo(builder, loader, basePath);
        builder.decorator(
                config.access().isOn()
                        ? new WebGate(credentials, config.access().openMetrics())
                        : new NoSignIn());
        builder.decorator(EncodingService.builder()
                .encodableContentTypes(type -> type.is(MediaType.JSON)
                        || type.is(MediaType.ANY_TEXT_TYPE) && !type.subtype().equals("event-stream")
                        || type.subtype().equals("javascript"))
                .newDecorator());
        builder.decorator(new Overload(workers::refuses));
        builder.decorator(new CallTimes("http", metrics));
        builder.decorator(new RequestCheck(config.httpOrigins()));
        if (isLoopback(config.httpHost()) || !config.web().hosts().isEmpty()) {
            builder.decorator(new HostCheck(config.web().hosts()));
        }
        new ForwardedHeaders(config.web().proxies()).configure(builder);
        builder.decorator(new PageHeaders());
        return builder.build();
    }

    private ServerBuilder base(
            String host, int port, SessionProtocol protocol, String name, PrometheusMeterRegistry metrics) {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new StartException("setting " + name + ".host = \"" + host + "\" is no address of this machine");
        }
        return com.linecorp.armeria.server.Server.builder()
                .port(new ServerPort(new InetSocketAddress(address, port), protocol))
                .meterRegistry(metrics)
                // Faults logs what is ours.
                .unloggedExceptionsReportInterval(Duration.ZERO)
                // RequestCheck refuses forms with files; were one read all the same, it would stay in our folder.
                .multipartUploadsLocation(data.resolve("forms"))
                .blockingTaskExecutor(workers.tasks(), false)
                .http1MaxInitialLineLength(MAX_REQUEST_LINE_BYTES)
                .http2MaxHeaderListSize(MAX_REQUEST_LINE_BYTES)
                .gracefulShutdownTimeout(Duration.ofMillis(200), Duration.ofSeconds(5))
                .disableServerHeader();
    }

    /** Recovers what an earlier process left, then opens the ports. What fails closes the server. */
    void start() {
        try {
            work();
        } catch (RuntimeException | Error e) {
            try {
                close();
            } catch (IOException | RuntimeException more) {
                e.addSuppressed(more);
            }
            throw e;
        }
    }

    private void work() {
        ingest.recover(!store.isShared());
        indexer.wake();
        periodic.repeat("deadlines", Duration.ofSeconds(1), deadlines::expireOverdue);
        periodic.repeat("look for lost JVMs", LostJvms.INTERVAL, lostJvms::look);
        periodic.repeat("look for work", StoredWork.INTERVAL, storedWork::look);
        periodic.repeat("look for changes of watched tasks", WatchedTasks.INTERVAL, watched::look);
        periodic.repeat("leases of uploads", Duration.ofSeconds(1), ingest::renewLeases);
        periodic.repeat("slow uploads", Duration.ofSeconds(1), ingest::interruptSlow);
        periodic.repeat("abandoned uploads", Duration.ofSeconds(5), ingest::releaseAbandoned);
        periodic.repeat("slow files", Duration.ofSeconds(1), files::interruptSlow);
        periodic.repeat("reserve", Duration.ofMinutes(1), store::holdBack);
        periodic.repeat("read recordings", Duration.ofSeconds(2), indexer::wake);
        periodic.repeat("write who was seen", Instances.FLUSH, instances::flush);
        periodic.repeat("delete what is old", Duration.ofMinutes(1), () -> {
            if (clockGuard.isTrusted()) {
                retention.deleteOld();
                retention.removeLeftovers();
                ingest.forgetIdle();
                if (forgetting++ % MINUTES_PER_FORGETTING == 0) {
                    instances.forget(config.taskLimits().kept());
                }
            }
        });
        periodic.repeat(
                "add up", Duration.ofMinutes(1), new Sparingly(report::sum, ADDING_UP_SHARE, System::nanoTime)::run);
        periodic.repeat("look for new certificates", LOOK, this::lookForCertificates);
        periodic.repeat("remove abandoned uploads", blobPlace.period(), blobPlace::tidy);
        periodic.repeat("remove what is over of access", Duration.ofMinutes(1), () -> {
            if (config.access().isOn() && clockGuard.isTrusted()) {
                sessions.removeOver();
                codes.removeEnded();
                states.removeEnded();
                auditLog.removeOld();
                quotas.removeOld();
            }
        });
        conditions.look();
        open(agentServer, "agent", config.agentHost(), config.agentPortNumber());
        open(httpServer, "http", config.httpHost(), config.httpPort());
        cluster.join(httpPort(), agentPort());
        conditions.start();
    }

    /** Whether it reads a recording, for which somebody may wait. */
    boolean isBusy() {
        return indexer.isBusy();
    }

    /** Whether this server should get requests. */
    private boolean isReady() {
        return !stopping && conditions.isReady();
    }

    private static Finding signIn(OidcLogins oidc) {
        String trouble = oidc.look();
        return trouble.isEmpty() ? Finding.well("people sign in at " + oidc.name()) : Finding.trouble(trouble);
    }

    private Finding requests() {
        workers.probe();
        return workers.finding();
    }

    /** The last time that something was written of which the time is known. */
    private static long witnessedMillis(Store.Tx tx) {
        long seen = tx.instances().all().stream()
                .mapToLong(Instance::lastSeenMillis)
                .max()
                .orElse(0);
        return tx.tasks().newest(null, 1).stream()
                .mapToLong(TaskRow::createdMillis)
                .reduce(seen, Math::max);
    }

    /** Takes certificates that were renewed. */
    void lookForCertificates() {
        agentTls.ifPresent(TlsFiles::look);
        httpTls.ifPresent(TlsFiles::look);
    }

    private static void open(com.linecorp.armeria.server.Server server, String name, String host, int port) {
        try {
            server.start().join();
        } catch (CompletionException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof IOException || cause instanceof UnresolvedAddressException) {
                    throw new StartException("port " + port + " on " + host + " cannot be opened (" + cause.getMessage()
                            + "); the settings " + name + ".port and " + name + ".host change it");
                }
            }
            throw e;
        }
    }

    int agentPort() {
        return agentServer.activeLocalPort();
    }

    int httpPort() {
        return httpServer.activeLocalPort();
    }

    com.linecorp.armeria.server.Server http() {
        return httpServer;
    }

    Path dataFolder() {
        return data.path();
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** What others would learn only by waiting; a database that is away must not keep a server from its end. */
    private void flushAndLeave() {
        try {
            instances.flush();
            servers.leave();
        } catch (StoreException e) {
            log.warn("the last words could not be written: {}", e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        agentDoor.close();
        CompletableFuture.allOf(httpServer.stop(), agentServer.stop()).join();
        periodic.close();
        conditions.close();
        viewers.shutdownNow();
        workers.close();
        if (skyWalking != null) {
            skyWalking.close();
        }
        flushAndLeave();
        indexer.close();
        blobPlace.close();
        store.close();
        data.close();
    }
}
