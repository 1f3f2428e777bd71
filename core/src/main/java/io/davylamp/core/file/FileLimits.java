package io.davylamp.core.file;

import java.time.Duration;

/**
 * What files that people open may take.
 *
 * @param fileBytes largest file, inclusive; as it comes, and unpacked
 * @param minFreeBytes free disk that no file may use up
 * @param parallel files that come at the same time; each holds a thread while it does
 * @param open files that are not kept; what was not looked at for longest makes room for the next
 * @param openFor how long one that is not kept stays after it was last looked at
 * @param kept files that are kept
 */
public record FileLimits(long fileBytes, long minFreeBytes, int parallel, int open, Duration openFor, int kept) {
    public static final FileLimits DEFAULT = new FileLimits(512L << 20, 256L << 20, 8, 20, Duration.ofHours(2), 1_000);
}
