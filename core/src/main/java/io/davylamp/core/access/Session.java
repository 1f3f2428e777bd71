package io.davylamp.core.access;

import java.util.List;

/**
 * Somebody signed in with a browser. Times are milliseconds since the epoch. Immutable.
 *
 * @param hash SHA-256 of the cookie's secret, in hex: who reads the database cannot use it
 * @param issuer the identity provider; empty for a {@link User}
 * @param subject the provider's name of the person, which never becomes another's; of a local user the sign-in name
 * @param name for people to read
 * @param groups what the provider says; none for a local user, whose grants stand in the row
 * @param usedMillis when it was last used, to the minute
 * @param endsMillis when it ends, however much it is used
 */
public record Session(
        String hash,
        String issuer,
        String subject,
        String name,
        List<String> groups,
        long createdMillis,
        long usedMillis,
        long endsMillis) {
    public boolean isLocal() {
        return issuer.isEmpty();
    }

    @Override
    public String toString() {
        return "Session[name=" + name + ", issuer=" + issuer + "]";
    }
}
