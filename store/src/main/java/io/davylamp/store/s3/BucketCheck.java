package io.davylamp.store.s3;

import io.davylamp.core.store.BlobsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Tries with an object of its own what a server does with a bucket: put, get, range, delete, multipart, list. The first that
 * fails says which right it needs.
 */
final class BucketCheck {
    private static final byte[] TEXT = "Davylamp tries this bucket".getBytes(StandardCharsets.UTF_8);

    private BucketCheck() {}

    /** @return warnings */
    static List<String> run(Bucket bucket) throws IOException {
        String name = S3Blobs.CHECKS + UUID.randomUUID();
        PartBuffer bytes = new PartBuffer();
        bytes.add(ByteBuffer.wrap(TEXT));

        bucket.put(name, bytes, "check");
        requireText(bucket, name, 0, TEXT.length);
        requireText(bucket, name, 9, 5);
        bucket.delete(name);
        if (bucket.head(name).isPresent()) {
            throw wrong(bucket, "a deleted object can still be read");
        }

        String upload = bucket.begin(name, "check");
        List<String> etags = List.of(bucket.part(name, upload, 1, bytes));
        Optional<Map<Integer, Bucket.Arrived>> parts = bucket.parts(name, upload);
        if (parts.isEmpty() || !parts.get().equals(Map.of(1, new Bucket.Arrived(etags.get(0), TEXT.length)))) {
            throw wrong(bucket, "an upload has other parts than were sent: " + parts);
        }
        bucket.complete(name, upload, etags);
        requireText(bucket, name, 0, TEXT.length);
        bucket.abort(name, bucket.begin(name, "check"));

        bucket.abortAll(name, true, Instant.MAX);
        bucket.deleteAll(name, Instant.MAX);
        bucket.delete(name);

        List<String> warnings = new ArrayList<>();
        if (bucket.keepsVersions()) {
            warnings.add("the bucket \"" + bucket.config().bucket()
                    + "\" keeps old versions: what is deleted goes on to take room; add a lifecycle rule that expires"
                    + " noncurrent versions");
        }
        return warnings;
    }

    private static void requireText(Bucket bucket, String name, int from, int length) throws IOException {
        byte[] read = new byte[length];
        Optional<Bucket.Range> range = bucket.read(name, from, read, 0, length, "");
        if (range.isEmpty()) {
            throw wrong(bucket, "an object that was just written is not there");
        }
        if (range.get().sizeBytes() != TEXT.length
                || range.get().bytes() != length
                || !new String(read, StandardCharsets.UTF_8)
                        .equals(new String(TEXT, from, length, StandardCharsets.UTF_8))) {
            throw wrong(bucket, "an object that was just written has other bytes");
        }
    }

    private static BlobsException wrong(Bucket bucket, String what) {
        return new BlobsException(
                BlobsException.Kind.REFUSED, bucket.config() + " does not work as S3 does: " + what, null);
    }
}
