package io.davylamp.testbed;

import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Random;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** A server that speaks S3, in this process, with one bucket in memory; some of its answers can be 503. Thread-safe. */
public final class Bucket implements AutoCloseable {
    public static final String NAME = "davylamp";
    static final String KEY = "the-key";
    static final String SECRET = "the-secret";
    private static final int UNAVAILABLE = 503;

    private final BlobStore kept = new TransientNio2BlobStore();
    private final S3Proxy server;
    private final Random random;
    private volatile double failing;

    /** @param random decides which answers fail */
    public Bucket(Random random) throws Exception {
        this.random = random;
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

    /** From now on this share of the calls is answered with 503: 0 for none, 1 for all. */
    public void fail(double share) {
        failing = share;
    }

    /** The names of all objects. */
    public List<String> names() {
        return kept.list(ListObjectsV2Request.builder().bucket(NAME).build()).contents().stream()
                .map(S3Object::key)
                .filter(name -> !name.endsWith("/"))
                .toList();
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
                throw S3Exceptions.fromStatusCode(UNAVAILABLE);
            }
        }

        @Override
        public PutObjectResponse putBlob(PutObjectRequest request, InputStream bytes) {
            maybeFail();
            return super.putBlob(request, bytes);
        }

        @Override
        public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
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
            maybeFail();
            return super.uploadMultipartPart(upload, request, bytes);
        }
    }
}
