package io.davylamp.testbed;

import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/**
 * A server that speaks S3, in this process, with one bucket in a folder; some of its answers can be 503, before or after it did
 * what it was asked for. Counts the requests that cost money. Thread-safe.
 */
public final class Bucket implements AutoCloseable {
    public static final String NAME = "davylamp";
    private static final String KEY = "the-key";
    private static final String SECRET = "the-secret";
    private static final int UNAVAILABLE = 503;
    private static final String UPLOAD_NOTE = ".s3proxy-mpu-stub-";

    private final BlobStore kept;
    private final S3Proxy server;
    private final Random random;
    private final AtomicLong writes = new AtomicLong();
    private final AtomicLong reads = new AtomicLong();
    private final AtomicLong unavailable = new AtomicLong();
    private final AtomicLong completesRefused = new AtomicLong();
    private final AtomicLong completesUntold = new AtomicLong();
    private final AtomicInteger toRefuse = new AtomicInteger();
    private final AtomicInteger toLeaveUntold = new AtomicInteger();
    private volatile double failing;

    /**
     * @param random decides which answers fail
     * @param folder for its objects; it is made
     */
    public Bucket(Random random, Path folder) throws Exception {
        this.random = random;
        kept = new FilesystemNio2BlobStore(Files.createDirectories(folder).toString());
        kept.createContainer(NAME);
        server = S3Proxy.builder()
                .blobStore(new Failing(kept))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, KEY, SECRET)
                .build();
        server.start();
    }

    public int port() {
        return server.getPort();
    }

    /** Settings of a server that keeps its recordings here, reached through a port. */
    public static List<String> settings(int port) {
        return List.of(
                "data.blobs=s3://" + NAME + "/cluster",
                "data.blobs-endpoint=http://127.0.0.1:" + port,
                "data.blobs-region=us-east-1");
    }

    /** Environment of such a server. */
    public static Map<String, String> credentials() {
        return Map.of("AWS_ACCESS_KEY_ID", KEY, "AWS_SECRET_ACCESS_KEY", SECRET);
    }

    /** From now on this share of the calls is answered with 503: 0 for none, 1 for all. */
    public void fail(double share) {
        failing = share;
    }

    /** Requests so far that write: a whole object, a part, the begin and the end of an upload in parts. */
    public long writes() {
        return writes.get();
    }

    /** Requests so far that read an object or a range of one. */
    public long reads() {
        return reads.get();
    }

    /** The next calls that finish a multipart upload, so many of them, are answered with an error and do nothing. */
    public void refuseCompletes(int calls) {
        toRefuse.set(calls);
    }

    /**
     * The same calls do what they were asked for, and are answered with an error all the same. It comes, as with AWS, in the body of
     * an answer 200, which began while the parts were joined.
     */
    public void leaveCompletesUntold(int calls) {
        toLeaveUntold.set(calls);
    }

    /** Passes everything on again. */
    public void heal() {
        fail(0);
        refuseCompletes(0);
        leaveCompletesUntold(0);
    }

    /** How many calls were answered with 503, by what for. */
    public Map<String, Long> failed() {
        return new TreeMap<>(Map.of(
                "S3 calls answered 503", unavailable.get(),
                "S3 COMPLETE refused with an error", completesRefused.get(),
                "S3 COMPLETE done and answered with an error", completesUntold.get()));
    }

    /** The names of all objects but S3Proxy's own notes: it forgets those of uploads whose end was answered with an error. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        String after = null;
        do {
            ListObjectsV2Response page = kept.list(ListObjectsV2Request.builder()
                    .bucket(NAME)
                    .continuationToken(after)
                    .build());
            page.contents().stream()
                    .map(S3Object::key)
                    .filter(name -> !name.endsWith("/") && !name.startsWith(UPLOAD_NOTE))
                    .forEach(names::add);
            after = Boolean.TRUE.equals(page.isTruncated()) ? page.nextContinuationToken() : null;
        } while (after != null);
        return names;
    }

    /** The number of multipart uploads that nobody ended. */
    public int unfinished() {
        return kept.listMultipartUploads(NAME).size();
    }

    @Override
    public void close() throws Exception {
        server.stop();
    }

    private final class Failing extends ForwardingBlobStore {
        Failing(BlobStore kept) {
            super(kept);
        }

        private void maybeFail() {
            if (failing > 0 && random.nextDouble() < failing) {
                unavailable.incrementAndGet();
                throw S3Exceptions.fromStatusCode(UNAVAILABLE);
            }
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
            writes.incrementAndGet();
            // S3Proxy notes each upload in an object of its own; without it, it lists the upload and cannot abort it.
            if (!request.key().startsWith(UPLOAD_NOTE)) {
                maybeFail();
            }
            return super.putBlob(request, bytes);
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
            reads.incrementAndGet();
            maybeFail();
            return super.getBlob(request);
        }

        @Override
        public ListObjectsV2Response list(ListObjectsV2Request request) {
            maybeFail();
            return super.list(request);
        }

        @Override
        public UploadPartResponse uploadMultipartPart(
                MultipartUpload upload, UploadPartRequest request, InputStream bytes) {
            writes.incrementAndGet();
            maybeFail();
            return super.uploadMultipartPart(upload, request, bytes);
        }

        @Override
        public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
            writes.incrementAndGet();
            maybeFail();
            return super.initiateMultipartUpload(request);
        }

        @Override
        public CompleteMultipartUploadResponse completeMultipartUpload(
                MultipartUpload upload, CompleteMultipartUploadRequest request) {
            writes.incrementAndGet();
            maybeFail();
            if (oneOf(toRefuse)) {
                completesRefused.incrementAndGet();
                throw S3Exceptions.fromStatusCode(UNAVAILABLE);
            }
            CompleteMultipartUploadResponse done = super.completeMultipartUpload(upload, request);
            if (oneOf(toLeaveUntold)) {
                completesUntold.incrementAndGet();
                throw S3Exceptions.fromStatusCode(UNAVAILABLE);
            }
            return done;
        }

        private static boolean oneOf(AtomicInteger calls) {
            return calls.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        }
    }
}
