package io.davylamp.store.s3;

import io.davylamp.core.store.BlobsContract;
import java.io.IOException;
import java.net.URI;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;

/**
 * The contract on a real service: {@code DAVY_TEST_BUCKET} names the bucket, {@code DAVY_TEST_ENDPOINT} the service, and the
 * credentials come from the usual chain. Each test uses a prefix of its own. {@code store/ceph} runs it on a Ceph gateway.
 */
@EnabledIfEnvironmentVariable(named = "DAVY_TEST_BUCKET", matches = "[a-z0-9.-]+")
class GivenBucketTest extends BlobsContract {
    private final String prefix = "davylamp-test/" + UUID.randomUUID();
    private S3Blobs opened;

    private static String endpoint() {
        return System.getenv("DAVY_TEST_ENDPOINT");
    }

    @BeforeAll
    static void createBucket() {
        try (S3Client s3 = S3Client.builder()
                .endpointOverride(URI.create(endpoint()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            s3.createBucket(request -> request.bucket(System.getenv("DAVY_TEST_BUCKET")));
        } catch (BucketAlreadyOwnedByYouException e) {
            // As it should be.
        }
    }

    private S3Config config() {
        return S3Config.of("s3://" + System.getenv("DAVY_TEST_BUCKET") + "/" + prefix, endpoint(), "", true);
    }

    @Override
    protected S3Blobs openEmpty() throws IOException {
        opened = S3Blobs.open(config());
        return opened;
    }

    @Override
    protected S3Blobs openAgain() throws IOException {
        return S3Blobs.open(config());
    }

    @AfterEach
    void close() {
        opened.close();
    }

    @Test
    void removesWhatIsAbandoned() throws IOException {
        opened.removeAbandoned();
    }
}
