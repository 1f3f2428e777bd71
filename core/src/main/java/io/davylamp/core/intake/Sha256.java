package io.davylamp.core.intake;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of recordings; every JVM has it. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest start() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
