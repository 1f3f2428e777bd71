package io.davylamp.core.intake;

import java.time.Duration;

/**
 * The limits of an upload.
 *
 * @param recordingBytes largest recording, inclusive
 * @param minFreeBytes free disk that no upload may use up
 * @param parallel uploads at the same time; further ones are asked to come back
 * @param patience time over which an upload's rate is taken
 * @param leastBytesPerSecond a slower upload is interrupted; its agent goes on with it later
 */
public record UploadLimits(
        long recordingBytes, long minFreeBytes, int parallel, Duration patience, long leastBytesPerSecond) {
    public static final UploadLimits DEFAULT =
            new UploadLimits(512L << 20, 256L << 20, 64, Duration.ofSeconds(30), 8 << 10);

    /** With so few uploads at the same time that they fit into some memory; at least one. */
    public UploadLimits within(long memoryBytes, long bytesOfEach) {
        int fitting = (int) Math.max(1, Math.min(parallel, memoryBytes / bytesOfEach));
        return new UploadLimits(recordingBytes, minFreeBytes, fitting, patience, leastBytesPerSecond);
    }
}
