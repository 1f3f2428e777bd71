package io.davylamp.server.settings;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings: name, kind, default, meaning. A test compares them with docs/reference/settings.md. */
public enum Setting {
    AGENT_HOST(
            "agent.host",
            Kind.TEXT,
            "127.0.0.1",
            "address that agents connect to (gRPC); 0.0.0.0 opens it to the network"),
    AGENT_PORT("agent.port", Kind.PORT, "11800", "port that agents connect to; 0 takes a free one"),
    AGENT_TOKEN(
            "agent.token",
            Kind.OPTIONAL,
            "",
            "token of agents of every service, in the header authentication; empty lets all in while nobody signs in"),
    AGENT_TLS_CERTIFICATE(
            "agent.tls.certificate",
            Kind.OPTIONAL,
            "",
            "file with the agent port's certificate chain (PEM), read again when it changes; with it the port speaks TLS only"),
    AGENT_TLS_KEY("agent.tls.key", Kind.OPTIONAL, "", "file with the key of the certificate (PEM, PKCS#8)"),
    AGENT_TLS_CLIENT_CA(
            "agent.tls.client-ca",
            Kind.OPTIONAL,
            "",
            "file with the authorities (PEM) that must have signed every agent's certificate; empty asks for none"),
    ACCESS_OPEN(
            "access.open",
            Kind.FLAG,
            "false",
            "whether a port that others reach may be used without sign-in or token; else the server refuses to start"),
    ACCESS_USERS(
            "access.users",
            Kind.FLAG,
            "false",
            "whether people sign in with the names and passwords that davy user made; programs and agents then need tokens"),
    ACCESS_GROUPS(
            "access.groups",
            Kind.OPTIONAL,
            "",
            "roles of an identity provider's groups, such as sre = admin *, shop = profiler shop-*; separated by commas"),
    ACCESS_CERTIFICATES(
            "access.certificates",
            Kind.OPTIONAL,
            "",
            "services of agents by a name in their certificate, such as DNS:*.shop.example = shop-*, CN:search = search"),
    ACCESS_OIDC_ISSUER(
            "access.oidc.issuer",
            Kind.ADDRESS,
            "",
            "identity provider (OpenID Connect) at which people sign in, such as https://login.example/realms/main"),
    ACCESS_OIDC_CLIENT_ID(
            "access.oidc.client-id", Kind.OPTIONAL, "", "name under which this server is registered at the provider"),
    ACCESS_OIDC_CLIENT_SECRET("access.oidc.client-secret", Kind.OPTIONAL, "", "secret of this server at the provider"),
    ACCESS_OIDC_CLIENT_SECRET_FILE(
            "access.oidc.client-secret-file",
            Kind.OPTIONAL,
            "",
            "file whose first line is the secret, instead of access.oidc.client-secret"),
    ACCESS_OIDC_SCOPES(
            "access.oidc.scopes",
            Kind.TEXT,
            "openid profile email",
            "what this server asks the provider for; some providers name groups only with a scope groups"),
    ACCESS_OIDC_GROUPS_CLAIM(
            "access.oidc.groups-claim",
            Kind.TEXT,
            "groups",
            "claims of the provider's ID token whose values are the groups of access.groups, separated by commas"),
    ACCESS_SESSION_IDLE("access.session-idle", Kind.DURATION, "8h", "time after which an unused session ends"),
    ACCESS_SESSION_MAX("access.session-max", Kind.DURATION, "7d", "time after which every session ends"),
    ACCESS_MAX_RUNNING_TASKS(
            "access.max-running-tasks",
            Kind.LIMIT,
            "1000",
            "largest number of running tasks that one person or token started; 0 for no limit"),
    ACCESS_MAX_TASKS_PER_HOUR(
            "access.max-tasks-per-hour",
            Kind.LIMIT,
            "5000",
            "largest number of tasks that one person or token starts within an hour; 0 for no limit"),
    ACCESS_MAX_QUERIES(
            "access.max-queries",
            Kind.LIMIT,
            "24",
            "largest number of views that one server computes at the same time for one person or token; 0 for no limit"),
    ACCESS_MAX_OPENED_PER_DAY(
            "access.max-opened-per-day",
            Kind.SPACE,
            "100GB",
            "largest size of all files together that one person or token opens within 24 hours; 0B for no limit"),
    ACCESS_METRICS("access.metrics", Kind.FLAG, "false", "whether /metrics is open to everybody while people sign in"),
    AUDIT_KEPT("audit.kept", Kind.DURATION, "365d", "retention of the audit log"),
    AUDIT_FILE(
            "audit.file",
            Kind.OPTIONAL,
            "",
            "file that also gets each entry of the audit log as a line of JSON; - for standard output"),
    HTTP_HOST(
            "http.host",
            Kind.TEXT,
            "127.0.0.1",
            "address of the web page and the REST interface; 0.0.0.0 opens it to the network"),
    HTTP_PORT("http.port", Kind.PORT, "12800", "port of the web page and the REST interface; 0 takes a free one"),
    HTTP_TLS_CERTIFICATE(
            "http.tls.certificate",
            Kind.OPTIONAL,
            "",
            "file with the HTTP port's certificate chain (PEM), read again when it changes; with it the port speaks HTTPS only"),
    HTTP_TLS_KEY("http.tls.key", Kind.OPTIONAL, "", "file with the key of the certificate (PEM, PKCS#8)"),
    HTTP_BASE_PATH(
            "http.base-path",
            Kind.PATH,
            "",
            "path of the web address below which everything is, such as /davylamp behind a shared proxy; empty for /"),
    HTTP_PROXIES(
            "http.proxies",
            Kind.NETWORKS,
            "",
            "addresses of reverse proxies whose X-Forwarded-For, -Proto and -Host count, such as 10.0.0.5 or 10.0.0.0/8"),
    HTTP_HOSTS(
            "http.hosts",
            Kind.HOSTS,
            "",
            "host names that the HTTP port answers to, besides localhost and addresses; empty: all, on loopback none"),
    HTTP_ORIGINS(
            "http.origins",
            Kind.OPTIONAL,
            "",
            "other sites, such as https://ui.example, whose pages may send requests; separated by commas"),
    HTTP_TIMEOUT(
            "http.timeout",
            Kind.DURATION,
            "60s",
            "longest time for a request to arrive and to be answered; opened files and downloads have their own limits"),
    PAGE_SOURCE_LINK(
            "page.source-link",
            Kind.LINK,
            "",
            "address of the source of a method, to which the page links, such as https://git/{class-as-path}"),
    DATA_FOLDER("data.folder", Kind.TEXT, "davylamp-data", "folder of the database, recordings and profiles"),
    DATA_DATABASE(
            "data.database",
            Kind.DATABASE,
            "",
            "PostgreSQL database that keeps the rows, such as jdbc:postgresql://db/davylamp; empty keeps them in data.folder"),
    DATA_DATABASE_USER("data.database-user", Kind.TEXT, "davylamp", "role that the server has in that database"),
    DATA_DATABASE_PASSWORD("data.database-password", Kind.OPTIONAL, "", "password of that role"),
    DATA_DATABASE_PASSWORD_FILE(
            "data.database-password-file",
            Kind.OPTIONAL,
            "",
            "file whose first line is the password, instead of data.database-password"),
    DATA_DATABASE_TLS(
            "data.database-tls",
            Kind.TLS,
            "prefer",
            "TLS to the database; verify-full also checks whose certificate it is"),
    DATA_DATABASE_CONNECTIONS(
            "data.database-connections", Kind.COUNT, "10", "largest number of connections to the database; 2 or more"),
    DATA_BLOBS(
            "data.blobs",
            Kind.OPTIONAL,
            "",
            "bucket of recordings and profiles, such as s3://bucket/prefix; empty keeps them as files in data.folder"),
    DATA_BLOBS_ENDPOINT(
            "data.blobs-endpoint",
            Kind.ADDRESS,
            "",
            "address of the service that has the bucket, such as https://ceph.example:7480; empty for AWS"),
    DATA_BLOBS_REGION(
            "data.blobs-region",
            Kind.OPTIONAL,
            "",
            "region of the bucket; empty takes AWS_REGION, or that of the machine's profile or role"),
    DATA_BLOBS_PATH_STYLE(
            "data.blobs-path-style",
            Kind.FLAG,
            "true",
            "whether the bucket's name is in the path of requests; if false, it is in the host name"),
    DATA_BLOBS_UNFINISHED(
            "data.blobs-unfinished",
            Kind.DURATION,
            "7d",
            "age at which an unfinished upload is removed from the bucket; longer than any upload takes"),
    DATA_MIN_FREE(
            "data.min-free",
            Kind.SPACE,
            "256MB",
            "free disk that uploads must leave; an upload that would use it is refused"),
    DATA_KEPT("data.kept", Kind.DURATION, "30d", "retention of tasks and their recordings"),
    TASK_MAX_DURATION("task.max-duration", Kind.DURATION, "1h", "longest duration of a task"),
    TASK_MAX_INSTANCES("task.max-instances", Kind.COUNT, "1000", "largest number of instances of a task"),
    TASK_GRACE("task.grace", Kind.DURATION, "5m", "time that an assignment may take to deliver after its end"),
    UPLOAD_MAX_SIZE("upload.max-size", Kind.SIZE, "512MB", "largest recording, inclusive"),
    UPLOAD_PARALLEL(
            "upload.parallel",
            Kind.COUNT,
            "64",
            "uploads at the same time; those to a bucket may fill half of the heap, at 6 MB each"),
    RECORDINGS_SCRUB(
            "recordings.scrub",
            Kind.FLAG,
            "true",
            "whether the server removes secrets from stored recordings: values of system properties, arguments, environment"),
    INDEX_THREADS("index.threads", Kind.THREADS, "1", "number of recordings that are read at the same time"),
    QUERY_MAX_NODES("query.max-nodes", Kind.COUNT, "200000", "largest number of nodes of a flame graph"),
    QUERY_CACHE_SIZE("query.cache-size", Kind.SPACE, "128MB", "memory for recently used profiles"),
    SKYWALKING_ENABLED(
            "skywalking.enabled",
            Kind.FLAG,
            "true",
            "whether the server serves SkyWalking's agents, command line and page"),
    SKYWALKING_PROFILING(
            "skywalking.profiling",
            Kind.FLAG,
            "true",
            "whether SkyWalking's agents get tasks; if false, SkyWalking's page and command line still show tasks of other agents"),
    SKYWALKING_MAX_DURATION(
            "skywalking.max-duration",
            Kind.DURATION,
            "20m",
            "longest task of SkyWalking's agents; must not exceed their own asyncprofiler.max_duration"),
    SKYWALKING_MAX_ELEMENTS(
            "skywalking.max-elements",
            Kind.COUNT,
            "10000",
            "largest number of elements of one analysis; smaller frames are summed"),
    SKYWALKING_UPSTREAM_GRPC(
            "skywalking.upstream.grpc",
            Kind.ADDRESS,
            "",
            "agent port of a SkyWalking server that gets everything except profiling; empty for none"),
    SKYWALKING_UPSTREAM_GRAPHQL(
            "skywalking.upstream.graphql",
            Kind.ADDRESS,
            "",
            "GraphQL address of that server, such as http://oap:12800/graphql; it answers everything except profiling");

