package io.davylamp.server;

import io.davylamp.core.store.Blobs;
import io.davylamp.server.Conditions.Finding;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Looks whether the storage of recordings can be used: each time whether it answers, and once a minute whether a small blob can
 * be written and removed, which a full storage and rights that were withdrawn show. While that fails, each time. Not thread-safe.
 */
final class StorageCheck {
    static final Duration WRITES = Duration.ofMinutes(1);

    /** The same on all servers: one that is killed meanwhile leaves nothing that the next does not remove. */
    static final String KEY = "check/written";

    private final Blobs blobs;
    private final LongSupplier nanos;
    private boolean wrote;
    private long wroteNanos;

    /** @param nanos a clock that never jumps */
    StorageCheck(Blobs blobs, LongSupplier nanos) {
        this.blobs = blobs;
        this.nanos = nanos;
    }

    /** @throws IOException if the storage cannot be used, in words for who runs the server */
    Finding look() throws IOException {
        long began = nanos.getAsLong();
        Optional<Blobs.Blob> there = blobs.open("nothing/here");
        if (there.isPresent()) {
            there.get().close();
        }
        long answered = nanos.getAsLong();
        if (!wrote || answered - wroteNanos >= WRITES.toNanos()) {
            wrote = false;
            try (Blobs.Writer writer = blobs.writer(KEY)) {
                writer.write(ByteBuffer.wrap("Davylamp tries this storage".getBytes(StandardCharsets.UTF_8)));
                writer.commit();
            }
            blobs.delete(KEY);
            wrote = true;
            wroteNanos = answered;
        }
        return Finding.well(
                "it answered in " + Duration.ofNanos(answered - began).toMillis() + " ms");
    }
}
