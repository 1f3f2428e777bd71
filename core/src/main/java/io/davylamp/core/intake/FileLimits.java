package io.davylamp.core.intake;

import java.time.Duration;

/**
 * The limits of opened files.
 *
 * @param fileBytes largest file, inclusive; as it comes, and unpacked
 * @param minFreeBytes free disk that no file may use up
 * @param parallel files that come at the same time; each holds a thread while it does
 * @param open files that are not kept; what was not looked at for longest makes room for the next
 * @param openFor how long one that is not kept stays after it was last looked at
 * @param kept files that are kept
 * @param patience time over which the rate of a file that comes is taken
 * @param leastBytesPerSecond a file that comes slower is refused
 */
public record FileLimits(
        long fileBytes,
        long minFreeBytes,
        int parallel,
        int open,
        Duration openFor,
        int kept,
        Duration patience,
        long leastBytesPerSecond) {
    public static final FileLimits DEFAULT =
            new FileLimits(512L << 20, 256L << 20, 8, 20, Duration.ofHours(2), 1_000, Duration.ofSeconds(15), 8 << 10);
}
