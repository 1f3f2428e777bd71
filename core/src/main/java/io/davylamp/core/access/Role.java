package io.davylamp.core.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What somebody may do with a service. Each role includes those before it. */
public enum Role {
    /** Sees instances, tasks and profiles. */
    VIEWER,
    /** Also starts and stops tasks and downloads recordings. */
    PROFILER,
    /** Also deletes the work of others; with all services also manages users and tokens and reads the audit log. */
    ADMIN;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** The word of settings and of REST: {@code viewer}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> ofWord(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }
}
