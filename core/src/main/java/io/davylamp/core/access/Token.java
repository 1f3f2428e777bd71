package io.davylamp.core.access;

import java.util.List;

/**
 * A secret with which a program asks instead of a person. Times are milliseconds since the epoch. Immutable.
 *
 * @param hash SHA-256 of the secret, in hex; the secret itself is shown once and kept nowhere
 * @param name what people call it; never another token's
 * @param grants what it may do; for an agent the services that it speaks for
 * @param endsMillis when it ends; {@link #NEVER} if only a person ends it
 * @param usedMillis when it was last used, to the minute; 0 for never
 */
public record Token(
        String id,
        String hash,
        String name,
        Kind kind,
        List<Grant> grants,
        Author author,
        long createdMillis,
        long endsMillis,
        long usedMillis) {
    /** The end of a token that somebody has to revoke. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What a token is for. */
    public enum Kind {
        /** Scripts, command lines and assistants at the web port. */
        API,
        /** Agents at the agent port. */
        AGENT
    }

    public boolean hasEnded(long nowMillis) {
        return endsMillis <= nowMillis;
    }

    @Override
    public String toString() {
        return "Token[name=" + name + ", kind=" + kind + ", grants=" + grants + "]";
    }
}
