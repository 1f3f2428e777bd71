package io.davylamp.skywalking;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * SkyWalking's names for services and instances: {@code b64(service).1} and {@code b64(service).1_b64(instance)}, in standard
 * Base64 with padding. Task ids are our own: they hold no {@code /}, which its agent could not take.
 */
final class SkyWalkingIds {
    /** Replaces blank names. */
    static final String BLANK = "_blank";

    /** Told apart from services that were only guessed from traffic, which end in 0. */
    private static final String REAL = ".1";

    private SkyWalkingIds() {}

    static String named(String name) {
        return name.isBlank() ? BLANK : name;
    }

    static String service(String name) {
        return encoded(name) + REAL;
    }

    static String instance(String service, String name) {
        return service(service) + "_" + encoded(name);
    }

    /** The name in a service's id; empty when it is none. */
    static Optional<String> serviceName(String id) {
        int dot = id.indexOf('.');
        return dot < 0 || !id.substring(dot).equals(REAL) ? Optional.empty() : decoded(id.substring(0, dot));
    }

    /** The name in the id of an instance of {@code service}; empty when it is none. */
    static Optional<String> instanceName(String id, String service) {
        String prefix = service(service) + "_";
        return id.startsWith(prefix) ? decoded(id.substring(prefix.length())) : Optional.empty();
    }

    /** An instance's id taken apart; empty when it is none. */
    static Optional<Instance> instance(String id) {
        int underscore = id.indexOf('_');
        return underscore < 0
                ? Optional.empty()
                : serviceName(id.substring(0, underscore))
                        .flatMap(service ->
                                decoded(id.substring(underscore + 1)).map(name -> new Instance(service, name)));
    }

    record Instance(String service, String name) {}

    private static String encoded(String name) {
        return Base64.getEncoder().encodeToString(named(name).getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<String> decoded(String base64) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(base64)))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
