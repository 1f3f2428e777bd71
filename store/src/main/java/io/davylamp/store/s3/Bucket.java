package io.davylamp.store.s3;

import io.davylamp.core.store.BlobsException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.AwsRequestOverrideConfiguration;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.RetryableException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListMultipartUploadsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ListPartsResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * The calls to one bucket, each bounded in time and repeated by the SDK when that may help. Names are without the prefix. What
 * fails says so in words ({@link BlobsException}). Thread-safe.
 */
final class Bucket implements AutoCloseable {
    /** Which upload made an object. */
    private static final String ATTEMPT = "davylamp-attempt";

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]+)-([0-9]+)/([0-9]{1,18})");
    private static final int PAGE = 1000;

    private final S3Config config;
    private final S3Faults faults;
    private final S3Client s3;
    private final AwsRequestOverrideConfiguration data;

    Bucket(S3Config config, AwsCredentialsProvider credentials) throws BlobsException {
        this.config = config;
        this.faults = new S3Faults(config);
        S3Config.Patience patience = config.patience();
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(patience.connect())
                        .socketTimeout(patience.dataAttempt()))
                .credentialsProvider(credentials)
                .region(region())
                .forcePathStyle(config.pathStyle())
                // Ceph refuses what is sent with the newer checksums, and what is sent in signed chunks.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
                .serviceConfiguration(S3Configuration.builder()
                        .chunkedEncodingEnabled(false)
                        .expectContinueEnabled(false)
                        .build())
                .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD)
                        .apiCallAttemptTimeout(patience.attempt())
                        .apiCallTimeout(patience.call()));
        if (!config.endpoint().isEmpty()) {
            builder.endpointOverride(URI.create(config.endpoint()));
        }
        this.s3 = builder.build();
        this.data = AwsRequestOverrideConfiguration.builder()
                .apiCallAttemptTimeout(patience.dataAttempt())
                .apiCallTimeout(patience.dataCall())
                .build();
    }

    private Region region() throws BlobsException {
        if (!config.region().isEmpty()) {
            return Region.of(config.region());
        }
        if (!config.endpoint().isEmpty()) {
            // Most services but AWS ignore it; asking the machine's role for it would only take time.
            String named = System.getProperty("aws.region", System.getenv().getOrDefault("AWS_REGION", "us-east-1"));
            return Region.of(named);
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion();
        } catch (SdkClientException e) {
            throw new BlobsException(
                    BlobsException.Kind.REFUSED, "the region of " + config + " is not known; set data.blobs-region", e);
        }
    }

    S3Config config() {
        return config;
    }

    private <T> T call(String action, String right, Supplier<T> call) throws IOException {
        try {
            return call.get();
        } catch (SdkException e) {
            throw faults.of(e, action, right);
        }
    }

    private static boolean isMissing(AwsServiceException e) {
        return e.statusCode() == 404 && !S3Faults.code(e).equals("NoSuchBucket");
    }

    private String name(String name) {
        return config.prefix() + name;
    }

    /** Writes an object, which is visible when all its bytes are there. */
    void put(String name, PartBuffer bytes, String attempt) throws IOException {
        String md5 = bytes.md5();
        call(
                "write an object",
                "s3:PutObject",
                () -> s3.putObject(
                        request -> request.bucket(config.bucket())
                                .key(name(name))
                                .contentMD5(md5)
                                .metadata(attempt.isEmpty() ? Map.of() : Map.of(ATTEMPT, attempt))
                                .overrideConfiguration(data),
                        body(bytes)));
    }

    private static RequestBody body(PartBuffer bytes) {
        return RequestBody.fromContentProvider(bytes::stream, bytes.size(), "application/octet-stream");
    }

    /** @return the id of the upload */
    String begin(String name, String attempt) throws IOException {
        return call(
                "begin an upload",
                "s3:PutObject",
                () -> s3.createMultipartUpload(request ->
                                request.bucket(config.bucket()).key(name(name)).metadata(Map.of(ATTEMPT, attempt)))
                        .uploadId());
    }

    /** @return the tag of the part, without quotes */
    String part(String name, String uploadId, int number, PartBuffer bytes) throws IOException {
        String md5 = bytes.md5();
        return unquoted(call(
                "write a part of an object",
                "s3:PutObject",
                () -> s3.uploadPart(
                                request -> request.bucket(config.bucket())
                                        .key(name(name))
                                        .uploadId(uploadId)
                                        .partNumber(number)
                                        .contentMD5(md5)
                                        .overrideConfiguration(data),
                                body(bytes))
                        .eTag()));
    }

    /** A part that arrived. */
    record Arrived(String etag, long bytes) {}

    /** The parts that arrived, by number; empty when there is no such upload any more. */
    Optional<Map<Integer, Arrived>> parts(String name, String uploadId) throws IOException {
        Map<Integer, Arrived> parts = new HashMap<>();
        Integer after = null;
        while (true) {
            Integer marker = after;
            ListPartsResponse page;
            try {
                page = s3.listParts(request -> request.bucket(config.bucket())
                        .key(name(name))
                        .uploadId(uploadId)
                        .partNumberMarker(marker)
                        .maxParts(PAGE));
            } catch (AwsServiceException e) {
                if (isMissing(e)) {
                    return Optional.empty();
                }
                throw faults.of(e, "list the parts of an upload", "s3:ListMultipartUploadParts");
            } catch (SdkException e) {
                throw faults.of(e, "list the parts of an upload", "s3:ListMultipartUploadParts");
            }
            for (Part part : page.parts()) {
                parts.put(part.partNumber(), new Arrived(unquoted(part.eTag()), part.size()));
            }
            Integer next = page.nextPartNumberMarker();
            if (!Boolean.TRUE.equals(page.isTruncated()) || next == null || next.equals(after)) {
                return Optional.of(parts);
            }
            after = next;
        }
    }

    /** Makes an object of the parts, in their order. */
    void complete(String name, String uploadId, List<String> etags) throws IOException {
        List<CompletedPart> parts = new ArrayList<>();
        for (String etag : etags) {
            parts.add(CompletedPart.builder()
                    .partNumber(parts.size() + 1)
                    .eTag('"' + etag + '"')
                    .build());
        }
        call(
                "finish an upload",
                "s3:PutObject",
                () -> s3.completeMultipartUpload(request -> request.bucket(config.bucket())
                        .key(name(name))
                        .uploadId(uploadId)
                        .multipartUpload(upload -> upload.parts(parts))
                        // Some services join the parts before they answer.
                        .overrideConfiguration(data)));
    }

    /** Nothing happens when there is none. */
    void abort(String name, String uploadId) throws IOException {
        abortFull(name(name), uploadId);
    }

    private void abortFull(String key, String uploadId) throws IOException {
        try {
            s3.abortMultipartUpload(
                    request -> request.bucket(config.bucket()).key(key).uploadId(uploadId));
        } catch (SdkException e) {
            if (!(e instanceof AwsServiceException answer && isMissing(answer))) {
                throw faults.of(e, "abort an upload", "s3:AbortMultipartUpload");
            }
        }
    }

    /**
     * The object's size and mark.
     *
     * @param attempt what {@link #put} or {@link #begin} was given; empty when nothing
     */
    record Head(long sizeBytes, String attempt) {}

    Optional<Head> head(String name) throws IOException {
        try {
            HeadObjectResponse head =
                    s3.headObject(request -> request.bucket(config.bucket()).key(name(name)));
            return Optional.of(new Head(head.contentLength(), head.metadata().getOrDefault(ATTEMPT, "")));
        } catch (AwsServiceException e) {
            if (e.statusCode() == 404) {
                return Optional.empty();
            }
            throw faults.of(e, "look for an object", "s3:GetObject");
        } catch (SdkException e) {
            throw faults.of(e, "look for an object", "s3:GetObject");
        }
    }

    /**
     * Bytes of an object.
     *
     * @param bytes how many were read
     * @param sizeBytes of the whole object
     * @param etag names these bytes; other bytes have another one
     */
    record Range(int bytes, long sizeBytes, String etag) {}

    /**
     * Reads bytes of an object into an array; fewer only at its end.
     *
     * @param etag reads only if the object still has this tag; empty reads whatever is there
     * @return empty when there is no such object
     */
    Optional<Range> read(String name, long position, byte[] into, int offset, int length, String etag)
            throws IOException {
        GetObjectRequest.Builder request = GetObjectRequest.builder()
                .bucket(config.bucket())
                .key(name(name))
                .range("bytes=" + position + "-" + (position + length - 1))
                .overrideConfiguration(data);
        if (!etag.isEmpty()) {
            request.ifMatch('"' + etag + '"');
        }
        try {
            return Optional.of(s3.getObject(request.build(), transformer(position, into, offset, length)));
        } catch (AwsServiceException e) {
            if (isMissing(e)) {
                return Optional.empty();
            }
            if (e.statusCode() == 416) { // an empty object has no first byte
                return head(name).map(head -> new Range(0, head.sizeBytes(), ""));
            }
            throw faults.of(e, "read an object", "s3:GetObject");
        } catch (SdkException e) {
            throw faults.of(e, "read an object", "s3:GetObject");
        }
    }

    private static ResponseTransformer<GetObjectResponse, Range> transformer(
            long position, byte[] into, int offset, int length) {
        return new ResponseTransformer<>() {
            @Override
            public Range transform(GetObjectResponse response, AbortableInputStream in) throws Exception {
                Matcher range = CONTENT_RANGE.matcher(String.valueOf(response.contentRange()));
                long size;
                if (range.matches()) {
                    size = Long.parseLong(range.group(3));
                    if (Long.parseLong(range.group(1)) != position) {
                        in.abort();
                        throw SdkClientException.create("bytes from " + position + " were asked for, and bytes from "
                                + range.group(1) + " came");
                    }
                } else if (position == 0 && response.contentLength() != null && response.contentLength() <= length) {
                    size = response.contentLength();
                } else {
                    in.abort();
                    throw SdkClientException.create("a range of bytes was asked for, and the whole came");
                }
                int expected = (int) Math.min(length, size - position);
                int read = fill(in, into, offset, expected);
                if (read < expected) {
                    throw RetryableException.create(
                            "the answer ended after " + read + " of " + expected + " bytes", new EOFException());
                }
                return new Range(read, size, unquoted(response.eTag()));
            }

            @Override
            public String name() {
                return "range";
            }
        };
    }

    private static int fill(InputStream in, byte[] into, int offset, int length) throws IOException {
        try {
            return in.readNBytes(into, offset, length);
        } catch (IOException e) {
            throw RetryableException.create("the answer broke", e);
        }
    }

    /** Nothing happens when there is none. */
    void delete(String name) throws IOException {
        deleteFull(name(name));
    }

    private void deleteFull(String key) throws IOException {
        try {
            s3.deleteObject(request -> request.bucket(config.bucket()).key(key));
        } catch (SdkException e) {
            if (!(e instanceof AwsServiceException answer && isMissing(answer))) {
                throw faults.of(e, "delete an object", "s3:DeleteObject");
            }
        }
    }

    /** Deletes the objects whose names begin so and that are older; a listing may be late and forget some. */
    int deleteAll(String beginning, Instant before) throws IOException {
        int gone = 0;
        String after = null;
        while (true) {
            String token = after;
            ListObjectsV2Response page = call(
                    "list objects",
                    "s3:ListBucket",
                    () -> s3.listObjectsV2(request -> request.bucket(config.bucket())
                            .prefix(name(beginning))
                            .continuationToken(token)
                            .maxKeys(PAGE)));
            for (S3Object object : page.contents()) {
                if (object.key().startsWith(name(beginning))
                        && object.lastModified().isBefore(before)) {
                    deleteFull(object.key());
                    gone++;
                }
            }
            after = page.nextContinuationToken();
            if (!Boolean.TRUE.equals(page.isTruncated()) || after == null) {
                return gone;
            }
        }
    }

    /**
     * Aborts the uploads of names that begin so, and that are older.
     *
     * @param exactly only those of this very name
     */
    int abortAll(String beginning, boolean exactly, Instant before) throws IOException {
        int gone = 0;
        String afterKey = null;
        String afterId = null;
        while (true) {
            String key = afterKey;
            String id = afterId;
            ListMultipartUploadsResponse page = call(
                    "list unfinished uploads",
                    "s3:ListBucketMultipartUploads",
                    () -> s3.listMultipartUploads(request -> request.bucket(config.bucket())
                            .prefix(name(beginning))
                            .keyMarker(key)
                            .uploadIdMarker(id)
                            .maxUploads(PAGE)));
            for (MultipartUpload upload : page.uploads()) {
                boolean ours = exactly
                        ? upload.key().equals(name(beginning))
                        : upload.key().startsWith(name(beginning));
                if (ours && (upload.initiated() == null || upload.initiated().isBefore(before))) {
                    abortFull(upload.key(), upload.uploadId());
                    gone++;
                }
            }
            afterKey = page.nextKeyMarker();
            afterId = page.nextUploadIdMarker();
            if (!Boolean.TRUE.equals(page.isTruncated()) || afterKey == null || afterKey.isEmpty()) {
                return gone;
            }
        }
    }

    /** Whether the bucket keeps what is deleted; false where that may not be asked. */
    boolean keepsVersions() {
        try {
            return s3.getBucketVersioning(request -> request.bucket(config.bucket()))
                            .status()
                    == BucketVersioningStatus.ENABLED;
        } catch (SdkException e) {
            return false;
        }
    }

    static String unquoted(String etag) {
        return etag == null ? "" : etag.replace("\"", "");
    }

    Duration abandonedAfter() {
        return config.abandonedAfter();
    }

    @Override
    public void close() {
        s3.close();
    }
}
