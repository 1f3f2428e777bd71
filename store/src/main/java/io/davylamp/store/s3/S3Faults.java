package io.davylamp.store.s3;

import io.davylamp.core.store.BlobsException;
import io.davylamp.core.store.BlobsException.Kind;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** What went wrong with a bucket, in words for who runs the server. The one table from S3's answers to ours. */
final class S3Faults {
    private final S3Config config;

    S3Faults(S3Config config) {
        this.config = config;
    }

    /**
     * @param action what was tried, such as "write an object"
     * @param right the name of the right that it needs, such as {@code s3:PutObject}
     */
    BlobsException of(SdkException e, String action, String right) {
        String tried = "the server cannot " + action + " in " + config + ": ";
        return e instanceof AwsServiceException answer
                ? answered(answer, tried, right)
                : unanswered((SdkClientException) e, tried);
    }

    static String code(AwsServiceException e) {
        String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
        return code == null ? "" : code;
    }

    private BlobsException answered(AwsServiceException e, String tried, String right) {
        String code = code(e);
        int status = e.statusCode();
        String answer = tried + "it answers " + status + (code.isEmpty() ? "" : " " + code) + message(e);
        return switch (code) {
            case "NoSuchBucket" ->
                refused(answer + "; create the bucket \"" + config.bucket() + "\" or correct data.blobs", e);
            case "InvalidAccessKeyId" ->
                refused(
                        answer
                                + "; it does not know the access key: correct AWS_ACCESS_KEY_ID or what else the credentials come"
                                + " from",
                        e);
            case "SignatureDoesNotMatch" ->
                refused(
                        answer
                                + "; the secret key is wrong: correct AWS_SECRET_ACCESS_KEY or what else the credentials come from",
                        e);
            case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
                refused(answer + "; the session of the credentials has ended: renew them", e);
            case "RequestTimeTooSkewed" ->
                refused(answer + "; the clocks of this machine and of the service differ too much: set the clock", e);
            case "PermanentRedirect", "AuthorizationHeaderMalformed", "IllegalLocationConstraintException" ->
                refused(
                        answer + region(e)
                                + "; set data.blobs-region to the region of the bucket and data.blobs-endpoint to its address",
                        e);
            // Also in the body of an answer 200, which began before the service was done.
            case "InternalError", "ServiceUnavailable", "SlowDown", "RequestTimeout" ->
                new BlobsException(Kind.AWAY, answer + "; try again later", e);
            case "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage" ->
                new BlobsException(Kind.FULL, answer + "; make room in the bucket or raise its quota", e);
            case "PreconditionFailed" ->
                new BlobsException(Kind.CHANGED, tried + "it was replaced while it was read; try again", e);
            default -> byStatus(e, status, answer, right);
        };
    }

    private BlobsException byStatus(AwsServiceException e, int status, String answer, String right) {
        if (status == 507) {
            return new BlobsException(Kind.FULL, answer + "; make room in the bucket or raise its quota", e);
        }
        if (status >= 500 || status == 429 || status == 408) {
            return new BlobsException(Kind.AWAY, answer + "; try again later", e);
        }
        if (status == 412) {
            return new BlobsException(Kind.CHANGED, answer + "; it was replaced while it was read; try again", e);
        }
        if (status == 301 || status == 307) {
            return refused(
                    answer + region(e)
                            + "; set data.blobs-region to the region of the bucket and data.blobs-endpoint to its address",
                    e);
        }
        return status == 401 || status == 403
                ? refused(answer + "; give the credentials the right " + right, e)
                : refused(answer + "; look at data.blobs, data.blobs-endpoint and data.blobs-path-style", e);
    }

    private static BlobsException refused(String message, SdkException e) {
        return new BlobsException(Kind.REFUSED, message, e);
    }

    private static String message(AwsServiceException e) {
        String message =
                e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorMessage();
        return message == null || message.isBlank() ? "" : " (" + cut(message) + ")";
    }

    private static String region(AwsServiceException e) {
        Optional<String> region =
                e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
                        ? Optional.empty()
                        : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
        return region.map(name -> "; the bucket is in the region " + cut(name)).orElse("");
    }

    private BlobsException unanswered(SdkClientException e, String tried) {
        Throwable root = root(e);
        String text = String.valueOf(e.getMessage());
        if (text.contains("Unable to load credentials")) {
            return refused(
                    tried
                            + "no credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or use a profile or"
                            + " the role of this machine",
                    e);
        }
        String why;
        if (e instanceof ApiCallTimeoutException
                || e instanceof ApiCallAttemptTimeoutException
                || root instanceof SocketTimeoutException) {
            why = "it does not answer in time";
        } else if (root instanceof UnknownHostException) {
            why = "no host has the name " + cut(String.valueOf(root.getMessage()))
                    + " (look at data.blobs-endpoint; with data.blobs-path-style=false the bucket is part of the name)";
        } else if (root instanceof ConnectException) {
            why = "no connection can be made (" + cut(String.valueOf(root.getMessage())) + ")";
        } else if (root instanceof SSLException) {
            why = "no secure connection can be made (" + cut(String.valueOf(root.getMessage())) + ")";
        } else if (root instanceof EOFException) {
            why = "the connection broke";
        } else {
            why = cut(root.getClass().getSimpleName().toLowerCase(Locale.ROOT) + ": " + root.getMessage());
        }
        return new BlobsException(Kind.AWAY, tried + why + "; try again later", e);
    }

    private static Throwable root(Throwable e) {
        Throwable root = e;
        for (int depth = 0; root.getCause() != null && depth < 20; depth++) {
            root = root.getCause();
        }
        return root;
    }

    /** An answer may come from anywhere. */
    private static String cut(String text) {
        String line = text.replaceAll("\\p{Cntrl}+", " ");
        return line.length() <= 200 ? line : line.substring(0, 200) + "...";
    }
}
