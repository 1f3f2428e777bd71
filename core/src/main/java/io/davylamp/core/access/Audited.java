package io.davylamp.core.access;

import java.util.List;

/** Takes note of what somebody did or was refused. Services call it beside what they do. */
public interface Audited {
    /** Takes no notes: nobody signs in, so nobody is known. */
    Audited NONE = (who, action, service, instances, subject, result, detail) -> {};

    /**
     * Notes something; never throws for want of a place to note it.
     *
     * @param action a word such as {@code task.create}
     * @param service empty when it concerns none
     * @param subject what else it is about; empty for nothing
     * @param detail why it was refused, or what was asked for; empty when there is nothing to say
     */
    void note(
            Principal who,
            String action,
            String service,
            List<String> instances,
            String subject,
            AuditEntry.Result result,
            String detail);

    default void done(Principal who, String action, String service, List<String> instances, String subject) {
        note(who, action, service, instances, subject, AuditEntry.Result.DONE, "");
    }

    /**
     * Refuses one who has not the role for a service, and notes that.
     *
     * @param deed what the caller wants to do, for the message: {@code starting a task}
     * @throws DeniedException if the caller lacks the role
     */
    default void require(Principal who, Role role, String service, String action, String subject, String deed) {
        try {
            who.require(role, service, deed);
        } catch (DeniedException e) {
            note(who, action, service, List.of(), subject, AuditEntry.Result.REFUSED, e.getMessage());
            throw e;
        }
    }

    /**
     * Refuses one who has not the role for all services, and notes that.
     *
     * @throws DeniedException if the caller lacks the role for all services
     */
    default void requireEverywhere(Principal who, Role role, String action, String subject, String deed) {
        try {
            who.requireEverywhere(role, deed);
        } catch (DeniedException e) {
            note(who, action, "", List.of(), subject, AuditEntry.Result.REFUSED, e.getMessage());
            throw e;
        }
    }
}
