package io.davylamp.core.recording;

/**
 * What an upload may take.
 *
 * @param recordingBytes largest recording, inclusive
 * @param minFreeBytes free disk that no upload may use up
 * @param parallel uploads at the same time; further ones are asked to come back
 */
public record UploadLimits(long recordingBytes, long minFreeBytes, int parallel) {
    public static final UploadLimits DEFAULT = new UploadLimits(512L << 20, 256L << 20, 64);
}
