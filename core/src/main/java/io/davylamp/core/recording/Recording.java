package io.davylamp.core.recording;

import io.davylamp.core.recording.RecordingState.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * A file of a profiler, kept byte for byte, and the profile made from it. Its row appears when the bytes are durable. Times are
 * milliseconds since the epoch by the server's clock.
 *
 * @param taskId the task that made the recording; empty when there is none
 * @param service empty when unknown
 * @param instance the instance's name, or the name of an opened file
 * @param labels of the instance when the recording came; empty when it has none
 * @param fromMillis from when on something may have been recorded; 0 when unknown
 * @param toMillis until when; 0 when unknown
 * @param bytesKey the blob of its bytes
 * @param profileKey the blob of its profile, which is there when it is READY
 * @param bytes size as it came
 * @param sha256 of the bytes as they are stored, in hex; empty when nobody counted it
 * @param version grows with each change but of {@code keptUntilMillis}; the store's compare-and-set compares it
 * @param leaseMillis until when the reader may take; 0 unless READING
 * @param reason why it is unreadable, or what the reader warned of; empty when there is nothing to say
 * @param stateMillis when it became STORED, READY or UNREADABLE
 * @param profileBytes size of the profile; 0 before
 * @param storedMillis when its bytes had come
 * @param keptUntilMillis when it may be removed; {@link #FOR_GOOD} when only a person, or the end of its task, removes it
 * @param owner id of the principal who opened the file, and alone sees it beside administrators; empty for recordings of tasks
 * @param originalSha256 of the bytes as they came, when the stored ones are without secrets; empty while they are not
 */
public record Recording(
        String id,
        Origin origin,
        String taskId,
        String service,
        String instance,
        SortedMap<String, String> labels,
        long fromMillis,
        long toMillis,
        String bytesKey,
        String profileKey,
        long bytes,
        String sha256,
        RecordingState state,
        int version,
        long leaseMillis,
        String reason,
        long stateMillis,
        long profileBytes,
        long storedMillis,
        long keptUntilMillis,
        String owner,
        String originalSha256) {

    /** One of a task, or of nobody. */
    public Recording(
            String id,
            Origin origin,
            String taskId,
            String service,
            String instance,
            SortedMap<String, String> labels,
            long fromMillis,
            long toMillis,
            String bytesKey,
            String profileKey,
            long bytes,
            String sha256,
            RecordingState state,
            int version,
            long leaseMillis,
            String reason,
            long stateMillis,
            long profileBytes,
            long storedMillis,
            long keptUntilMillis) {
        this(
                id,
                origin,
                taskId,
                service,
                instance,
                labels,
                fromMillis,
                toMillis,
                bytesKey,
                profileKey,
                bytes,
                sha256,
                state,
                version,
                leaseMillis,
                reason,
                stateMillis,
                profileBytes,
                storedMillis,
                keptUntilMillis,
                "",
                "");
    }

    /** It stays until somebody deletes it. */
    public static final long FOR_GOOD = Long.MAX_VALUE;

    /** Longest lease that is given: how long other readers wait after a crash. */
    public static final Duration LEASE = Duration.ofSeconds(20);

    /** Returns the key of the unpacked bytes of a packed recording, which exist while it is read. */
    public String unpackedKey() {
        return bytesKey + ".unpacked";
    }

    /** Whether it stays until somebody deletes it. */
    public boolean isKept() {
        return keptUntilMillis == FOR_GOOD;
    }

    /**
     * Whether a reader may take it: it is not read yet, and no reader's lease lasts. A lease that ends later than any that is
     * given now was given before the clock was set back, and does not count.
     */
    public boolean isFree(long nowMillis) {
        return state == RecordingState.STORED
                || state == RecordingState.READING
                        && (leaseMillis <= nowMillis || leaseMillis > nowMillis + LEASE.toMillis());
    }

    /** With its bytes, which have come just now. */
    public Recording arrived(long newBytes, String newSha256) {
        return new Recording(
                id,
                origin,
                taskId,
                service,
                instance,
                labels,
                fromMillis,
                toMillis,
                bytesKey,
                profileKey,
                newBytes,
                newSha256,
                state,
                version,
                leaseMillis,
                reason,
                stateMillis,
                profileBytes,
                storedMillis,
                keptUntilMillis,
                owner,
                originalSha256);
    }

    /**
     * With bytes that have no secrets any more, which its next change writes down.
     *
     * @param original hash of the bytes as they came
     * @param newName of an opened file, which may have been unpacked for it
     */
    public Recording scrubbed(long newBytes, String newSha256, String original, String newName) {
        return new Recording(
                id,
                origin,
                taskId,
                service,
                newName,
                labels,
                fromMillis,
                toMillis,
                bytesKey,
                profileKey,
                newBytes,
                newSha256,
                state,
                version,
                leaseMillis,
                reason,
                stateMillis,
                profileBytes,
                storedMillis,
                keptUntilMillis,
                owner,
                original);
    }

    /** Taken by a reader, whose lease begins now; empty when it is not {@linkplain #isFree free}. */
    public Optional<Recording> taken(long nowMillis) {
        return isFree(nowMillis)
                ? next(Event.TAKE, nowMillis + LEASE.toMillis(), "", stateMillis, 0)
                : Optional.empty();
    }

    /** With a lease that begins now; for the reader that has it. */
    public Optional<Recording> renewed(long nowMillis) {
        return next(Event.RENEW, nowMillis + LEASE.toMillis(), "", stateMillis, 0);
    }

    /** Read: its profile is durable. {@code warnings} may be empty. */
    public Optional<Recording> finished(long nowMillis, long newProfileBytes, String warnings) {
        return next(Event.FINISH, 0, warnings, nowMillis, newProfileBytes);
    }

    /** Its profile was made anew: what anybody keeps of the old one, by this version, is void. */
    public Optional<Recording> remade(long nowMillis, long newProfileBytes, String warnings) {
        return next(Event.REMAKE, 0, warnings, nowMillis, newProfileBytes);
    }

    /** Not readable, and why. */
    public Optional<Recording> refused(long nowMillis, String why) {
        return next(Event.REFUSE, 0, why, nowMillis, 0);
    }

    /** To be read once more. */
    public Optional<Recording> readAgain(long nowMillis) {
        return next(Event.READ_AGAIN, 0, "", nowMillis, 0);
    }

    private Optional<Recording> next(
            Event event, long lease, String newReason, long newStateMillis, long newProfileBytes) {
        return state.next(event)
                .map(to -> new Recording(
                        id,
                        origin,
                        taskId,
                        service,
                        instance,
                        labels,
                        fromMillis,
                        toMillis,
                        bytesKey,
                        profileKey,
                        bytes,
                        sha256,
                        to,
                        version + 1,
                        lease,
                        newReason,
                        newStateMillis,
                        newProfileBytes,
                        storedMillis,
                        keptUntilMillis,
                        owner,
                        originalSha256));
    }
}
