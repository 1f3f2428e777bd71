package io.davylamp.agent;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Every JVM has it. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static byte[] of(byte[] bytes) {
        return start().digest(bytes);
    }
}
