package io.davylamp.core.identity;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;

/** Secrets that nobody can guess, and the hashes by which the store knows them. Thread-safe. */
final class Secrets {
    /** Lets people and scanners of repositories recognize one. */
    static final String PREFIX = "davy_";

    private static final int BYTES = 32;
    /** What is longer is none of ours, and is not worth hashing. */
    private static final int MAX_CHARACTERS = 200;

    private final SecureRandom random = new SecureRandom();

    String next() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static boolean isPossible(String secret) {
        return secret.startsWith(PREFIX) && secret.length() <= MAX_CHARACTERS;
    }

    /** SHA-256 in hex. A secret has 256 bits of chance, so nothing slower is needed. */
    static String hash(String secret) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Compares in a time that says nothing of where two texts differ. */
    static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }
}
