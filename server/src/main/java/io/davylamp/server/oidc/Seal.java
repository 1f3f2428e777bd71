package io.davylamp.server.oidc;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.KeyLengthException;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import com.nimbusds.jwt.EncryptedJWT;
import com.nimbusds.jwt.JWTClaimsSet;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Optional;
import javax.crypto.SecretKey;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals what a browser keeps for us, so that nobody can read, change or invent it. All servers with the same client secret open
 * it. Thread-safe.
 */
final class Seal {
    /** The key comes from a secret that a person may have chosen, and everybody can get something sealed to guess at. */
    private static final int ROUNDS = 600_000;

    private static final int KEY_BITS = 256;
    private static final int MAX_CHARS = 8_000;

    private final OidcConfig config;
    private final Clock clock;
    private SecretKey key;

    Seal(OidcConfig config, Clock clock) {
        this.config = config;
        this.clock = clock;
    }

    private synchronized SecretKey key() {
        SecretKey made = key;
        if (made == null) {
            String salt = "davylamp sign-in 1 " + config.issuer() + " " + config.clientId();
            try {
                made = new SecretKeySpec(
                        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                                .generateSecret(new PBEKeySpec(
                                        config.clientSecret().toCharArray(),
                                        salt.getBytes(StandardCharsets.UTF_8),
                                        ROUNDS,
                                        KEY_BITS))
                                .getEncoded(),
                        "AES");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
            key = made;
        }
        return made;
    }

    /** @param purpose for which alone it can be opened */
    String seal(String purpose, JWTClaimsSet.Builder content, Duration lasts) {
        JWTClaimsSet claims = content.audience(purpose)
                .expirationTime(new Date(clock.millis() + lasts.toMillis()))
                .build();
        EncryptedJWT sealed = new EncryptedJWT(new JWEHeader(JWEAlgorithm.DIR, EncryptionMethod.A256GCM), claims);
        try {
            sealed.encrypt(new DirectEncrypter(key()));
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
        return sealed.serialize();
    }

    /** Empty when this was not sealed here for that purpose, or too long ago. */
    Optional<JWTClaimsSet> open(String purpose, String sealed) {
        if (sealed.length() > MAX_CHARS) {
            return Optional.empty();
        }
        try {
            EncryptedJWT jwt = EncryptedJWT.parse(sealed);
            if (!EncryptionMethod.A256GCM.equals(jwt.getHeader().getEncryptionMethod())
                    || jwt.getHeader().getCompressionAlgorithm() != null) {
                return Optional.empty();
            }
            jwt.decrypt(new DirectDecrypter(key()));
            JWTClaimsSet claims = jwt.getJWTClaimsSet();
            boolean valid = claims.getAudience().contains(purpose)
                    && claims.getExpirationTime() != null
                    && claims.getExpirationTime().getTime() > clock.millis();
            return valid ? Optional.of(claims) : Optional.empty();
        } catch (KeyLengthException e) {
            throw new IllegalStateException(e);
        } catch (ParseException | JOSEException e) {
            return Optional.empty();
        }
    }
}
