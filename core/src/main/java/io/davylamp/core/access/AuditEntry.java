package io.davylamp.core.access;

import java.util.List;

/**
 * Something that somebody did, or was refused. It names everything by text, so it outlives what it names. Immutable.
 *
 * @param id grows with time
 * @param atMillis since the epoch, by the store's clock
 * @param kind of the principal
 * @param who id of the principal; empty when nobody knows who it was
 * @param name of the principal, or the name that somebody tried to sign in with
 * @param address from which it came; empty for this server itself
 * @param action a word such as {@code task.create}
 * @param service empty when it concerns none
 * @param instances names; empty when it concerns none
 * @param subject what else it was about: a task, file, token or user; empty for nothing
 * @param detail why it was refused, or what was asked for; empty when there is nothing to say
 */
public record AuditEntry(
        String id,
        long atMillis,
        Principal.Kind kind,
        String who,
        String name,
        String address,
        String action,
        String service,
        List<String> instances,
        String subject,
        Result result,
        String detail) {

    /** How it ended. */
    public enum Result {
        DONE,
        /** The caller may not do that, or nobody knows the caller. */
        REFUSED,
        /** It was allowed and could not be done. */
        FAILED
    }
}
