package io.davylamp.core.identity;

import java.util.List;

/**
 * Who somebody is, as they or an identity provider have shown. Immutable.
 *
 * @param issuer of the identity provider; empty for a local user
 * @param subject the provider's name of the person, which never becomes another's; of a local user the sign-in name
 * @param name for people to read
 * @param groups what the provider says; none for a local user
 */
public record Identity(String issuer, String subject, String name, List<String> groups) {
    public static Identity local(String name) {
        return new Identity("", name, name, List.of());
    }
}