    /** The form of a value. */
    public enum Kind {
        TEXT("text"),
        OPTIONAL("text, or nothing"),
        FLAG("true or false"),
        ADDRESS("host:port or a URL, or nothing"),
        PORT("0 to 65535"),
        LINK("an http or https URL with {class-as-path}, {class}, {method} or {line} behind its host, or nothing"),
        PATH("a path such as /davylamp, without a slash at its end, or nothing"),
        NETWORKS(
                "addresses such as 10.0.0.5 or networks such as 10.0.0.0/8 or fd00::/8, separated by commas, or nothing"),
        HOSTS("host names such as davy.example, without a port, separated by commas, or nothing"),
        COUNT("1 to 1000000000"),
        LIMIT("0 to 1000000000"),
        THREADS("1 to 256"),
        SIZE("a size such as 64MB (B, KB, MB, GB), from 1B to 1000000GB"),
        /** A size that may be nothing. */
        SPACE("a size such as 64MB (B, KB, MB, GB), from 0B to 1000000GB"),
        DATABASE("jdbc:postgresql://host:port/database without a password in it, or nothing"),
        TLS("disable, allow, prefer, require, verify-ca or verify-full"),
        DURATION("a time such as 30s (ms, s, m, h, d), from 1s to 3650d");

        private final String allowed;

