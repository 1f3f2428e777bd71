package io.davylamp.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsContract;
import io.davylamp.core.store.BlobsException;
import io.davylamp.store.s3.S3Server.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/** The contract on a server that speaks S3, each test below a prefix of its own; and what only a bucket can do wrong. */
class S3BlobsTest extends BlobsContract {
    private static final AtomicInteger PREFIXES = new AtomicInteger();
    private static S3Server server;

    private final String prefix = "t" + PREFIXES.incrementAndGet();

    @BeforeAll
    static void startServer() throws Exception {
        server = new S3Server();
    }

    @AfterAll
    static void stopServer() throws Exception {
        server.close();
    }

    @AfterEach
    void repair() {
        server.work();
    }

    @Override
    protected S3Blobs openEmpty() throws IOException {
        return S3Blobs.unchecked(server.config(prefix), S3Server.CREDENTIALS);
    }

    @Override
    protected S3Blobs openAgain() throws IOException {
        return S3Blobs.unchecked(server.config(prefix), S3Server.CREDENTIALS);
    }

    private static void put(Blobs blobs, String key, byte[] bytes) throws IOException {
        try (Blobs.Writer writer = blobs.writer(key)) {
            writer.write(ByteBuffer.wrap(bytes));
            writer.commit();
        }
    }

