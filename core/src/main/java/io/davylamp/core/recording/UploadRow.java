package io.davylamp.core.recording;

import java.time.Duration;

/**
 * A recording on its way in. The row outlives the server that receives it: another one continues behind the bytes that are kept.
 * Only the attempt that is named as the owner changes it, until its lease is over.
 *
 * @param assignmentId whose recording it is
 * @param key the blob that is written
 * @param declaredBytes what the sender says it will send
 * @param receivedBytes what has come, also what is not kept yet; for people, and some seconds old
 * @param keptBytes what is there to continue, from the first byte on
 * @param token what the storage of bytes needs to continue behind them; empty when nothing is kept
 * @param owner the attempt that receives it; empty when nobody does
 * @param leaseMillis until when the owner has it, by the store's clock; without an owner, when the last attempt ended
 */
public record UploadRow(
        String assignmentId,
        String key,
        long declaredBytes,
        long receivedBytes,
        long keptBytes,
        String token,
        String owner,
        long leaseMillis) {

    /** Longest lease that is given: how long another server waits after a crash. */
    public static final Duration LEASE = Duration.ofSeconds(15);

    /** One that nobody receives and of which nothing has come. */
    public static UploadRow of(String assignmentId, String key) {
        return new UploadRow(assignmentId, key, 0, 0, 0, "", "", 0);
    }

    /**
     * Whether another attempt may have it. A lease that ends later than any that is given now was given before the clock was set
     * back, and does not count.
     */
    public boolean isFree(long nowMillis) {
        return owner.isEmpty() || leaseMillis <= nowMillis || leaseMillis > nowMillis + LEASE.toMillis();
    }

    /** With an owner, whose lease begins now. */
    public UploadRow taken(String newOwner, long newDeclaredBytes, long nowMillis) {
        return new UploadRow(
                assignmentId,
                key,
                newDeclaredBytes,
                keptBytes,
                keptBytes,
                token,
                newOwner,
                nowMillis + LEASE.toMillis());
    }

    /** With other bytes that are kept, which have all come. */
    public UploadRow kept(long bytes, String newToken) {
        return new UploadRow(assignmentId, key, declaredBytes, bytes, bytes, newToken, owner, leaseMillis);
    }

    /** With a lease that begins now. */
    public UploadRow renewed(long newReceivedBytes, long nowMillis) {
        return new UploadRow(
                assignmentId,
                key,
                declaredBytes,
                newReceivedBytes,
                keptBytes,
                token,
                owner,
                nowMillis + LEASE.toMillis());
    }

    /** Without an owner from now on. */
    public UploadRow released(long nowMillis) {
        return new UploadRow(assignmentId, key, declaredBytes, keptBytes, keptBytes, token, "", nowMillis);
    }
}
