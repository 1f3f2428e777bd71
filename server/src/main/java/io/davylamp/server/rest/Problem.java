package io.davylamp.server.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.linecorp.armeria.common.HttpStatus;

/**
 * An error as {@code application/problem+json} (RFC 9457).
 *
 * @param detail what was wrong and what is allowed, for people
 * @param field the field of the request that was wrong, or null
 * @param task the task in the way, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record Problem(String type, String title, int status, String detail, String field, String task) {
    static Problem of(HttpStatus status, String detail) {
        return new Problem("about:blank", status.reasonPhrase(), status.code(), detail, null, null);
    }

    /** The type of a problem for a request that names something unknown, where the status cannot be 404. */
    private static final String UNKNOWN = "urn:davylamp:problem:unknown";

    /** With {@code unknown} a request names something that is not there: then its type says so. */
    Problem unknown(boolean unknown) {
        return unknown ? new Problem(UNKNOWN, title, status, detail, field, task) : this;
    }

    /** The type of a problem for somebody who used as much as one person may; Retry-After says when there is room again. */
    private static final String LIMIT = "urn:davylamp:problem:limit";

    Problem limit() {
        return new Problem(LIMIT, title, status, detail, field, task);
    }

    Problem field(String name) {
        return new Problem(type, title, status, detail, name, task);
    }

    Problem task(String id) {
        return new Problem(type, title, status, detail, field, id);
    }
}
