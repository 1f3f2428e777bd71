package io.davylamp.core;

import java.security.SecureRandom;

/** Names for rows: time-ordered, 14 characters of {@code 0-9a-z}, safe in paths and URLs. Thread-safe. */
public final class Ids {
    private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
    private static final int LENGTH = 14;
    private static final int TIME_CHARS = 9;

    private final SecureRandom random = new SecureRandom();

    /** Nine characters of the time in milliseconds (good until the year 3084), five of chance. */
    public String next(long nowMillis) {
        char[] id = new char[LENGTH];
        long time = nowMillis;
        for (int i = TIME_CHARS - 1; i >= 0; i--) {
            id[i] = ALPHABET[(int) (time & 31)];
            time >>>= 5;
        }
        for (int i = TIME_CHARS; i < LENGTH; i++) {
            id[i] = ALPHABET[random.nextInt(ALPHABET.length)];
        }
        return new String(id);
    }
}