        Kind(String allowed) {
            this.allowed = allowed;
        }

        public String allowed() {
            return allowed;
        }
    }

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*){0,10}");
    private static final Pattern LINK =
            Pattern.compile("https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?/[!-~&&[^\"'<>\\\\^`{|}]]*");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{(class-as-path|class|method|line)}");
    private static final int MOST_LINK_CHARACTERS = 1_000;
    private static final Pattern HOSTS = Pattern.compile("( *[A-Za-z0-9._-]{1,255} *(,|$)){0,100}");
    private static final Pattern ADDRESS =
            Pattern.compile("(https?://)?([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[!-~]*)?");
    /** Several hosts are separated by commas; what follows a question mark goes to the driver. */
    private static final Pattern DATABASE =
            Pattern.compile("jdbc:postgresql://[A-Za-z0-9._:,\\[\\]-]{1,1000}/[!-?A-~]{1,1000}");

    private static final Set<String> TLS_MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15}) ?(B|KB|MB|GB)");
    private static final long MAX_BYTES = 1_000_000L << 30;
    private static final Duration MIN_DURATION = Duration.ofSeconds(1);
    private static final Duration MAX_DURATION = Duration.ofDays(3650);
    private static final long MAX_THREADS = 256;
    private static final Pattern TIME = Pattern.compile("([0-9]{1,12}) ?(ms|s|m|h|d)");

    private final String key;
    private final Kind kind;
    private final String defaultText;
    private final String meaning;

    Setting(String key, Kind kind, String defaultText, String meaning) {
        this.key = key;
        this.kind = kind;
        this.defaultText = defaultText;
        this.meaning = meaning;
    }

    public String key() {
        return key;
    }

    public Kind kind() {
        return kind;
    }

    public String defaultText() {
        return defaultText;
    }

    public String meaning() {
        return meaning;
    }

    /** Returns whether the value must not be shown. */
    public boolean isSecret() {
        return this == AGENT_TOKEN || this == DATA_DATABASE_PASSWORD || this == ACCESS_OIDC_CLIENT_SECRET;
    }

    /** Returns whether all servers on one store should have the same value. */
    public boolean isShared() {
        return switch (this) {
            case AGENT_TOKEN,
                    ACCESS_USERS,
                    ACCESS_GROUPS,
                    ACCESS_CERTIFICATES,
                    ACCESS_OIDC_ISSUER,
                    ACCESS_OIDC_CLIENT_ID,
                    ACCESS_OIDC_CLIENT_SECRET,
                    ACCESS_OIDC_GROUPS_CLAIM,
                    ACCESS_SESSION_IDLE,
                    ACCESS_SESSION_MAX,
                    ACCESS_MAX_RUNNING_TASKS,
                    ACCESS_MAX_TASKS_PER_HOUR,
                    ACCESS_MAX_QUERIES,
                    ACCESS_MAX_OPENED_PER_DAY,
                    AUDIT_KEPT,
                    PAGE_SOURCE_LINK,
                    DATA_BLOBS,
                    DATA_KEPT,
                    TASK_MAX_DURATION,
                    TASK_MAX_INSTANCES,
                    TASK_GRACE,
                    UPLOAD_MAX_SIZE,
                    RECORDINGS_SCRUB,
                    SKYWALKING_ENABLED,
                    SKYWALKING_PROFILING,
                    SKYWALKING_MAX_DURATION -> true;
            default -> false;
        };
    }

    /** {@code DAVY_AGENT_PORT} for {@code agent.port}. */
    public String variable() {
        return "DAVY_" + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    static Optional<Setting> ofKey(String key) {
        return Arrays.stream(values())
                .filter(setting -> setting.key.equals(key))
                .findFirst();
    }

    static Optional<Setting> ofVariable(String variable) {
        return Arrays.stream(values())
                .filter(setting -> setting.variable().equals(variable))
                .findFirst();
    }

    boolean accepts(String text) {
        return switch (kind) {
            case TEXT -> !text.isBlank();
            case OPTIONAL -> true;
            case FLAG -> text.equals("true") || text.equals("false");
            case ADDRESS -> text.isEmpty() || ADDRESS.matcher(text).matches();
            case DATABASE ->
                text.isEmpty()
                        || DATABASE.matcher(text).matches()
                                && !text.toLowerCase(Locale.ROOT).contains("password");
            case TLS -> TLS_MODES.contains(text);
            case PATH -> PATH.matcher(text).matches();
            case LINK ->
                text.isEmpty()
                        || text.length() <= MOST_LINK_CHARACTERS
                                && PLACEHOLDER.matcher(text).find()
                                // No host has a tilde: it is the administrator's, not a class's.
                                && LINK.matcher(PLACEHOLDER.matcher(text).replaceAll("~"))
                                        .matches();
            case NETWORKS -> Networks.parse(text).isPresent();
            case HOSTS -> HOSTS.matcher(text).matches();
            case PORT -> text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= 65_535;
            case COUNT -> isNumber(text, 1, 1_000_000_000);
            case LIMIT -> isNumber(text, 0, 1_000_000_000);
            case THREADS -> isNumber(text, 1, MAX_THREADS);
            case SIZE -> isSize(text, 1);
            case SPACE -> isSize(text, 0);
            case DURATION -> TIME.matcher(text).matches() && isWithin(duration(text), MIN_DURATION, MAX_DURATION);
        };
    }

    private static boolean isNumber(String text, long min, long max) {
        return text.matches("[0-9]{1,10}") && isWithin(Long.parseLong(text), min, max);
    }

    private static boolean isSize(String text, long minBytes) {
        return SIZE.matcher(text).matches() && isWithin(sizeBytes(text), minBytes, MAX_BYTES);
    }

    private static <T extends Comparable<T>> boolean isWithin(T value, T min, T max) {
        return value.compareTo(min) >= 0 && value.compareTo(max) <= 0;
    }

    static long sizeBytes(String text) {
        Matcher size = matched(SIZE, text);
        long unit = switch (size.group(2)) {
            case "KB" -> 1L << 10;
            case "MB" -> 1L << 20;
            case "GB" -> 1L << 30;
            default -> 1;
        };
        long amount = Long.parseLong(size.group(1));
        return amount > Long.MAX_VALUE / unit ? Long.MAX_VALUE : amount * unit;
    }

    static Duration duration(String text) {
        Matcher time = matched(TIME, text);
        long amount = Long.parseLong(time.group(1));
        return switch (time.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            case "d" -> Duration.ofDays(amount);
            default -> Duration.ofSeconds(amount);
        };
    }

    private static Matcher matched(Pattern pattern, String text) {
        Matcher matcher = pattern.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(text);
        }
        return matcher;
    }
}
