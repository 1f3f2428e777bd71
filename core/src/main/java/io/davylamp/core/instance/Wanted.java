package io.davylamp.core.instance;

/**
 * Something that the agent of an instance is to be told.
 *
 * @param subject what it is about: the id of an assignment, or the time of a {@linkplain Instance#trustMillis trust}
 */
public record Wanted(String instanceId, Kind kind, String subject) {
    /** What is wanted of the agent. */
    public enum Kind {
        /** An assignment waits, and its instance has nothing else to do. */
        OFFER,
        /** Profiling is to end now. */
        STOP,
        /** An assignment was cancelled while the agent may have had it. */
        CANCEL,
        /** An agent that does not {@linkplain Abilities#reports report} has an assignment: its next poll may say more of it. */
        RECEIPT,
        /** The JVM is to be profiled again. */
        TRUST
    }
}
