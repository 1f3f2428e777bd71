package io.davylamp.core.access;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A role for the services that a pattern names. Its text is {@code profiler checkout-*}. Immutable. */
public record Grant(Role role, ServicePattern services) {
    /** So many grants somebody may have. */
    public static final int MOST = 100;

    /** @throws InvalidAccessException if the text is no grant; the message says what one looks like */
    public static Grant of(String text) {
        String[] words = text.strip().split("\\s+", 2);
        Role role = Role.ofWord(words[0])
                .orElseThrow(() ->
                        new InvalidAccessException("the grant \"" + text + "\" has no role that exists; a grant is "
                                + Arrays.stream(Role.values()).map(Role::word).collect(Collectors.joining(", "))
                                + " and a pattern of services, such as \"profiler checkout-*\""));
        if (words.length == 1) {
            throw new InvalidAccessException("the grant \"" + text + "\" has no services; write \"" + words[0]
                    + " *\" for all of them, or a pattern such as \"" + words[0] + " checkout-*\"");
        }
        return new Grant(role, new ServicePattern(words[1]));
    }

    /** Reads one grant per line, as {@link #lines} writes them; there may be none. */
    public static List<Grant> ofLines(String text) {
        return text.lines().filter(line -> !line.isBlank()).map(Grant::of).toList();
    }

    public static String lines(List<Grant> grants) {
        return grants.stream().map(Grant::toString).collect(Collectors.joining("\n"));
    }

    @Override
    public String toString() {
        return role.word() + " " + services.text();
    }
}
