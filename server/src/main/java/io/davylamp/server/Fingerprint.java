package io.davylamp.server;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Tells whether two servers have the same secret, and nothing else of it: slow to compute, keyed with what only servers of one
 * database know, and so short that a thousand million secrets have the same.
 */
final class Fingerprint {
    private static final int ROUNDS = 100_000;
    private static final int BITS = 32;

    private Fingerprint() {}

    /** @param key of this installation */
    static String of(String secret, String key) {
        PBEKeySpec spec = new PBEKeySpec(secret.toCharArray(), key.getBytes(StandardCharsets.UTF_8), ROUNDS, BITS);
        try {
            return HexFormat.of()
                    .formatHex(SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(spec)
                            .getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        } finally {
            spec.clearPassword();
        }
    }
}
