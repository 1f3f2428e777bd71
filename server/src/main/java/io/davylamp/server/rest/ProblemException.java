package io.davylamp.server.rest;

import com.linecorp.armeria.common.HttpStatus;

/** Ends a request with a problem. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(Problem problem) {
        super(problem.detail());
        this.problem = problem;
    }

    static ProblemException notFound(String detail) {
        return new ProblemException(Problem.of(HttpStatus.NOT_FOUND, detail));
    }

    static ProblemException badRequest(String field, String detail) {
        return new ProblemException(Problem.of(HttpStatus.BAD_REQUEST, detail).field(field));
    }

    Problem problem() {
        return problem;
    }
}
