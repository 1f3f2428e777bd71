package io.davylamp.store.s3;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsException;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/**
 * Blobs as objects of a bucket. An object is visible when all its bytes are there, so a key that can be seen is whole. What is
 * not ours in the bucket is never read, listed or deleted. Nothing depends on what a listing says: where one is late, an
 * unfinished upload is removed later, by its age. Thread-safe, and any number of servers may use one bucket.
 *
 * <p>Beside the blobs, the prefix has {@code .tails/} (ends of unfinished blobs) and, while a server starts, {@code .check/}.
 *
 * <p>Memory: {@link Blobs#PART_BYTES} for each blob that is written, 5 MB at most for each that is read.
 */
public final class S3Blobs implements Blobs, AutoCloseable {
    static final String TAILS = ".tails/";
    static final String CHECKS = ".check/";

    private static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");

    private final Bucket bucket;
    private final List<String> warnings;

    private S3Blobs(Bucket bucket, List<String> warnings) {
        this.bucket = bucket;
        this.warnings = warnings;
    }

    /**
     * Opens a bucket after it was tried whether everything works that a server needs; takes at most some ten seconds.
     *
     * @throws BlobsException if something does not work: what was tried, and which right is missing
     */
    public static S3Blobs open(S3Config config) throws IOException {
        return open(config, DefaultCredentialsProvider.builder().build());
    }

    static S3Blobs open(S3Config config, AwsCredentialsProvider credentials) throws IOException {
        List<String> warnings;
        try (Bucket hasty = new Bucket(config.with(S3Config.Patience.AT_START), credentials)) {
            warnings = BucketCheck.run(hasty);
        }
        return new S3Blobs(new Bucket(config, credentials), warnings);
    }

    static S3Blobs unchecked(S3Config config, AwsCredentialsProvider credentials) throws IOException {
        return new S3Blobs(new Bucket(config, credentials), List.of());
    }

    /** What of the bucket may surprise who runs the server, in words. */
    public List<String> warnings() {
        return warnings;
    }

    private static String checked(String key) {
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException("\"" + key + "\" is no key");
        }
        return key;
    }

    @Override
    public Writer writer(String key) {
        return S3Upload.begin(bucket, checked(key), false);
    }

    @Override
    public Partial resume(String key, String token) throws IOException {
        return token.isEmpty()
                ? S3Upload.begin(bucket, checked(key), true)
                : S3Upload.resume(bucket, checked(key), token);
    }

    @Override
    public Optional<Blob> open(String key) throws IOException {
        return RangedBlob.open(bucket, checked(key));
    }

    @Override
    public void delete(String key) throws IOException {
        bucket.delete(checked(key));
        bucket.deleteAll(S3Upload.tails(key), Instant.MAX);
        bucket.abortAll(key, true, Instant.MAX);
    }

    @Override
    public long freeBytes() {
        return UNBOUNDED;
    }

    /**
     * Removes unfinished uploads and their tails that nobody continued for a week, by the service's own times. Safe on several
     * servers at once. Called now and then.
     *
     * @return how many were removed
     */
    public int removeAbandoned() throws IOException {
        Instant before = Instant.now().minus(bucket.abandonedAfter());
        return bucket.abortAll("", false, before) + bucket.deleteAll(TAILS, before) + bucket.deleteAll(CHECKS, before);
    }

    @Override
    public void close() {
        bucket.close();
    }
}
