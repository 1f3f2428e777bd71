package io.davylamp.server.rest;

import com.fasterxml.jackson.core.JsonProcessingException;
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
    static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    static final MediaType PROBLEM = MediaType.create("application", "problem+json");

    /** When to try again what the server cannot do at the moment. */
    static final int RETRY_SECONDS = 5;

    private Json() {}

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
