package io.davylamp.server.webhook;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers AdmissionReviews. Each that can be read is allowed, whatever it is about: the webhook may change a pod, never keep it
 * from starting. Thread-safe.
 *
 * <p>Source: Kubernetes, admission.k8s.io/v1, "Dynamic Admission Control".
 */
public final class AdmissionReviews {
    private static final Logger log = LoggerFactory.getLogger(AdmissionReviews.class);
    private static final String VERSION = "admission.k8s.io/v1";
    private static final String KIND = "AdmissionReview";
    /** A Pod nests about ten levels; its annotations are text. */
    private static final int MAX_LEVELS = 100;

    private static final int MAX_DIGITS = 100;
    private static final Pattern UID = Pattern.compile("[!-~]{1,128}");

    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_LEVELS)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final PodInjector injector;

    public AdmissionReviews(Injection injection) {
        this.injector = new PodInjector(injection);
    }

    /** What became of a request. */
    public sealed interface Answer {
        /** @param body an AdmissionReview with a response */
        record Reviewed(byte[] body) implements Answer {}

        /** @param why the request is no AdmissionReview, in a sentence */
        record Unreadable(String why) implements Answer {}
    }

    /** @param all whether pods that ask for nothing get the agent, too */
    public Answer answer(byte[] body, boolean all) {
        JsonNode review;
        try {
            review = JSON.readTree(body);
        } catch (IOException e) {
            return new Answer.Unreadable("the body is no JSON of at most " + MAX_LEVELS + " levels");
        }
        JsonNode request = review == null ? null : review.path("request");
        if (request == null
                || !review.path("kind").asText().equals(KIND)
                || !review.path("apiVersion").asText().equals(VERSION)) {
            return new Answer.Unreadable("the body is no " + KIND + " of " + VERSION);
        }
        String uid = request.path("uid").asText("");
        if (!UID.matcher(uid).matches()) {
            return new Answer.Unreadable("the review has no request.uid");
        }
        PodInjector.Outcome outcome = outcome(request, all);
        log.info("{}: {}", name(request), outcome.done());
        return new Answer.Reviewed(response(uid, outcome).toString().getBytes(StandardCharsets.UTF_8));
    }

    private PodInjector.Outcome outcome(JsonNode request, boolean all) {
        JsonNode kind = request.path("kind");
        if (!kind.path("kind").asText().equals("Pod")
                || !kind.path("group").asText().isEmpty()
                || !kind.path("version").asText().equals("v1")
                || !request.path("subResource").asText("").isEmpty()) {
            return PodInjector.Outcome.left("it is no pod", List.of());
        }
        if (!request.path("operation").asText().equals("CREATE")) {
            return PodInjector.Outcome.left("it exists already", List.of());
        }
        try {
            return injector.outcome(request.path("object"), all);
        } catch (RuntimeException e) {
            log.warn("a pod could not be changed", e);
            return PodInjector.Outcome.left(
                    "a fault of the webhook", List.of("the webhook could not change this pod; its log says why"));
        }
    }

    private static ObjectNode response(String uid, PodInjector.Outcome outcome) {
        ObjectNode answer = JSON.createObjectNode().put("apiVersion", VERSION).put("kind", KIND);
        ObjectNode response = answer.putObject("response").put("uid", uid).put("allowed", true);
        if (!outcome.patch().isEmpty()) {
            response.put("patchType", "JSONPatch")
                    .put(
                            "patch",
                            Base64.getEncoder()
                                    .encodeToString(outcome.patch().toString().getBytes(StandardCharsets.UTF_8)));
        }
        if (!outcome.warnings().isEmpty()) {
            ArrayNode warnings = response.putArray("warnings");
            outcome.warnings().forEach(warning -> warnings.add("davylamp: " + warning));
        }
        return answer;
    }

    private static String name(JsonNode request) {
        JsonNode metadata = request.path("object").path("metadata");
        String name = request.path("namespace").asText("") + "/"
                + metadata.path("name").asText(metadata.path("generateName").asText(""));
        String plain = name.replaceAll("[^!-~]", "?");
        return plain.length() > 300 ? plain.substring(0, 300) : plain;
    }
}
