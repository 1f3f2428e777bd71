package io.davylamp.store.s3;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** A server that speaks S3, in this process, with one bucket in memory; it can be told to refuse and to lose answers. */
final class S3Server implements AutoCloseable {
    static final String BUCKET = "davylamp-test";
    static final AwsCredentialsProvider CREDENTIALS = credentials("the-key", "the-secret");

    /** A call that can be refused. */
    enum Call {
        PUT,
        GET,
        LIST,
        BEGIN,
        PART,
        LIST_PARTS,
        COMPLETE,
        ABORT,
        DELETE
    }

    private final BlobStore kept = new TransientNio2BlobStore();
    private final S3Proxy proxy;
    private volatile Call refused;
    private volatile int status;
    private final AtomicInteger refusals = new AtomicInteger();
    private volatile boolean losesAnswers;
    private volatile boolean listsNothing;
    private final AtomicInteger reads = new AtomicInteger();

    S3Server() throws Exception {
        kept.createContainer(BUCKET);
        proxy = S3Proxy.builder()
                .blobStore(new Unreliable(kept))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "the-key", "the-secret")
                .build();
        proxy.start();
    }

    static AwsCredentialsProvider credentials(String key, String secret) {
        return StaticCredentialsProvider.create(AwsBasicCredentials.create(key, secret));
    }

    S3Config config(String prefix) {
        return S3Config.of("s3://" + BUCKET + "/" + prefix, endpoint(), "us-east-1", true);
    }

    String endpoint() {
        return "http://127.0.0.1:" + proxy.getPort();
    }

    BlobStore kept() {
        return kept;
    }

    /** Names of all objects below the prefix. */
    List<String> names(String prefix) {
        return kept
                .list(ListObjectsV2Request.builder()
                        .bucket(BUCKET)
                        .prefix(prefix + "/")
                        .build())
                .contents()
                .stream()
                .map(S3Object::key)
                .filter(name -> !name.endsWith("/"))
                .toList();
    }

    /** Number of unfinished uploads below the prefix. */
    long uploads(String prefix) {
        return kept.listMultipartUploads(BUCKET).stream()
                .filter(upload -> upload.key().startsWith(prefix + "/"))
                .count();
    }

    /** From now on so many calls of this kind are answered with {@code status}. */
    void refuse(Call call, int status, int times) {
        this.status = status;
        refusals.set(times);
        refused = call;
    }

    /** From now on, refused calls are carried out: only the answer says that they failed. */
    void loseAnswers() {
        losesAnswers = true;
    }

    /** As a service whose listing is late. */
    void listNothing(boolean nothing) {
        listsNothing = nothing;
    }

    void work() {
        refused = null;
        losesAnswers = false;
        listsNothing = false;
    }

    /** How many objects or ranges were read. */
    int reads() {
        return reads.get();
    }

    @Override
    public void close() throws Exception {
        proxy.stop();
    }

    private final class Unreliable extends ForwardingBlobStore {
        Unreliable(BlobStore kept) {
            super(kept);
        }

        private <T> T now(Call call, Supplier<T> work) {
            boolean refuses = refused == call && refusals.getAndDecrement() > 0;
            T answer = refuses && !losesAnswers ? null : work.get();
            if (refuses) {
                throw S3Exceptions.fromStatusCode(status);
            }
            return answer;
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
            return now(Call.PUT, () -> super.putBlob(request, bytes));
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
            reads.incrementAndGet();
            return now(Call.GET, () -> super.getBlob(request));
        }

        @Override
        public ListObjectsV2Response list(ListObjectsV2Request request) {
            return listsNothing
                    ? ListObjectsV2Response.builder().isTruncated(false).build()
                    : now(Call.LIST, () -> super.list(request));
        }

        @Override
        public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
            return now(Call.BEGIN, () -> super.initiateMultipartUpload(request));
        }

        @Override
        public UploadPartResponse uploadMultipartPart(
                MultipartUpload upload, UploadPartRequest request, InputStream bytes) {
            return now(Call.PART, () -> super.uploadMultipartPart(upload, request, bytes));
        }

        @Override
        public List<Part> listMultipartUpload(MultipartUpload upload) {
            return now(Call.LIST_PARTS, () -> super.listMultipartUpload(upload));
        }

        @Override
        public CompleteMultipartUploadResponse completeMultipartUpload(
                MultipartUpload upload, CompleteMultipartUploadRequest request) {
            return now(Call.COMPLETE, () -> super.completeMultipartUpload(upload, request));
        }

        @Override
        public void abortMultipartUpload(MultipartUpload upload) {
            now(Call.ABORT, () -> {
                super.abortMultipartUpload(upload);
                return null;
            });
        }

        @Override
        public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
            return now(Call.DELETE, () -> super.removeBlob(request));
        }
    }
}
