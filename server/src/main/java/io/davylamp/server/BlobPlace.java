package io.davylamp.server;

import io.davylamp.core.intake.UploadLimits;
import io.davylamp.core.store.Blobs;
import io.davylamp.core.store.BlobsException;
import io.davylamp.core.store.StoreException;
import io.davylamp.server.settings.Setting;
import io.davylamp.server.settings.Settings;
import io.davylamp.store.file.FileBlobs;
import io.davylamp.store.s3.S3Blobs;
import io.davylamp.store.s3.S3Config;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where recordings and profiles are: files below the data folder, or objects of a bucket.
 *
 * @param bucket empty for files
 */
record BlobPlace(Optional<S3Config> bucket) {
    private static final Logger log = LoggerFactory.getLogger(BlobPlace.class);
    /** What is abandoned costs space, not correctness; listing costs money. */
    private static final Duration SWEEP = Duration.ofHours(1);

    /** @throws StartException if the settings name no place, in words */
    static BlobPlace of(Settings settings) {
        String address = settings.text(Setting.DATA_BLOBS);
        if (address.isEmpty()) {
            return new BlobPlace(Optional.empty());
        }
        String endpoint = settings.text(Setting.DATA_BLOBS_ENDPOINT);
        try {
            return new BlobPlace(Optional.of(S3Config.of(
                            address,
                            endpoint.isEmpty() || endpoint.contains("://") ? endpoint : "http://" + endpoint,
                            settings.text(Setting.DATA_BLOBS_REGION),
                            settings.flag(Setting.DATA_BLOBS_PATH_STYLE))
                    .abandonedAfter(settings.duration(Setting.DATA_BLOBS_UNFINISHED))));
        } catch (IllegalArgumentException e) {
            throw new StartException("setting data.blobs: " + e.getMessage());
        }
    }

    /** An upload to a bucket holds a part of 5 MiB, with what belongs to it. */
    private static final long UPLOAD_BYTES = 6 << 20;

    /** Returns the limits with no more uploads at the same time than half of the heap has room for. */
    UploadLimits fitting(UploadLimits asked, long heapBytes) {
        if (bucket.isEmpty()) {
            return asked;
        }
        UploadLimits fitting = asked.within(heapBytes / 2, UPLOAD_BYTES);
        if (fitting.parallel() < asked.parallel()) {
            log.warn(
                    "{} uploads are taken at a time instead of upload.parallel = {}: each may take {} MB of heap, and"
                            + " half of the heap is {} MB; -Xmx in DAVY_JAVA_OPTS gives more",
                    fitting.parallel(),
                    asked.parallel(),
                    UPLOAD_BYTES >> 20,
                    heapBytes / 2 >> 20);
        }
        return fitting;
    }

    /**
     * The blobs, and how they are closed and tidied.
     *
     * @param name where they are, for people
     * @param period between two times of tidying
     */
    record Place(String name, Blobs blobs, Runnable closing, Tidying tidying, Duration period)
            implements AutoCloseable {
        /** Removes what was begun and abandoned. Safe on several servers at once. Called now and then. */
        void tidy() {
            try {
                tidying.run();
            } catch (IOException e) {
                throw StoreException.of(e);
            }
        }

        @Override
        public void close() {
            closing.run();
        }
    }

    /** May fail, and is then done again later. */
    interface Tidying {
        void run() throws IOException;
    }

    /** How often to look for what grows that old. */
    static Duration sweep(Duration age) {
        return age.compareTo(SWEEP) < 0 ? age : SWEEP;
    }

    /** @throws StartException if the place cannot be used: what was tried and what came of it */
    Place open(Path folder) throws IOException {
        if (bucket.isEmpty()) {
            return new Place(
                    folder.toAbsolutePath().normalize().toString(), FileBlobs.open(folder), () -> {}, () -> {}, SWEEP);
        }
        try {
            S3Blobs blobs = S3Blobs.open(bucket.get());
            log.info("recordings and profiles are kept in {}", bucket.get());
            blobs.warnings().forEach(log::warn);
            return new Place(
                    bucket.get().toString(),
                    blobs,
                    blobs::close,
                    () -> {
                        int gone = blobs.removeAbandoned();
                        if (gone > 0) {
                            log.info(
                                    "{} unfinished uploads were abandoned and are removed from {}", gone, bucket.get());
                        }
                    },
                    sweep(bucket.get().abandonedAfter()));
        } catch (BlobsException e) {
            throw new StartException("setting data.blobs: " + e.getMessage());
        }
    }
}
