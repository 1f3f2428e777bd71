package io.davylamp.store.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.davylamp.core.store.BlobsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

class S3FaultsTest {
    private final S3Faults faults =
            new S3Faults(S3Config.of("s3://bucket/below", "http://127.0.0.1:1", "us-east-1", true));

    private BlobsException of(int status, String code) {
        return faults.of(
                (S3Exception) S3Exception.builder()
                        .statusCode(status)
                        .awsErrorDetails(
                                AwsErrorDetails.builder().errorCode(code).build())
                        .build(),
                "finish an upload",
                "s3:PutObject");
    }

    @ParameterizedTest
    @ValueSource(strings = {"InternalError", "ServiceUnavailable", "SlowDown"})
    void anErrorInAnAnswerThatBeganAs200IsToBeTriedAgain(String code) {
        assertThat(of(200, code).kind()).isEqualTo(BlobsException.Kind.AWAY);
        assertThat(of(200, code)).hasMessageEndingWith("try again later");
    }

    @Test
    void aMissingRightIsNamed() {
        assertThat(of(403, "AccessDenied").kind()).isEqualTo(BlobsException.Kind.REFUSED);
        assertThat(of(403, "AccessDenied")).hasMessageContaining("s3:PutObject");
    }
}
