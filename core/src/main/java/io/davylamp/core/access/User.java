package io.davylamp.core.access;

import java.util.List;

/**
 * Somebody who signs in with a password. Immutable.
 *
 * @param name the name to sign in with; never another one's
 * @param passwordHash what a library for passwords made of the password
 * @param createdMillis since the epoch
 */
public record User(String name, String passwordHash, List<Grant> grants, long createdMillis) {
    /** The id of the user's {@link Principal}. */
    public String id() {
        return "user:" + name;
    }

    @Override
    public String toString() {
        return "User[name=" + name + ", grants=" + grants + "]";
    }
}
