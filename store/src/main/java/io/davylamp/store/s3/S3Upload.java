package io.davylamp.store.s3;

import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A blob on its way into a bucket. Up to {@link Blobs#PART_BYTES} wait in memory; whole parts go into a multipart upload, which
 * begins with the first of them. Closing it unfinished writes what waits as an object of its own, the tail. Tails are never
 * changed, and one goes only when no token can name it any more: a server that was thought dead cannot spoil what another
 * continues. Not thread-safe.
 */
final class S3Upload implements Blobs.Partial {
    private static final Logger log = LoggerFactory.getLogger(S3Upload.class);

    /** S3 takes no more parts. */
    private static final int MAX_PARTS = 10_000;

    private final Bucket bucket;
    private final String key;
    /** Whether closing keeps what was written. */
    private final boolean keeps;

    private final PartBuffer waiting = new PartBuffer();
    private final List<String> etags = new ArrayList<>();
    private String attempt = UUID.randomUUID().toString();
    private String uploadId = "";
    private Blobs.Kept kept = Blobs.Kept.NOTHING;
    /** The tail that the caller's token names; a later token must name it as well until the caller has noted that. */
    private String tail = "";
    /** The tail before it, which no noted token names. */
    private String outdated = "";

    private boolean broken;
    private boolean ended;

    private S3Upload(Bucket bucket, String key, boolean keeps) {
        this.bucket = bucket;
        this.key = key;
        this.keeps = keeps;
    }

    static S3Upload begin(Bucket bucket, String key, boolean keeps) {
        return new S3Upload(bucket, key, keeps);
    }

    static S3Upload resume(Bucket bucket, String key, String text) throws IOException {
        S3Upload upload = new S3Upload(bucket, key, true);
        Token token;
        try {
            token = Token.of(text);
        } catch (IllegalArgumentException e) {
            log.warn("the unfinished blob {} begins anew: {}", key, e.getMessage());
            return upload;
        }
        if (!upload.takeUp(token, text)) {
            log.info("of the unfinished blob {} something is gone; it begins anew", key);
            upload.forget();
            return new S3Upload(bucket, key, true);
        }
        return upload;
    }

    static String tails(String key) {
        // No key has this character, so that none begins like the tails of another.
        return S3Blobs.TAILS + key + "@";
    }

    private boolean takeUp(Token token, String text) throws IOException {
        attempt = token.attempt();
        uploadId = token.uploadId();
        tail = token.tail();
        outdated = token.old();
        if (!uploadId.isEmpty()) {
            Optional<Map<Integer, Bucket.Arrived>> arrived = bucket.parts(key, uploadId);
            if (arrived.isEmpty()) {
                uploadId = "";
                return false;
            }
            for (String etag : token.etags()) {
                Bucket.Arrived part = arrived.get().get(etags.size() + 1);
                if (part == null
                        || part.bytes() != Blobs.PART_BYTES
                        || !part.etag().equals(etag)) {
                    return false;
                }
                etags.add(etag);
            }
        }
        if (token.tailBytes() > 0) {
            byte[] bytes = new byte[token.tailBytes()];
            Optional<Bucket.Range> read = bucket.read(tails(key) + tail, 0, bytes, 0, bytes.length, "");
            if (read.isEmpty() || read.get().sizeBytes() != bytes.length) {
                return false;
            }
            waiting.add(ByteBuffer.wrap(bytes));
        }
        kept = new Blobs.Kept(token.bytes(), text);
        return true;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            if (waiting.isFull()) { // it could not be sent before
                send();
            }
            waiting.add(bytes);
            if (waiting.isFull()) {
                send();
            }
        }
        if (keeps && waiting.size() == 0 && !etags.isEmpty()) {
            kept = new Blobs.Kept(
                    (long) etags.size() * Blobs.PART_BYTES, new Token(attempt, uploadId, etags, "", 0, tail).text());
        }
    }

    private void send() throws IOException {
        if (etags.size() == MAX_PARTS) {
            throw new IOException("a bucket takes at most " + MAX_PARTS + " parts of " + Blobs.PART_BYTES + " bytes");
        }
        try {
            if (uploadId.isEmpty()) {
                uploadId = bucket.begin(key, attempt);
            }
            etags.add(bucket.part(key, uploadId, etags.size() + 1, waiting));
        } catch (IOException e) {
            broken = true;
            throw e;
        }
        broken = false;
        waiting.clear();
    }

    @Override
    public Blobs.Kept kept() {
        return kept;
    }

    @Override
    public void commit() throws IOException {
        try {
            publish();
        } catch (IOException e) {
            broken = e instanceof BlobsException fault && fault.kind() == BlobsException.Kind.AWAY;
            throw e;
        }
        ended = true;
        kept = Blobs.Kept.NOTHING;
        waiting.free();
        removeTails();
    }

    private void publish() throws IOException {
        if (uploadId.isEmpty()) {
            bucket.put(key, waiting, attempt);
            return;
        }
        List<String> all = new ArrayList<>(etags);
        if (waiting.size() > 0) {
            all.add(bucket.part(key, uploadId, all.size() + 1, waiting));
        }
        complete(all);
    }

    private void complete(List<String> all) throws IOException {
        try {
            bucket.complete(key, uploadId, all);
        } catch (IOException e) {
            // The answer to the first attempt may have been lost; a second one then finds no upload.
            long size = (long) etags.size() * Blobs.PART_BYTES + waiting.size();
            Optional<Bucket.Head> there;
            try {
                there = bucket.head(key);
            } catch (IOException more) {
                e.addSuppressed(more);
                throw e;
            }
            if (there.isEmpty()
                    || there.get().sizeBytes() != size
                    || !there.get().attempt().equals(attempt)) {
                throw e;
            }
        }
    }

    @Override
    public void restart() {
        forget();
        waiting.clear();
        etags.clear();
        attempt = UUID.randomUUID().toString();
        uploadId = "";
        kept = Blobs.Kept.NOTHING;
        broken = false;
    }

    /** Removes what is in the bucket of an unfinished blob. What cannot be removed now is found by its age. */
    private void forget() {
        if (!uploadId.isEmpty()) {
            try {
                bucket.abort(key, uploadId);
            } catch (IOException e) {
                log.warn("the unfinished upload of {} is left for later: {}", key, e.getMessage());
            }
        }
        removeTails();
    }

    private void removeTails() {
        removeTail(tail);
        removeTail(outdated);
        tail = "";
        outdated = "";
    }

    private void removeTail(String name) {
        if (name.isEmpty()) {
            return;
        }
        try {
            bucket.delete(tails(key) + name);
        } catch (IOException e) {
            log.warn("the tail {} of {} is left for later: {}", name, key, e.getMessage());
        }
    }

    @Override
    public void abandon() {
        ended = true;
    }

    @Override
    public void close() throws IOException {
        if (ended) {
            return;
        }
        ended = true;
        if (!keeps) {
            forget();
            return;
        }
        long size = (long) etags.size() * Blobs.PART_BYTES + waiting.size();
        if (size == kept.bytes()) {
            return;
        }
        if (broken) { // the bucket is away, or refuses: to wait for that once more would only take time
            throw new BlobsException(
                    BlobsException.Kind.AWAY,
                    "of " + size + " bytes that arrived for " + key + ", the bucket has " + kept.bytes(),
                    null);
        }
        String name = UUID.randomUUID().toString();
        bucket.put(tails(key) + name, waiting, "");
        kept = new Blobs.Kept(size, new Token(attempt, uploadId, etags, name, waiting.size(), tail).text());
        removeTail(outdated);
    }
}
