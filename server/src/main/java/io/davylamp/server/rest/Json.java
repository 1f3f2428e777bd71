package io.davylamp.server.rest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;

/** Values to JSON responses and request bodies to values. Unknown fields of a request are refused by name. */
final class Json {
    private static final int MAX_LEVELS = 16;
    private static final int MAX_DIGITS = 100;

    static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_LEVELS)
                            .maxNumberLength(MAX_DIGITS)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static final MediaType PROBLEM = MediaType.create("application", "problem+json");

    /** When to try again what the server cannot do at the moment. */
    static final int RETRY_SECONDS = 5;

    private Json() {}

    /** @throws ProblemException if the body was not read to its end because that could take all memory or time */
    static void requireReasonable(JsonProcessingException fault) {
        for (Throwable each = fault; each != null; each = each.getCause()) {
            if (each instanceof StreamConstraintsException) {
                throw ProblemException.badRequest(
                        "body",
                        "the body has more than " + MAX_LEVELS
                                + " levels of lists and objects, or a number of more than " + MAX_DIGITS
                                + " characters");
            }
        }
    }

    static HttpResponse ok(Object value) {
        return of(HttpStatus.OK, MediaType.JSON, value);
    }

    static HttpResponse created(Object value) {
        return of(HttpStatus.CREATED, MediaType.JSON, value);
    }

    /** What may be tried again says when. */
    static HttpResponse problem(Problem problem) {
        if (problem.status() == HttpStatus.SERVICE_UNAVAILABLE.code()) {
            return HttpResponse.of(
                    ResponseHeaders.builder(HttpStatus.SERVICE_UNAVAILABLE)
                            .contentType(PROBLEM)
                            .setInt(HttpHeaderNames.RETRY_AFTER, RETRY_SECONDS)
                            .build(),
                    HttpData.wrap(bytes(problem)));
        }
        return of(HttpStatus.valueOf(problem.status()), PROBLEM, problem);
    }

    /** A browser sends this type to another site only after asking it, and we do not answer such questions. */
    static void require(MediaType type) {
        require(type, MediaType.JSON.withoutParameters());
    }

    static void require(MediaType type, MediaType wanted) {
        if (type == null || !type.is(wanted)) {
            throw new ProblemException(Problem.of(
                    HttpStatus.UNSUPPORTED_MEDIA_TYPE, "Content-Type must be " + wanted + ", it is " + type));
        }
    }

    private static HttpResponse of(HttpStatus status, MediaType type, Object value) {
        return HttpResponse.of(status, type, HttpData.wrap(bytes(value)));
    }

    static byte[] bytes(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
