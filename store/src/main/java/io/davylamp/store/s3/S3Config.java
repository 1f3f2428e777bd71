package io.davylamp.store.s3;

import java.net.URI;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the blobs are.
 *
 * @param prefix of every object's name; ends with a slash. All below it is ours
 * @param endpoint address of the service, such as {@code https://ceph.example:7480}; empty for AWS
 * @param region empty takes that of the environment, and {@code us-east-1} where an endpoint is given
 * @param pathStyle whether the bucket is in the path of the address, not in its host name
 * @param abandonedAfter age at which an unfinished upload is removed; who comes later begins anew
 */
public record S3Config(
        String bucket,
        String prefix,
        String endpoint,
        String region,
        boolean pathStyle,
        Duration abandonedAfter,
        Patience patience) {
    public static final Duration ABANDONED_AFTER = Duration.ofDays(7);

    /** Where none is given: the rest of the bucket may be somebody else's. */
    private static final String DEFAULT_PREFIX = "davylamp";

    private static final Pattern ADDRESS = Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([^/].*))?/?");
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*");

    /**
     * How long is waited.
     *
     * @param connect for a connection
     * @param attempt for one attempt of a call that moves few bytes
     * @param call for such a call with its repetitions
     * @param dataAttempt for one attempt to move a part of {@link io.davylamp.core.store.Blobs#PART_BYTES}
     * @param dataCall for such a call with its repetitions
     */
    public record Patience(Duration connect, Duration attempt, Duration call, Duration dataAttempt, Duration dataCall) {
        public static final Patience DEFAULT = new Patience(
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                Duration.ofSeconds(25),
                Duration.ofSeconds(30),
                Duration.ofSeconds(75));

        /** While the server starts, which someone waits for. */
        public static final Patience AT_START = of(Duration.ofSeconds(5), Duration.ofSeconds(10));

        /** The same for all calls. */
        public static Patience of(Duration attempt, Duration call) {
            return new Patience(attempt, attempt, call, attempt, call);
        }
    }

    /**
     * Reads {@code s3://bucket/prefix}; without a prefix it is {@code davylamp}.
     *
     * @throws IllegalArgumentException if the address or the endpoint is none; the message says what is expected
     */
    public static S3Config of(String address, String endpoint, String region, boolean pathStyle) {
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + address
                    + "\" is not s3://bucket or s3://bucket/prefix; a bucket's name has 3 to 63 characters of"
                    + " a-z 0-9 . -");
        }
        String prefix =
                matcher.group(2) == null ? DEFAULT_PREFIX : matcher.group(2).replaceAll("/+$", "");
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("the prefix \"" + prefix
                    + "\" is not a path of A-Z a-z 0-9 . _ - whose parts begin with a letter or digit");
        }
        if (!endpoint.isEmpty() && !isWebAddress(endpoint)) {
            throw new IllegalArgumentException(
                    "the endpoint \"" + endpoint + "\" is not http://host:port or https://host:port");
        }
        return new S3Config(
                matcher.group(1), prefix + "/", endpoint, region, pathStyle, ABANDONED_AFTER, Patience.DEFAULT);
    }

    public S3Config with(Patience other) {
        return new S3Config(bucket, prefix, endpoint, region, pathStyle, abandonedAfter, other);
    }

    public S3Config abandonedAfter(Duration age) {
        return new S3Config(bucket, prefix, endpoint, region, pathStyle, age, patience);
    }

    private static boolean isWebAddress(String endpoint) {
        try {
            URI uri = URI.create(endpoint);
            return ("http".equals(uri.getScheme()) || "https".equals(uri.getScheme())) && uri.getHost() != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** For people: {@code s3://bucket/prefix at https://…}. */
    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix.substring(0, prefix.length() - 1)
                + (endpoint.isEmpty() ? "" : " at " + endpoint);
    }
}
