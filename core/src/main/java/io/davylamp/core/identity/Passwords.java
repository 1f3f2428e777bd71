package io.davylamp.core.identity;

import io.davylamp.core.access.InvalidAccessException;
import java.nio.charset.StandardCharsets;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Hashes passwords with bcrypt and compares them. One comparison takes a quarter of a second of one processor on purpose. Thread-safe.
 */
public final class Passwords {
    public static final int MIN_CHARACTERS = 12;
    /** Bcrypt looks at no more. */
    public static final int MAX_BYTES = 72;
    /** Two to this power are the rounds of bcrypt. */
    public static final int COST = 12;

    /** Of the 184 bits that bcrypt computes, behind those of the salt. */
    private static final int HASH_CHARACTERS = 31;

    private final int cost;
    /** Of no password, and as slow to compare: who tries an unknown name waits as long as who tries a known one. */
    private final String nobody;

    public Passwords() {
        this(COST);
    }

    /** @param cost lower in tests, which compare many */
    Passwords(int cost) {
        this.cost = cost;
        // A salt with no hash behind it: making a real one would take a fifth of a server's start.
        this.nobody = BCrypt.gensalt(cost) + ".".repeat(HASH_CHARACTERS);
    }

    /** @throws InvalidAccessException if the password is too short or too long */
    public String hash(String password) {
        requireAllowed(password);
        return BCrypt.hashpw(password, BCrypt.gensalt(cost));
    }

    private static void requireAllowed(String password) {
        if (password.length() < MIN_CHARACTERS) {
            throw new InvalidAccessException(
                    "password",
                    "the password has " + password.length() + " characters; at least " + MIN_CHARACTERS
                            + " are needed");
        }
        int bytes = password.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw new InvalidAccessException(
                    "password", "the password has " + bytes + " bytes in UTF-8; at most " + MAX_BYTES + " are allowed");
        }
        if (password.indexOf('\0') >= 0) {
            throw new InvalidAccessException("password", "the password holds the character 0");
        }
    }

    /** @param hash of the user's password; null when there is no such user, which takes as long */
    boolean matches(String password, String hash) {
        boolean possible = !password.isEmpty() && password.getBytes(StandardCharsets.UTF_8).length <= MAX_BYTES;
        boolean same = BCrypt.checkpw(possible ? password : "impossible", hash == null ? nobody : hash);
        return same && possible && hash != null;
    }
}