    private static byte[] some(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (i * 31 + i / 1000);
        }
        return bytes;
    }

    @Test
    void anAttemptThatWasTakenOverLeavesNothingToTheBucket() throws IOException {
        Blobs.Partial lost = openEmpty().resume("a/b", "");
        lost.write(ByteBuffer.wrap(some(100)));

        lost.abandon();
        lost.close();

        assertThat(server.names(prefix)).isEmpty();
        assertThat(server.uploads(prefix)).isZero();
    }

    @Test
    void leavesNothingOfTheCheckAtTheStart() throws IOException {
        S3Blobs.open(server.config(prefix), S3Server.CREDENTIALS).close();

        assertThat(server.names(prefix)).isEmpty();
        assertThat(server.uploads(prefix)).isZero();
    }

    @Test
    void leavesNothingButTheBlobBehind() throws IOException {
        S3Blobs blobs = openEmpty();
        String token = "";
        byte[] third = some(Blobs.PART_BYTES / 3);
        for (int attempt = 0; attempt < 4; attempt++) {
            Blobs.Partial partial = blobs.resume("a/b", token);
            partial.write(ByteBuffer.wrap(third));
            partial.close();
            token = partial.kept().token();
            assertThat(server.names(prefix)).hasSizeLessThanOrEqualTo(2);
        }
        try (Blobs.Partial last = blobs.resume("a/b", token)) {
            last.commit();
        }

        assertThat(server.names(prefix)).containsExactly(prefix + "/a/b");
        assertThat(server.uploads(prefix)).isZero();
    }

    @Test
    void leavesNothingOfAWriterThatGaveUp() throws IOException {
        S3Blobs blobs = openEmpty();
        try (Blobs.Writer writer = blobs.writer("a/b")) {
            writer.write(ByteBuffer.wrap(some(Blobs.PART_BYTES + 10)));
            assertThat(server.uploads(prefix)).isEqualTo(1);
        }

        assertThat(server.names(prefix)).isEmpty();
        assertThat(server.uploads(prefix)).isZero();
    }

    @Test
    void removesWhatNobodyContinuesByItsAge() throws IOException {
        S3Blobs blobs = openEmpty();
        blobs.writer("a/b").write(ByteBuffer.wrap(some(Blobs.PART_BYTES)));
        Blobs.Partial partial = blobs.resume("a/c", "");
        partial.write(ByteBuffer.wrap(some(10)));
        partial.close();
        put(blobs, "a/d", some(10));
        assertThat(blobs.removeAbandoned()).isZero();

        S3Blobs later =
                S3Blobs.unchecked(server.config(prefix).abandonedAfter(Duration.ofDays(-1)), S3Server.CREDENTIALS);

        assertThat(later.removeAbandoned()).isEqualTo(2);
        assertThat(server.names(prefix)).containsExactly(prefix + "/a/d");
        assertThat(server.uploads(prefix)).isZero();
        try (Blobs.Partial again = blobs.resume("a/c", partial.kept().token())) {
            assertThat(again.kept()).isEqualTo(Blobs.Kept.NOTHING);
        }
    }

    @Test
    void touchesNothingOutsideOfItsPrefix() throws IOException {
        S3Blobs other = S3Blobs.unchecked(server.config(prefix + "x"), S3Server.CREDENTIALS);
        other.writer("a/b").write(ByteBuffer.wrap(some(Blobs.PART_BYTES)));
        put(other, "a/b", some(10));
        S3Blobs blobs =
                S3Blobs.unchecked(server.config(prefix).abandonedAfter(Duration.ofDays(-1)), S3Server.CREDENTIALS);

        blobs.delete("a/b");
        blobs.removeAbandoned();

        assertThat(other.open("a/b")).isPresent();
        assertThat(server.uploads(prefix + "x")).isEqualTo(1);
        other.delete("a/b");
    }

    @Test
    void continuesAlthoughItsListingIsLate() throws IOException {
        S3Blobs blobs = openEmpty();
        server.listNothing(true);

        Blobs.Partial first = blobs.resume("a/b", "");
        first.write(ByteBuffer.wrap(some(100)));
        first.close();
        try (Blobs.Partial second = blobs.resume("a/b", first.kept().token())) {
            assertThat(second.kept().bytes()).isEqualTo(100);
            second.commit();
        }

        assertThat(server.names(prefix)).containsExactly(prefix + "/a/b");
    }

    @Test
    void aServerThatWasThoughtDeadSpoilsNothing() throws IOException {
        S3Blobs blobs = openEmpty();
        byte[] bytes = some(Blobs.PART_BYTES);
        Blobs.Partial thoughtDead = blobs.resume("a/b", "");
        thoughtDead.write(ByteBuffer.wrap(bytes));
        Blobs.Kept kept = thoughtDead.kept();

        Blobs.Partial second = openAgain().resume("a/b", kept.token());
        second.write(ByteBuffer.wrap(some(50)));
        thoughtDead.write(ByteBuffer.wrap(new byte[Blobs.PART_BYTES]));
        thoughtDead.close();
        second.commit();

        try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
            assertThat(blob.sizeBytes()).isEqualTo(bytes.length + 50);
            assertThat(blob.read(bytes.length, 50)).isEqualTo(some(50));
        }
    }

    @Test
    void takesAnUploadAsFinishedWhenOnlyTheAnswerWasLost() throws IOException {
        S3Blobs blobs = openEmpty();
        try (Blobs.Partial partial = blobs.resume("a/b", "")) {
            partial.write(ByteBuffer.wrap(some(Blobs.PART_BYTES)));
            partial.write(ByteBuffer.wrap(some(10)));
            server.refuse(Call.COMPLETE, 500, 1);
            server.loseAnswers();

            partial.commit();
        }

        try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
            assertThat(blob.sizeBytes()).isEqualTo(Blobs.PART_BYTES + 10);
        }
    }

    @Test
    void repeatsWhatFailsOnce() throws IOException {
        S3Blobs blobs = openEmpty();
        for (Call call : new Call[] {Call.PUT, Call.BEGIN, Call.PART, Call.COMPLETE, Call.GET, Call.DELETE}) {
            server.refuse(call, 503, 1);
            put(blobs, "a/b", some(Blobs.PART_BYTES + 10));
            put(blobs, "a/c", some(10));
            try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
                assertThat(blob.sizeBytes()).isEqualTo(Blobs.PART_BYTES + 10);
                assertThat(blob.read(10, 10)).isEqualTo(Arrays.copyOfRange(some(20), 10, 20));
            }
            blobs.delete("a/b");
        }
    }

    @Test
    void keepsWholePartsWhenTheBucketIsAway() throws IOException {
        S3Blobs blobs = openEmpty();
        Blobs.Partial partial = blobs.resume("a/b", "");
        partial.write(ByteBuffer.wrap(some(Blobs.PART_BYTES)));
        Blobs.Kept kept = partial.kept();
        server.refuse(Call.PART, 503, Integer.MAX_VALUE);

        assertThatThrownBy(() -> partial.write(ByteBuffer.wrap(some(Blobs.PART_BYTES))))
                .isInstanceOfSatisfying(
                        BlobsException.class, e -> assertThat(e.kind()).isEqualTo(BlobsException.Kind.AWAY))
                .hasMessageContaining("cannot write a part of an object in s3://davylamp-test/" + prefix)
                .hasMessageContaining("503")
                .hasMessageEndingWith("try again later");
        assertThatThrownBy(partial::close).isInstanceOf(IOException.class);
        assertThat(partial.kept()).isEqualTo(kept);

        server.work();
        try (Blobs.Partial again = openAgain().resume("a/b", kept.token())) {
            assertThat(again.kept().bytes()).isEqualTo(Blobs.PART_BYTES);
        }
    }

    @Test
    void readsEverywhereWithFewCalls() throws IOException {
        S3Blobs blobs = openEmpty();
        byte[] bytes = some((3 << 20) + 12345);
        put(blobs, "a/b", bytes);
        int before = server.reads();

        try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
            byte[] read = new byte[bytes.length];
            for (int at = 0; at < bytes.length; ) {
                at += blob.read(at, read, at, 10_000);
            }
            assertThat(read).isEqualTo(bytes);
            assertThat(server.reads() - before).isLessThanOrEqualTo(5);

            assertThat(blob.read(0, bytes.length)).isEqualTo(bytes);
            assertThat(blob.read(bytes.length - 12, 12))
                    .isEqualTo(Arrays.copyOfRange(bytes, bytes.length - 12, bytes.length));
            assertThat(blob.read(bytes.length, new byte[5], 0, 5)).isZero();
        }
    }

    @Test
    void readsTheEndOfABlobWithOneCall() throws IOException {
        S3Blobs blobs = openEmpty();
        byte[] bytes = some(1 << 20);
        put(blobs, "a/b", bytes);

        try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
            int before = server.reads();
            blob.read(bytes.length - 12, 12);
            blob.read(bytes.length - 5000, 4988);
            assertThat(server.reads() - before).isEqualTo(1);
        }
    }

    @Test
    void keepsABlobWithoutBytes() throws IOException {
        S3Blobs blobs = openEmpty();
        put(blobs, "a/b", new byte[0]);

        try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
            assertThat(blob.sizeBytes()).isZero();
            assertThat(blob.read(0, new byte[5], 0, 5)).isZero();
        }
    }

    @Test
    void doesNotMixTheBytesOfABlobThatWasReplaced() throws IOException {
        S3Blobs blobs = openEmpty();
        put(blobs, "a/b", some(1 << 20));
        try (Blobs.Blob blob = blobs.open("a/b").orElseThrow()) {
            put(blobs, "a/b", some((1 << 20) - 7));

            assertThatThrownBy(() -> blob.read(500_000, 100))
                    .isInstanceOfSatisfying(
                            BlobsException.class, e -> assertThat(e.kind()).isEqualTo(BlobsException.Kind.CHANGED))
                    .hasMessageContaining("replaced while it was read");
        }
    }

    @Test
    void beginsAnewWithATokenOfAnotherKindOfStore() throws IOException {
        try (Blobs.Partial partial = openEmpty().resume("a/b", "4711")) {
            assertThat(partial.kept()).isEqualTo(Blobs.Kept.NOTHING);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, write an object, s3:PutObject",
        "GET, read an object, s3:GetObject",
        "BEGIN, begin an upload, s3:PutObject",
        "PART, write a part of an object, s3:PutObject",
        "LIST_PARTS, list the parts of an upload, s3:ListMultipartUploadParts",
        "COMPLETE, finish an upload, s3:PutObject",
        "ABORT, abort an upload, s3:AbortMultipartUpload",
        "LIST, list objects, s3:ListBucket",
        "DELETE, delete an object, s3:DeleteObject"
    })
    void namesTheRightThatIsMissingAtTheStart(Call call, String action, String right) {
        server.refuse(call, 403, Integer.MAX_VALUE);

        assertThatThrownBy(() -> S3Blobs.open(server.config(prefix), S3Server.CREDENTIALS))
                .isInstanceOfSatisfying(
                        BlobsException.class, e -> assertThat(e.kind()).isEqualTo(BlobsException.Kind.REFUSED))
                .hasMessageStartingWith(
                        "the server cannot " + action + " in s3://davylamp-test/" + prefix + " at http://")
                .hasMessageContaining("403")
                .hasMessageEndingWith("give the credentials the right " + right);
    }

    @Test
    void saysThatTheBucketIsMissing() {
        S3Config config =
                S3Config.of("s3://no-such-bucket", server.config(prefix).endpoint(), "", true);

        assertThatThrownBy(() -> S3Blobs.open(config, S3Server.CREDENTIALS))
                .hasMessageContaining("404 NoSuchBucket")
                .hasMessageEndingWith("create the bucket \"no-such-bucket\" or correct data.blobs");
    }

    @Test
    void saysWhichHalfOfTheCredentialsIsWrong() {
        assertThatThrownBy(() -> S3Blobs.open(server.config(prefix), S3Server.credentials("other", "the-secret")))
                .hasMessageContaining("it does not know the access key");
        assertThatThrownBy(() -> S3Blobs.open(server.config(prefix), S3Server.credentials("the-key", "other")))
                .hasMessageContaining("the secret key is wrong");
    }

    @Test
    void saysWhichRegionTheBucketIsIn() throws IOException {
        byte[] answer = "<Error><Code>PermanentRedirect</Code><Message>elsewhere</Message></Error>"
                .getBytes(StandardCharsets.UTF_8);
        HttpServer other = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("x-amz-bucket-region", "eu-central-1");
            exchange.sendResponseHeaders(301, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        other.start();
        try {
            S3Config config = S3Config.of(
                    "s3://bucket/x", "http://127.0.0.1:" + other.getAddress().getPort(), "us-east-1", true);

            assertThatThrownBy(() -> S3Blobs.open(config, S3Server.CREDENTIALS))
                    .isInstanceOf(BlobsException.class)
                    .hasMessageContaining("the bucket is in the region eu-central-1")
                    .hasMessageContaining("set data.blobs-region");
        } finally {
            other.stop(0);
        }
    }

    @Test
    void saysThatNobodyIsThere() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        S3Config config = S3Config.of("s3://davylamp-test", "http://127.0.0.1:" + port, "", true);

        assertThatThrownBy(() -> S3Blobs.open(config, S3Server.CREDENTIALS))
                .isInstanceOfSatisfying(
                        BlobsException.class, e -> assertThat(e.kind()).isEqualTo(BlobsException.Kind.AWAY))
                .hasMessageContaining("no connection can be made");
    }

    @Test
    void saysThatAConnectionHangs() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            S3Config config = S3Config.of("s3://davylamp-test", "http://127.0.0.1:" + silent.getLocalPort(), "", true)
                    .with(S3Config.Patience.of(Duration.ofMillis(300), Duration.ofSeconds(1)));

            // Reading hangs for want of an answer, writing because nobody takes the bytes.
            try (Bucket bucket = new Bucket(config, S3Server.CREDENTIALS)) {
                PartBuffer part = new PartBuffer();
                part.add(ByteBuffer.wrap(some(Blobs.PART_BYTES)));
                assertThatThrownBy(() -> bucket.head("a/b")).hasMessageContaining("it does not answer in time");
                assertThatThrownBy(() -> bucket.put("a/b", part, ""))
                        .isInstanceOfSatisfying(
                                BlobsException.class, e -> assertThat(e.kind()).isEqualTo(BlobsException.Kind.AWAY));
            }
        }
    }

    @Test
    void warnsOfABucketThatKeepsOldVersions() throws IOException {
        String bucket = "versioned-" + prefix;
        server.kept().createContainer(bucket);
        server.kept().putBucketVersioning(bucket, BucketVersioningStatus.ENABLED);
        S3Config config = S3Config.of("s3://" + bucket, server.config(prefix).endpoint(), "", true);

        try (S3Blobs blobs = S3Blobs.open(config, S3Server.CREDENTIALS)) {
            assertThat(blobs.warnings()).singleElement().asString().contains("keeps old versions");
            put(blobs, "a/b", some(10));
            blobs.delete("a/b");
            assertThat(blobs.open("a/b")).isEmpty();
        }
    }

    @Test
    void livesBesideForeignObjects() throws IOException {
        byte[] foreign = "not ours".getBytes(StandardCharsets.UTF_8);
        server.kept()
                .putBlob(
                        PutObjectRequest.builder()
                                .bucket(S3Server.BUCKET)
                                .key(prefix + "/Readme (old).txt")
                                .contentLength((long) foreign.length)
                                .build(),
                        new ByteArrayInputStream(foreign));
        S3Blobs blobs =
                S3Blobs.unchecked(server.config(prefix).abandonedAfter(Duration.ofDays(-1)), S3Server.CREDENTIALS);
        put(blobs, "a/b", some(10));
        blobs.removeAbandoned();
        blobs.delete("a/b");

        assertThat(server.names(prefix)).containsExactly(prefix + "/Readme (old).txt");
    }

    @ParameterizedTest
    @CsvSource({
        "https://bucket",
        "s3://",
        "s3://UPPER",
        "s3://ab",
        "s3://bucket//x",
        "s3://bucket/.hidden",
        "s3://bucket/a b"
    })
    void refusesWhatIsNoAddressOfABucket(String address) {
        assertThatThrownBy(() -> S3Config.of(address, "", "", false)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void putsItsObjectsBelowAFolderOfItsOwnWhereNoneIsGiven() {
        assertThat(S3Config.of("s3://bucket", "", "", false).prefix()).isEqualTo("davylamp/");
        assertThat(S3Config.of("s3://bucket/a/b/", "", "", false).prefix()).isEqualTo("a/b/");
    }
}
