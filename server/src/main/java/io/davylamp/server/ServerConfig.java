package io.davylamp.server;

import io.davylamp.core.access.InvalidAccessException;
import io.davylamp.core.access.PersonLimits;
import io.davylamp.core.identity.GroupGrants;
import io.davylamp.core.identity.SessionLimits;
import io.davylamp.core.intake.FileLimits;
import io.davylamp.core.intake.UploadLimits;
import io.davylamp.core.query.QueryLimits;
import io.davylamp.core.task.TaskLimits;
import io.davylamp.server.access.CertificateServices;
import io.davylamp.server.oidc.OidcConfig;
import io.davylamp.server.settings.Networks;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import io.davylamp.server.settings.SettingsException;
import io.davylamp.skywalking.SkyWalkingConfig;
import io.davylamp.store.jdbc.PostgresAccess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The configuration from which the server is assembled.
 *
 * @param database null for SQLite in the data folder
 * @param skyWalking null when its dialect is not spoken
 * @param settings what it was made of
 */
record ServerConfig(
        String agentHost,
        int agentPortNumber,
        String httpHost,
        int httpPort,
        Set<String> httpOrigins,
        WebAddress web,
        Duration httpTimeout,
        Path dataFolder,
        PostgresAccess database,
        TaskLimits taskLimits,
        UploadLimits uploadLimits,
        int indexThreads,
        QueryLimits queryLimits,
        AgentPortConfig agentPort,
        AccessConfig access,
        AgentConnections agentConnections,
        SkyWalkingConfig skyWalking,
        FileLimits fileLimits,
        Settings settings) {

    /** Largest message of SkyWalking's agents; SkyWalking's server has the same limit. */
    static final int MAX_AGENT_MESSAGE_BYTES = 50 << 20;

    /** Largest message of our own agents, which send a recording in pieces of 64 KB. */
    static final int MAX_OWN_MESSAGE_BYTES = 1 << 20;

    /**
     * The access rules of the agent port.
     *
     * @param token empty lets all in
     * @param certificate file of the certificate chain; empty for no TLS
     * @param key file of its key
     * @param clientCa file of authorities that clients must have a certificate of; empty asks for none
     * @param certificates for which services agents with such a certificate speak; none asks for nothing more than it
     */
    record AgentPortConfig(
            String token, String certificate, String key, String clientCa, CertificateServices certificates) {
        boolean isTls() {
            return !certificate.isEmpty();
        }
    }

    /**
     * How people reach the HTTP port.
     *
     * @param certificate file of the certificate chain; empty for no TLS
     * @param key file of its key
     * @param basePath the path below which everything is; empty for none
     * @param proxies whose headers about the client count
     * @param hosts names that it answers to, in lower case; empty for all, on loopback for none but its own
     * @param sourceLink where the page finds the source of a method; empty for nowhere
     */
    record WebAddress(
            String certificate, String key, String basePath, Networks proxies, Set<String> hosts, String sourceLink) {}

    private static List<String> list(String text) {
        return Arrays.stream(text.split(","))
                .map(String::trim)
                .filter(each -> !each.isEmpty())
                .distinct()
                .toList();
    }

    /**
     * Who may use the server.
     *
     * @param users whether local users sign in with passwords
     * @param groups what the groups of an identity provider may do
     * @param oidc the identity provider; null when there is none
     * @param limits how much one person, or token, may use
     * @param openMetrics whether {@code /metrics} is for everybody
     * @param auditKept retention of the audit log
     * @param auditFile file that also gets its entries; empty for none, {@code -} for standard output
     */
    record AccessConfig(
            boolean users,
            GroupGrants groups,
            OidcConfig oidc,
            SessionLimits sessions,
            PersonLimits limits,
            boolean openMetrics,
            Duration auditKept,
            String auditFile) {
        /** Whether anybody can sign in; if not, everybody may do everything. */
        boolean isOn() {
            return users || oidc != null;
        }
    }

    private static AccessConfig access(Settings settings) {
        GroupGrants groups;
        try {
            groups = GroupGrants.of(settings.text(Setting.ACCESS_GROUPS));
        } catch (InvalidAccessException e) {
            throw new SettingsException("setting access.groups: " + e.getMessage());
        }
        return new AccessConfig(
                settings.flag(Setting.ACCESS_USERS),
                groups,
                oidc(settings, groups),
                new SessionLimits(
                        settings.duration(Setting.ACCESS_SESSION_IDLE), settings.duration(Setting.ACCESS_SESSION_MAX)),
                new PersonLimits(
                        settings.number(Setting.ACCESS_MAX_RUNNING_TASKS),
                        settings.number(Setting.ACCESS_MAX_TASKS_PER_HOUR),
                        settings.number(Setting.ACCESS_MAX_QUERIES),
                        settings.sizeBytes(Setting.ACCESS_MAX_OPENED_PER_DAY)),
                settings.flag(Setting.ACCESS_METRICS),
                settings.duration(Setting.AUDIT_KEPT),
                settings.text(Setting.AUDIT_FILE));
    }

    private static CertificateServices certificates(Settings settings) {
        CertificateServices certificates;
        try {
            certificates = CertificateServices.of(settings.text(Setting.ACCESS_CERTIFICATES));
        } catch (InvalidAccessException e) {
            throw new SettingsException("setting access.certificates: " + e.getMessage());
        }
        if (!certificates.isEmpty()
                && settings.text(Setting.AGENT_TLS_CLIENT_CA).isEmpty()) {
            throw new SettingsException(
                    "access.certificates needs agent.tls.client-ca, the authorities whose certificates count");
        }
        return certificates;
    }

    /** Null when it is none. */
    private static URI uri(String text) {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Null when there is no identity provider. */
    private static OidcConfig oidc(Settings settings, GroupGrants groups) {
        String issuer = settings.text(Setting.ACCESS_OIDC_ISSUER);
        if (issuer.isEmpty()) {
            return null;
        }
        URI address = uri(issuer);
        if (!OidcConfig.isSafe(address)) {
            throw new SettingsException("setting access.oidc.issuer = \"" + issuer
                    + "\": it must begin with https://; http:// is for a provider on this machine only");
        }
        if (address.getQuery() != null || address.getFragment() != null) {
            throw new SettingsException("setting access.oidc.issuer = \"" + issuer + "\": it must not have ? or #");
        }
        String secret = secret(settings, Setting.ACCESS_OIDC_CLIENT_SECRET, Setting.ACCESS_OIDC_CLIENT_SECRET_FILE);
        if (settings.text(Setting.ACCESS_OIDC_CLIENT_ID).isBlank() || secret.isBlank()) {
            throw new SettingsException("access.oidc.issuer needs access.oidc.client-id and access.oidc.client-secret"
                    + " (or access.oidc.client-secret-file), under which the provider knows this server");
        }
        List<String> scopes =
                List.of(settings.text(Setting.ACCESS_OIDC_SCOPES).trim().split("[ ,]+"));
        if (!scopes.contains("openid")) {
            throw new SettingsException("setting access.oidc.scopes = \""
                    + settings.text(Setting.ACCESS_OIDC_SCOPES)
                    + "\": it must have openid, such as openid profile email");
        }
        if (groups.byGroup().isEmpty()) {
            throw new SettingsException(
                    "access.oidc.issuer needs access.groups, else nobody who signs in there may do anything;"
                            + " write group = role pattern, such as sre = admin *");
        }
        return new OidcConfig(
                address,
                settings.text(Setting.ACCESS_OIDC_CLIENT_ID),
                secret,
                scopes,
                list(settings.text(Setting.ACCESS_OIDC_GROUPS_CLAIM)));
    }

    static ServerConfig of(Settings settings) {
        return new ServerConfig(
                settings.text(Setting.AGENT_HOST),
                settings.number(Setting.AGENT_PORT),
                settings.text(Setting.HTTP_HOST),
                settings.number(Setting.HTTP_PORT),
                Set.copyOf(list(settings.text(Setting.HTTP_ORIGINS))),
                new WebAddress(
                        settings.text(Setting.HTTP_TLS_CERTIFICATE),
                        settings.text(Setting.HTTP_TLS_KEY),
                        settings.text(Setting.HTTP_BASE_PATH),
                        Networks.parse(settings.text(Setting.HTTP_PROXIES)).orElseThrow(),
                        list(settings.text(Setting.HTTP_HOSTS)).stream()
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .collect(Collectors.toSet()),
                        settings.text(Setting.PAGE_SOURCE_LINK)),
                settings.duration(Setting.HTTP_TIMEOUT),
                Path.of(settings.text(Setting.DATA_FOLDER)),
                database(settings),
                new TaskLimits(
                        TaskLimits.DEFAULT.minDuration(),
                        settings.duration(Setting.TASK_MAX_DURATION),
                        settings.number(Setting.TASK_MAX_INSTANCES),
                        TaskLimits.DEFAULT.options(),
                        settings.duration(Setting.TASK_GRACE),
                        TaskLimits.DEFAULT.unreportedGrace(),
                        settings.duration(Setting.DATA_KEPT)),
                new UploadLimits(
                        settings.sizeBytes(Setting.UPLOAD_MAX_SIZE),
                        settings.sizeBytes(Setting.DATA_MIN_FREE),
                        settings.number(Setting.UPLOAD_PARALLEL),
                        UploadLimits.DEFAULT.patience(),
                        UploadLimits.DEFAULT.leastBytesPerSecond()),
                settings.number(Setting.INDEX_THREADS),
                new QueryLimits(
                        settings.number(Setting.QUERY_MAX_NODES),
                        QueryLimits.DEFAULT.rows(),
                        QueryLimits.DEFAULT.parallel(),
                        settings.sizeBytes(Setting.QUERY_CACHE_SIZE),
                        QueryLimits.DEFAULT.exportNodes(),
                        QueryLimits.DEFAULT.exportBytes()),
                new AgentPortConfig(
                        settings.text(Setting.AGENT_TOKEN),
                        settings.text(Setting.AGENT_TLS_CERTIFICATE),
                        settings.text(Setting.AGENT_TLS_KEY),
                        settings.text(Setting.AGENT_TLS_CLIENT_CA),
                        certificates(settings)),
                access(settings),
                AgentConnections.DEFAULT,
                settings.flag(Setting.SKYWALKING_ENABLED)
                        ? new SkyWalkingConfig(
                                settings.flag(Setting.SKYWALKING_PROFILING),
                                settings.duration(Setting.SKYWALKING_MAX_DURATION),
                                settings.number(Setting.SKYWALKING_MAX_ELEMENTS),
                                url(settings.text(Setting.SKYWALKING_UPSTREAM_GRPC)),
                                url(settings.text(Setting.SKYWALKING_UPSTREAM_GRAPHQL)),
                                settings.duration(Setting.DATA_KEPT),
                                MAX_AGENT_MESSAGE_BYTES)
                        : null,
                new FileLimits(
                        settings.sizeBytes(Setting.UPLOAD_MAX_SIZE),
                        settings.sizeBytes(Setting.DATA_MIN_FREE),
                        FileLimits.DEFAULT.parallel(),
                        FileLimits.DEFAULT.open(),
                        FileLimits.DEFAULT.openFor(),
                        FileLimits.DEFAULT.kept(),
                        FileLimits.DEFAULT.patience(),
                        FileLimits.DEFAULT.leastBytesPerSecond()),
                settings);
    }

    ServerConfig withAgentConnections(AgentConnections connections) {
        return new ServerConfig(
                agentHost,
                agentPortNumber,
                httpHost,
                httpPort,
                httpOrigins,
                web,
                httpTimeout,
                dataFolder,
                database,
                taskLimits,
                uploadLimits,
                indexThreads,
                queryLimits,
                agentPort,
                access,
                connections,
                skyWalking,
                fileLimits,
                settings);
    }

    /** Null for SQLite. */
    private static PostgresAccess database(Settings settings) {
        String url = settings.text(Setting.DATA_DATABASE);
        return url.isEmpty()
                ? null
                : new PostgresAccess(
                        url,
                        settings.text(Setting.DATA_DATABASE_USER),
                        secret(settings, Setting.DATA_DATABASE_PASSWORD, Setting.DATA_DATABASE_PASSWORD_FILE),
                        settings.text(Setting.DATA_DATABASE_TLS),
                        Math.max(2, settings.number(Setting.DATA_DATABASE_CONNECTIONS)));
    }

    /** What one setting says, or the first line of the file that the other one names. */
    private static String secret(Settings settings, Setting itself, Setting inFile) {
        String given = settings.text(itself);
        String file = settings.text(inFile);
        if (file.isEmpty()) {
            return given;
        }
        if (!given.isEmpty()) {
            throw new SettingsException(itself.key() + " and " + inFile.key() + " are both given; give one of them");
        }
        try (Stream<String> lines = Files.lines(Path.of(file))) {
            return lines.findFirst()
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> new SettingsException(
                            "setting " + inFile.key() + " = \"" + file + "\": its first line is empty"));
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            throw new SettingsException(
                    "setting " + inFile.key() + " = \"" + file + "\": the file cannot be read: " + e);
        }
    }

    private static String url(String address) {
        return address.isEmpty() || address.contains("://") ? address : "http://" + address;
    }
}
